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
from numpy.typing import NDArray

from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.axis_names import (
    name_columns,
    name_rows,
    no_ticks,
    title_columns,
    title_rows,
)
from viz.pictures.figures.base.figure_builder import (
    FRAME,
    LARGE,
    NORMAL,
    SMALL,
    FigureBuilder,
    inches,
    text_length,
)
from viz.pictures.figures.base.figure_checks import check_names
from viz.pictures.figures.base.figure_style import PLAIN, Style, readable_on
from viz.pictures.figures.base.fonts import printable
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


def category_grid(
    values: NDArray[np.integer],
    kinds: Sequence[Category],
    rows: Sequence[str],
    columns: Sequence[str],
    wording: MatrixText,
    style: Style = PLAIN,
) -> Figure:
    """Draw `values` [row, column], numbers of `kinds`, as cells with the short word of their category.

    The legend below names the categories that occur, the most frequent first, with how often they do. Raises
    `MetricError` where names and values do not go together, or a number is none of a category.
    """
    check_names(values, rows, columns, least=1)
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
    inner = max(box[0], text_length(wording.title, LARGE), entry)
    across = max(1, int(inner / entry))
    below = math.ceil(len(entries) / across) * line
    builder = FigureBuilder(left + inner + 2 * _EDGE, top + box[1] + _GAP + below + _EDGE, style)
    axes = builder.axes(left, top, *box)
    _draw_cells(builder, axes, values, kinds, cell)
    no_ticks(axes)
    small, heading = builder.letters(SMALL), builder.letters(NORMAL)
    name_columns(axes, range(len(columns)), [printable(name) for name in columns], small)
    name_rows(axes, range(len(rows)), [printable(name) for name in rows], small)
    title_columns(axes, printable(wording.columns), inches(SMALL), heading)
    title_rows(axes, printable(wording.rows), max(text_length(row, SMALL) for row in rows), heading)
    for index, kind in enumerate(listed):
        down, right = divmod(index, across)
        x, y = left + right * entry, top + box[1] + _GAP + down * line
        swatch = builder.axes(x, y, _SWATCH, _SWATCH)
        swatch.set_facecolor(kinds[kind].colour or "none")
        no_ticks(swatch)
        builder.outline(swatch, sides=() if kinds[kind].colour else FRAME)
        builder.write(entries[index], x + 1.6 * _SWATCH, y, size=SMALL)
    builder.title(wording.title, left, _EDGE)
    return builder.finish()


def _draw_cells(
    builder: FigureBuilder, axes: Axes, values: NDArray[np.integer], kinds: Sequence[Category], cell: float
) -> None:
    theme = builder.theme
    colours = np.array([to_rgba(kind.colour) if kind.colour else (0, 0, 0, 0) for kind in kinds])
    axes.imshow(colours[values], aspect="auto", interpolation="nearest")
    longest = max(text_length(kinds[kind].short, SMALL) for kind in np.unique(values))
    size = min(SMALL, SMALL * _FILLED * cell / longest if longest else SMALL)
    for spine in axes.spines.values():
        spine.set(color=theme.text, alpha=0.3)
    for row in range(1, values.shape[0]):
        axes.axhline(row - 0.5, color=theme.background or "white", linewidth=1)
    for column in range(1, values.shape[1]):
        axes.axvline(column - 0.5, color=theme.background or "white", linewidth=1)
    if size < _LEAST:
        return
    for (row, column), kind in np.ndenumerate(values):
        colour = readable_on(kinds[kind].colour, theme)
        builder.text(axes, column, row, kinds[kind].short, size=size, colour=colour, ha="center", va="center")
