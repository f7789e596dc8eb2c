"""Heads of any layers beside each other, on one scale with one colour bar, with the names of the tokens."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from viz.attention import AttentionMap
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.axis_names import Letters, name_columns, name_rows, no_ticks
from viz.pictures.figures.base.canvas import NORMAL, SMALL, inches, text_length
from viz.pictures.figures.base.figure_builder import BAR_LEAST, BAR_ROOM, FigureBuilder
from viz.pictures.figures.base.figure_checks import check_head, check_layer, check_tokens
from viz.pictures.figures.base.figure_style import PLAIN, FigureText, Style, Theme
from viz.pictures.figures.base.fonts import language_of
from viz.pictures.figures.base.palette import ColourScale
from viz.pictures.figures.base.printable import printable, short

MOST_HEADS = 12
_COLUMNS = {1: 1, 2: 2, 3: 3, 4: 2, 5: 3, 6: 3}  # how many heads stand in a row; four from seven heads on
# How wide one head is, in inches, by how many tokens it has.
_TOKENS, _SIDES = (4, 12, 32, 128), (1.6, 2.6, 4.0, 4.6)
_LINE = 1.2  # line height over font size
_SMALLEST = 6.5  # points
_LONGEST = 14  # columns of a token's name
_CRISP = 128  # tokens; more are averaged where they meet in one pixel, so that none is dropped
_GAP, _EDGE, _PAD = 0.2, 0.12, 0.05  # inches


def heads_beside(attention: AttentionMap, heads: Sequence[tuple[int, int]], style: Style = PLAIN) -> Figure:
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
        check_layer(attention, layer)
        check_head(attention, head)
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
