"""Numbers as bars, the largest on top, each with its name and its value; several sets of them beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz.pictures.figures.base.axis_names import name_rows, no_ticks
from viz.pictures.figures.base.canvas import LARGE, NORMAL, inches, text_length
from viz.pictures.figures.base.figure_builder import FigureBuilder
from viz.pictures.figures.base.figure_checks import check_bars
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.fonts import language_of
from viz.pictures.figures.base.printable import short

_BARS, _PANEL = 4.6, 1.9  # inches: one set of bars, and each of several
_ROW = 0.31
_EDGE = 0.12
_PAD = 4.0  # points, between a bar and its name or its number


@dataclass(frozen=True)
class Panel:
    """One set of bars: what it is, already translated, and its values, one a name."""

    title: str
    values: Sequence[float]


def bars(
    values: Sequence[float], names: Sequence[str], title: str, axis: str, style: Style = PLAIN
) -> Figure:
    """Draw shares (0 to 1) as horizontal bars in the given order, labelled in percent; the axis begins at 0.

    Raises `MetricError` where values and names do not go together, or there are none.
    """
    return _draw([Panel(axis, values)], names, title, _BARS, style)


def bars_beside(panels: Sequence[Panel], names: Sequence[str], title: str, style: Style = PLAIN) -> Figure:
    """Draw several sets of shares (0 to 1) of the same names beside each other, as `bars` does, on one scale.

    Raises `MetricError` where values and names do not go together, or there are none.
    """
    return _draw(panels, names, title, _PANEL, style)


def _draw(
    panels: Sequence[Panel],
    names: Sequence[str],
    title: str,
    least: float,
    style: Style,
) -> Figure:
    check_bars([panel.values for panel in panels], names)
    labels = [short(name) for name in names]
    numbers = [[f"{value:.1%}" for value in panel.values] for panel in panels]
    name_room = max(text_length(label, NORMAL) for label in labels)
    number_room = max(text_length(number, NORMAL) for written in numbers for number in written)
    sizes = [max(least, text_length(panel.title, NORMAL) - number_room) for panel in panels]
    left, top = 2 * _EDGE + name_room, 2 * _EDGE + inches(1.3 * LARGE)
    inner = sum(size + number_room + 2 * _EDGE for size in sizes)
    wide = max(left + inner, text_length(title, LARGE) + 2 * _EDGE)
    high = _ROW * len(names)
    builder = FigureBuilder(wide, top + high + inches(1.5 * NORMAL) + 2 * _EDGE, style)
    longest = max(max(max(panel.values) for panel in panels), 1e-9)
    for panel, written, size in zip(panels, numbers, sizes, strict=True):
        axes = builder.axes(left, top, size, high)
        _fill(builder, axes, size, panel, written, longest, style.theme.series[0])
        if panel is panels[0]:
            letters = builder.letters(NORMAL, language_of(names, style.words.language))
            name_rows(axes, range(len(names)), labels, letters, pad=_PAD)
        left += size + number_room + 2 * _EDGE
    builder.title(title, _EDGE, _EDGE)
    return builder.finish()


def _fill(
    builder: FigureBuilder,
    axes: Axes,
    size: float,
    panel: Panel,
    numbers: Sequence[str],
    longest: float,
    colour: str,
) -> None:
    """One panel's bars from the top down, each with its number, on an axis of `size` inches from 0 to `longest`."""
    axes.barh(np.arange(len(panel.values)), panel.values, height=0.72, color=colour)
    axes.set_xlim(0, longest)
    axes.set_ylim(len(panel.values) - 0.5, -0.5)
    no_ticks(axes)
    gap = inches(_PAD) * longest / size
    for row, (value, number) in enumerate(zip(panel.values, numbers, strict=True)):
        builder.text(axes, value + gap, row, number, size=NORMAL, va="center")
    builder.outline(axes, sides=("left",))
    builder.name_axes(axes, panel.title, loc="left")
