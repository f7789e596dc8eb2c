"""Axes with numbers and titles."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, StrMethodFormatter

from viz.pictures.figures.base.canvas import LARGE, NORMAL, SMALL, blank, inches, place, text_length, write
from viz.pictures.figures.base.figure_words import FigureText
from viz.pictures.figures.base.fonts import letter
from viz.pictures.figures.base.palette import Theme
from viz.pictures.figures.base.printable import printable

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


def _top(says: PlotText) -> float:
    """The room above the axes: the title, where there is one."""
    return 2 * _EDGE + inches(1.3 * LARGE) if says.title else _EDGE


def framed(
    says: PlotText, theme: Theme, words: FigureText, legend: int = 0, room: float = 0.0
) -> tuple[Figure, Axes]:
    """An empty figure with its axes, their titles written, and room below for a legend of so many rows.

    `room` is what the numbers at the left need besides the usual, in inches.
    """
    top = _top(says)
    left = NUMBERS + room
    wide = max(left + _WIDE + 2 * _EDGE, text_length(says.title, LARGE) + 2 * _EDGE)
    figure = blank(wide, top + HIGH + BELOW + LEGEND * legend + _EDGE, theme)
    axes = place(figure, left, top, _WIDE, HIGH)
    for name, spine in axes.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set(color=theme.text, linewidth=0.6)
    axes.grid(color=theme.text, alpha=0.15, linewidth=0.5)
    letter(axes.set_xlabel(printable(says.across), parse_math=False), NORMAL, theme.text, words.language)
    letter(axes.set_ylabel(printable(says.up), parse_math=False), NORMAL, theme.text, words.language)
    write(figure, says.title, _EDGE, _EDGE, size=LARGE, theme=theme, words=words)
    return figure, axes


def numbered(axes: Axes, theme: Theme, words: FigureText) -> None:
    """Plain numbers at the ticks, in faces that are known; powers of ten would be set as formulas."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.set_minor_formatter(NullFormatter())
        axis.set_tick_params(which="both", length=3, color=theme.text)
        for number in axis.get_ticklabels():
            letter(number, SMALL, theme.text, words.language)
