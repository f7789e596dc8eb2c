"""What each of many things is called, as a picture: layers by heads, a colour and a short word in each cell.

Colours alone tell nobody everything, so each cell has its word, and below the cells stands what the words mean.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.axis_names import (
    Letters,
    name_columns,
    name_rows,
    no_ticks,
    title_columns,
    title_rows,
)
from viz.pictures.figures.base.canvas import (
    LARGE,
    NORMAL,
    SMALL,
    blank,
    finish,
    inches,
    place,
    text_length,
    write,
)
from viz.pictures.figures.base.figure_words import ENGLISH, FigureText
from viz.pictures.figures.base.fonts import letter
from viz.pictures.figures.base.palette import LIGHT, Theme, readable_on
from viz.pictures.figures.base.printable import printable
from viz.pictures.figures.heat_maps.matrix import MatrixText

# Nine that colour-blind readers can tell apart: Paul Tol's "muted" scheme, https://personal.sron.nl/~pault/
COLOURS = (
    "#332288",
    "#88CCEE",
    "#44AA99",
    "#117733",
    "#999933",
    "#DDCC77",
    "#CC6677",
    "#882255",
    "#AA4499",
)

_CELL, _MOST_SIDE = 0.56, 11.5  # inches, as all lengths here
_EDGE, _GAP = 0.1, 0.25
_SWATCH = 0.14
_LINE = 1.5
_LEAST = 5.0  # points, below which a cell's word is left out
_FILLED = 0.88  # of a cell's width by the longest word


@dataclass(frozen=True)
class Category:
    """What a cell can be: its name for the legend, a short word for the cells, a colour (None: like the page)."""

    name: str
    short: str
    colour: str | None


def categories(
    values: NDArray[np.integer],
    kinds: Sequence[Category],
    rows: Sequence[str],
    columns: Sequence[str],
    says: MatrixText,
    *,
    words: FigureText = ENGLISH,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw `values` [row, column], numbers of `kinds`, as cells with the short word of their category.

    The legend below names the categories that occur, the most frequent first, with how often they do. Raises
    `MetricError` where names and values do not go together, or a number is none of a category.
    """
    if values.shape != (len(rows), len(columns)) or not values.size:
        raise MetricError(
            _("Values of the shape {shape} were given with {rows} names of rows and {columns} of columns."),
            shape=str(values.shape),
            rows=len(rows),
            columns=len(columns),
        )
    if values.min() < 0 or values.max() >= len(kinds):
        raise MetricError(
            _("A category {number} was given; there are {count}, counted from 0."),
            number=int(values.min() if values.min() < 0 else values.max()),
            count=len(kinds),
        )
    cell = min(_CELL, _MOST_SIDE / max(values.shape))
    counts = np.bincount(values.ravel(), minlength=len(kinds))
    listed = [kind for kind in np.argsort(-counts, kind="stable") if counts[kind]]
    entries = [f"{kinds[kind].name} · {counts[kind]}" for kind in listed]

    line = inches(_LINE * SMALL)
    left = 3 * _EDGE + max(text_length(row, SMALL) for row in rows) + line
    top = 3 * _EDGE + inches(1.3 * LARGE) + 2 * line
    box = (cell * len(columns), cell * len(rows))
    entry = 2 * _SWATCH + max(text_length(text, SMALL) for text in entries) + _GAP
    inner = max(box[0], text_length(says.title, LARGE), entry)
    across = max(1, int(inner / entry))
    below = math.ceil(len(entries) / across) * line
    figure = blank(left + inner + 2 * _EDGE, top + box[1] + _GAP + below + _EDGE, theme)
    axes = place(figure, left, top, *box)
    _cells(axes, values, kinds, cell, theme, words)
    _name(axes, rows, columns, says, theme, words)
    for at, kind in enumerate(listed):
        down, right = divmod(at, across)
        x, y = left + right * entry, top + box[1] + _GAP + down * line
        _swatch(figure, x, y, kinds[kind], theme)
        write(figure, entries[at], x + 1.6 * _SWATCH, y, size=SMALL, theme=theme, words=words)
    write(figure, says.title, left, _EDGE, size=LARGE, theme=theme, words=words)
    return finish(figure)


def _cells(
    axes: Axes,
    values: NDArray[np.integer],
    kinds: Sequence[Category],
    cell: float,
    theme: Theme,
    words: FigureText,
) -> None:
    colours = np.array([to_rgba(kind.colour) if kind.colour else (0, 0, 0, 0) for kind in kinds])
    axes.imshow(colours[values], aspect="auto", interpolation="nearest")
    longest = max(text_length(kinds[kind].short, SMALL) for kind in np.unique(values))
    size = min(SMALL, SMALL * _FILLED * cell / longest if longest else SMALL)
    for spine in axes.spines.values():
        spine.set(color=theme.text, alpha=0.3)
    for at in range(1, values.shape[0]):
        axes.axhline(at - 0.5, color=theme.background or "white", linewidth=1)
    for at in range(1, values.shape[1]):
        axes.axvline(at - 0.5, color=theme.background or "white", linewidth=1)
    if size < _LEAST:
        return
    for (row, column), kind in np.ndenumerate(values):
        text = axes.text(
            column, row, printable(kinds[kind].short), ha="center", va="center", parse_math=False
        )
        letter(text, size, readable_on(kinds[kind].colour, theme), words.language)


def _name(
    axes: Axes,
    rows: Sequence[str],
    columns: Sequence[str],
    says: MatrixText,
    theme: Theme,
    words: FigureText,
) -> None:
    no_ticks(axes)
    small, heading = (Letters(size, theme.text, words.language) for size in (SMALL, NORMAL))
    name_columns(axes, range(len(columns)), [printable(name) for name in columns], small)
    name_rows(axes, range(len(rows)), [printable(name) for name in rows], small)
    title_columns(axes, printable(says.columns), inches(SMALL), heading)
    title_rows(axes, printable(says.rows), max(text_length(row, SMALL) for row in rows), heading)


def _swatch(figure: Figure, left: float, top: float, kind: Category, theme: Theme) -> None:
    across, down = figure.get_size_inches()
    figure.add_artist(
        Rectangle(
            (left / across, 1 - (top + _SWATCH) / down),
            _SWATCH / across,
            _SWATCH / down,
            transform=figure.transFigure,
            facecolor=kind.colour or "none",
            edgecolor=theme.text if kind.colour is None else "none",
            linewidth=0.6,
        )
    )
