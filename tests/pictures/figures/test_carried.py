"""A figure drawn in another process than the one that made it: it travels, and looks the same there."""

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from tests.pictures.figures.samples import CHINESE, attention_map, words
from viz.pictures.figures import DARK, Style, heatmap, layer_grid, overview, to_png
from viz.pictures.figures.base.figure_builder import finish
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.bars import Bars, bars, signed_bars
from viz.pictures.figures.charts.line_charts import Line, log_log_lines
from viz.pictures.figures.charts.point_charts import Point, growth_chart
from viz.pictures.figures.heat_maps.head_grids import heads_beside
from viz.pictures.figures.heat_maps.matrix import MatrixText, difference_map, matrix

ROOT = Path(__file__).resolve().parents[3]
SAYS = MatrixText("Title", "Layer", "Token", "Share")
PLOT = PlotText("Title", "Year", "Number")
SHARES = np.linspace(0, 1, 10, dtype=np.float32).reshape(2, 5)
MADE: dict[str, Callable[[], Figure]] = {
    "heat map": lambda: heatmap(attention_map(words(14)), 1, 2),
    "Chinese heat map": lambda: heatmap(attention_map([*"床前明月光"]), 0, 0, Style(DARK, CHINESE)),
    "matrix": lambda: matrix(SHARES, ["1", "2"], list("abcde"), SAYS),
    "differences": lambda: difference_map(SHARES - np.float32(0.5), ["1", "2"], list("abcde"), SAYS),
    "bars": lambda: bars([0.5, 0.25, 0.0], ["a", "b", "c"], "Title", "Share"),
    "steps": lambda: signed_bars([Bars("One", [1.0, -1.0], ["1", "-1"])], ["a", "b"], "Title", chosen=1),
    "beside": lambda: heads_beside(attention_map(words(9)), [(0, 1), (1, 0)]),
    "layer": lambda: layer_grid(attention_map(words(9)), 0, chosen=1),
    "years": lambda: growth_chart([Point("one", 2017, 65e6)], PLOT, {1e6: "a million", 1e9: "a billion"}),
    "costs": lambda: log_log_lines([8, 16], [Line("one", np.array([1, 4], dtype=np.float32))], PLOT),
    "overview": lambda: overview(attention_map(words(9))),
}
IMPORTING = """
import importlib, pkgutil, sys
import viz.pictures.figures
HEAVY = ["matplotlib.pyplot", "pandas", "scipy", "seaborn", "streamlit"]
print("package", *[name for name in [*HEAVY, "torch"] if name in sys.modules])
for module in pkgutil.walk_packages(viz.pictures.figures.__path__, "viz.pictures.figures."):
    importlib.import_module(module.name)
print("files", *[name for name in HEAVY if name in sys.modules], "viz.pictures.figures.heat_maps.matrix" in sys.modules)
"""


def pixels(figure: Figure) -> np.ndarray:
    with Image.open(io.BytesIO(to_png(figure, 70))) as picture:
        return np.asarray(picture.convert("RGBA"))


@pytest.mark.parametrize("name", MADE)
def test_a_figure_that_has_travelled_has_the_same_pixels(name: str) -> None:
    made = MADE[name]()
    carried = pickle.loads(pickle.dumps(made, 5))  # noqa: S301 - made in the line before
    assert isinstance(carried, Figure)
    found, expected = pixels(finish(carried)), pixels(made)
    assert expected.std() > 0
    np.testing.assert_array_equal(found, expected)


@pytest.mark.slow
def test_to_import_the_figures_loads_nothing_that_only_making_them_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTING],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["package", "files True"]
