"""The plane of heads and the matrix of distances: every head in its place, coloured by layer, named from 1."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import same_color, to_hex

from tests.pictures.figures.samples import CHINESE, read, row_names, texts
from viz.errors import MetricError
from viz.pictures.figures import DARK, LIGHT, Style, Theme
from viz.pictures.figures.base.figure_style import layer_colours
from viz.pictures.figures.charts.point_charts import PlaneText, head_plane
from viz.pictures.figures.heat_maps.matrix import MatrixText, distance_matrix

SAYS = PlaneText("All heads", "Layer {layer}")
PLACES = np.random.default_rng(0).normal(size=(6, 2)).astype(np.float32)


def test_every_head_is_in_its_place_in_its_layers_colour() -> None:
    figure = head_plane(PLACES, 3, SAYS)
    scatters = [each for each in figure.axes[0].collections if isinstance(each, PathCollection)]
    assert len(scatters) == 2
    for layer, points in enumerate(scatters):
        np.testing.assert_allclose(np.asarray(points.get_offsets()), PLACES[layer * 3 : layer * 3 + 3])
        assert to_hex(np.asarray(points.get_facecolor())[0]) == layer_colours(2, LIGHT)[layer]
    written = [text.get_text() for text in texts(figure)]
    for said in ("1.1", "1.3", "2.1", "2.3", "Layer 1", "Layer 2", "All heads"):
        assert said in written
    assert "3.1" not in written


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_only_the_chosen_head_is_ringed(theme: Theme) -> None:
    figure = head_plane(PLACES, 3, SAYS, Style(theme), chosen=4)
    rings = [
        each
        for each in figure.axes[0].collections
        if isinstance(each, PathCollection) and same_color(np.asarray(each.get_edgecolor())[0], theme.accent)
    ]
    assert len(rings) == 1
    np.testing.assert_allclose(np.asarray(rings[0].get_offsets()), [PLACES[4]])


def test_distances_are_drawn_as_they_are() -> None:
    axes = head_plane(PLACES, 3, SAYS).axes[0]
    assert axes.get_aspect() == 1


@pytest.mark.parametrize("layers", [1, 6, 24])
def test_no_text_is_cut_off(layers: int) -> None:
    places = np.random.default_rng(1).normal(size=(layers * 2, 2)).astype(np.float32)
    figure = head_plane(places, 2, PlaneText("所有头：相似的靠得近", "第 {layer} 层"), Style(words=CHINESE))
    figure.canvas.draw()
    for text in texts(figure):
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, text


def test_layers_have_colours_of_their_own() -> None:
    for theme in (LIGHT, DARK):
        assert len(set(layer_colours(12, theme))) == 12


def test_the_matrix_is_in_the_order_given() -> None:
    distances = np.linspace(0, 1, 16, dtype=np.float32).reshape(4, 4)
    order = [2, 0, 3, 1]
    figure = distance_matrix(distances, 2, order, MatrixText("t", "r", "c", "v"))
    (mesh,) = figure.axes[0].collections
    drawn = np.asarray(mesh.get_array()).reshape(4, 4)
    for row, one in enumerate(order):
        for column, other in enumerate(order):
            assert drawn[row, column] == distances[one, other]
    assert read(row_names(figure.axes[0])) == ["2.1", "1.1", "2.2", "1.2"]


def test_places_for_half_a_layer_are_refused() -> None:
    for places, heads in ((PLACES, 4), (PLACES[:, :1], 3), (PLACES[:0], 3)):
        with pytest.raises(MetricError, match="Places of the shape"):
            head_plane(places, heads, SAYS)
