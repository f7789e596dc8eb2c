"""A small matrix with the number written in each of its cells, for a page that is printed."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.canvas import SMALL, text_length
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.fonts import letter
from viz.pictures.figures.base.palette import readable_on

_MOST = 64  # cells: more would be too small to read
_FILLED = 0.86  # of a cell's width


def numbered(figure: Figure, values: Weights, style: Style = PLAIN, places: int = 2) -> Figure:
    """Write `values`, [row, column], into the cells of the figure that `matrix` or `difference_map` drew of them.

    Raises `MetricError` where there are more than 64 cells, or the figure shows others.
    """
    mesh = next((mesh for mesh in figure.axes[0].collections if isinstance(mesh, QuadMesh)), None)
    shown = 0 if mesh is None else np.asarray(mesh.get_array()).size
    if mesh is None or shown != values.size or shown > _MOST:
        raise MetricError(
            _(
                "{values} numbers were given for a figure of {cells} cells; as many were expected, {most} at most."
            ),
            values=values.size,
            cells=shown,
            most=_MOST,
        )
    axes = figure.axes[0]
    room = _FILLED * axes.get_position().width * figure.get_size_inches()[0] / values.shape[1]
    texts = [_format(float(value), places) for value in values.flat]
    size = SMALL * min(1.0, room / max(text_length(text, SMALL) for text in texts))
    for (row, column), text in zip(np.ndindex(values.shape), texts, strict=True):
        red, green, blue, _alpha = np.asarray(mesh.to_rgba(values[row, column]))
        colour = readable_on(to_hex((red, green, blue)), style.theme)
        artist = axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", parse_math=False)
        letter(artist, size, colour, style.words.language)
    return figure


def _format(value: float, places: int) -> str:
    """A half is rounded away from zero, as it is taught; what is long is written with three digits."""
    if abs(value) < 1000:
        text = f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0:f}"
    else:
        text = f"{value:.3g}"
    return text.replace("-", "−")
