"""What a metric is given, checked before it computes; and what leaves it, frozen."""

import numpy as np
from numpy.typing import NDArray

from viz.errors import MetricError
from viz.language import _

Array = NDArray[np.float32]


def check_weights(weights: NDArray[np.floating]) -> None:
    """Raise `MetricError` unless `weights` has the axes [layer, head, query, key], with something on each."""
    if weights.ndim != 4:
        raise MetricError(
            _("An array of {axes} axes was given; [layer, head, query, key] was expected."), axes=weights.ndim
        )
    if 0 in weights.shape:
        raise MetricError(
            _("The weights have the shape {shape}; at least one layer, head, query and key was expected."),
            shape=str(weights.shape),
        )


def check_square(weights: NDArray[np.floating]) -> None:
    """Raise `MetricError` unless the queries are the keys, as in self-attention."""
    check_weights(weights)
    queries, keys = weights.shape[2:]
    if queries != keys:
        raise MetricError(
            _(
                "There are {queries} queries and {keys} keys; this is measured only where both are the same tokens."
            ),
            queries=queries,
            keys=keys,
        )


def check_position(position: int, count: int) -> None:
    """Raise `MetricError` unless there is a token at this position, from 0."""
    if not 0 <= position < count:
        raise MetricError(
            _("Token {position} was asked for; there are tokens 1 to {count}. Please choose one of these."),
            position=position + 1,
            count=count,
        )


def frozen(values: NDArray[np.floating]) -> Array:
    """`values` as float32, read-only."""
    found = np.array(values, dtype=np.float32)
    found.setflags(write=False)
    return found
