"""Bars: their lengths, order, names and numbers, and room for all."""

import pytest
from matplotlib.patches import Rectangle

from tests.pictures.figures.samples import CHINESE, LITERAL, WORDS, read, row_names, texts
from viz.errors import MetricError
from viz.pictures.figures import DARK, Style, to_png
from viz.pictures.figures.charts.bars import Bars, bars, bars_beside


def test_bars_are_as_long_as_their_values_from_the_top_down() -> None:
    figure = bars([0.5, 0.25, 0.0], ["a", "b", "c"], "Title", "Share")
    (axes,) = figure.axes
    assert [patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)] == [0.5, 0.25, 0.0]
    assert axes.get_xlim()[0] == 0
    assert read(row_names(axes)) == ["a", "b", "c"]
    bottom, top = axes.get_ylim()
    assert bottom > top
    written = [text.get_text() for text in texts(figure)]
    for said in ("50.0%", "25.0%", "0.0%", "Title", "Share"):
        assert said in written


@pytest.mark.parametrize("names", [list(LITERAL), list(WORDS.values()), ["x"]])
def test_no_text_is_cut_off_or_on_top_of_another(names: list[str]) -> None:
    values = [1 / (at + 2) for at in range(len(names))]
    figure = bars(values, names, "第 4 层 · 第 2 头", "得到的注意力", Style(DARK, CHINESE))
    figure.canvas.draw()
    found = texts(figure)
    boxes = [text.get_window_extent() for text in found]
    for text, box in zip(found, boxes, strict=True):
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, text
    for at, box in enumerate(boxes):
        assert box.count_overlaps(boxes[at + 1 :]) == 0, found[at]
    assert to_png(figure, 40).startswith(b"\x89PNG")


def test_bars_of_nothing_are_drawn() -> None:
    assert bars([0.0], ["a"], "t", "s").axes[0].get_xlim()[1] > 0


def test_what_does_not_go_together_is_refused() -> None:
    with pytest.raises(MetricError, match="1 values and 2 names"):
        bars([0.1], ["a", "b"], "t", "s")
    with pytest.raises(MetricError, match="0 values and 0 names"):
        bars([], [], "t", "s")


def test_sets_of_bars_are_on_one_scale_and_named_once() -> None:
    figure = bars_beside([Bars("One", [0.5, 0.1]), Bars("Other", [0.2, 0.25])], ["a", "b"], "Title")
    first, second = figure.axes
    for axes, values in ((first, [0.5, 0.1]), (second, [0.2, 0.25])):
        assert [patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)] == values
        assert axes.get_xlim() == (0, 0.5)
    assert (first.get_xlabel(), second.get_xlabel()) == ("One", "Other")
    figure.canvas.draw()
    assert read(row_names(first)) == ["a", "b"]
    assert row_names(second) == []
    assert list(second.get_yticks()) == []


@pytest.mark.parametrize("names", [list(LITERAL), list(WORDS.values())])
def test_no_text_of_several_sets_is_cut_off_or_on_top_of_another(names: list[str]) -> None:
    values = [1 / (at + 2) for at in range(len(names))]
    titles = ["注意力展开", "A method with a rather long name of its own", "原始注意力"]
    figure = bars_beside(
        [Bars(title, values) for title in titles], names, "到达“it”的内容", Style(words=CHINESE)
    )
    figure.canvas.draw()
    found = [text for text in texts(figure) if text.get_text()]
    boxes = [text.get_window_extent() for text in found]
    for at, (text, box) in enumerate(zip(found, boxes, strict=True)):
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert box.count_overlaps(boxes[at + 1 :]) == 0, text


def test_sets_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(MetricError, match="2 values and 1 names"):
        bars_beside([Bars("One", [0.1]), Bars("Other", [0.1, 0.2])], ["a"], "t")
    with pytest.raises(MetricError, match="No bars"):
        bars_beside([], ["a"], "t")
