"""Numbers as bars, the largest on top, each with its name and its value; several sets of them beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.axis_names import Letters, name_rows, no_ticks
from viz.pictures.figures.base.canvas import LARGE, NORMAL, blank, finish, inches, place, text_length, write
from viz.pictures.figures.base.figure_words import ENGLISH, FigureText
from viz.pictures.figures.base.fonts import language_of, letter
from viz.pictures.figures.base.palette import LIGHT, Theme
from viz.pictures.figures.base.printable import printable, short

_BARS, _PANEL = 4.6, 1.9  # inches: one set of bars, and each of several
_ROW = 0.31
_EDGE = 0.12
_PAD = 4.0  # points, between a bar and its name or its number
_COLOUR = {"light": "#31688e", "dark": "#7fb2ff"}


@dataclass(frozen=True)
class Panel:
    """One set of bars: what it is, already translated, and its values, one a name."""

    title: str
    values: Sequence[float]


def bars(
    values: Sequence[float],
    names: Sequence[str],
    title: str,
    axis: str,
    *,
    words: FigureText = ENGLISH,
    theme: Theme = LIGHT,
    dark: bool = False,
) -> Figure:
    """Draw shares (0 to 1) as horizontal bars in the given order, labelled in percent; the axis begins at 0.

    Raises `MetricError` where values and names do not go together, or there are none.
    """
    return _drawn([Panel(axis, values)], names, title, _BARS, words, theme, dark)


def bars_beside(
    panels: Sequence[Panel],
    names: Sequence[str],
    title: str,
    *,
    words: FigureText = ENGLISH,
    theme: Theme = LIGHT,
    dark: bool = False,
) -> Figure:
    """Draw several sets of shares (0 to 1) of the same names beside each other, as `bars` does, on one scale.

    Raises `MetricError` where values and names do not go together, or there are none.
    """
    return _drawn(panels, names, title, _PANEL, words, theme, dark)


def _drawn(
    panels: Sequence[Panel],
    names: Sequence[str],
    title: str,
    least: float,
    words: FigureText,
    theme: Theme,
    dark: bool,
) -> Figure:
    for panel in panels:
        if len(panel.values) != len(names) or not names:
            raise MetricError(
                _(
                    "{values} values and {names} names were given; at least one of each was expected, and as many."
                ),
                values=len(panel.values),
                names=len(names),
            )
    if not panels:
        raise MetricError(_("No bars were given to draw; at least one set of them was expected."))
    labels = [short(name) for name in names]
    numbers = [[f"{value:.1%}" for value in panel.values] for panel in panels]
    name_room = max(text_length(label, NORMAL) for label in labels)
    number_room = max(text_length(number, NORMAL) for written in numbers for number in written)
    sizes = [max(least, text_length(panel.title, NORMAL) - number_room) for panel in panels]
    left, top = 2 * _EDGE + name_room, 2 * _EDGE + inches(1.3 * LARGE)
    inner = sum(size + number_room + 2 * _EDGE for size in sizes)
    wide = max(left + inner, text_length(title, LARGE) + 2 * _EDGE)
    high = _ROW * len(names)
    figure = blank(wide, top + high + inches(1.5 * NORMAL) + 2 * _EDGE, theme)
    longest = max(max(max(panel.values) for panel in panels), 1e-9)
    for panel, written, size in zip(panels, numbers, sizes, strict=True):
        axes = place(figure, left, top, size, high)
        _fill(axes, size, panel, written, longest, _COLOUR["dark" if dark else "light"], words, theme)
        if panel is panels[0]:
            letters = Letters(NORMAL, theme.text, language_of(names, words.language))
            name_rows(axes, range(len(names)), labels, letters, pad=_PAD)
        left += size + number_room + 2 * _EDGE
    write(figure, title, _EDGE, _EDGE, size=LARGE, theme=theme, words=words)
    return finish(figure)


def _fill(
    axes: Axes,
    size: float,
    panel: Panel,
    numbers: Sequence[str],
    longest: float,
    colour: str,
    words: FigureText,
    theme: Theme,
) -> None:
    """One panel's bars from the top down, each with its number, on an axis of `size` inches from 0 to `longest`."""
    axes.barh(np.arange(len(panel.values)), panel.values, height=0.72, color=colour)
    axes.set_xlim(0, longest)
    axes.set_ylim(len(panel.values) - 0.5, -0.5)
    no_ticks(axes)
    gap = inches(_PAD) * longest / size
    for row, (value, number) in enumerate(zip(panel.values, numbers, strict=True)):
        written = axes.text(value + gap, row, number, va="center", parse_math=False)
        letter(written, NORMAL, theme.text, words.language)
    for name, spine in axes.spines.items():
        spine.set_visible(name == "left")
        spine.set(color=theme.text, linewidth=0.6)
    title = axes.set_xlabel(printable(panel.title), loc="left", parse_math=False)
    letter(title, NORMAL, theme.text, words.language)
