"""Which tokens receive attention, and how much; beside it what an even spread would give.

In a decoder a token sees itself and the tokens before it, so the first ones receive more whatever a head does. An even
spread over the keys that a query sees is the baseline for shares, ranks and spreads.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from viz.attention import AttentionMap, Quantity
from viz.attention.checks import Array, check_weights, frozen
from viz.errors import MetricError
from viz.language import _
from viz.metrics.measures import entropy


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
