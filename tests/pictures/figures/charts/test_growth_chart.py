"""Points over years on a scale of powers of ten, and powers of lengths on two: where they lie, and room for all."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from tests.pictures.figures.charts.test_lines_and_points import drawn_texts
from tests.pictures.figures.samples import CHINESE, texts
from viz.errors import MetricError
from viz.pictures.figures import DARK, Style, to_png
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.line_charts import Line, log_log_lines
from viz.pictures.figures.charts.point_charts import Point, growth_chart

SAYS = PlotText("Title", "Year", "Number")
TICKS = {10.0**power: f"ten to {power}" for power in range(3, 15)}
POINTS = [Point("one", 2017, 65e6, "65 M"), Point("two", 2019, 1.5e9), Point("three", 2021, 1.57e12)]
TIMES = np.array([1, 4, 16], dtype=np.float32)


def inside(figure: Figure) -> None:
    figure.canvas.draw()
    for text in drawn_texts(figure):
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, text
    assert to_png(figure, 40).startswith(b"\x89PNG")


def test_points_lie_at_their_year_and_number_and_carry_their_name() -> None:
    figure = growth_chart(POINTS, SAYS, TICKS, level=Point("mine", 0, 2e7, "20 M"))
    axes = figure.axes[0]
    (drawn,) = [each for each in axes.collections if isinstance(each, PathCollection)]
    np.testing.assert_allclose(np.asarray(drawn.get_offsets()), [(p.year, p.number) for p in POINTS])
    assert axes.get_yscale() == "log"
    assert [line.get_ydata()[0] for line in axes.get_lines()] == [2e7]  # type: ignore[index]
    written = [text.get_text() for text in texts(figure)]
    for said in ("one  65 M", "two", "three", "mine  20 M", "ten to 7", "ten to 12", "2017", "Title"):
        assert said in written
    assert "ten to 3" not in written
    inside(figure)


@pytest.mark.parametrize("said", ["$x$", "参数_{x}"])
def test_no_text_is_read_as_a_formula(said: str) -> None:
    says = PlotText(said, said, said)
    figure = growth_chart(POINTS, says, TICKS, Style(DARK, CHINESE), level=Point(said, 0, 3e6))
    assert sum(text.get_text() == said for text in texts(figure)) >= 3
    inside(figure)


@pytest.mark.parametrize("points", [[], [Point("none", 2017, 0)]])
def test_only_numbers_above_zero_can_be_drawn(points: list[Point]) -> None:
    with pytest.raises(MetricError, match="above 0"):
        growth_chart(points, SAYS, TICKS)


def test_a_power_is_a_straight_line() -> None:
    figure = log_log_lines([8, 16, 32], [Line("square", TIMES), Line("half", TIMES / np.float32(2))], SAYS)
    axes = figure.axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    x, y = axes.get_lines()[0].get_data()
    slopes = np.diff(np.log(np.asarray(y, dtype=float))) / np.diff(np.log(np.asarray(x, dtype=float)))
    np.testing.assert_allclose(slopes, 2)
    assert [text.get_text() for text in axes.get_xticklabels()] == ["8", "16", "32"]
    bottom, top = axes.get_ylim()
    assert 0 < bottom < 0.5
    assert top > 16
    inside(figure)


@pytest.mark.parametrize(("at", "values"), [([], TIMES[:0]), ([0, 1, 2], TIMES), ([1, 2, 4], TIMES - 1)])
def test_there_is_no_logarithm_of_zero(at: list[int], values: np.ndarray) -> None:
    with pytest.raises(MetricError, match="logarithmic"):
        log_log_lines(at, [Line("x", values)], SAYS)
