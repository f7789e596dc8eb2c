"""A sheet's picture is the heat map's own, byte for byte, whatever head it was made of."""

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest
from matplotlib.backends.backend_agg import RendererAgg

from tests.pictures.figures.samples import attention_map
from viz.pictures.figures import DARK, LIGHT, FigureText, Style, Theme, heatmap, to_webp
from viz.pictures.figures.base.figure_style import ColourScale
from viz.ui.exhibits.bitmaps.sheet import Sheet

pytestmark = pytest.mark.slow

LABELS = {
    "one": ["a"],
    "words": [f"word{at}" for at in range(14)],
    "Chinese": list("床前明月光疑是地上霜"),
    "many": [f"w{at}" for at in range(60)],
}
DPI = 90.0


def titled(layer: int, head: int) -> str:
    return FigureText().head_title.format(layer=layer + 1, head=head + 1)


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_head_is_as_it_is_drawn_alone(labels: list[str], theme: Theme) -> None:
    found = attention_map(labels)
    sheet = Sheet(heatmap(found, 0, 0, Style(theme)), DPI)
    for layer, head in ((0, 0), (1, 2), (0, 1), (0, 0)):
        alone = to_webp(heatmap(found, layer, head, Style(theme)), dpi=DPI)
        assert sheet.webp(found.weights[layer, head], titled(layer, head)) == alone


def test_a_number_of_two_digits_makes_no_picture_wider() -> None:
    found = attention_map(LABELS["one"], layers=12, heads=12)
    sheet = Sheet(heatmap(found, 0, 0), DPI)
    assert sheet.webp(found.weights[11, 11], titled(11, 11)) == to_webp(heatmap(found, 11, 11), dpi=DPI)


def test_a_table_that_is_not_square_and_another_scale() -> None:
    found = attention_map(list("abcdef"), list("xyz"))
    scale = ColourScale("mako", 0.0, 0.4)
    drawn = [to_webp(heatmap(found, 0, head, scale=scale), dpi=DPI) for head in range(3)]
    sheet = Sheet(heatmap(found, 0, 2, scale=scale), DPI)
    assert [sheet.webp(found.weights[0, head], titled(0, head)) for head in range(3)] == drawn
    assert len(set(drawn)) == 3


def test_several_at_once_do_not_mix_their_cells() -> None:
    found = attention_map(LABELS["words"], heads=8)
    sheet = Sheet(heatmap(found, 0, 0), DPI)
    alone = [sheet.webp(found.weights[0, head], titled(0, head)) for head in range(8)]
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(sheet.webp, found.weights[0, at % 8], titled(0, at % 8)) for at in range(32)]
        assert [each.result(60) for each in asked] == alone * 4


def test_it_holds_on_to_no_picture_it_has_drawn() -> None:
    found = attention_map(LABELS["words"])
    gc.collect()
    before = {id(each) for each in gc.get_objects() if type(each) is RendererAgg}
    sheet = Sheet(heatmap(found, 0, 0), DPI)
    for head in range(3):
        sheet.webp(found.weights[0, head], titled(0, head))
    gc.collect()
    held = [each for each in gc.get_objects() if type(each) is RendererAgg and id(each) not in before]
    assert sum(int(each.width) * int(each.height) for each in held) <= 1
    assert 0 < sheet.nbytes < 1_000_000
