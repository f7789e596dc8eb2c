"""Numbers that describe every head at once, [layer, head]: where it looks, how far, and how spread.

Source: Clark et al. 2019, "What Does BERT Look At?", section 3.
"""

from collections.abc import Callable, Sequence
from typing import Literal, get_args

import numpy as np
import regex

from viz.attention import AttentionMap
from viz.attention.checks import Array, check_position, check_square, check_weights, frozen
from viz.errors import MetricError
from viz.inputs.encoding import Encoding
from viz.language import _

Measure = Literal[
    "first", "closing", "punctuation", "sink", "itself", "before", "after", "distance", "entropy"
]

_COMPUTE: dict[str, Callable[[AttentionMap], Array]] = {
    "first": lambda attention_map: share_to(attention_map.weights, first_special(attention_map.keys)),
    "closing": lambda attention_map: share_to(attention_map.weights, closing_special(attention_map.keys)),
    "punctuation": lambda attention_map: share_to(attention_map.weights, punctuation(attention_map.keys)),
    "sink": lambda attention_map: sink_share(attention_map.weights),
    "itself": lambda attention_map: self_share(attention_map.weights),
    "before": lambda attention_map: neighbour_share(attention_map.weights, -1),
    "after": lambda attention_map: neighbour_share(attention_map.weights, 1),
    "distance": lambda attention_map: mean_distance(attention_map.weights),
    "entropy": lambda attention_map: frozen(entropy(attention_map.weights).mean(axis=-1)),
}


def measure_heads(attention_map: AttentionMap, measure: Measure) -> Array:
    """One number a head, [layer, head]: shares from 0 to 1, `distance` in tokens, `entropy` in nats.

    `first` is the share to [CLS] or <s>, `closing` to every [SEP] or </s>, `sink` that of the later tokens to the first
    one, whatever it is, `before` and `after` to the neighbours.
    Raises `MetricError` on an unknown measure.
    """
    if measure not in _COMPUTE:
        raise MetricError(
            _("There is no measure {measure}. Please choose one of: {measures}."),
            measure=measure,
            measures=", ".join(get_args(Measure)),
        )
    return _COMPUTE[measure](attention_map)


def entropy(weights: Array) -> Array:
    """How spread each query's attention is: -sum over keys of a ln a, in nats.

    [layer, head, query, key] -> [layer, head, query]; 0 where all goes to one key, ln(keys) where it is even.
    Source: Clark et al. 2019, "What Does BERT Look At?", section 3.3. Raises `MetricError` on another shape.
    """
    check_weights(weights)
    logs = np.log(weights, out=np.zeros_like(weights), where=weights > 0)
    return frozen(-np.einsum("lhqk,lhqk->lhq", weights, logs))


SIGNS = regex.compile(r"[\p{P}\p{S}]+")


def share_to(weights: Array, chosen: Sequence[bool]) -> Array:
    """The share of a head's attention that goes to the chosen keys together, the mean over queries.

    [layer, head, query, key], one mark a key -> [layer, head], 0 to 1. Raises `MetricError` on another shape or
    another number of marks.
    """
    check_weights(weights)
    if len(chosen) != weights.shape[-1]:
        raise MetricError(
            _("{marks} marks were given for {values} tokens; one a token was expected."),
            marks=len(chosen),
            values=weights.shape[-1],
        )
    return frozen(weights[..., np.asarray(chosen, dtype=bool)].sum(axis=-1).mean(axis=-1))


def self_share(weights: Array) -> Array:
    """How much a token looks at itself, the mean over tokens: [layer, head, query, key] -> [layer, head].

    Raises `MetricError` where queries and keys are not the same tokens.
    """
    return neighbour_share(weights, 0)


def neighbour_share(weights: Array, offset: int) -> Array:
    """How much a token looks at the one `offset` places after it (-1: the one before), where there is one.

    [layer, head, query, key] -> [layer, head], the mean over the queries that have such a neighbour; 0 where none
    has. Raises `MetricError` where queries and keys are not the same tokens.
    """
    check_square(weights)
    diagonal = np.diagonal(weights, offset, axis1=2, axis2=3)
    return frozen(diagonal.mean(axis=-1) if diagonal.shape[-1] else np.zeros(weights.shape[:2]))


def sink_share(weights: Array) -> Array:
    """How much the later tokens look at the first one, whatever it is: [layer, head, query, key] -> [layer, head].

    The mean over the queries but the first; 0 where there are none. Source: Xiao et al. 2023, "Efficient Streaming
    Language Models with Attention Sinks". Raises `MetricError` on another shape.
    """
    check_weights(weights)
    later = weights[:, :, 1:, 0]
    return frozen(later.mean(axis=-1) if later.shape[-1] else np.zeros(weights.shape[:2]))


def mean_distance(weights: Array) -> Array:
    """How far a head looks: the mean over queries of the sum over keys of a |query - key|, in tokens.

    [layer, head, query, key] -> [layer, head]. Raises `MetricError` where queries and keys are not the same tokens.
    """
    check_square(weights)
    positions = np.arange(weights.shape[-1], dtype=np.float32)
    distances = np.abs(positions[:, None] - positions[None, :])
    return frozen(np.einsum("lhqk,qk->lh", weights, distances, optimize=True) / len(positions))


def attention_to_key(weights: Array, key: int) -> Array:
    """How much each head looks at one key, the mean over queries: [layer, head, query, key] -> [layer, head].

    `key` counts from 0. Raises `MetricError` on a key outside the text.
    """
    check_weights(weights)
    check_position(key, weights.shape[-1])
    return frozen(weights[..., key].mean(axis=-1))


def attention_from_query(weights: Array, query: int) -> Array:
    """What one query looks at in each layer, the mean over heads: [layer, head, query, key] -> [layer, key].

    `query` counts from 0. Raises `MetricError` on a query outside the text.
    """
    check_weights(weights)
    check_position(query, weights.shape[2])
    return frozen(weights[:, :, query].mean(axis=1))


def first_special(encoding: Encoding) -> tuple[bool, ...]:
    """One mark for each token, True for the special token that opens the text: [CLS] or <s>."""
    return tuple(special and position == 0 for position, special in enumerate(encoding.special))


def closing_special(encoding: Encoding) -> tuple[bool, ...]:
    """One mark for each token, True for the special tokens that close a text: every [SEP] or </s>."""
    return tuple(special and position > 0 for position, special in enumerate(encoding.special))


def punctuation(encoding: Encoding) -> tuple[bool, ...]:
    """One mark for each token, True where it is nothing but punctuation or other signs."""
    return tuple(
        not special and bool(SIGNS.fullmatch(token.removeprefix("▁").removeprefix("##")))
        for token, special in zip(encoding.token_strings, encoding.special, strict=True)
    )


def ranked_heads(values: Array, top: int) -> tuple[tuple[int, int], ...]:
    """The (layer, head) with the largest of `values`, [layer, head], largest first, equal ones in reading order."""
    order = np.argsort(-values.ravel(), kind="stable")[:top]
    return tuple((int(cell) // values.shape[1], int(cell) % values.shape[1]) for cell in order)
