"""All heads of one layer side by side, on one scale with one colour bar."""

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from viz.pictures.figures.base.axis_names import no_ticks
from viz.pictures.figures.base.canvas import LARGE, NORMAL, SMALL, inches, text_length
from viz.pictures.figures.base.figure_builder import BAR_ROOM, FigureBuilder
from viz.pictures.figures.base.figure_checks import check_head, check_layer, check_tokens
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.palette import ColourScale
from viz.pictures.figures.base.printable import printable

if TYPE_CHECKING:
    from viz.attention import AttentionMap

# How wide one head is, in inches, by how many tokens it has.
_TOKENS, _SIDES = (10, 128, 512), (1.9, 2.4, 3.2)
_CRISP = 128  # tokens; more are averaged where they meet in one pixel, so that none is dropped
_GAP = 0.15  # inches
_EDGE = 0.1


def layer_grid(
    attention: "AttentionMap", layer: int, style: Style = PLAIN, *, chosen: int | None = None
) -> Figure:
    """Draw weights[layer], [head, query, key]: one picture a head, in reading order; all count from 0.

    Queries run downwards and keys to the right, as in `heatmap`; tokens are not named. The head `chosen` is
    framed in the theme's accent. The axes come in the order of the heads, the colour bar's last. Raises
    `MetricError` for a layer or head that cannot be.
    """
    check_layer(attention, layer)
    check_head(attention, chosen or 0)
    check_tokens(attention)
    style = style.for_quantity(attention.quantity)
    words, theme = style.words, style.theme
    weights = attention.weights[layer]
    heads, tokens = len(weights), max(weights.shape[1:])
    side = float(np.interp(tokens, _TOKENS, _SIDES))
    columns = min(heads, math.ceil(math.sqrt(heads * 4 / 3)))
    rows = math.ceil(heads / columns)
    colours = ColourScale(theme.palette, 0.0, attention.top)

    line = inches(1.3 * NORMAL)
    left = 2 * _EDGE + line
    top = 3 * _EDGE + inches(1.2 * LARGE) + 2 * line
    pitch = (side + _GAP, side + _GAP + line)
    box = (columns * pitch[0] - _GAP, rows * pitch[1] - _GAP - line)
    title = words.layer_title.format(layer=layer + 1)
    downwards, rightwards = f"{words.query} →", f"{words.key} →"
    inner = max(box[0], text_length(title, LARGE) - BAR_ROOM, text_length(rightwards, NORMAL) - BAR_ROOM)
    height = max(box[1], text_length(downwards, NORMAL), text_length(words.weight, NORMAL))

    builder = FigureBuilder(left + inner + BAR_ROOM, top + height + 2 * _EDGE, style)
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
    builder.title(title, left, _EDGE)
    builder.write(rightwards, left, 2 * _EDGE + inches(1.2 * LARGE))
    builder.write(downwards, _EDGE, top, rotation=270)
    return builder.finish()
