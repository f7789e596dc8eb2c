"""The heat map's state: numbers, labels, scale, titles and where they lie; no pixels but in one test."""

import importlib
import math
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox, BboxBase
from PIL import Image

from tests.pictures.figures.samples import (
    CHINESE,
    LITERAL,
    WORDS,
    attention_map,
    column_names,
    places,
    read,
    row_names,
    texts,
    words,
)
from viz.errors import InputError, MetricError
from viz.pictures.figures import DARK, LIGHT, FigureText, Style, Theme, heatmap, short, to_png
from viz.pictures.figures.base.figure_style import ColourScale


def _mesh(figure: Figure) -> QuadMesh:
    (mesh,) = (found for found in figure.axes[0].collections if isinstance(found, QuadMesh))
    return mesh


def _area_shared(first: BboxBase, second: BboxBase) -> float:
    """How much of the smaller box lies in the other: 0 to 1."""
    shared = Bbox.intersection(first, second)
    smaller = min(first.width * first.height, second.width * second.height)
    return shared.width * shared.height / smaller if shared else 0.0


def _labels(figure: Figure, axis: str) -> list[str]:
    axes = figure.axes[0]
    return read(column_names(axes) if axis == "x" else row_names(axes))


def test_cells_are_the_weights_first_query_on_top() -> None:
    attention = attention_map(words(7))
    figure = heatmap(attention, 1, 2)
    np.testing.assert_array_equal(np.asarray(_mesh(figure).get_array()), attention.weights[1, 2])
    bottom, top = figure.axes[0].get_ylim()
    assert (bottom, top) == (7, 0)
    assert figure.axes[0].get_xlim() == (0, 7)


def test_the_scale_is_zero_to_one_unless_given() -> None:
    attention = attention_map(words(4))
    assert _mesh(heatmap(attention, 0, 0)).get_clim() == (0, 1)
    figure = heatmap(attention, 0, 0, scale=ColourScale("mako", 0.1, 0.5))
    assert _mesh(figure).get_clim() == (0.1, 0.5)
    assert read(row_names(figure.axes[1])) == ["0.1", "0.2", "0.3", "0.4", "0.5"]


def test_queries_are_rows_and_keys_columns_of_a_cross_map() -> None:
    figure = heatmap(attention_map(["le", "chat"], ["the", "cat", "sat"]), 0, 0)
    assert _labels(figure, "y") == ["le", "chat"]
    assert _labels(figure, "x") == ["the", "cat", "sat"]
    assert np.asarray(_mesh(figure).get_array()).shape == (2, 3)
    assert figure.axes[0].get_ylabel() == "Query (the token that looks)"
    assert figure.axes[0].get_xlabel() == "Key (the token looked at)"


def test_the_title_counts_from_one() -> None:
    figure = heatmap(attention_map(words(4), layers=3, heads=5), 2, 4)
    assert "Layer 3 · Head 5" in [text.get_text() for text in texts(figure)]


def test_words_and_their_language_are_the_ones_given() -> None:
    figure = heatmap(attention_map(["书", "还", "cat"]), 0, 1, Style(words=CHINESE))
    written = {text.get_text(): text.get_language() for text in texts(figure)}
    for said in ("第 1 层 · 第 2 头", "查询（正在看的词元）", "键（被看的词元）", "注意力权重"):
        assert written[said] == "zh-Hans"


def test_translated_words_are_looked_up_and_keep_their_language() -> None:
    found = FigureText().translated("xx", str.upper)
    assert (found.language, found.query, found.head) == ("xx", "QUERY (THE TOKEN THAT LOOKS)", "HEAD {HEAD}")


def test_labels_take_their_language_from_their_script() -> None:
    figure = heatmap(attention_map(["本", "を", "返す"]), 0, 0, Style(words=CHINESE))
    assert {text.get_language() for text in row_names(figure.axes[0])} == {"ja"}


@pytest.mark.parametrize("count", [1, 2, 10, 29, 64])
def test_every_token_is_named_where_there_is_room(count: int) -> None:
    figure = heatmap(attention_map(words(count)), 0, 0)
    assert _labels(figure, "y") == words(count)
    assert _labels(figure, "x") == words(count)
    assert "one label in" not in figure.axes[0].get_xlabel()


