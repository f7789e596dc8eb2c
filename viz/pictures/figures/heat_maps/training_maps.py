"""Every head of a small model on one short sequence, with the sign at every place and what was answered there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.figure_builder import (
    BAR_ROOM,
    LARGE,
    NORMAL,
    SMALL,
    FigureBuilder,
    inches,
    text_length,
)
from viz.pictures.figures.base.figure_style import PLAIN, ColourScale, Style
from viz.pictures.figures.base.fonts import printable

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


def training_maps(
    weights: Weights,
    inputs: Sequence[str],
    answers: Sequence[str],
    correct: Sequence[bool],
    wording: MapsText,
    style: Style = PLAIN,
) -> Figure:
    """Draw weights [layer, head, query, key], layers downwards, heads to the right, all from 0 to 1.

    `inputs` names the keys, above the first layer, and `answers` the queries; an answer that is not `correct` has a
    cross, and the accent colour.
    Raises `MetricError` where names and weights do not go together.
    """
    layers, heads, queries, keys = weights.shape
    if (len(answers), len(correct), len(inputs)) != (queries, queries, keys):
        raise MetricError(
            _("Weights of {queries} queries and {keys} keys were given with {rows} and {columns} names."),
            queries=queries,
            keys=keys,
            rows=len(answers),
            columns=len(inputs),
        )
    names = [
        printable(name) if good else f"{printable(name)} ✗"
        for name, good in zip(answers, correct, strict=True)
    ]
    words, theme, side = style.words, style.theme, _SIDE.get(heads, _LEAST)
    label_room = max(text_length(name, SMALL) for name in names) + _EDGE
    left, top = _EDGE + _LINE + label_room, 2 * _EDGE + inches(1.3 * LARGE) + _LINE
    pitch = (side + _GAP, side + _GAP + _LINE)
    box = (heads * pitch[0] - _GAP, layers * pitch[1] - _GAP + _LINE)
    across, downwards = f"{wording.columns} →", f"{wording.rows} →"
    inner = max(box[0], text_length(wording.title, LARGE) - BAR_ROOM, text_length(across, NORMAL) - BAR_ROOM)
    high = max(box[1], text_length(downwards, NORMAL), text_length(words.weight, NORMAL))
    builder = FigureBuilder(left + inner + BAR_ROOM, top + high + 2 * _EDGE, style)
    colours = ColourScale(theme.palette)
    # One place for all maps, in inches from its upper left corner: axes of their own are slow to draw.
    board = builder.axes(left, top, *box)
    board.set_axis_off()
    for layer, head in np.ndindex(layers, heads):
        x, y = head * pitch[0], layer * pitch[1] + 2 * _LINE
        builder.image(board, weights[layer, head], colours, extent=(x, x + side, y + side, y))
        board.add_patch(
            Rectangle((x, y), side, side, fill=False, edgecolor=theme.text, linewidth=0.4, clip_on=False)
        )
        name = words.head_title.format(layer=layer + 1, head=head + 1)
        if text_length(name, SMALL) > side:
            name = f"{layer + 1}.{head + 1}"
        builder.write(name, left + x, top + y - (1 if layer else 2) * _LINE, size=SMALL)
        if not layer:
            for sign, middle in zip(inputs, x + side * (np.arange(keys) + 0.5) / keys, strict=True):
                builder.text(board, middle, y - 0.03, sign, ha="center", va="bottom")
        if not head:
            middles = y + side * (np.arange(queries) + 0.5) / queries
            for sign, middle, good in zip(names, middles, correct, strict=True):
                colour = theme.text if good else theme.accent
                builder.text(board, -0.05, middle, sign, colour=colour, ha="right", va="center")
    board.set_xlim(0, box[0])  # each map has set them to its own
    board.set_ylim(box[1], 0)
    builder.colour_bar(colours, left + box[0], top + 2 * _LINE, high - 2 * _LINE)
    builder.title(wording.title, _EDGE, _EDGE)
    builder.write(across, left, top - _LINE)
    builder.write(downwards, _EDGE, top + 2 * _LINE, rotation=270)
    return builder.finish()
