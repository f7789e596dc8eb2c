"""Any table of numbers as a heat map: layers by heads, heads by heads, places by places.

Drawn by `heatmap`, so that its labels, fonts and colours are the same as those of an attention map.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.figure import Figure

from viz.attention import AttentionMap, Weights
from viz.inputs.encoding import Encoding
from viz.pictures.figures.base.figure_checks import check_names
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.palette import PALETTE, ColourScale
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