@pytest.mark.parametrize("count", [100, 128, 512])
def test_many_tokens_are_named_every_few_and_the_axis_says_so(count: int) -> None:
    figure = heatmap(attention_map(words(count), layers=1, heads=1), 0, 0)
    shown = _labels(figure, "y")
    step = math.ceil(count / len(shown))
    assert step > 1
    assert shown == words(count)[::step]
    axes = figure.axes[0]
    middles = [at + 0.5 for at in range(0, count, step)]
    assert [y for _x, y in places(axes, row_names(axes))] == pytest.approx(middles)
    assert [x for x, _y in places(axes, column_names(axes))] == pytest.approx(middles)
    assert figure.axes[0].get_ylabel() == f"Query (the token that looks) · one label in {step}"
    assert figure.axes[0].get_xlabel() == f"Key (the token looked at) · one label in {step}"
    assert len(shown) >= 50  # thinned no further than legibility asks


@pytest.mark.parametrize("count", [1, 2, 10, 29, 83, 128, 512])
def test_labels_are_legible_cells_square_and_the_figure_bounded(count: int) -> None:
    figure = heatmap(attention_map(words(count), layers=1, heads=1), 0, 0)
    box = figure.axes[0].get_window_extent()
    assert box.width == pytest.approx(box.height, rel=1e-6)
    assert figure.get_size_inches().max() <= 16
    assert min(float(text.get_fontsize()) for text in texts(figure)) >= 7


HARD_TO_PLACE = {
    "one token": (["hi"], None, FigureText()),
    "ten": (words(10), None, FigureText()),
    "long words": (["internationalization" * 3, "a", "W" * 24] * 5, None, FigureText()),
    "80 tokens, all named": (words(80), None, FigureText()),
    "128 tokens": (words(128), None, FigureText()),
    "Chinese": ([*"她把书还给了图书馆因为借期已经过了", "[SEP]", "图书馆₂₀"], None, CHINESE),
    "all scripts": ([*WORDS.values()], None, CHINESE),
    "few queries, many keys": (words(2), words(90), FigureText()),
    "many queries, few keys": (words(90), words(2), FigureText()),
    "many columns": ("\u200b\u200b\u200b", "😀😀", FigureText()),
}


@pytest.mark.parametrize("name", HARD_TO_PLACE)
def test_no_text_is_cut_off_or_on_top_of_another(name: str) -> None:
    queries, keys, said = HARD_TO_PLACE[name]
    figure = heatmap(attention_map(queries, keys), 0, 0, Style(words=said))
    figure.canvas.draw()
    edges = figure.bbox
    boxes = {text: text.get_window_extent() for text in texts(figure)}
    for text, box in boxes.items():
        assert edges.x0 <= box.x0, text
        assert box.x1 <= edges.x1, text
        assert edges.y0 <= box.y0, text
        assert box.y1 <= edges.y1, text
    axes, bar = figure.axes
    cells = axes.get_window_extent()
    for text in column_names(axes):
        assert boxes[text].y0 >= cells.y1
        assert boxes[text].y1 <= boxes[axes.xaxis.label].y0 + 4  # within the pad of a few pixels
    for text in row_names(axes):
        assert boxes[text].x1 <= cells.x0
        assert boxes[text].x0 >= boxes[axes.yaxis.label].x1
    for text in row_names(bar):
        assert boxes[text].x1 <= boxes[bar.yaxis.label].x0
    found = list(boxes)
    for at, text in enumerate(found):
        over = [other for other in found[at + 1 :] if _area_shared(boxes[text], boxes[other]) > 0.02]
        assert not over, (text, over)


def test_short_chinese_words_are_stacked_above_their_columns_and_others_lie() -> None:
    figure = heatmap(attention_map(["图书馆₁", "的", "[SEP]", "コーヒー", *words(6)]), 0, 0)
    found = {text.get_text(): text.get_rotation() for text in column_names(figure.axes[0])}
    assert found["图\n书\n馆\n₁"] == found["的"] == 0
    assert found["[SEP]"] == found["コーヒー"] == 90
    assert _labels(figure, "y")[:2] == ["图书馆₁", "的"]


