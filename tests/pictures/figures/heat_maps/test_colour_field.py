"""Fields of colour and places joined in their order: the numbers they hold, and room for what they say."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection

from tests.pictures.figures.charts.test_growth_chart import inside
from tests.pictures.figures.samples import CHINESE, JET, texts
from viz.errors import InputError, MetricError
from viz.pictures.figures import DARK, Style
from viz.pictures.figures.base.figure_style import ColourScale
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.point_charts import joined_points
from viz.pictures.figures.heat_maps.matrix import MatrixText, Span, colour_field

SAYS = MatrixText("Title", "Rows", "Columns", "Values")
VALUES = np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3)
PLACES = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
NAMES = [str(at) for at in range(20)]


def test_a_field_holds_its_values_and_counts_from_where_it_is_told() -> None:
    figure = colour_field(VALUES, SAYS, start=Span(1, 10))
    (image,) = figure.axes[0].get_images()
    np.testing.assert_array_equal(np.asarray(image.get_array()), VALUES)
    assert tuple(image.get_extent()) == (9.5, 12.5, 4.5, 0.5)
    assert image.get_clim() == (-1, 1)
    written = [text.get_text() for text in texts(figure)]
    assert all(said in written for said in ("Title", "Rows", "Columns", "Values"))
    inside(figure)


def test_places_are_joined_in_order_and_first_and_last_are_named() -> None:
    figure = joined_points(PLACES, NAMES, PlotText("Title", "Across", "Up"), Style(DARK))
    axes = figure.axes[0]
    (drawn,) = [each for each in axes.collections if isinstance(each, PathCollection)]
    np.testing.assert_allclose(np.asarray(drawn.get_offsets()), PLACES)
    np.testing.assert_allclose(np.asarray(axes.get_lines()[0].get_data()).T, PLACES)
    written = [text.get_text() for text in axes.texts]
    assert (written[0], written[-1], len(written)) == ("0", "19", 9)
    inside(figure)


@pytest.mark.parametrize("said", ["$x$", "两两位置之间的余弦_{x}"])
def test_no_text_is_cut_off_or_read_as_a_formula(said: str) -> None:
    for figure in (
        colour_field(VALUES, MatrixText(said, said, said, said), Style(words=CHINESE)),
        joined_points(PLACES, [said] * 20, PlotText(said, said, said), Style(words=CHINESE)),
    ):
        assert sum(text.get_text() == said for text in texts(figure)) >= 4
        inside(figure)


def test_what_does_not_go_together_is_refused() -> None:
    for values in (VALUES[:0], VALUES[0]):
        with pytest.raises(MetricError, match=r"\[row, column\] was expected"):
            colour_field(values, SAYS)
    with pytest.raises(MetricError, match="lower end first"):
        colour_field(VALUES, SAYS, scale=ColourScale("vlag", 1.0, 1.0))
    with pytest.raises(InputError, match="no palette"):
        colour_field(VALUES, SAYS, JET)
    for places, names in ((PLACES, NAMES[:3]), (PLACES[:0], []), (PLACES[:, :1], NAMES)):
        with pytest.raises(MetricError, match="was expected"):
            joined_points(places, names, PlotText("", "", ""))
