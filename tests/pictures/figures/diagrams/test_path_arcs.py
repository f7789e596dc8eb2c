"""The picture of steps between two tokens: which arrows are marked, and what of a long text is left out."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from tests.pictures.figures.samples import CHINESE, texts, words
from viz.errors import MetricError
from viz.pictures.figures import DARK, LIGHT, Style, to_png
from viz.pictures.figures.diagrams.word_diagrams import PathText, _shown, path_arcs

SAYS = PathText("Title", "A chain", "An arc")


def marked(figure: Figure) -> list[int]:
    """How many arrows of each row are in the accent's colour."""
    return [
        sum(
            to_hex(patch.get_edgecolor()) == LIGHT.accent
            for patch in axes.patches
            if isinstance(patch, FancyArrowPatch)
        )
        for axes in figure.axes
    ]


@pytest.mark.parametrize(("first", "last"), [(0, 9), (2, 5), (5, 2), (8, 9)])
def test_each_step_of_the_chain_is_marked_and_one_arc(first: int, last: int) -> None:
    figure = path_arcs(words(10), first, last, SAYS)
    assert marked(figure) == [abs(last - first), 1]
    written = [text.get_text() for text in texts(figure)]
    assert all(said in written for said in (*words(10), "Title", "A chain", "An arc"))


def test_a_token_is_no_step_from_itself() -> None:
    assert marked(path_arcs(words(3), 1, 1, SAYS)) == [0, 0]
    assert marked(path_arcs(["only"], 0, 0, SAYS)) == [0, 0]


@given(count=st.integers(1, 600), data=st.data())
def test_of_a_long_text_both_ends_of_the_path_stay(count: int, data: st.DataObject) -> None:
    low, high = sorted(data.draw(st.tuples(*[st.integers(0, count - 1)] * 2)))
    shown = _shown(count, low, high)
    known = [at for at in shown if at is not None]
    assert known == sorted(set(known))
    assert {low, high} <= set(known) <= set(range(count))
    assert len(shown) <= 25
    for before, after in pairwise(shown):
        assert before is None or after is None or after == before + 1
    assert (shown[0] is None) == (known[0] > 0)
    assert (shown[-1] is None) == (known[-1] < count - 1)


@pytest.mark.parametrize("said", ["$x$", "从猫到它_{x}"])
def test_no_text_is_cut_off_or_read_as_a_formula(said: str) -> None:
    figure = path_arcs([said, "", "猫"] * 20, 3, 50, PathText(said, said, said), Style(DARK, CHINESE))
    figure.canvas.draw()
    for text in texts(figure):
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, text
    assert to_png(figure, 40).startswith(b"\x89PNG")


@pytest.mark.parametrize(("first", "last"), [(-1, 0), (0, 3), (3, 0)])
def test_there_have_to_be_such_tokens(first: int, last: int) -> None:
    with pytest.raises(MetricError, match="tokens 1 to 3"):
        path_arcs(words(3), first, last, SAYS)