def test_labels_stand_upright_where_all_fit() -> None:
    figure = heatmap(attention_map(["a", "b", "if", "书"]), 0, 0)
    assert {text.get_rotation() for text in column_names(figure.axes[0])} == {0}


def test_mathematics_and_markup_are_drawn_as_they_are() -> None:
    figure = heatmap(attention_map(LITERAL), 0, 0)
    assert _labels(figure, "y") == list(LITERAL)
    assert not any(text.get_parse_math() for text in texts(figure))
    figure.canvas.draw()


def test_every_script_is_drawn_without_a_missing_glyph() -> None:
    labels = [word for text in WORDS.values() for word in text.split()]
    figure = heatmap(attention_map(labels), 0, 0, Style(words=CHINESE))
    to_png(figure, 50)  # matplotlib warns of a missing glyph, and warnings are errors
    assert _labels(figure, "y") == [short(label) for label in labels]
    assert not any("⟨U+" in label for label in _labels(figure, "y"))


@settings(max_examples=25)
@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=30), min_size=1, max_size=4))
def test_hostile_labels_are_drawn_safely(labels: list[str]) -> None:
    figure = heatmap(attention_map(labels, layers=1, heads=1), 0, 0)
    assert _labels(figure, "y") == [short(label) for label in labels]
    assert to_png(figure, 30).startswith(b"\x89PNG")


@pytest.mark.parametrize("theme", [LIGHT, DARK, Theme(text="#123456", background=None, accent="#ff0000")])
def test_the_theme_colours_every_text_and_the_background(theme: Theme) -> None:
    figure = heatmap(attention_map(words(3)), 0, 0, Style(theme))
    assert {text.get_color() for text in texts(figure)} == {theme.text}
    with Image.open(BytesIO(to_png(figure))) as picture:
        red, green, blue, opacity = np.asarray(picture.convert("RGBA"))[0, 0]
    if theme.background is None:
        assert opacity == 0
    else:
        assert (f"#{red:02x}{green:02x}{blue:02x}", opacity) == (theme.background, 255)


def test_png_has_the_size_asked_for() -> None:
    figure = heatmap(attention_map(words(3)), 0, 0)
    wide, high = figure.get_size_inches()
    with Image.open(BytesIO(to_png(figure, 50))) as picture:
        assert picture.size == (int(wide * 50), int(high * 50))
    for dpi in (0, -1, 301, math.nan, math.inf):
        with pytest.raises(InputError, match="between 20 and 300"):
            to_png(figure, dpi)


def test_layers_heads_scales_and_palettes_that_cannot_be_are_refused() -> None:
    attention = attention_map(words(3), layers=2, heads=3)
    for layer in (-1, 2):
        with pytest.raises(MetricError, match=rf"Layer {layer + 1} was asked for; there are layers 1 to 2\."):
            heatmap(attention, layer, 0)
    for head in (-1, 3):
        with pytest.raises(MetricError, match=rf"Head {head + 1} was asked for; there are heads 1 to 3\."):
            heatmap(attention, 0, head)
    for vmin, vmax in ((1, 0), (0.5, 0.5), (0, math.nan), (-math.inf, 1)):
        with pytest.raises(MetricError, match="lower end first"):
            heatmap(attention, 0, 0, scale=ColourScale("mako", vmin, vmax))
    with pytest.raises(InputError, match="no palette"):
        heatmap(attention, 0, 0, scale=ColourScale("../../etc"))
    with pytest.raises(MetricError, match="0 queries and 0 keys"):
        heatmap(attention_map([]), 0, 0)


def test_nothing_global_changes() -> None:
    pyplot = importlib.import_module("matplotlib.pyplot")
    before = dict(matplotlib.rcParams)
    to_png(heatmap(attention_map(words(3)), 0, 0))
    assert pyplot.get_fignums() == []
    assert dict(matplotlib.rcParams) == before


def test_four_threads_draw_what_one_draws() -> None:
    labels = [[*text.split()[:6], "[SEP]"] for text in WORDS.values()][:8]
    maps = [attention_map(one) for one in labels]

    def draw(number: int) -> bytes:
        return to_png(heatmap(maps[number], 0, 0), 60)

    alone = [draw(number) for number in range(len(maps))]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(draw, range(len(maps))))
    assert together == alone
    assert len(set(alone)) == len(maps)
