"""Exhibits: what they draw in each theme, and what their table holds."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from viz.pictures.figures import DARK, LIGHT, Style, Theme
from viz.pictures.figures.heat_maps.matrix import MatrixText
from viz.ui.exhibits.exhibit import Exhibit, head_map, heat_map

VALUES = np.array([[0.25, 0.5], [0.75, 0.0], [1.5, 0.125]], dtype=np.float32)  # [layer, head]
TEXT = MatrixText("A title", "Rows", "Columns", "Number")


def mapped(exhibit: Exhibit, theme: Theme = LIGHT) -> tuple[str, tuple[float, float], np.ma.MaskedArray]:
    """The palette of a heat map, the ends of its scale and its values."""
    figure: Figure = exhibit.draw(Style(theme))
    axes = figure.axes[0]
    mesh = (axes.images or axes.collections)[0]
    values: np.ma.MaskedArray = np.ma.masked_invalid(np.ma.asarray(mesh.get_array())).reshape(VALUES.shape)
    return mesh.get_cmap().name, mesh.get_clim(), values


@pytest.mark.parametrize(("theme", "palette"), [(LIGHT, "mako_r"), (DARK, "mako")])
def test_the_palette_is_that_of_the_theme_which_is_drawn(theme: Theme, palette: str) -> None:
    exhibit = heat_map("key", "name", VALUES, ["a", "b", "c"], ["d", "e"], TEXT, alt="A map", highest=2.0)
    name, ends, values = mapped(exhibit, theme)
    assert (name, ends) == (palette, (0.0, 2.0))
    assert np.array_equal(values, VALUES)
    assert exhibit.table is not None
    assert exhibit.table().decode("utf-8-sig").splitlines()[:2] == ["A title,d,e", "a,0.25,0.5"]


def test_differences_are_on_a_symmetric_scale() -> None:
    exhibit = heat_map("key", "name", VALUES, ["a", "b", "c"], ["d", "e"], TEXT, alt="A map", limit=0.5)
    assert mapped(exhibit)[1] == (-0.5, 0.5)


def test_disabled_heads_are_hatched_and_still_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.ui.exhibits.exhibit.tr", lambda message, **values: message.format(**values))
    exhibit = head_map("key", "name", VALUES, "Number of each head", caption="", disabled=[(2, 0)])
    _name, ends, values = mapped(exhibit)
    assert ends == (0.0, 1.5)
    assert np.ma.getmaskarray(values).tolist() == [[False, False], [False, False], [True, False]]
    assert exhibit.table is not None
    assert exhibit.table().decode("utf-8-sig").splitlines()[-1] == "3,1.5,0.125"
