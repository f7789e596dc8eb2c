"""Points joined in order."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.palette import layer_colours
from viz.pictures.figures.base.plot_axes import PlotText, framed, numbered

_NAMED = 9  # points that get their name
_DOT = 18.0  # points squared


def trail(points: Weights, names: Sequence[str], wording: PlotText, style: Style = PLAIN) -> Figure:
    """Draw places, [place, 2], joined in their order, coloured from the first to the last; a few carry their name.

    Raises `MetricError` unless there is a name for each place, and at least one.
    """
    if points.ndim != 2 or points.shape != (len(names), 2) or not len(names):
        raise MetricError(
            _("Places of the shape {shape} and {names} names were given; [{names}, 2] was expected."),
            shape=str(points.shape),
            names=len(names),
        )
    builder, axes = framed(wording, style)
    axes.plot(points[:, 0], points[:, 1], color=style.theme.text, alpha=0.35, linewidth=0.7)
    axes.scatter(points[:, 0], points[:, 1], s=_DOT, c=layer_colours(len(points), style.theme))
    axes.margins(0.08)
    named = np.linspace(0, len(points) - 1, min(_NAMED, len(points))).astype(int)
    for index in sorted(set(named.tolist())):
        builder.annotate(axes, names[index], (float(points[index, 0]), float(points[index, 1])))
    numbered(axes, style)
    return builder.finish()
