"""Lines and points: where they are, what is named, and room for all."""

import numpy as np
import pytest
from matplotlib.collections import FillBetweenPolyCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from tests.pictures.figures.samples import CHINESE, LITERAL, texts
from viz.errors import MetricError
from viz.pictures.figures import DARK, Style, to_png
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.line_charts import Line, lines
from viz.pictures.figures.charts.point_charts import head_points

SAYS = PlotText("Title", "Across", "Up")
AT = [0, 3, 6]
FALLING = np.array([1.0, 0.8, 0.5], dtype=np.float32)
HEADS = np.random.default_rng(0).random((2, 5), dtype=np.float32) + np.float32(0.1)


def drawn_texts(figure: Figure) -> list[Text]:
    """Those with something in them; the numbers of an axis beyond its ends are never drawn."""
    beyond = set()
    for axis in (figure.axes[0].xaxis, figure.axes[0].yaxis):
        low, high = sorted(axis.get_view_interval())
        ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
        beyond |= {tick.label1 for tick in ticks if not low <= tick.get_loc() <= high}
    return [text for text in texts(figure) if text.get_text() and text not in beyond]


def test_lines_go_through_their_values() -> None:
    figure = lines(AT, [Line("one", FALLING), Line("two", FALLING / np.float32(2))], SAYS)
    first, second = figure.axes[0].get_lines()
    np.testing.assert_array_equal(first.get_xdata(), AT)
    np.testing.assert_array_equal(first.get_ydata(), FALLING)
    np.testing.assert_array_equal(second.get_ydata(), FALLING / np.float32(2))
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_marker() != second.get_marker()
    bottom, top = figure.axes[0].get_ylim()
    assert bottom == 0
    assert top > 1
    assert figure.axes[0].get_xlim() == (0, 6)
    written = [text.get_text() for text in texts(figure)]
    for said in ("Title", "Across", "Up", "one", "two"):
        assert said in written


def test_a_band_reaches_from_the_lowest_to_the_highest() -> None:
    figure = lines(AT, [Line("one", FALLING, FALLING - 0.2, FALLING + 0.1)], SAYS)
    (band,) = figure.axes[0].collections
    assert isinstance(band, FillBetweenPolyCollection)
    corners = np.asarray(band.get_paths()[0].vertices)
    for place, value in zip(AT, FALLING, strict=True):
        heights = corners[corners[:, 0] == place][:, 1]
        assert heights.min() == pytest.approx(value - 0.2)
        assert heights.max() == pytest.approx(value + 0.1)


def test_what_is_below_zero_is_seen() -> None:
    bottom, _top = lines(AT, [Line("one", FALLING - 1)], SAYS).axes[0].get_ylim()
    assert bottom == pytest.approx(-0.5)


def test_every_head_is_a_point_and_the_largest_are_named() -> None:
    across, up = HEADS.copy(), HEADS.copy()
    across[1, 4], up[0, 2] = 9, 9
    figure = head_points(across, up, SAYS)
    scatters = [each for each in figure.axes[0].collections if isinstance(each, PathCollection)]
    for layer, points in enumerate(scatters):
        expected = np.stack([across[layer], up[layer]], axis=1)
        np.testing.assert_allclose(np.asarray(points.get_offsets()), expected)
    written = [text.get_text() for text in texts(figure)]
    assert "2.5" in written
    assert "1.3" in written


def test_powers_of_ten_are_told_apart_unless_there_is_a_zero() -> None:
    across = HEADS.copy()
    across[0, 0] = 0
    axes = head_points(across, HEADS, SAYS).axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")


@pytest.mark.parametrize("said", [*LITERAL, "剪除头时还剩多少，句向量的余弦"])
def test_no_text_is_cut_off_or_read_as_a_formula(said: str) -> None:
    says = PlotText(said, said, said)
    drawn = lines(AT, [Line(said, FALLING)], says, Style(DARK, CHINESE))
    for figure in (drawn, head_points(HEADS / np.float32(1000), HEADS, says, Style(words=CHINESE))):
        figure.canvas.draw()
        assert sum(text.get_text() == said for text in texts(figure)) >= 3
        for text in drawn_texts(figure):
            box = text.get_window_extent()
            assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text
            assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, text
        assert to_png(figure, 40).startswith(b"\x89PNG")


def test_what_does_not_go_together_is_refused() -> None:
    for drawn in ([], [Line("x", FALLING)] * 4, [Line("x", FALLING[:2])]):
        with pytest.raises(MetricError, match="one to three of as many"):
            lines(AT, drawn, SAYS)
    for across, up in ((HEADS, HEADS[:1]), (HEADS[0], HEADS[0]), (HEADS[:0], HEADS[:0])):
        with pytest.raises(MetricError, match="twice was expected"):
            head_points(across, up, SAYS)
