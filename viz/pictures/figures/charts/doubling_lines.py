"""Numbers over lengths that double, both on logarithmic axes: a power is a straight line there."""

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.figure import Figure

from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.plot_axes import PlotText, letter_ticks, numbered
from viz.pictures.figures.charts.lines_and_points import Line, lines


def powers(
    positions: Sequence[int], curves: Sequence[Line], wording: PlotText, style: Style = PLAIN
) -> Figure:
    """Draw up to three lines over lengths, [step], on two logarithmic axes.

    Raises `MetricError` where a number is not above 0, or as `lines` does.
    """
    if not positions or min(positions) <= 0 or any(not (line.values > 0).all() for line in curves):
        raise MetricError(_("On logarithmic axes all numbers have to be above 0."))
    figure = lines(positions, curves, wording, style)
    axes = figure.axes[0]
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(positions[0] / 1.1, positions[-1] * 1.1)
    lowest = min(float(line.values.min()) for line in curves)
    highest = max(float(line.values.max()) for line in curves)
    axes.set_ylim(lowest / 1.5, highest * 1.5)
    numbered(axes, style)
    axes.set_xticks(list(positions), [str(number) for number in positions], minor=False)
    axes.set_xticks([], minor=True)
    letter_ticks(axes, style)
    return figure


def doublings(
    positions: Sequence[int], curves: Sequence[Line], wording: PlotText, top: float, style: Style = PLAIN
) -> Figure:
    """Draw up to three lines over the numbers `positions`, [step], upwards from 0 to a little above `top`.

    Raises `MetricError` where a number is not twice the one before, `top` is not above 0, or the lines do not fit.
    """
    if any(after != 2 * before for before, after in pairwise(positions)) or not top > 0:
        raise MetricError(
            _(
                "Lines over {numbers} up to {top} were asked for; "
                "each number has to be twice the one before, and the top above 0."
            ),
            numbers=", ".join(map(str, positions)),
            top=top,
        )
    figure = lines(range(len(positions)), curves, wording, style)
    axes = figure.axes[0]
    axes.set_xlim(-0.2, len(positions) - 0.8)
    axes.set_ylim(0, top * 1.04)
    axes.set_xticks(range(len(positions)), [str(number) for number in positions])
    letter_ticks(axes, style)
    return figure
