"""What a metric is given, checked before it computes; and what leaves it, frozen."""

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


_ROW_TOLERANCE = 1e-4


def check_causal(weights: Weights) -> None:
    """Raise `AttentionError` unless no query of [layer, head, query, key] has weight on a key after it."""
    later = np.triu(np.ones(weights.shape[2:], dtype=bool), 1)
    if np.any(weights[:, :, later]):
        raise AttentionError(
            _(
                "A decoder's token has weight on tokens that come after it; exactly 0 was expected. "
                "The model's files may be damaged."
            )
        )


def check_rows(weights: Weights) -> None:
    """Raise `AttentionError` unless all weights are finite and each query's row sums to 1."""
    # Summed by torch, which uses all cores: the check is a tenth of a long text's time otherwise.
    off: Weights = np.abs(torch.from_numpy(weights).sum(dim=-1).numpy() - 1)
    if not off.max(initial=0) <= _ROW_TOLERANCE:  # also true of NaN
        layer, head, query = np.unravel_index(int(off.argmax()), off.shape)
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
