"""Axes with numbers and titles."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter, StrMethodFormatter

from viz.pictures.figures.base.figure_builder import LARGE, SMALL, FigureBuilder, inches, text_length
from viz.pictures.figures.base.figure_style import Style
from viz.pictures.figures.base.fonts import letter

_WIDE, HIGH = 6.4, 3.6  # inches, as all lengths here
_EDGE = 0.15
NUMBERS = 0.75  # left of the axes, with the title of the axis
BELOW = 0.6
LEGEND = 0.26


@dataclass(frozen=True)
class PlotText:
    """What a plot says, already translated: its title and what its axes stand for."""

    title: str
    across: str
    up: str


def room_above(wording: PlotText) -> float:
    """The room above the axes: the title, where there is one."""
    return 2 * _EDGE + inches(1.3 * LARGE) if wording.title else _EDGE


def framed(wording: PlotText, style: Style, legend: int = 0, room: float = 0.0) -> tuple[FigureBuilder, Axes]:
    """An empty figure with its axes, their titles written, and room below for a legend of so many rows.

    `room` is what the numbers at the left need besides the usual, in inches.
    """
    top = room_above(wording)
    left = NUMBERS + room
    wide = max(left + _WIDE + 2 * _EDGE, text_length(wording.title, LARGE) + 2 * _EDGE)
    builder = FigureBuilder(wide, top + HIGH + BELOW + LEGEND * legend + _EDGE, style)
    axes = builder.axes(left, top, _WIDE, HIGH)
    open_frame(builder, axes)
    builder.name_axes(axes, wording.across, wording.up)
    builder.title(wording.title, _EDGE, _EDGE)
    return builder, axes


def open_frame(builder: FigureBuilder, axes: Axes) -> None:
    """Draw only the lower and the left edge of the axes, and a faint grid."""
    builder.outline(axes, sides=("left", "bottom"))
    axes.grid(color=builder.theme.text, alpha=0.15, linewidth=0.5)


def number_ticks(axes: Axes, style: Style) -> None:
    """Plain numbers at the ticks, in faces that are known; powers of ten would be set as formulas."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.set_minor_formatter(NullFormatter())
    letter_ticks(axes, style)


def letter_ticks(axes: Axes, style: Style) -> None:
    """Short ticks, and what stands at them in faces that are known."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_tick_params(which="both", length=3, color=style.theme.text)
        for number in axis.get_ticklabels():
            letter(number, SMALL, style.theme.text, style.words.language)
