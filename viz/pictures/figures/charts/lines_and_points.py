"""Numbers along two axes: lines with a band around them, and points with a name each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.palette import layer_colours
from viz.pictures.figures.base.plot_axes import (
    BELOW,
    HIGH,
    LEGEND,
    NUMBERS,
    PlotText,
    framed,
    numbered,
    room_above,
)

_DOT = 46.0  # points squared
_NAMED = 4  # points with the largest numbers on either axis get their name
_FEW_DECADES = 200
# Told apart by dashes and marks too, not by colour alone.
_DASHES: tuple[str, ...] = ("-", "--", ":")
_MARKS = ("o", "s", "^")


@dataclass(frozen=True, eq=False)
class Line:
    """A line through values, [step], with its name; the band from `lowest` to `highest` where they are given."""

    name: str
    values: Weights
    lowest: Weights | None = None
    highest: Weights | None = None


def lines(
    positions: Sequence[int], curves: Sequence[Line], wording: PlotText, style: Style = PLAIN
) -> Figure:
    """Draw up to three lines over the same places `positions`, [step]; upwards from 0 (or the lowest value) to 1.

    Raises `MetricError` where there is no line, more than three, or one with another number of values.
    """
    if not 1 <= len(curves) <= len(_DASHES) or any(line.values.shape != (len(positions),) for line in curves):
        raise MetricError(
            _(
                "Lines of {lengths} values were given for {places} places; one to three of as many were expected."
            ),
            lengths=", ".join(str(line.values.size) for line in curves) or "0",
            places=len(positions),
        )
    builder, axes = framed(wording, style, legend=len(curves))
    styles = zip(curves, style.theme.series, _DASHES, _MARKS, strict=False)
    for row, (line, colour, dash, mark) in enumerate(styles):
        if line.lowest is not None and line.highest is not None:
            axes.fill_between(positions, line.lowest, line.highest, color=colour, alpha=0.25, linewidth=0)
        looks: dict[str, Any] = {
            "color": colour,
            "linestyle": dash,
            "marker": mark,
            "markersize": 4,
            "linewidth": 1.6,
        }
        axes.plot(positions, line.values, **looks)
        down = room_above(wording) + HIGH + BELOW + LEGEND * row
        sample = builder.axes(NUMBERS, down + 0.02, 0.5, 0.16)
        sample.set_axis_off()
        sample.plot([0, 1, 2], [0, 0, 0], **looks)
        builder.write(line.name, NUMBERS + 0.6, down)
    lowest = min(float(np.min(line.values if line.lowest is None else line.lowest)) for line in curves)
    axes.set_ylim(min(0.0, lowest), 1.02)
    axes.set_xlim(min(positions), max(positions) or 1)
    numbered(axes, style)
    return builder.finish()


def head_points(across: Weights, up: Weights, wording: PlotText, style: Style = PLAIN) -> Figure:
    """Draw a point a head, both [layer, head], coloured by layer; the largest are named "layer.head", from 1.

    The axes are logarithmic where all numbers are above 0: heads differ by powers of ten. Raises `MetricError` where
    the shapes differ or there is nothing to draw.
    """
    if across.shape != up.shape or across.ndim != 2 or not across.size:
        raise MetricError(
            _("Numbers of the shapes {one} and {other} were given; [layer, head] twice was expected."),
            one=str(across.shape),
            other=str(up.shape),
        )
    builder, axes = framed(wording, style)
    layers, heads = across.shape
    colours = layer_colours(layers, style.theme)
    for layer, colour in enumerate(colours):
        axes.scatter(
            across[layer], up[layer], s=_DOT, color=colour, edgecolors=style.theme.text, linewidths=0.4
        )
    for values, axis in ((across, "x"), (up, "y")):
        if (values > 0).all():
            getattr(axes, f"set_{axis}scale")("log")
            if values.max() < _FEW_DECADES * values.min():  # powers of ten alone would be one number or two
                getattr(axes, f"{axis}axis").set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.margins(0.08)
    named = {int(index) for values in (across, up) for index in np.argsort(-values, axis=None)[:_NAMED]}
    for index in sorted(named):
        layer, head = divmod(index, heads)
        point = (float(across[layer, head]), float(up[layer, head]))
        builder.annotate(axes, f"{layer + 1}.{head + 1}", point)
    numbered(axes, style)
    return builder.finish()
