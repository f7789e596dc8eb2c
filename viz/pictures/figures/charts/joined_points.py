"""Points joined in order."""

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.canvas import SMALL, finish
from viz.pictures.figures.base.figure_words import ENGLISH, FigureText
from viz.pictures.figures.base.fonts import letter
from viz.pictures.figures.base.palette import LIGHT, PALETTE, Theme
from viz.pictures.figures.base.plot_axes import PlotText, framed, numbered
from viz.pictures.figures.base.printable import printable

_NAMED = 9  # points that get their number

_DOT = 18.0


def trail(
    points: Weights,
    names: Sequence[str],
    says: PlotText,
    *,
    words: FigureText = ENGLISH,
    theme: Theme = LIGHT,
    dark: bool = False,
) -> Figure:
    """Draw places, [place, 2], joined in their order, coloured from the first to the last; a few carry their name.

    Raises `MetricError` unless there is a name for each place, and at least one.
    """
    if points.ndim != 2 or points.shape != (len(names), 2) or not len(names):
        raise MetricError(
            _("Places of the shape {shape} and {names} names were given; [{names}, 2] was expected."),
            shape=str(points.shape),
            names=len(names),
        )
    figure, axes = framed(says, theme, words)
    low, high = (0.25, 1.0) if dark else (0.0, 0.85)
    colours = matplotlib.colormaps[PALETTE](np.linspace(low, high, len(points)))
    axes.plot(points[:, 0], points[:, 1], color=theme.text, alpha=0.35, linewidth=0.7)
    axes.scatter(points[:, 0], points[:, 1], s=_DOT, c=colours)
    axes.margins(0.08)
    for at in sorted({int(at) for at in np.linspace(0, len(points) - 1, min(_NAMED, len(points)))}):
        written = axes.annotate(
            printable(names[at]),
            (float(points[at, 0]), float(points[at, 1])),
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            parse_math=False,
        )
        letter(written, SMALL, theme.text, words.language)
    numbered(axes, theme, words)
    return finish(figure)
