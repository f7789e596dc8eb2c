import numpy as np
import pytest

from tests.pictures.figures.samples import inside, read, row_names
from viz.errors import MetricError
from viz.pictures.figures import DARK, FigureText, Style, to_png
from viz.pictures.figures.charts.bars import Bars, signed_bars

NAMES = ["the", "猫", "$x$"]


def test_bars_go_to_either_side_of_nought_and_none_is_drawn_for_minus_infinity() -> None:
    panels = [
        Bars("q · k", [2.0, -1.0, -np.inf], ["2", "-1", "−∞"]),
        Bars("weight", [0.7, 0.3, 0.0], ["a", "b", "c"]),
    ]
    figure = signed_bars(panels, NAMES, "Scores", chosen=1)
    assert len(figure.axes) == 2
    first, second = figure.axes
    assert [bar.get_width() for bar in first.containers[0]] == [2.0, -1.0, 0.0]
    assert first.get_xlim() == (-1.0, 2.0)
    assert [bar.get_width() for bar in second.containers[0]] == [0.7, 0.3, 0.0]
    assert read(row_names(first)) == NAMES
    assert read(inside(first)) == ["2", "-1", "−∞"]
    colours = {bar.get_facecolor() for bar in first.containers[0]}
    assert len(colours) == 2
    assert to_png(figure)[:4] == b"\x89PNG"


def test_all_noughts_and_dark_are_drawn() -> None:
    panel = Bars("0", [0.0], ["0"])
    words = FigureText(language="zh-Hans")
    assert to_png(signed_bars([panel], ["词"], "没有", Style(DARK, words)))


@pytest.mark.parametrize(
    ("panels", "names"),
    [
        ([], ["a"]),
        ([Bars("t", [1.0], ["1"])], ["a", "b"]),
        ([Bars("t", [1.0], [])], ["a"]),
        ([Bars("t", [], [])], []),
    ],
)
def test_what_does_not_go_together_is_refused(panels: list[Bars], names: list[str]) -> None:
    with pytest.raises(MetricError):
        signed_bars(panels, names, "")
