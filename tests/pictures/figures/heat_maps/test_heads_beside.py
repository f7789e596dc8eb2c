"""Heads beside each other: every one's numbers, one scale, the names of the tokens, and room for all."""

import numpy as np
import pytest

from tests.pictures.figures.samples import (
    CHINESE,
    JET,
    WORDS,
    attention_map,
    column_names,
    read,
    row_names,
    texts,
    words,
)
from viz.errors import InputError, MetricError
from viz.pictures.figures import DARK, FigureText, Style, to_png
from viz.pictures.figures.heat_maps.head_grids import MOST_HEADS, heads_beside

pytestmark = pytest.mark.slow

PAIRS = [(layer, head) for head in range(6) for layer in (1, 0)]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 12])
def test_every_head_is_there_in_the_order_given_on_one_scale(count: int) -> None:
    attention = attention_map(words(6), heads=6)
    figure = heads_beside(attention, PAIRS[:count])
    assert len(figure.axes) == count + 1  # and one colour bar
    for (layer, head), axes in zip(PAIRS, figure.axes[:count], strict=False):
        (image,) = axes.images
        np.testing.assert_array_equal(np.asarray(image.get_array()), attention.weights[layer, head])
        assert image.get_clim() == (0, 1)
        assert axes.get_title() == f"Layer {layer + 1} · Head {head + 1}"


def test_keys_are_named_above_each_and_queries_at_the_left_of_a_row() -> None:
    figure = heads_beside(attention_map(["le", "chat"], ["the", "cat", "sat"], heads=6), PAIRS[:3])
    for axes in figure.axes[:3]:
        assert read(column_names(axes)) == ["the", "cat", "sat"]
        bottom, top = axes.get_ylim()
        assert bottom > top
    named = [read(row_names(axes)) for axes in figure.axes[:3]]
    assert named == [["le", "chat"], [], []]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12])
@pytest.mark.parametrize("said", [FigureText(), CHINESE], ids=["English", "Chinese"])
@pytest.mark.parametrize(
    "tokens", [words(3), words(14), [*WORDS.values()][:6], ["internationalization" * 9] * 2]
)
def test_no_text_is_cut_off_or_on_top_of_another(count: int, said: FigureText, tokens: list[str]) -> None:
    labels = [f"{token}{at}" for at, token in enumerate(tokens)]
    figure = heads_beside(attention_map(labels, heads=6), PAIRS[:count], Style(DARK, said))
    figure.canvas.draw()
    edges = figure.bbox
    found = texts(figure)
    boxes = [text.get_window_extent() for text in found]
    for text, box in zip(found, boxes, strict=True):
        assert edges.x0 <= box.x0 < box.x1 <= edges.x1, text
        assert edges.y0 <= box.y0 < box.y1 <= edges.y1, text
    for at, box in enumerate(boxes):
        assert box.count_overlaps(boxes[at + 1 :]) == 0, found[at]


def test_many_tokens_are_drawn_in_a_bounded_figure_with_some_named() -> None:
    figure = heads_beside(attention_map(words(300), heads=6), PAIRS[:12])
    assert figure.get_size_inches().max() <= 24
    named = read(column_names(figure.axes[0]))
    assert named[0] == "word0"
    assert 10 < len(named) < 100
    assert to_png(figure, 30).startswith(b"\x89PNG")


def test_what_cannot_be_is_refused() -> None:
    attention = attention_map(words(3), layers=2, heads=3)
    for heads in ([], [(0, 0)] * (MOST_HEADS + 1)):
        with pytest.raises(MetricError, match=f"{len(heads)} heads were asked for; from 1 to 12"):
            heads_beside(attention, heads)
    with pytest.raises(MetricError, match="Layer 3 was asked for"):
        heads_beside(attention, [(0, 0), (2, 0)])
    with pytest.raises(MetricError, match="Head 4 was asked for"):
        heads_beside(attention, [(0, 3)])
    with pytest.raises(InputError, match="no palette"):
        heads_beside(attention, [(0, 0)], JET)
    with pytest.raises(MetricError, match="0 queries"):
        heads_beside(attention_map([]), [(0, 0)])
