"""Attention spread evenly over the keys that a query sees: the baseline for shares, ranks and spreads.

In a decoder a token sees itself and the tokens before it, so the first ones receive more whatever a head does.
"""

from dataclasses import replace

import numpy as np

from viz.attention import AttentionMap, Quantity
from viz.attention.checks import Array, check_weights, frozen
from viz.metrics.measures import entropy
from viz.metrics.received_attention import mean_received


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
