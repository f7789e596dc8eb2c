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
    "first": lambda found: share_to(found.weights, first_special(found.keys)),
    "closing": lambda found: share_to(found.weights, closing_special(found.keys)),
    "punctuation": lambda found: share_to(found.weights, punctuation(found.keys)),
    "sink": lambda found: sink_share(found.weights),
    "itself": lambda found: self_share(found.weights),
    "before": lambda found: neighbour_share(found.weights, -1),
    "after": lambda found: neighbour_share(found.weights, 1),
    "distance": lambda found: mean_distance(found.weights),
    "entropy": lambda found: frozen(entropy(found.weights).mean(axis=-1)),
}


def measure_heads(found: AttentionMap, measure: Measure) -> Array:
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
    return _COMPUTE[measure](found)


def entropy(weights: Array) -> Array:
    """How spread each query's attention is: -sum over keys of a ln a, in nats.

    [layer, head, query, key] -> [layer, head, query]; 0 where all goes to one key, ln(keys) where it is even.
    Source: Clark et al. 2019, "What Does BERT Look At?", section 3.3. Raises `MetricError` on another shape.
    """
    check_weights(weights)
    logs = np.log(weights, out=np.zeros_like(weights), where=weights > 0)
    return frozen(-np.einsum("lhqk,lhqk->lhq", weights, logs))


_SIGNS = regex.compile(r"[\p{P}\p{S}]+")


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
    found = np.diagonal(weights, offset, axis1=2, axis2=3)
    return frozen(found.mean(axis=-1) if found.shape[-1] else np.zeros(weights.shape[:2]))


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
    at = np.arange(weights.shape[-1], dtype=np.float32)
    far = np.abs(at[:, None] - at[None, :])
    return frozen(np.einsum("lhqk,qk->lh", weights, far, optimize=True) / len(at))


def attention_to_key(weights: Array, key: int) -> Array:
    """How much each head looks at one key, the mean over queries: [layer, head, query, key] -> [layer, head].

    Raises `MetricError` on a key that is not there.
    """
    check_weights(weights)
    check_position(key, weights.shape[-1])
    return frozen(weights[..., key].mean(axis=-1))


def attention_from_query(weights: Array, query: int) -> Array:
    """What one query looks at, layer by layer: the mean over heads, [layer, head, query, key] -> [layer, key].

    Raises `MetricError` on a query that is not there.
    """
    check_weights(weights)
    check_position(query, weights.shape[2])
    return frozen(weights[:, :, query].mean(axis=1))


def first_special(encoding: Encoding) -> tuple[bool, ...]:
    """Marks the token that opens the text: [CLS] or <s>."""
    return tuple(special and at == 0 for at, special in enumerate(encoding.special))


def closing_special(encoding: Encoding) -> tuple[bool, ...]:
    """Marks the tokens that close a text: every [SEP] or </s>."""
    return tuple(special and at > 0 for at, special in enumerate(encoding.special))


def punctuation(encoding: Encoding) -> tuple[bool, ...]:
    """Marks the tokens that are nothing but punctuation or other signs."""
    return tuple(
        not special and bool(_SIGNS.fullmatch(token.removeprefix("▁").removeprefix("##")))
        for token, special in zip(encoding.token_strings, encoding.special, strict=True)
    )


def ranked_heads(values: Array, top: int) -> tuple[tuple[int, int], ...]:
    """The (layer, head) with the largest of `values`, [layer, head], largest first, equal ones in reading order."""
    order = np.argsort(-values.ravel(), kind="stable")[:top]
    return tuple((int(at) // values.shape[1], int(at) % values.shape[1]) for at in order)
