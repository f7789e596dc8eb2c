"""Many heads in one picture, on one scale with one colour bar: a whole model, a layer, or heads of any layers."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.axis_names import Letters, name_columns, name_rows, no_ticks, title_columns
from viz.pictures.figures.base.figure_builder import (
    BAR_LEAST,
    BAR_ROOM,
    LARGE,
    NORMAL,
    SMALL,
    FigureBuilder,
    inches,
    text_length,
)
from viz.pictures.figures.base.figure_checks import check_head, check_tokens
from viz.pictures.figures.base.figure_style import PLAIN, ColourScale, FigureText, Style, Theme
from viz.pictures.figures.base.fonts import language_of, printable, short

if TYPE_CHECKING:
    from viz.attention import AttentionMap


MOST_CELLS = 64  # a side of one head; more tokens than that are averaged, block by block
_CELL = 0.72  # inches a head
_MODEL_EDGE = 0.1
_CELL_GAP = 0.06  # between heads, as a part of a head's side


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
    left = 2 * _MODEL_EDGE + max(text_length(words.layer.format(layer=layers), SMALL), line)
    top = 3 * _MODEL_EDGE + inches(1.2 * LARGE) + 2 * line
    box = (_CELL * heads, _CELL * layers)
    inner = max(box[0], text_length(words.overview_title, LARGE) - BAR_ROOM)
    height = max(box[1], text_length(words.weight, NORMAL))
    builder = FigureBuilder(left + inner + BAR_ROOM, top + height + 2 * _MODEL_EDGE, style)
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
    builder.title(words.overview_title, left, _MODEL_EDGE)
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
    pitch = (queries + max(1, round(queries * _CELL_GAP)), keys + max(1, round(keys * _CELL_GAP)))
    tiles = np.full((layers, pitch[0], heads, pitch[1]), np.nan, dtype=np.float32)
    tiles[:, :queries, :, :keys] = weights.transpose(0, 2, 1, 3)
    return tiles.reshape(layers * pitch[0], heads * pitch[1]), pitch


MOST_HEADS = 12
_COLUMNS = {1: 1, 2: 2, 3: 3, 4: 2, 5: 3, 6: 3}  # how many heads stand in a row; four from seven heads on

# How wide one head is, in inches, by how many tokens it has.
_TOKENS, _SIDES = (4, 12, 32, 128), (1.6, 2.6, 4.0, 4.6)
_LINE = 1.2  # line height over font size
_SMALLEST = 6.5  # points
_LONGEST = 14  # columns of a token's name
_CRISP = 128  # tokens; more are averaged where they meet in one pixel, so that none is dropped
_GAP, _EDGE, _PAD = 0.2, 0.12, 0.05  # inches


def heads_beside(attention: "AttentionMap", heads: Sequence[tuple[int, int]], style: Style = PLAIN) -> Figure:
    """Draw weights[layer, head], [query, key], for each (layer, head) of `heads`, 1 to 12, counted from 0.

    The axes come in the order of `heads`, the colour bar's last. Tokens are named at the left and above; where they
    are many, only every k-th. Raises `MetricError` for too many heads, or ones that the model does not have.
    """
    if not 1 <= len(heads) <= MOST_HEADS:
        raise MetricError(
            _("{count} heads were asked for; from 1 to {most} are drawn beside each other."),
            count=len(heads),
            most=MOST_HEADS,
        )
    for layer, head in heads:
        check_head(attention, layer, head)
    check_tokens(attention)
    style = style.for_quantity(attention.quantity)
    words, theme = style.words, style.theme
    tokens = max(attention.weights.shape[2:])
    side = float(np.interp(tokens, _TOKENS, _SIDES))
    down = _Names.fit(attention.queries.labels, side, words)
    across = _Names.fit(attention.keys.labels, side, words)
    columns = _COLUMNS.get(len(heads), 4)
    rows = math.ceil(len(heads) / columns)

    line = inches(1.3 * NORMAL)
    left = 3 * _EDGE + line + down.length
    top = 3 * _EDGE + line
    above = inches(2.1 * NORMAL) + _PAD + across.length  # a head's title and the names of its keys
    pitch = (side + _GAP, above + side + _GAP)
    box = (columns * pitch[0] - _GAP, rows * pitch[1] - _GAP)
    downwards, rightwards = f"{words.query} →", f"{words.key} →"
    inner = max(box[0], text_length(rightwards, NORMAL) - BAR_ROOM)
    beside = max(side, BAR_LEAST, text_length(downwards, NORMAL), text_length(words.weight, NORMAL))
    height = max(box[1], above + beside)

    colours = ColourScale(theme.palette, 0.0, attention.top)
    builder = FigureBuilder(left + inner + BAR_ROOM, top + height + 2 * _EDGE, style)
    for index, (layer, head) in enumerate(heads):
        row, column = divmod(index, columns)
        axes = builder.axes(left + column * pitch[0], top + above + row * pitch[1], side, side)
        builder.image(axes, attention.weights[layer, head], colours, crisp=tokens <= _CRISP)
        no_ticks(axes)
        upright = [90] * len(across.labels)
        name_columns(
            axes, across.positions, across.labels, across.letters(theme), angles=upright, pad=72 * _PAD
        )
        if column == 0:
            name_rows(axes, down.positions, down.labels, down.letters(theme), pad=72 * _PAD, va="center")
        builder.outline(axes, 0.4)
        title = printable(words.head_title.format(layer=layer + 1, head=head + 1))
        name = axes.set_title(title, y=1.0, pad=72 * (across.length + _PAD) + 5, parse_math=False)
        builder.letter(name, NORMAL)
    builder.colour_bar(colours, left + box[0], top + above, max(side, BAR_LEAST))
    builder.write(rightwards, left, _EDGE)
    builder.write(downwards, _EDGE, top + above, rotation=270)
    return builder.finish()


class _Names:
    """Every `step`th token's name, in `size` points; `length` is the longest, in inches."""

    def __init__(self, labels: Sequence[str], step: int, size: float, language: str) -> None:
        self.labels = [short(label, _LONGEST) for label in labels[::step]]
        self.positions = list(range(0, len(labels), step))
        self.size = size
        self.language = language
        self.length = 1.05 * max(text_length(label, size) for label in self.labels)  # hinting widens letters

    @classmethod
    def fit(cls, labels: Sequence[str], side: float, words: FigureText) -> "_Names":
        """The names that fit along a side of this many inches, none on top of another."""
        pitch = 72 * side / len(labels)
        step = math.ceil(_LINE * _SMALLEST / pitch)
        return cls(labels, step, min(SMALL, step * pitch / _LINE), language_of(labels, words.language))

    def letters(self, theme: Theme) -> Letters:
        return Letters(self.size, theme.text, self.language)


