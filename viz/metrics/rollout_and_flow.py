"""What reaches a token through all layers: attention rollout and attention flow, beside the raw weights.

Source: Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers". In both, a layer passes on half of what it
was given, by its residual connection, and half of what its attention brings: 0.5 A + 0.5 I, rows scaled to sum to 1.

Neither knows the values that are carried, the feed-forward layers or the normalisation. Many flows are limited by what
the first layer lets out of an input token, and so are the same for every target; in a long text most are.
"""

import threading
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.attention import AttentionMap
from viz.attention.checks import Array, check_position, check_square, frozen
from viz.attention.maps import Head
from viz.errors import Cancelled, MetricError
from viz.language import _
from viz.metrics.measures import even_map

# On one core all targets of 6 layers took 0.4 s at 32 tokens, 3 s at 64, 17 s at 96 and 41 s at 127, so one target
# of 127 takes 0.3 s. Twice the tokens take more than ten times as long.
MAX_FLOW_TOKENS = 128

# Capacities are whole numbers for SciPy: 1 is 2^30 units, so each is off by at most 2^-31. A flow is the smallest cut,
# and a cut has at most a quarter of a layer's edges in each layer: 128 tokens, 24 layers give less than 5e-5.
_UNITS = 2**30


def rollout(weights: Array, heads: Collection[Head] | None = None) -> Array:
    """Attention rollout: how much of each input token is in each token after each layer.

    [layer, head, query, key] -> [layer, query, key]; `[i]` is the product of the first i + 1 layers, rows sum to 1.
    A layer is the mean of its heads, or of those among `heads`, (layer, head) from 0; a layer with none of these
    passes on its residual connection alone. Raises `MetricError` where queries and keys are not the same tokens, for
    a head that is not there, and for weights that are negative or not finite.
    """
    mixed = _mixed(weights, heads)
    rolled = np.empty_like(mixed)
    rolled[0] = mixed[0]
    for layer in range(1, len(mixed)):
        rolled[layer] = mixed[layer] @ rolled[layer - 1]
    return frozen(rolled)


def mask_rollout(attention_map: AttentionMap, heads: Collection[Head] | None = None) -> Array:
    """The rollout of attention that is spread evenly over the keys that each query sees, [layer, query, key].

    Behind a causal mask this already brings most from the first tokens: what a decoder's rollout is compared with.
    `heads` and errors as in `rollout`.
    """
    return rollout(np.broadcast_to(even_map(attention_map).weights, attention_map.weights.shape), heads)


def attention_flow(
    weights: Array,
    targets: Sequence[int] | None = None,
    heads: Collection[Head] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: threading.Event | None = None,
) -> Array:
    """Attention flow: the maximum flow from each token of the last layer to each input token.

    [layer, head, query, key] -> [query, key], 0 to 1; a row for each of `targets` (positions from 0), all without.
    The graph has a node for each token before the first layer and after each one; the edge from a query to a key has
    the capacity 0.5 A + 0.5 I of that layer, `heads` as in `rollout`. Rows do not sum to 1: each flow is a problem of
    its own. Exact but for the rounding of capacities to units of 2^-30, less than 1e-4 (Dinic 1970, by SciPy).

    `progress` is told (targets done, targets in all). Raises `MetricError` above `MAX_FLOW_TOKENS` tokens and as
    `rollout` does, `Cancelled` once `cancelled` is set.
    """
    from scipy.sparse.csgraph import maximum_flow

    check_square(weights)
    tokens = weights.shape[-1]
    if tokens > MAX_FLOW_TOKENS:
        raise MetricError(
            _(
                "The text has {tokens} tokens; attention flow is computed for at most {limit}, since twice the tokens "
                "take ten times as long. Please choose a shorter text, or look at the rollout."
            ),
            tokens=tokens,
            limit=MAX_FLOW_TOKENS,
        )
    wanted = range(tokens) if targets is None else targets
    for target in wanted:
        check_position(target, tokens)
    mixed = _mixed(weights, heads)
    last = weights.shape[0] * tokens
    flows = np.zeros((len(wanted), tokens))
    for row, target in enumerate(wanted):
        graph = _graph(mixed, target)
        for key in range(tokens):
            if cancelled is not None and cancelled.is_set():
                raise Cancelled(_("The computation of the flow was stopped."))
            flows[row, key] = maximum_flow(graph, last + target, key, method="dinic").flow_value / _UNITS
        if progress is not None:
            progress(row + 1, len(wanted))
    return frozen(flows)


def _mixed(weights: Array, heads: Collection[Head] | None) -> NDArray[np.float64]:
    """What each layer passes on, [layer, query, key]: half its attention, half its input, rows summing to 1."""
    check_square(weights)
    if not np.all(np.isfinite(weights)) or weights.min() < 0:
        raise MetricError(
            _("Some weights are negative or not finite; shares of attention from 0 to 1 were expected.")
        )
    mixed = _attention(weights, heads) * 0.5 + np.eye(weights.shape[-1]) * 0.5
    mixed /= mixed.sum(axis=-1, keepdims=True)
    return mixed


def _attention(weights: Array, heads: Collection[Head] | None) -> NDArray[np.float64]:
    if heads is None:
        return np.asarray(weights.mean(axis=1, dtype=np.float64))
    layers, count = weights.shape[:2]
    chosen = np.zeros((layers, count))
    for layer, head in heads:
        if not (0 <= layer < layers and 0 <= head < count):
            raise MetricError(
                _("Layer {layer}, head {head} was asked for; there are {layers} layers of {heads} heads."),
                layer=layer + 1,
                head=head + 1,
                layers=layers,
                heads=count,
            )
        chosen[layer, head] = 1
    head_counts = np.maximum(chosen.sum(axis=1, keepdims=True), 1)
    means: NDArray[np.float64] = np.einsum("lh,lhqk->lqk", chosen / head_counts, weights)
    return means


def _graph(mixed: NDArray[np.float64], target: int) -> Any:
    """Edges from queries to keys with their capacities; node `layer * tokens + token`, layer 0 the input.

    Of the last layer the target's edges alone: nothing flows out of the others.
    """
    from scipy.sparse import csr_array

    layers, tokens, _keys = mixed.shape
    capacities = np.rint(mixed * _UNITS).astype(np.int32)
    capacities[-1, np.arange(tokens) != target] = 0
    layer, query, key = np.nonzero(capacities)
    nodes = (layers + 1) * tokens
    edges = ((layer + 1) * tokens + query, layer * tokens + key)
    return csr_array((capacities[layer, query, key], edges), shape=(nodes, nodes))
