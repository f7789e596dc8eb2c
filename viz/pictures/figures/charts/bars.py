"""Numbers as bars, each with its name and its value: from 0 or to either side of it, in several sets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz.pictures.figures.base.axis_names import name_rows, no_ticks
from viz.pictures.figures.base.figure_builder import LARGE, NORMAL, FigureBuilder, inches, text_length
from viz.pictures.figures.base.figure_checks import check_bars
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.fonts import language_of, short

_ALONE, _BESIDE, _SIGNED = 4.6, 1.9, 1.45  # inches, as all lengths here: how wide a panel's bars are at least
_ROW = 0.3
_EDGE = 0.12
_PAD = 4.0  # points, between a bar and its name or its number


@dataclass(frozen=True)
class Bars:
    """One set of bars: what it is, already translated, its values, one a name, and how they are written.

    Shares, 0 to 1, are written in percent where nothing else is said.
    """

    title: str
    values: Sequence[float]
    written: Sequence[str] | None = None

    @property
    def numbers(self) -> Sequence[str]:
        """What stands at each bar."""
        return [f"{value:.1%}" for value in self.values] if self.written is None else self.written


def bars(
    values: Sequence[float], names: Sequence[str], title: str, axis: str, style: Style = PLAIN
) -> Figure:
    """Draw shares (0 to 1) as horizontal bars in the given order, labelled in percent; the axis begins at 0.

    Raises `MetricError` where values and names do not go together, or there are none.
    """
    return _draw([Bars(axis, values)], names, title, _ALONE, style, _fill_shares)


def bars_beside(panels: Sequence[Bars], names: Sequence[str], title: str, style: Style = PLAIN) -> Figure:
    """Draw several sets of shares (0 to 1) of the same names beside each other, as `bars` does, on one scale.

    Raises `MetricError` where values and names do not go together, or there are none.
    """
    return _draw(panels, names, title, _BESIDE, style, _fill_shares)


def signed_bars(
    panels: Sequence[Bars],
    names: Sequence[str],
    title: str,
    style: Style = PLAIN,
    *,
    chosen: int | None = None,
) -> Figure:
    """Draw each panel's values as bars from 0 to either side, in the theme's colours for signs, on a scale of its own.

    A value that is not finite has no bar. The row `chosen` is marked. Raises as `bars_beside`.
    """

    def fill(builder: FigureBuilder, axes: Axes, panel: Bars, _longest: float) -> None:
        _fill_signed(builder, axes, panel)
        if chosen is not None:
            low, high = chosen - 0.5, chosen + 0.5
            axes.axhspan(low, high, color=style.theme.text, alpha=0.12, linewidth=0, zorder=0)

    return _draw(panels, names, title, _SIGNED, style, fill)


def _draw(
    panels: Sequence[Bars],
    names: Sequence[str],
    title: str,
    least: float,
    style: Style,
    fill: Callable[[FigureBuilder, Axes, Bars, float], None],
) -> Figure:
    """The panels beside each other, rows from the top down; `fill` draws one's bars and numbers."""
    check_bars([values for panel in panels for values in (panel.values, panel.numbers)], names)
    labels = [short(name) for name in names]
    rooms = [max(text_length(number, NORMAL) for number in panel.numbers) + 2 * _EDGE for panel in panels]
    sizes = [
        max(least, text_length(panel.title, NORMAL) - room + _EDGE)
        for panel, room in zip(panels, rooms, strict=True)
    ]
    left, top = (
        2 * _EDGE + max(text_length(label, NORMAL) for label in labels),
        2 * _EDGE + inches(1.3 * LARGE),
    )
    wide = max(left + sum(sizes) + sum(rooms), text_length(title, LARGE) + 2 * _EDGE)
    high = _ROW * len(names)
    builder = FigureBuilder(wide, top + high + inches(1.6 * NORMAL) + 2 * _EDGE, style)
    longest = max(max(panel.values) for panel in panels)
    for panel, size, room in zip(panels, sizes, rooms, strict=True):
        axes = builder.axes(left, top, size, high)
        axes.set_ylim(len(names) - 0.5, -0.5)
        no_ticks(axes)
        fill(builder, axes, panel, max(longest, 1e-9))
        builder.name_axes(axes, panel.title, loc="left")
        if panel is panels[0]:
            letters = builder.letters(NORMAL, language_of(names, style.words.language))
            name_rows(axes, range(len(names)), labels, letters, pad=_PAD)
        left += size + room
    builder.title(title, _EDGE, _EDGE)
    return builder.finish()


def _fill_shares(builder: FigureBuilder, axes: Axes, panel: Bars, longest: float) -> None:
    """Bars on an axis from 0 to `longest`, each with its number at its end."""
    axes.barh(np.arange(len(panel.values)), panel.values, height=0.72, color=builder.theme.series[0])
    axes.set_xlim(0, longest)
    gap = longest * inches(_PAD) * axes.figure.dpi / axes.bbox.width
    for row, (value, number) in enumerate(zip(panel.values, panel.numbers, strict=True)):
        builder.text(axes, value + gap, row, number, size=NORMAL, va="center")
    builder.outline(axes, sides=("left",))


def _fill_signed(builder: FigureBuilder, axes: Axes, panel: Bars) -> None:
    """Bars to either side of 0, with their numbers in a column at the right."""
    values = np.asarray(panel.values, dtype=float)
    lengths = np.where(np.isfinite(values), values, 0.0)
    sides = [builder.theme.signs[int(length >= 0)] for length in lengths]
    axes.barh(np.arange(len(lengths)), lengths, height=0.72, color=sides)
    low, high = min(0.0, float(lengths.min())), max(0.0, float(lengths.max()))
    axes.set_xlim(low, high if low != high else 1.0)
    axes.axvline(0, color=builder.theme.text, linewidth=0.6)
    right, across = 1 + inches(_PAD) * axes.figure.dpi / axes.bbox.width, axes.get_yaxis_transform()
    for row, number in enumerate(panel.numbers):
        builder.text(axes, right, row, number, size=NORMAL, va="center", transform=across)
    builder.outline(axes, sides=())
