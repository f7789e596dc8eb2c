"""What a figure is asked for, checked before anything is drawn. Numbers count from 0, in messages from 1."""

from collections.abc import Sequence, Sized
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viz.errors import MetricError
from viz.language import _

if TYPE_CHECKING:
    from viz.attention import AttentionMap, Weights


def check_head(attention: "AttentionMap", layer: int, head: int) -> None:
    """Raise `MetricError` unless `attention` has this layer, and this head in it."""
    layers, heads = attention.weights.shape[:2]
    if not 0 <= layer < layers:
        raise MetricError(
            _("Layer {layer} was asked for; there are layers 1 to {layers}. Please choose one of these."),
            layer=layer + 1,
            layers=layers,
        )
    if not 0 <= head < heads:
        raise MetricError(
            _("Head {head} was asked for; there are heads 1 to {heads}. Please choose one of these."),
            head=head + 1,
            heads=heads,
        )


def check_tokens(attention: "AttentionMap") -> None:
    """Raise `MetricError` where there are no queries or no keys to draw."""
    queries, keys = attention.weights.shape[2:]
    if not queries or not keys:
        raise MetricError(
            _("There are {queries} queries and {keys} keys. Please give at least one token of each."),
            queries=queries,
            keys=keys,
        )


def check_names(
    values: "Weights | NDArray[np.integer]", rows: Sequence[str], columns: Sequence[str], least: int = 0
) -> None:
    """Raise `MetricError` unless `values`, [row, column], have a name each, and `least` cells or more."""
    if values.shape != (len(rows), len(columns)) or values.size < least:
        raise MetricError(
            _("Values of the shape {shape} were given with {rows} names of rows and {columns} of columns."),
            shape=str(values.shape),
            rows=len(rows),
            columns=len(columns),
        )


def check_bars(panels: Sequence[Sized], names: Sequence[str]) -> None:
    """Raise `MetricError` unless there are panels, names, and in each panel as many values as names."""
    for values in panels:
        if len(values) != len(names) or not names:
            raise MetricError(
                _(
                    "{values} values and {names} names were given; at least one of each was expected, and as many."
                ),
                values=len(values),
                names=len(names),
            )
    if not panels:
        raise MetricError(_("No bars were given to draw; at least one set of them was expected."))
