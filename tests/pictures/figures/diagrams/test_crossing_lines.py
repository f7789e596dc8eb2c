"""Two rows of words and the lines between them."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.figure import Figure

from viz.errors import MetricError
from viz.pictures.figures import DARK, Style, to_png
from viz.pictures.figures.diagrams.word_diagrams import CrossingText, crossing_lines

SAYS = CrossingText("Cross-attention", "French", "English")
WEIGHTS = np.array([[1, 0, 0, 0], [0, 0.02, 0.98, 0], [0, 0.9, 0.06, 0.04]], dtype=np.float32)


def drawn(chosen: int | None = None) -> Figure:
    return crossing_lines(
        WEIGHTS, ["the", "black", "cat"], ["le", "chat", "noir", "</s>"], SAYS, chosen=chosen
    )


def test_a_line_for_each_weight_that_is_seen_as_thick_as_it() -> None:
    lines = drawn().axes[0].lines
    assert [round(line.get_linewidth() / 5, 2) for line in lines] == [1, 0.98, 0.9, 0.06, 0.04]
    spread = [np.asarray(line.get_xdata(), dtype=float) for line in lines]
    black, cat = spread[1], spread[2]
    assert black[0] > cat[0]  # noir is right of chat
    assert black[1] < cat[1]  # black is left of cat: the lines cross


def test_the_chosen_word_and_its_lines_are_in_the_accent() -> None:
    figure = crossing_lines(
        WEIGHTS, ["the", "black", "cat"], ["le", "chat", "noir", "</s>"], SAYS, Style(DARK), chosen=1
    )
    axes = figure.axes[0]
    assert [line.get_color() == DARK.accent for line in axes.lines] == [False, True, False, False, False]
    assert [text.get_text() for text in axes.texts if text.get_color() == DARK.accent] == ["black"]


def test_words_yet_to_be_said_keep_their_places() -> None:
    labels = ["the", "black", "cat"], ["le", "chat", "noir", "</s>"]
    whole, part = (crossing_lines(WEIGHTS, *labels, SAYS, said=said) for said in (None, 2))
    assert [text.get_text() for text in part.axes[0].texts] == [*labels[1], "the", "black"]
    before, after = (
        {text.get_text(): text.get_position() for text in figure.axes[0].texts} for figure in (whole, part)
    )
    assert all(before[word] == place for word, place in after.items())
    assert len(part.axes[0].lines) == 2


def test_words_do_not_overlap_however_long() -> None:
    words = ["internationalization" + str(at) for at in range(12)]
    figure = crossing_lines(np.eye(12, dtype=np.float32), words, words, SAYS)
    to_png(figure)
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts[:12]]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
    assert boxes[0].x0 >= 0
    assert boxes[-1].x1 <= figure.bbox.width


def test_signs_of_formulas_and_what_is_invisible_are_plain() -> None:
    figure = crossing_lines(np.ones((1, 1), dtype=np.float32), ["$x^2$"], ["a\x00"], SAYS)
    assert [text.get_text() for text in figure.axes[0].texts] == ["a⟨U+0000⟩", "$x^2$"]
    assert to_png(figure).startswith(b"\x89PNG")


@pytest.mark.parametrize("shape", [(0, 0), (2, 4), (3, 3)])
def test_words_and_weights_have_to_go_together(shape: tuple[int, int]) -> None:
    below = ["the", "black", "cat"][: 0 if 0 in shape else 3]
    with pytest.raises(MetricError, match="as many were expected"):
        crossing_lines(
            np.zeros(shape, dtype=np.float32), below, ["a", "b", "c", "d"][: 0 if 0 in shape else 4], SAYS
        )
