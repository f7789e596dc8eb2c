"""The layer grid's state: every head's numbers, one scale, names, the chosen one, and room for all."""

import importlib

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from tests.pictures.figures.samples import CHINESE, JET, attention_map, texts, words
from viz.errors import InputError, MetricError
from viz.pictures.figures import DARK, LIGHT, FigureText, Style, Theme, layer_grid, to_png


def _images(figure: Figure) -> list[AxesImage]:
    return [image for axes in figure.axes for image in axes.images]


@pytest.mark.parametrize("heads", [1, 2, 3, 5, 12, 32])
def test_every_head_is_there_in_order_on_one_scale(heads: int) -> None:
    attention = attention_map(words(6), heads=heads)
    figure = layer_grid(attention, 1)
    images = _images(figure)
    assert len(images) == heads
    for head, image in enumerate(images):
        np.testing.assert_array_equal(np.asarray(image.get_array()), attention.weights[1, head])
        assert image.get_clim() == (0, 1)
        assert figure.axes[head].get_title() == f"Head {head + 1}"
    assert len(figure.axes) == heads + 1  # and one colour bar


def test_heads_run_from_left_to_right_and_then_down() -> None:
    figure = layer_grid(attention_map(words(4), heads=12), 0)
    corners = [axes.get_window_extent() for axes in figure.axes[:12]]
    rows = sorted({round(corner.y1) for corner in corners}, reverse=True)
    assert len(rows) == 3
    assert [rows.index(round(corner.y1)) for corner in corners] == [0] * 4 + [1] * 4 + [2] * 4
    assert corners[0].x0 < corners[1].x0 < corners[2].x0 < corners[3].x0


def test_the_first_query_is_on_top_as_in_the_heat_map() -> None:
    figure = layer_grid(attention_map(["le", "chat"], ["the", "cat", "sat"], heads=2), 0)
    bottom, top = figure.axes[0].get_ylim()
    assert bottom > top
    assert np.asarray(_images(figure)[0].get_array()).shape == (2, 3)


def test_words_are_the_ones_given() -> None:
    figure = layer_grid(attention_map(words(4), heads=2), 0, Style(words=CHINESE))
    assert {image.get_clim() for image in _images(figure)} == {(0.0, 1.0)}
    written = {text.get_text(): text.get_language() for text in texts(figure)}
    for said in ("第 1 层的所有头", "第 2 头", "注意力权重", "键（被看的词元） →", "0.75"):
        assert written[said] == "zh-Hans"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_only_the_chosen_head_has_the_accent(theme: Theme) -> None:
    figure = layer_grid(attention_map(words(4), heads=4), 0, Style(theme), chosen=2)
    marked = [
        head
        for head, axes in enumerate(figure.axes[:4])
        if all(same_color(spine.get_edgecolor(), theme.accent) for spine in axes.spines.values())
    ]
    assert marked == [2]


@pytest.mark.parametrize("heads", [1, 2, 12, 32])
@pytest.mark.parametrize("said", [FigureText(), CHINESE], ids=["English", "Chinese"])
def test_no_text_is_cut_off_or_on_top_of_another(heads: int, said: FigureText) -> None:
    figure = layer_grid(attention_map(words(5), heads=heads), 0, Style(words=said))
    figure.canvas.draw()
    edges = figure.bbox
    found = texts(figure)
    boxes = [text.get_window_extent() for text in found]
    for text, box in zip(found, boxes, strict=True):
        assert edges.x0 <= box.x0 < box.x1 <= edges.x1, text
        assert edges.y0 <= box.y0 < box.y1 <= edges.y1, text
    for at, box in enumerate(boxes):
        assert box.count_overlaps(boxes[at + 1 :]) == 0, found[at]


def test_512_tokens_are_drawn_in_a_bounded_figure() -> None:
    figure = layer_grid(attention_map(words(512), layers=1, heads=12), 0)
    assert figure.get_size_inches().max() <= 16
    assert to_png(figure, 40).startswith(b"\x89PNG")


def test_what_cannot_be_is_refused() -> None:
    attention = attention_map(words(3), layers=2, heads=3)
    with pytest.raises(MetricError, match="Layer 3 was asked for; there are layers 1 to 2"):
        layer_grid(attention, 2)
    for chosen in (-1, 3):
        with pytest.raises(MetricError, match=f"Head {chosen + 1} was asked for; there are heads 1 to 3"):
            layer_grid(attention, 0, chosen=chosen)
    with pytest.raises(InputError, match="no palette"):
        layer_grid(attention, 0, JET)
    with pytest.raises(MetricError, match="0 queries"):
        layer_grid(attention_map([]), 0)


def test_no_pyplot_figure_is_made() -> None:
    pyplot = importlib.import_module("matplotlib.pyplot")
    to_png(layer_grid(attention_map(words(3)), 0))
    assert pyplot.get_fignums() == []
