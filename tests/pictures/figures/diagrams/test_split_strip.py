"""The strip of d_model numbers: every number in one piece of its head, in the strip and in the four matrices."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from viz.errors import MetricError
from viz.pictures.figures import DARK, Style, to_png
from viz.pictures.figures.diagrams.split_strip import SplitText, split_strip


def says(heads: int, width: int) -> SplitText:
    dim = width // heads
    return SplitText(
        "A title",
        "Above",
        tuple(f"Head {at + 1}" for at in range(heads)),
        tuple(f"{at * dim + 1}–{(at + 1) * dim}" for at in range(heads)),
        ("W_Q", "W_K", "W_V", "W_O"),
        "A note, 说明 $x$",
    )


def bands(axes: Axes) -> list[tuple[float, float, float, float]]:
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [(each.get_x(), each.get_y(), each.get_width(), each.get_height()) for each in found]


def written(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_each_head_has_its_piece_its_columns_and_its_rows() -> None:
    figure = split_strip(512, 8, says(8, 512))
    strip, _ranges, *matrices = figure.axes
    upright = [(head * 64.0, 0.0, 64.0, 512.0) for head in range(8)]
    lying = [(0.0, head * 64.0, 512.0, 64.0) for head in range(8)]
    assert bands(strip) == upright
    assert [bands(each) for each in matrices] == [upright, upright, upright, lying]
    colours = [[patch.get_facecolor() for patch in axes.patches] for axes in (strip, *matrices)]
    assert all(each == colours[0] for each in colours)
    assert len(set(colours[0])) == 8


def test_what_is_left_over_is_seen_and_there_are_no_matrices() -> None:
    figure = split_strip(512, 7, says(7, 512))
    strip, _ranges = figure.axes
    *pieces, left = strip.patches
    assert len(pieces) == 7
    assert left.get_hatch()
    right = left.get_window_extent().x1
    assert right == pytest.approx(strip.get_window_extent().x1, abs=1)
    assert left.get_window_extent().width > 5, "one number of 512 is seen, too"


def test_names_are_written_where_they_fit() -> None:
    assert "Head 8" in written(split_strip(512, 8, says(8, 512)))
    assert "449–512" in written(split_strip(512, 8, says(8, 512)))
    assert not [text for text in written(split_strip(512, 64, says(64, 512))) if text.startswith("Head")]


def test_it_is_drawn_in_both_themes() -> None:
    light, dark = split_strip(96, 12, says(12, 96)), split_strip(96, 12, says(12, 96), Style(DARK))
    assert to_png(light) != to_png(dark)
    assert to_png(light) == to_png(split_strip(96, 12, says(12, 96)))


@settings(max_examples=10)
@given(st.integers(1, 4096), st.integers(1, 48))
def test_any_split_covers_the_width_once(width: int, heads: int) -> None:
    if heads > width:
        with pytest.raises(MetricError, match="one name a head was expected"):
            split_strip(width, heads, says(heads, width))
        return
    pieces = bands(split_strip(width, heads, says(heads, width)).axes[0])[:heads]
    assert [x for x, _y, _w, _h in pieces] == [head * (width // heads) for head in range(heads)]
    assert sum(w for _x, _y, w, _h in pieces) == width - width % heads


@pytest.mark.parametrize("heads", [0, 2])
def test_other_numbers_of_names_are_refused(heads: int) -> None:
    with pytest.raises(MetricError):
        split_strip(512, heads, says(8, 512))
