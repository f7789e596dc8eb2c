"""Every head of every layer in one picture: layers down, heads across, one scale, one colour bar."""

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from viz.pictures.figures.base.axis_names import name_columns, name_rows, no_ticks, title_columns
from viz.pictures.figures.base.canvas import LARGE, NORMAL, SMALL, inches, text_length
from viz.pictures.figures.base.figure_builder import BAR_ROOM, FigureBuilder
from viz.pictures.figures.base.figure_checks import check_tokens
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.palette import ColourScale
from viz.pictures.figures.base.printable import printable

if TYPE_CHECKING:
    from viz.attention import AttentionMap

MOST_CELLS = 64  # a side of one head; more tokens than that are averaged, block by block
_CELL = 0.72  # inches a head
_EDGE = 0.1
_GAP = 0.06  # between heads, as a part of a head's side


def overview(attention: "AttentionMap", style: Style = PLAIN) -> Figure:
    """Draw all of weights [layer, head, query, key] as one image, so that it takes no longer than one heat map.

    Within a head queries run downwards and keys to the right, as in `heatmap`. Heads of more than 64 tokens are shown
    by the means of their blocks (`blocks`). Raises `MetricError` for no tokens.
    """
    check_tokens(attention)
    style = style.for_quantity(attention.quantity)
    words = style.words
    image, pitch = _tiles(blocks(attention.weights))
    layers, heads = attention.weights.shape[:2]
    colours = ColourScale(style.theme.palette, 0.0, attention.top)

    line = inches(1.3 * SMALL)
    left = 2 * _EDGE + max(text_length(words.layer.format(layer=layers), SMALL), line)
    top = 3 * _EDGE + inches(1.2 * LARGE) + 2 * line
    box = (_CELL * heads, _CELL * layers)
    inner = max(box[0], text_length(words.overview_title, LARGE) - BAR_ROOM)
    height = max(box[1], text_length(words.weight, NORMAL))
    builder = FigureBuilder(left + inner + BAR_ROOM, top + height + 2 * _EDGE, style)
    axes = builder.axes(left, top, *box)
    builder.image(axes, image, colours)
    no_ticks(axes)
    small = builder.letters(SMALL)
    columns = [(pitch[1] - 1) / 2 + head * pitch[1] for head in range(heads)]
    name_columns(axes, columns, [str(head + 1) for head in range(heads)], small)
    rows = [(pitch[0] - 1) / 2 + layer * pitch[0] for layer in range(layers)]
    name_rows(axes, rows, [printable(words.layer.format(layer=layer + 1)) for layer in range(layers)], small)
    title_columns(axes, printable(words.heads), inches(SMALL), builder.letters(NORMAL))
    builder.outline(axes, sides=())
    builder.colour_bar(colours, left + box[0], top, box[1])
    builder.title(words.overview_title, left, _EDGE)
    return builder.finish()


def blocks(weights: NDArray[np.float32], most: int = MOST_CELLS) -> NDArray[np.float32]:
    """[..., query, key] made at most `most` cells a side, by the mean over equal blocks of tokens.

    The last block of an axis may be smaller than the others.
    """
    for axis in (-2, -1):
        size = weights.shape[axis]
        if size > most:
            step = math.ceil(size / most)
            starts = np.arange(0, size, step)
            counts = np.diff(np.append(starts, size)).astype(np.float32)
            shape = (-1, 1) if axis == -2 else (-1,)
            sums: NDArray[np.float32] = np.add.reduceat(weights, starts, axis=axis)
            weights = (sums / counts.reshape(shape)).astype(np.float32)
    return weights


def _tiles(weights: NDArray[np.float32]) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """All heads in one array with a gap of NaN between, and the pitch of a head (rows, columns)."""
    layers, heads, queries, keys = weights.shape
    pitch = (queries + max(1, round(queries * _GAP)), keys + max(1, round(keys * _GAP)))
    tiles = np.full((layers, pitch[0], heads, pitch[1]), np.nan, dtype=np.float32)
    tiles[:, :queries, :, :keys] = weights.transpose(0, 2, 1, 3)
    return tiles.reshape(layers * pitch[0], heads * pitch[1]), pitch
