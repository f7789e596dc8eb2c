"""Numbers in the cells of a matrix: each in its own cell, within it, and to be read on its colour."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from tests.pictures.figures.samples import CHINESE, inside, read
from viz.errors import MetricError
from viz.pictures.figures import Style
from viz.pictures.figures.heat_maps.matrix import MatrixText, difference_map, matrix, write_numbers

SAYS = MatrixText("Title", "Query", "Key", "Score")
VALUES = np.array([[-1.004, 0.5, 2.0], [0.0, -80000.0, 0.125]], dtype=np.float32)


def drawn(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Figure:
    rows, columns = ([str(at) for at in range(count)] for count in values.shape)
    return difference_map(values, rows, columns, SAYS, limit=2.0)


def test_each_number_stands_in_its_own_cell() -> None:
    figure = write_numbers(drawn(VALUES), VALUES, Style(words=CHINESE))
    figure.canvas.draw()
    axes = figure.axes[0]
    assert read(inside(axes)) == [
        "−1.00",
        "0.50",
        "2.00",
        "0.00",
        "−8e+04".replace("-", "−"),
        "0.13",
    ]
    for at, text in enumerate(inside(axes)):
        row, column = divmod(at, 3)
        box = text.get_window_extent().transformed(axes.transData.inverted())
        assert column <= min(box.x0, box.x1) < max(box.x0, box.x1) <= column + 1, text
        assert row <= min(box.y0, box.y1) < max(box.y0, box.y1) <= row + 1, text


def test_a_number_is_light_on_dark_and_dark_on_light() -> None:
    values = np.array([[0.0, 1.0]], dtype=np.float32)
    figure = write_numbers(matrix(values, ["a"], ["b", "c"], SAYS), values)
    light, dark = inside(figure.axes[0])
    assert sum(to_rgb(light.get_color())) < 1 < 2 < sum(to_rgb(dark.get_color()))


def test_what_does_not_go_together_is_refused() -> None:
    large = np.zeros((9, 9), dtype=np.float32)
    for figure, values in ((drawn(VALUES), VALUES[:1]), (drawn(large), large), (Figure(), VALUES)):
        if not figure.axes:
            figure.add_axes((0, 0, 1, 1))
        with pytest.raises(MetricError, match="64 at most"):
            write_numbers(figure, values)
