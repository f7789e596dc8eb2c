"""One head as a seaborn heat map: a row for each query, a column for each key, on a fixed scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import regex
from matplotlib.figure import Figure

from viz.pictures.figures.base.axis_names import (
    Letters,
    name_columns,
    name_rows,
    no_ticks,
    title_columns,
    title_rows,
)
from viz.pictures.figures.base.figure_builder import (
    BAR_LEAST,
    BAR_ROOM,
    LARGE,
    NORMAL,
    FigureBuilder,
    inches,
    text_length,
)
from viz.pictures.figures.base.figure_checks import check_head, check_tokens
from viz.pictures.figures.base.figure_style import PLAIN, ColourScale, FigureText, Style, Theme
from viz.pictures.figures.base.fonts import language_of, printable, short, width

if TYPE_CHECKING:
    from viz.attention import AttentionMap

# How long the longer side is, in inches, by how many tokens it has.
_TOKENS, _SIDES = (1, 10, 30, 128), (1.6, 4.2, 7.5, 11.5)
_SMALLEST_LABEL = 7.0  # points: still legible where a 13-inch figure is shown 1,000 pixels wide
_LINE = 1.2  # line height over font size
_PAD = 0.08  # inches
# A short word of square characters, perhaps with its position: it reads better stacked than lying down.
_SQUARE = regex.compile(
    r"([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{1,4})([₀-₉]*)"
)


@dataclass(frozen=True)
class _Axis:
    """One axis: its title, and every `step`th token's label in `size` points, turned by `angles` degrees."""

    title: str
    labels: tuple[str, ...]
    angles: tuple[int, ...]
    step: int
    size: float
    language: str

    @property
    def positions(self) -> list[float]:
        return [index * self.step + 0.5 for index in range(len(self.labels))]

    @property
    def room(self) -> tuple[float, float]:
        """The width and the height, in inches, of the largest of its labels, turned as they are."""
        sizes = [(_em_width(label), 1.0 + label.count("\n")) for label in self.labels]
        boxes = [size[::-1] if angle else size for size, angle in zip(sizes, self.angles, strict=True)]
        em = inches(self.size)
        return max(wide for wide, _high in boxes) * em, max(high for _wide, high in boxes) * em

    def letters(self, theme: Theme) -> Letters:
        return Letters(self.size, theme.text, self.language, 1.0)


def heatmap(
    attention: "AttentionMap",
    layer: int,
    head: int,
    style: Style = PLAIN,
    *,
    scale: ColourScale | None = None,
    side: float | None = None,
) -> Figure:
    """Draw weights[layer, head], an array [query, key], as square cells; layer and head count from 0.

    The figure grows with the number of tokens up to 11.5 inches a side; from there, and wherever labels would
    be smaller than 7 points, only every k-th token is named and the axis says so; or its longer side has `side`
    inches, however many tokens there are. The `scale` is 0 to the map's `top` in the theme's palette where none is
    given. Raises `MetricError` for a layer or head that cannot be.
    """
    # Only here: with it come pandas and SciPy, which a process that draws ready figures can do without.
    import seaborn as sns

    check_head(attention, layer, head)
    check_tokens(attention)
    style = style.for_quantity(attention.quantity)
    words, theme = style.words, style.theme
    colours = scale or ColourScale(theme.palette, 0.0, attention.top)
    weights = attention.weights[layer, head]
    queries, keys = weights.shape
    longer = float(np.interp(max(queries, keys), _TOKENS, _SIDES)) if side is None else side
    cell = longer / max(queries, keys)

    down = _axis(words.query, attention.queries.labels, cell, words)
    across = _turned(_axis(words.key, attention.keys.labels, cell, words), cell)
    title = words.head_title.format(layer=layer + 1, head=head + 1)

    # From the edges inwards: the figure's title, the axis titles, the labels, the cells.
    line = inches(_LINE * NORMAL)
    left = 3 * _PAD + line + down.room[0]
    top = 3.5 * _PAD + inches(_LINE * LARGE) + line + across.room[1]
    box = (cell * keys, cell * queries)
    bar_height = max(box[1], BAR_LEAST)
    inner = max(box[0], text_length(across.title, NORMAL), text_length(title, LARGE) - BAR_ROOM)
    height = max(bar_height, text_length(down.title, NORMAL), text_length(words.weight, NORMAL))

    builder = FigureBuilder(left + inner + BAR_ROOM, top + height + 2 * _PAD, style)
    axes = builder.axes(left, top, *box)
    sns.heatmap(
        weights,
        ax=axes,
        cbar=False,
        vmin=colours.vmin,
        vmax=colours.vmax,
        cmap=colours.palette,
        xticklabels=False,
        yticklabels=False,
        rasterized=True,  # in SVG and PDF too: cells drawn one by one show white seams
    )
    no_ticks(axes)
    heading = builder.letters(NORMAL)
    # A title longer than its axis starts where the axis starts, instead of lying across its middle.
    name_columns(axes, across.positions, across.labels, across.letters(theme), angles=across.angles)
    centred = text_length(across.title, NORMAL) <= box[0]
    title_columns(axes, across.title, across.room[1], heading, centred=centred)
    name_rows(axes, down.positions, down.labels, down.letters(theme), va="center")
    centred = text_length(down.title, NORMAL) <= box[1]
    title_rows(axes, down.title, down.room[0], heading, centred=centred)
    builder.colour_bar(colours, left + box[0], top, bar_height)
    builder.title(title, left, _PAD)
    return builder.finish()


def _axis(title: str, tokens: Sequence[str], cell: float, words: FigureText) -> _Axis:
    pitch = 72 * cell
    step = math.ceil(_LINE * _SMALLEST_LABEL / pitch)
    size = min(NORMAL, step * pitch / _LINE)
    labels = tuple(short(token) for token in tokens[::step])
    full = words.thinned.format(axis=title, step=step) if step > 1 else title
    language = language_of(tokens, words.language)
    return _Axis(printable(full), labels, (0,) * len(labels), step, size, language)


def _turned(axis: _Axis, cell: float) -> _Axis:
    """The labels as they stand above the columns: upright where all fit, else lying or stacked."""
    if axis.room[0] <= 0.9 * cell * axis.step:
        return axis
    stacked = [_stacked(label) for label in axis.labels]
    labels = tuple(stack or label for stack, label in zip(stacked, axis.labels, strict=True))
    return replace(axis, labels=labels, angles=tuple(0 if stack else 90 for stack in stacked))


def _stacked(label: str) -> str:
    """`"书₁₁"` as two lines; the empty string where the label is none to be stacked."""
    match = _SQUARE.fullmatch(label)
    return "\n".join([*match[1], *([match[2]] if match[2] else [])]) if match else ""


def _em_width(label: str) -> float:
    return max(width(line) for line in label.split("\n"))
