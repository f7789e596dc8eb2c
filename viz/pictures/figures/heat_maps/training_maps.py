"""Every head of a small model on one short sequence, with the sign at every place and what was answered there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.canvas import (
    BAR_GAP,
    BAR_ROOM,
    BAR_WIDTH,
    LARGE,
    NORMAL,
    SMALL,
    blank,
    dress_bar,
    finish,
    inches,
    place,
    text_length,
    write,
)
from viz.pictures.figures.base.figure_words import ENGLISH, FigureText
from viz.pictures.figures.base.fonts import letter
from viz.pictures.figures.base.palette import LIGHT, PALETTE, Theme, check_palette
from viz.pictures.figures.base.printable import printable

_SIDE = {1: 2.6, 2: 2.0, 4: 1.5}  # inches a head, as all lengths here, by how many heads there are in a layer
_LEAST = 1.2
_EDGE = 0.12
_GAP = 0.14
_LINE = inches(1.3 * SMALL)


@dataclass(frozen=True)
class MapsText:
    """What the picture says, already translated: its title, what its columns are and what its rows are."""

    title: str
    columns: str
    rows: str


def head_maps(
    weights: Weights,
    given: Sequence[str],
    answered: Sequence[str],
    right: Sequence[bool],
    says: MapsText,
    *,
    words: FigureText = ENGLISH,
    theme: Theme = LIGHT,
    palette: str = PALETTE,
) -> Figure:
    """Draw weights [layer, head, query, key], layers downwards, heads to the right, all from 0 to 1.

    `given` names the keys, above the first layer, and `answered` the queries; an answer that is not `right` has a
    cross, and the accent colour.
    Raises `MetricError` where names and weights do not go together, `InputError` for an unknown palette.
    """
    layers, heads, queries, keys = weights.shape
    if (len(answered), len(right), len(given)) != (queries, queries, keys):
        raise MetricError(
            _("Weights of {queries} queries and {keys} keys were given with {rows} and {columns} names."),
            queries=queries,
            keys=keys,
            rows=len(answered),
            columns=len(given),
        )
    names = [
        printable(name) if good else f"{printable(name)} ✗"
        for name, good in zip(answered, right, strict=True)
    ]
    side = _SIDE.get(heads, _LEAST)
    label_room = max(text_length(name, SMALL) for name in names) + _EDGE
    left, top = _EDGE + _LINE + label_room, 2 * _EDGE + inches(1.3 * LARGE) + _LINE
    pitch = (side + _GAP, side + _GAP + _LINE)
    box = (heads * pitch[0] - _GAP, layers * pitch[1] - _GAP + _LINE)
    across, downwards = f"{says.columns} →", f"{says.rows} →"
    inner = max(box[0], text_length(says.title, LARGE) - BAR_ROOM, text_length(across, NORMAL) - BAR_ROOM)
    high = max(box[1], text_length(downwards, NORMAL), text_length(words.weight, NORMAL))
    figure = blank(left + inner + BAR_ROOM, top + high + 2 * _EDGE, theme)
    colours = ScalarMappable(Normalize(0.0, 1.0), check_palette(palette))
    board = _board(figure, left, top, box)
    for layer, head in np.ndindex(layers, heads):
        across_from, down_from = head * pitch[0], layer * pitch[1] + 2 * _LINE
        _map(board, weights[layer, head], across_from, down_from, side, colours, theme)
        name = words.head_title.format(layer=layer + 1, head=head + 1)
        if text_length(name, SMALL) > side:
            name = f"{layer + 1}.{head + 1}"
        above = top + down_from - (1 if layer else 2) * _LINE
        write(figure, name, left + across_from, above, size=SMALL, theme=theme, words=words)
        if not layer:
            at = across_from + side * (np.arange(keys) + 0.5) / keys
            for sign, middle in zip(given, at, strict=True):
                _sign(board, middle, down_from - 0.03, sign, theme.text, words, ha="center", va="bottom")
        if not head:
            at = down_from + side * (np.arange(queries) + 0.5) / queries
            for sign, middle, good in zip(names, at, right, strict=True):
                colour = theme.text if good else theme.accent
                _sign(board, -0.05, middle, sign, colour, words, ha="right", va="center")
    board.set_xlim(0, box[0])  # each map has set them to its own
    board.set_ylim(box[1], 0)
    bar = place(figure, left + box[0] + BAR_GAP, top + 2 * _LINE, BAR_WIDTH, high - 2 * _LINE)
    figure.colorbar(colours, cax=bar).outline.set_visible(False)
    dress_bar(bar, 0.0, 1.0, theme, words)
    write(figure, says.title, _EDGE, _EDGE, size=LARGE, theme=theme, words=words)
    write(figure, across, left, top - _LINE, size=NORMAL, theme=theme, words=words)
    write(figure, downwards, _EDGE, top + 2 * _LINE, size=NORMAL, theme=theme, words=words, rotation=270)
    return finish(figure)


def _board(figure: Figure, left: float, top: float, box: tuple[float, float]) -> Axes:
    """One place for all maps, measured in inches from its upper left corner: axes of their own are slow to draw."""
    board = place(figure, left, top, *box)
    board.set_axis_off()
    return board


def _map(
    board: Axes,
    weights: Weights,
    left: float,
    top: float,
    side: float,
    colours: ScalarMappable,
    theme: Theme,
) -> None:
    board.imshow(
        weights,
        cmap=colours.cmap,
        vmin=0.0,
        vmax=1.0,
        aspect="auto",
        interpolation="nearest",
        extent=(left, left + side, top + side, top),
    )
    board.add_patch(
        Rectangle((left, top), side, side, fill=False, edgecolor=theme.text, linewidth=0.4, clip_on=False)
    )


def _sign(
    board: Axes,
    across: float,
    down: float,
    sign: str,
    colour: str,
    words: FigureText,
    *,
    ha: Literal["center", "right"],
    va: Literal["center", "bottom"],
) -> None:
    text = board.text(across, down, printable(sign), ha=ha, va=va, parse_math=False)
    letter(text, SMALL, colour, words.language)
