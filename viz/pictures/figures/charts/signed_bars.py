"""Numbers that may be negative, as bars to either side of 0: panels of the same names, each on its own scale."""

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

_PANEL = 1.45  # inches, as all lengths here
_ROW = 0.29
_EDGE = 0.12
_PAD = 4.0  # points, between the bars and their names or numbers


@dataclass(frozen=True)
class SignedBars:
    """One panel: its title, already translated, its values, one a name, and how each is written."""

    title: str
    values: Sequence[float]
    written: Sequence[str]


def signed_bars(
    panels: Sequence[SignedBars],
    names: Sequence[str],
    title: str,
    style: Style = PLAIN,
    *,
    chosen: int | None = None,
) -> Figure:
    """Draw each panel's values as bars from 0, blue to the left, orange to the right; one that is not finite has none.

    `chosen` is the row that is marked. Raises `MetricError` where values and names do not go together, or there are
    none.
    """
    check_bars([values for panel in panels for values in (panel.values, panel.written)], names)
    labels = [short(name) for name in names]
    name_room = max(text_length(label, NORMAL) for label in labels)
    rooms = [max(text_length(number, NORMAL) for number in panel.written) + _EDGE for panel in panels]
    sizes = [
        max(_PANEL, text_length(panel.title, NORMAL) - room)
        for panel, room in zip(panels, rooms, strict=True)
    ]
    left, top = 2 * _EDGE + name_room, 2 * _EDGE + inches(1.3 * LARGE)
    inner = sum(size + room + _EDGE for size, room in zip(sizes, rooms, strict=True))
    wide = max(left + inner, text_length(title, LARGE) + 2 * _EDGE)
    high = _ROW * len(names)
    builder = FigureBuilder(wide, top + high + inches(1.6 * NORMAL) + 2 * _EDGE, style)
    for panel, size, room in zip(panels, sizes, rooms, strict=True):
        axes = builder.axes(left, top, size, high)
        _fill(builder, axes, size, panel, chosen)
        if panel is panels[0]:
            letters = builder.letters(NORMAL, language_of(names, style.words.language))
            name_rows(axes, range(len(names)), labels, letters, pad=_PAD)
        left += size + room + _EDGE
    builder.title(title, _EDGE, _EDGE)
    return builder.finish()


def _fill(
    builder: FigureBuilder,
    axes: Axes,
    size: float,
    panel: SignedBars,
    chosen: int | None,
) -> None:
    """One panel's bars from the top down, `size` inches wide, with their numbers in a column at the right."""
    values = np.asarray(panel.values, dtype=float)
    lengths = np.where(np.isfinite(values), values, 0.0)
    sides = [builder.theme.signs[int(length >= 0)] for length in lengths]
    axes.barh(np.arange(len(lengths)), lengths, height=0.7, color=sides)
    low, high = min(0.0, float(lengths.min())), max(0.0, float(lengths.max()))
    if low == high:
        high = 1.0
    axes.set_xlim(low, high)
    axes.set_ylim(len(lengths) - 0.5, -0.5)
    no_ticks(axes)
    axes.axvline(0, color=builder.theme.text, linewidth=0.6)
    if chosen is not None:
        axes.axhspan(chosen - 0.5, chosen + 0.5, color=builder.theme.text, alpha=0.12, linewidth=0, zorder=0)
    for row, number in enumerate(panel.written):
        right = 1 + inches(_PAD) / size
        builder.text(axes, right, row, number, size=NORMAL, va="center", transform=axes.get_yaxis_transform())
    builder.outline(axes, sides=())
    builder.name_axes(axes, panel.title, loc="left")
