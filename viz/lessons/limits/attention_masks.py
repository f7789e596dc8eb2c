"""Masks: keys that no query may look at. Padding, seen in the model itself; and later tokens, with minus infinity.

Axes: layer, head, query, key.
"""

from dataclasses import dataclass

import numpy as np
import torch

from viz.attention.checks import Array, frozen
from viz.errors import InputError
from viz.inputs.encoding import Encoding
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.forward import feed, forward, padding_id, readable_errors


@dataclass(frozen=True, eq=False)
class Padded:
    """The same tokens read alone and with padding behind them: weights [layer, head, query, key], read-only.

    `tokens` of the queries and keys are the text's own, the rest is padding. `on_padding` is the largest weight that
    any of the text's tokens has on a padding token, `difference` the largest by which any weight within the text
    differs between the two.
    """

    tokens: int
    alone: Array
    padded: Array
    on_padding: float
    difference: float


def with_padding(model: LoadedModel, encoding: Encoding, extra: int) -> Padded:
    """Run the model on `encoding` alone, and once more with `extra` padding tokens at its end, masked.

    Raises `InputError` where there is no room for them, or none are asked for.
    """
    count = len(encoding)
    if not 1 <= extra <= model.card.max_tokens - count:
        raise InputError(
            _("{extra} padding tokens were asked for; this text leaves room for 1 to {room}."),
            extra=extra,
            room=model.card.max_tokens - count,
        )
    alone = _weights(model, encoding, 0)
    padded = _weights(model, encoding, extra)
    within = padded[:, :, :count, :count]
    return Padded(
        count, alone, padded, float(padded[:, :, :count, count:].max()), float(np.abs(within - alone).max())
    )


def _weights(model: LoadedModel, encoding: Encoding, extra: int) -> Array:
    """The weights of the part that reads texts, [layer, head, query, key]."""
    ids = [*encoding.ids, *[padding_id(model)] * extra]
    segments = [*encoding.segments, *[0] * extra]
    fed = dict(feed(model, [ids], [segments]))
    mask = fed["attention_mask"].clone()
    mask[0, len(encoding) :] = 0
    fed["attention_mask"] = mask
    with readable_errors(model, len(ids)), model.lock, torch.inference_mode():
        layers = forward(model, fed, output_attentions=True).attentions
    return frozen(torch.cat(list(layers)).float().cpu().numpy())


def causal(queries: int) -> Array:
    """The mask of a decoder, [query, key]: 0 where a query may look, minus infinity at every later key."""
    return frozen(np.triu(np.full((queries, queries), -np.inf), 1))


def scores_of(weights: Array) -> Array:
    """Scores that give these weights, [query, key]: their logarithms, which are the scores up to one number a row.

    That number changes no softmax. A weight of 0 has the score minus infinity.
    """
    with np.errstate(divide="ignore"):
        logarithms = np.log(weights.astype(np.float32))
    return frozen(logarithms - logarithms.max(axis=-1, keepdims=True))
