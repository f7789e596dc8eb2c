"""Numbers as bars, the largest on top, each with its name and its value."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from viz.errors import MetricError
from viz.figures.canvas import LARGE, NORMAL, blank, finish, inches, place, text_length, write
from viz.figures.fonts import language_of, letter
from viz.figures.labels import printable, short
from viz.figures.palette import LIGHT, Theme
from viz.figures.words import ENGLISH, FigureText
from viz.messages import _

_BARS = 4.6  # inches
_ROW = 0.31
_EDGE = 0.12
_COLOUR = {"light": "#31688e", "dark": "#7fb2ff"}


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
    if len(values) != len(names) or not values:
        raise MetricError(
            _(
                "{values} values and {names} names were given; at least one of each was expected, and as many."
            ),
            values=len(values),
            names=len(names),
        )
    labels = [short(name) for name in names]
    numbers = [f"{value:.1%}" for value in values]
    name_room = max(text_length(label, NORMAL) for label in labels)
    number_room = max(text_length(number, NORMAL) for number in numbers)
    left, top = 2 * _EDGE + name_room, 2 * _EDGE + inches(1.3 * LARGE)
    wide = max(left + _BARS + number_room + 2 * _EDGE, text_length(title, LARGE) + 2 * _EDGE)
    high = _ROW * len(values)
    figure = blank(wide, top + high + inches(1.5 * NORMAL) + 2 * _EDGE, theme)
    axes = place(figure, left, top, _BARS, high)
    at = np.arange(len(values))
    axes.barh(at, values, height=0.72, color=_COLOUR["dark" if dark else "light"])
    axes.set_xlim(0, max(max(values), 1e-9))
    axes.set_ylim(len(values) - 0.5, -0.5)
    axes.set_yticks(at, labels, parse_math=False)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0, pad=4)
    language = language_of(names, words.language)
    for text in axes.get_yticklabels():
        letter(text, NORMAL, theme.text, language)
    for row, (value, number) in enumerate(zip(values, numbers, strict=True)):
        written = axes.annotate(
            number, (value, row), xytext=(4, 0), textcoords="offset points", va="center", parse_math=False
        )
        letter(written, NORMAL, theme.text, words.language)
    for name, spine in axes.spines.items():
        spine.set_visible(name == "left")
        spine.set(color=theme.text, linewidth=0.6)
    letter(axes.set_xlabel(printable(axis), loc="left", parse_math=False), NORMAL, theme.text, words.language)
    write(figure, title, _EDGE, _EDGE, size=LARGE, theme=theme, words=words)
    return finish(figure)
