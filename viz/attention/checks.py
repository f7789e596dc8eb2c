"""Checks of weights and positions before a metric computes, and results that nobody can change afterwards."""

import numpy as np
import torch
from numpy.typing import NDArray

from viz.attention.maps import Weights
from viz.errors import AttentionError, MetricError
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
    """Raise `MetricError` unless [layer, head, query, key] has as many queries as keys, as in self-attention."""
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
    """Raise `MetricError` unless `position`, from 0, is that of one of `count` tokens."""
    if not 0 <= position < count:
        raise MetricError(
            _("Token {position} was asked for; there are tokens 1 to {count}. Please choose one of these."),
            position=position + 1,
            count=count,
        )


def frozen(values: NDArray[np.floating]) -> Array:
    """A read-only float32 copy of `values`, of the same shape."""
    copy = np.array(values, dtype=np.float32)
    copy.setflags(write=False)
    return copy


_ROW_TOLERANCE = 1e-4


def check_causal(weights: Weights) -> None:
    """Raise `AttentionError` where a query of [layer, head, query, key] has weight on a key after it."""
    later = np.triu(np.ones(weights.shape[2:], dtype=bool), 1)
    if np.any(weights[:, :, later]):
        raise AttentionError(
            _(
                "A decoder's token has weight on tokens that come after it; exactly 0 was expected. "
                "The model's files may be damaged."
            )
        )


def check_rows(weights: Weights) -> None:
    """Raise `AttentionError` unless all of [layer, head, query, key] are finite and each query's row sums to 1."""
    # Summed by torch, which uses all cores: the check is a tenth of a long text's time otherwise.
    errors: Weights = np.abs(torch.from_numpy(weights).sum(dim=-1).numpy() - 1)
    if not errors.max(initial=0) <= _ROW_TOLERANCE:  # also true of NaN
        layer, head, query = np.unravel_index(int(errors.argmax()), errors.shape)
        raise AttentionError(
            _(
                "Layer {layer}, head {head}, query {query}: the weights sum to {total}; 1 was expected. "
                "The model's files may be damaged."
            ),
            layer=int(layer) + 1,
            head=int(head) + 1,
            query=int(query) + 1,
            total=float(weights[layer, head, query].sum()),
        )
