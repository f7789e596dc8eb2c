"""Lines through numbers: with a band around them, over lengths that double, and how a model learns."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.figure_builder import LARGE, NORMAL, SMALL, FigureBuilder, inches, text_length
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.plot_axes import (
    BELOW,
    HIGH,
    LEGEND,
    NUMBERS,
    PlotText,
    framed,
    letter_ticks,
    number_ticks,
    open_frame,
    room_above,
)

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
    number_ticks(axes, style)
    return builder.finish()


def log_log_lines(
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
    number_ticks(axes, style)
    axes.set_xticks(list(positions), [str(number) for number in positions], minor=False)
    axes.set_xticks([], minor=True)
    letter_ticks(axes, style)
    return figure


def doubling_lines(
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


_WIDE, _HIGH = 2.35, 1.5  # inches, as all lengths here: one of the two axes
_EDGE = 0.12
_NUMBERS = 0.55
_FEW = 30  # looks: each is a dot
_LINE = inches(1.3 * NORMAL)


@dataclass(frozen=True)
class LearningText:
    """What the picture says, already translated: its title, the name of each curve, and what counts the steps."""

    title: str
    loss: str
    accuracy: str
    steps: str


def learning_curves(
    steps: Sequence[int],
    loss: Weights,
    accuracy: Weights,
    wording: LearningText,
    style: Style = PLAIN,
    *,
    passed: float | None = None,
    chosen: int | None = None,
) -> Figure:
    """Draw `loss` (nats) and `accuracy` (0 to 1), both [look], over the `steps` of the looks.

    A value that is NaN is left out. A dotted line stands at the accuracy `passed`, a vertical one at the step `chosen`.
    Raises `MetricError` where there is no look, or another number of values than of steps.
    """
    if not len(steps) or loss.shape != (len(steps),) or accuracy.shape != (len(steps),):
        raise MetricError(
            _(
                "{steps} steps were given with {loss} losses and {accuracy} accuracies; one of each was expected."
            ),
            steps=len(steps),
            loss=loss.size,
            accuracy=accuracy.size,
        )
    top = 2 * _EDGE + inches(1.3 * LARGE)
    pitch = _NUMBERS + _WIDE + _EDGE
    wide = max(2 * pitch + _EDGE, text_length(wording.title, LARGE) + 2 * _EDGE)
    builder = FigureBuilder(wide, top + _LINE + _HIGH + 3 * _LINE + _EDGE, style)
    builder.title(wording.title, _EDGE, _EDGE)
    theme, (blue, orange) = style.theme, style.theme.signs
    for column, (name, values, colour) in enumerate(
        zip((wording.loss, wording.accuracy), (loss, accuracy), (orange, blue), strict=True)
    ):
        left = column * pitch + _NUMBERS
        builder.write(name, left, top)
        axes = builder.axes(left, top + _LINE, _WIDE, _HIGH)
        marker = "o" if len(steps) < _FEW else ""
        axes.plot(steps, values, color=colour, linewidth=1.8, marker=marker, markersize=3)
        open_frame(builder, axes)
        axes.set_xlim(0, max(1, steps[-1]))
        axes.set_ylim(0, 1.04 if column else None)
        if column and passed is not None:
            axes.axhline(passed, color=theme.text, linestyle=":", linewidth=1)
        if chosen is not None:
            axes.axvline(chosen, color=theme.accent, linewidth=1.2)
        number_ticks(axes, style)
        builder.name_axes(axes, wording.steps, size=SMALL)
    return builder.finish()
