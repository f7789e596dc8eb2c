"""Any table of numbers as a heat map: layers by heads, heads by heads, places by places.

Drawn by `heatmap`, so that its labels, fonts and colours are the same as those of an attention map.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from viz.attention import AttentionMap, Weights
from viz.errors import MetricError
from viz.inputs.encoding import Encoding
from viz.language import _
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
from viz.pictures.figures.base.figure_checks import check_names
from viz.pictures.figures.base.figure_style import PALETTE, PLAIN, ColourScale, Style, readable_on
from viz.pictures.figures.base.fonts import letter
from viz.pictures.figures.base.plot_axes import number_ticks
from viz.pictures.figures.heat_maps.heatmap import heatmap

_HATCH = "////"


@dataclass(frozen=True)
class MatrixText:
    """What a matrix says, already translated: its title, what its rows, columns and colours stand for."""

    title: str
    rows: str
    columns: str
    values: str


def matrix(
    values: Weights,
    rows: Sequence[str],
    columns: Sequence[str],
    wording: MatrixText,
    style: Style = PLAIN,
    *,
    scale: ColourScale | None = None,
) -> Figure:
    """Draw `values`, [row, column], as square cells with the names of their rows and columns.

    Where a value is NaN there is nothing to show: the cell is hatched. The `scale` is 0 to 1 in the theme's
    palette where none is given. Raises `MetricError` where names and values do not go together.
    """
    check_names(values, rows, columns)
    table = AttentionMap("cross", values[None, None], _named(rows), _named(columns))
    words = replace(
        style.words,
        head_title=_literal(wording.title),
        query=wording.rows,
        key=wording.columns,
        weight=wording.values,
    )
    figure = heatmap(table, 0, 0, replace(style, words=words), scale=scale)
    if np.isnan(values).any():
        figure.axes[0].patch.set(hatch=_HATCH, edgecolor=style.theme.text, linewidth=0, alpha=0.35)
    return figure


def difference_map(
    values: Weights,
    rows: Sequence[str],
    columns: Sequence[str],
    wording: MatrixText,
    style: Style = PLAIN,
    *,
    limit: float = 1.0,
) -> Figure:
    """Draw differences, [row, column], in the two colours of the theme that meet at 0: blue for less, red for more.

    The scale is symmetric, from `-limit` to `limit`; cells that cannot be compared (NaN) are hatched.
    """
    scale = ColourScale(style.theme.diverging, -limit, limit)
    return matrix(values, rows, columns, wording, style, scale=scale)


def round_limit(values: Weights) -> float:
    """The end of a symmetric scale on which all `values` are seen: 0.05, 0.1, 0.2, 0.5, 1, 2 ... NaN is left out."""
    largest = float(np.nanmax(np.abs(values), initial=0.0)) if not np.isnan(values).all() else 0.0
    steps = (step * 10.0**power for power in range(-2, 39) for step in (1, 2, 5))
    return next(limit for limit in steps if limit >= max(0.05, largest))


def _named(names: Sequence[str]) -> Encoding:
    count = len(names)
    return Encoding(
        token_ids=(0,) * count,
        token_strings=tuple(names),
        token_labels=tuple(names),
        segments=(0,) * count,
        special=(False,) * count,
        words=(None,) * count,
        spans=(None,) * count,
        text="",
    )


def _literal(text: str) -> str:
    """`text`, so that `str.format` leaves it as it is."""
    return text.replace("{", "{{").replace("}", "}}")


def distance_matrix(
    distances: Weights, heads: int, order: Sequence[int], wording: MatrixText, style: Style = PLAIN
) -> Figure:
    """Draw distances between heads, [layer * head, layer * head], in this order, from 0 to 1; dark is alike."""
    ordered = np.ascontiguousarray(distances[np.ix_(order, order)])
    names = [f"{index // heads + 1}.{index % heads + 1}" for index in order]
    return matrix(ordered, names, names, wording, style, scale=ColourScale(PALETTE))


_FIELD = 3.9  # inches, as all lengths here
_FIELD_EDGE = 0.12
_FIELD_NUMBERS = 0.7


@dataclass(frozen=True)
class Span:
    """Where the rows and columns of a field begin to count."""

    rows: int = 0
    columns: int = 0


def colour_field(
    values: Weights,
    wording: MatrixText,
    style: Style = PLAIN,
    *,
    start: Span = Span(),
    scale: ColourScale | None = None,
) -> Figure:
    """Draw `values`, [row, column], as a square of colours with numbered sides, however many rows there are.

    Where no `scale` is given, its colours are those of the theme for differences, from -1 to 1. Raises `MetricError`
    where there is nothing to draw.
    """
    if values.ndim != 2 or not values.size:
        raise MetricError(
            _("Values of the shape {shape} were given; [row, column] was expected."), shape=str(values.shape)
        )
    top = 2 * _FIELD_EDGE + inches(1.3 * LARGE)
    inner = max(_FIELD, text_length(wording.title, LARGE) - _FIELD_NUMBERS - BAR_ROOM)
    below = 2 * _FIELD_EDGE + inches(3.4 * NORMAL)
    builder = FigureBuilder(
        _FIELD_NUMBERS + inner + BAR_ROOM,
        top + _FIELD + below,
        replace(style, words=replace(style.words, weight=wording.values)),
    )
    axes = builder.axes(_FIELD_NUMBERS, top, _FIELD, _FIELD)
    rows, columns = values.shape
    colours = scale or ColourScale(style.theme.diverging, -1.0, 1.0)
    first = (start.rows - 0.5, start.columns - 0.5)
    builder.image(axes, values, colours, extent=(first[1], first[1] + columns, first[0] + rows, first[0]))
    bar = builder.colour_bar(colours, _FIELD_NUMBERS + _FIELD, top, max(_FIELD, BAR_LEAST))
    builder.outline(axes)
    builder.outline(bar, sides=("outline",))
    builder.name_axes(axes, wording.columns, wording.rows)
    axes.locator_params(integer=True, nbins=6)
    number_ticks(axes, style)
    builder.title(wording.title, _FIELD_EDGE, _FIELD_EDGE)
    return builder.finish()


_MOST = 64  # cells: more would be too small to read
_FILLED = 0.86  # of a cell's width


def write_numbers(figure: Figure, values: Weights, style: Style = PLAIN, places: int = 2) -> Figure:
    """Write `values`, [row, column], into the cells of the figure that `matrix` or `difference_map` drew of them.

    Raises `MetricError` where there are more than 64 cells, or the figure shows others.
    """
    mesh = next((mesh for mesh in figure.axes[0].collections if isinstance(mesh, QuadMesh)), None)
    shown = 0 if mesh is None else np.asarray(mesh.get_array()).size
    if mesh is None or shown != values.size or shown > _MOST:
        raise MetricError(
            _(
                "{values} numbers were given for a figure of {cells} cells; as many were expected, {most} at most."
            ),
            values=values.size,
            cells=shown,
            most=_MOST,
        )
    axes = figure.axes[0]
    room = _FILLED * axes.get_position().width * figure.get_size_inches()[0] / values.shape[1]
    texts = [_format(float(value), places) for value in values.flat]
    size = SMALL * min(1.0, room / max(text_length(text, SMALL) for text in texts))
    for (row, column), text in zip(np.ndindex(values.shape), texts, strict=True):
        red, green, blue, _alpha = np.asarray(mesh.to_rgba(values[row, column]))
        colour = readable_on(to_hex((red, green, blue)), style.theme)
        artist = axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", parse_math=False)
        letter(artist, size, colour, style.words.language)
    return figure


def _format(value: float, places: int) -> str:
    """A half is rounded away from zero, as it is taught; what is long is written with three digits."""
    if abs(value) < 1000:
        text = f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0:f}"
    else:
        text = f"{value:.3g}"
    return text.replace("-", "−")
