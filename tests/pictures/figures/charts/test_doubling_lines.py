"""Lines over numbers that double: each number at its place, named, and nothing cut off."""

import numpy as np
import pytest

from tests.pictures.figures.charts.test_lines_and_points import drawn_texts
from tests.pictures.figures.samples import CHINESE, texts
from viz.errors import MetricError
from viz.pictures.figures import DARK, Style
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.line_charts import Line, doubling_lines

SAYS = PlotText("Title", "Across", "Up")
AT = (1, 2, 4, 8)
FALLING = np.array([2.0, 1.5, 0.5, 0.1], dtype=np.float32)


def test_each_number_has_its_place_and_its_name() -> None:
    figure = doubling_lines(AT, [Line("one", FALLING), Line("two", FALLING / np.float32(2))], SAYS, 2.0)
    axes = figure.axes[0]
    first, second = axes.get_lines()
    np.testing.assert_array_equal(first.get_xdata(), [0, 1, 2, 3])
    np.testing.assert_array_equal(second.get_ydata(), FALLING / np.float32(2))
    assert [text.get_text() for text in axes.get_xticklabels()] == ["1", "2", "4", "8"]
    assert axes.get_ylim() == pytest.approx((0, 2.08))


def test_nothing_is_cut_off_in_chinese_and_dark() -> None:
    says = PlotText("权重有多分散", "维度 d_k", "熵（纳特）")
    figure = doubling_lines(AT, [Line("不除", FALLING)], says, 2.0, Style(DARK, CHINESE))
    figure.canvas.draw()
    assert {"权重有多分散", "维度 d_k", "熵（纳特）", "不除"} <= {text.get_text() for text in texts(figure)}
    for text in drawn_texts(figure):
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text


def test_what_does_not_double_is_refused() -> None:
    for at, top in (((1, 2, 3, 4), 2.0), (AT, 0.0)):
        with pytest.raises(MetricError, match="twice the one before"):
            doubling_lines(at, [Line("one", FALLING)], SAYS, top)
    with pytest.raises(MetricError, match="one to three of as many"):
        doubling_lines(AT, [Line("one", FALLING[:2])], SAYS, 2.0)