# How wide one head is, in inches, by how many tokens it has.
_GRID_TOKENS, _GRID_SIDES = (10, 128, 512), (1.9, 2.4, 3.2)
_GRID_GAP = 0.15  # inches
_GRID_EDGE = 0.1


def layer_grid(
    attention: "AttentionMap", layer: int, style: Style = PLAIN, *, chosen: int | None = None
) -> Figure:
    """Draw weights[layer], [head, query, key]: one picture a head, in reading order; all count from 0.

    Queries run downwards and keys to the right, as in `heatmap`; tokens are not named. The head `chosen` is
    framed in the theme's accent. The axes come in the order of the heads, the colour bar's last. Raises
    `MetricError` for a layer or head that cannot be.
    """
    check_head(attention, layer, chosen or 0)
    check_tokens(attention)
    style = style.for_quantity(attention.quantity)
    words, theme = style.words, style.theme
    weights = attention.weights[layer]
    heads, tokens = len(weights), max(weights.shape[1:])
    side = float(np.interp(tokens, _GRID_TOKENS, _GRID_SIDES))
    columns = min(heads, math.ceil(math.sqrt(heads * 4 / 3)))
    rows = math.ceil(heads / columns)
    colours = ColourScale(theme.palette, 0.0, attention.top)

    line = inches(1.3 * NORMAL)
    left = 2 * _GRID_EDGE + line
    top = 3 * _GRID_EDGE + inches(1.2 * LARGE) + 2 * line
    pitch = (side + _GRID_GAP, side + _GRID_GAP + line)
    box = (columns * pitch[0] - _GRID_GAP, rows * pitch[1] - _GRID_GAP - line)
    title = words.layer_title.format(layer=layer + 1)
    downwards, rightwards = f"{words.query} →", f"{words.key} →"
    inner = max(box[0], text_length(title, LARGE) - BAR_ROOM, text_length(rightwards, NORMAL) - BAR_ROOM)
    height = max(box[1], text_length(downwards, NORMAL), text_length(words.weight, NORMAL))

    builder = FigureBuilder(left + inner + BAR_ROOM, top + height + 2 * _GRID_EDGE, style)
    for head in range(heads):
        row, column = divmod(head, columns)
        axes = builder.axes(left + column * pitch[0], top + row * pitch[1], side, side)
        builder.image(axes, weights[head], colours, crisp=tokens <= _CRISP)
        no_ticks(axes)
        name = axes.set_title(printable(words.head.format(head=head + 1)), y=1.0, pad=3, parse_math=False)
        builder.letter(name, SMALL)
        builder.outline(axes, 0.4)
        if head == chosen:
            for spine in axes.spines.values():
                spine.set(color=theme.accent, linewidth=3.0)
    builder.colour_bar(colours, left + box[0], top, box[1])
    builder.title(title, left, _GRID_EDGE)
    builder.write(rightwards, left, 2 * _GRID_EDGE + inches(1.2 * LARGE))
    builder.write(downwards, _GRID_EDGE, top, rotation=270)
    return builder.finish()
