"""Numbers that describe every head at once, [layer, head]: where it looks, how far, how spread; and what is received.

In a decoder a token sees itself and the tokens before it, so the first ones receive more whatever a head does. An even
spread over the keys that a query sees is the baseline for shares, ranks and spreads.

Source: Clark et al. 2019, "What Does BERT Look At?", section 3.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import regex

from viz.attention import AttentionMap, Quantity
from viz.attention.checks import Array, check_position, check_square, check_weights, frozen
from viz.attention.maps import Head
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


def ranked_heads(values: Array, top: int) -> tuple[Head, ...]:
    """The (layer, head) with the largest of `values`, [layer, head], largest first, equal ones in reading order."""
    order = np.argsort(-values.ravel(), kind="stable")[:top]
    return tuple((int(cell) // values.shape[1], int(cell) % values.shape[1]) for cell in order)


def received(weights: Array) -> Array:
    """How much attention each key receives: the mean over queries, so that the keys of a head sum to 1.

    [layer, head, query, key] -> [layer, head, key]. Raises `MetricError` on another shape.
    """
    check_weights(weights)
    return frozen(weights.mean(axis=2))


def mean_received(weights: Array, layer: int | None = None, head: int | None = None) -> Array:
    """Received attention for one head, one layer (`head` None) or the whole model (both None).

    [layer, head, query, key] -> [key], the mean over the heads in scope. Raises `MetricError` on a layer or head that
    the model does not have.
    """
    check_weights(weights)
    for name, number, count in (("layer", layer, weights.shape[0]), ("head", head, weights.shape[1])):
        if number is not None and not 0 <= number < count:
            raise MetricError(
                _("{name} {number} was asked for; the model has {count} (counted from 0)."),
                name=name,
                number=number,
                count=count,
            )
    chosen = weights[
        slice(None) if layer is None else slice(layer, layer + 1),
        slice(None) if head is None else slice(head, head + 1),
    ]
    return frozen(chosen.mean(axis=(0, 1, 2)))


@dataclass(frozen=True)
class Ranked:
    """A token by its position, and the share of attention that it receives (0 to 1)."""

    position: int
    share: float


def ranked(values: Array, hide: Sequence[bool] | None = None, top: int | None = None) -> tuple[Ranked, ...]:
    """Positions by value, largest first, equal ones in reading order; those marked in `hide` left out.

    [key] -> at most `top` entries. Raises `MetricError` when `hide` has another length.
    """
    if hide is not None and len(hide) != len(values):
        raise MetricError(
            _("{marks} marks were given for {values} tokens; one a token was expected."),
            marks=len(hide),
            values=len(values),
        )
    order = np.argsort(-values, kind="stable")
    positions = [int(position) for position in order if hide is None or not hide[position]]
    return tuple(Ranked(position, float(values[position])) for position in positions[:top])


def even_map(attention_map: AttentionMap) -> AttentionMap:
    """A map of one layer and one head, in which a query gives each key that it sees the same weight.

    A decoder's query sees the keys up to itself, any other query all keys. To compare by words or without special
    tokens, take the same view of it (`viz.attention.merging.view_map`).
    """
    visible = np.ones(attention_map.weights.shape[2:])
    if attention_map.kind == "decoder":
        visible = np.tril(visible)
    weights = frozen((visible / visible.sum(axis=-1, keepdims=True))[None, None])
    quantity: Quantity = "attention" if attention_map.quantity == "attention" else "share"
    return replace(attention_map, weights=weights, quantity=quantity)


def even_share(even: AttentionMap) -> Array:
    """The share of attention that each key receives where it is spread evenly, [key].

    Of `even_map` of a decoder's n tokens: (1 / n) sum over i >= j of 1 / (i + 1), positions from 0; else 1 / keys.
    """
    return mean_received(even.weights)


def breadth(weights: Array, even: AttentionMap) -> float:
    """How broad attention is: its mean entropy over that of an even spread, 0 to 1; 0 where a query sees only one key.

    `weights` are [layer, head, query, key]. The entropy of an even spread is ln of the number of keys.
    """
    check_weights(weights)
    most = float(entropy(even.weights).mean())
    return float(entropy(weights).mean()) / most if most > 0 else 0.0
