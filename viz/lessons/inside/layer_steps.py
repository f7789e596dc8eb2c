"""One layer of a real model, computed again step by step from its own q, k and v, and held against the model.

    inside(model, result, kind, layer) -> Inside      everything of one layer, [head, ...]
    asked(layer, head, query)          -> Asked       one token's question: products, scores, weights, values
    heads_parts(model, layer, query)   -> [head, hidden]   what each head adds to the layer's output

softmax(q k / sqrt(d)) v, concatenated and times W_O: Vaswani et al. 2017, sections 3.2.1 and 3.2.2. Nothing of it is
drawn on trust: where what is computed here is not what the model gave, the model is refused.

Axes: head, query, key, dim (the head's own width), hidden (the layer's).
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import softmax

from viz.attention import AttentionResult
from viz.attention.checks import Array, check_position, frozen
from viz.attention.recorder import record_layer
from viz.errors import ModelRefused
from viz.language import _
from viz.models.card import Kind, LoadedModel
from viz.models.families.projections import projections, scores_unknown
from viz.models.families.scores import Extra, score_parts

# Weights in a float of 32 bits agree to some 1e-7; a step that was missed shows in the first digits.
TOLERANCE = 1e-4


@dataclass(frozen=True, eq=False)
class Inside:
    """One layer on one text: q, k, v [head, token, dim], and how its scores are made of them.

    A score is `factor` q k + `added`, and minus infinity where `hidden`; these two are [head, query, key] or None.
    `before` are q and k before they were turned or normed, None where that is not done; `extras` names what the family
    does beyond softmax(q k / sqrt(d)). `joined` is all heads side by side, [query, head x dim], `output` what W_O and
    its `bias` made of it, [query, hidden]. `weights_off` and `output_off` are the largest differences between what
    was computed here and what the model gave, over all heads and queries of the layer.
    """

    kind: Kind
    layer: int
    queries: Array
    keys: Array
    values: Array
    before: tuple[Array, Array] | None
    factor: float
    added: Array | None
    hidden: NDArray[np.bool_] | None
    extras: tuple[Extra, ...]
    shared: int
    joined: Array
    output: Array
    bias: Array | None
    weights_off: float
    output_off: float

    @property
    def heads(self) -> int:
        """How many heads the layer has."""
        return int(self.queries.shape[0])

    @property
    def dim(self) -> int:
        """The width of one head's q and k, d_k."""
        return int(self.queries.shape[2])

    @property
    def nbytes(self) -> int:
        """How much memory the arrays hold, in bytes."""
        arrays = (self.queries, self.keys, self.values, self.joined, self.output, self.added, self.hidden)
        return sum(array.nbytes for array in (*arrays, *(self.before or ())) if array is not None)


@dataclass(frozen=True, eq=False)
class Asked:
    """What one query of one head goes through: arrays over [key] or [key, dim], `query` and `out` over [dim].

    `products` are q times k dimension by dimension, `raw` their sums, `scaled` these by the factor, `scores` with what
    is added and minus infinity where hidden, `weights` their softmax. `weighted` are the values each by its weight, and
    `out` their sum: the head's output.
    """

    query: Array
    keys: Array
    products: Array
    raw: Array
    scaled: Array
    added: Array
    scores: Array
    weights: Array
    values: Array
    weighted: Array
    out: Array


def inside(model: LoadedModel, result: AttentionResult, kind: Kind, layer: int) -> Inside:
    """Layer `layer` (from 0) of the map of that kind, from one forward pass over the result's tokens.

    Raises `ModelRefused` for a model whose scores are not known, or do not come out as the model's own; `MapNotFound`
    for a kind that the result does not have, and `VizError` where the model fails.
    """
    record = record_layer(model, result, kind, layer)
    try:
        parts = score_parts(record)
    except (KeyError, TypeError, AttributeError, RuntimeError) as exc:
        raise scores_unknown(model) from exc
    scores = parts.queries.double() @ parts.keys.double().transpose(1, 2) * parts.factor
    if parts.added is not None:
        scores = scores + parts.added.double()
    if parts.hidden is not None:
        scores = scores.masked_fill(parts.hidden, -torch.inf)
    weights = torch.softmax(scores, dim=-1)
    theirs = torch.from_numpy(result.map(kind).weights[layer].copy()).double()
    if weights.shape != theirs.shape:
        raise scores_unknown(model)
    # In doubles: what is left should be the model's own rounding, and not this file's.
    place, joined = record.projection, weights @ record.values.double()
    rebuilt = torch.einsum("hqd,hdo->qo", joined, place.weight.detach().cpu().double())
    if place.bias is not None:
        rebuilt = rebuilt + place.bias.detach().cpu().double()
    weights_off = float((weights - theirs).abs().max())
    output_off = float((rebuilt - record.output.double()).abs().max())
    largest = max(1.0, float(record.output.abs().max()))
    if not (weights_off <= TOLERANCE and output_off <= TOLERANCE * largest):  # also true of NaN
        raise ModelRefused(
            _(
                "What was computed here is not what {model} gave: the weights differ by up to {weights}, the layer's "
                "output by up to {output}. Nothing is drawn rather than something wrong; please choose another model."
            ),
            model=model.card.title,
            weights=f"{weights_off:.2g}",
            output=f"{output_off:.2g}",
        )
    return Inside(
        kind=kind,
        layer=layer,
        queries=_array(parts.queries),
        keys=_array(parts.keys),
        values=_array(record.values),
        before=parts.before and (_array(parts.before[0]), _array(parts.before[1])),
        factor=parts.factor,
        added=None if parts.added is None else _array(parts.added),
        hidden=None if parts.hidden is None else parts.hidden.numpy().copy(),
        extras=parts.extras,
        shared=record.shared,
        joined=_array(record.joined),
        output=_array(record.output),
        bias=None if place.bias is None else _array(place.bias.detach()),
        weights_off=weights_off,
        output_off=output_off,
    )


def asked(layer: Inside, head: int, query: int) -> Asked:
    """One head and one query, from 0. Raises `MetricError` for a token that there is not."""
    check_position(query, layer.queries.shape[1])
    check_position(head, layer.heads)
    q, k, v = (
        array.astype(np.float64)
        for array in (layer.queries[head, query], layer.keys[head], layer.values[head])
    )
    products = q * k
    raw = products.sum(axis=-1)
    scaled = raw * layer.factor
    added = np.zeros_like(raw) if layer.added is None else layer.added[head, query].astype(np.float64)
    scores = scaled + added
    if layer.hidden is not None:
        scores[layer.hidden[head, query]] = -np.inf
    weights = softmax(scores)
    weighted = weights[:, None] * v
    arrays = (q, k, products, raw, scaled, added, scores, weights, v, weighted, weighted.sum(axis=0))
    return Asked(*(frozen(array) for array in arrays))


def heads_parts(model: LoadedModel, layer: Inside, query: int) -> Array:
    """What each head adds to the layer's output for one query: its output times its slice of W_O, [head, hidden].

    Their sum, and the bias of W_O, is `layer.output[query]`.
    """
    check_position(query, layer.output.shape[0])
    place = projections(model, layer.kind)[layer.layer]
    outputs = torch.tensor(layer.joined[query]).view(place.heads, 1, -1).double()
    return frozen((outputs @ place.weight.detach().cpu().double())[:, 0].numpy())


def telling(weights: Array, special: tuple[bool, ...], keys_special: tuple[bool, ...]) -> int:
    """The query to begin with, from one head's weights [query, key]: the one that looks hardest at another word.

    Special tokens and a token itself do not count, as far as there are others.
    """
    seen = weights.astype(np.float64).copy()
    seen[:, list(keys_special)] = -1
    if seen.shape[0] == seen.shape[1]:
        np.fill_diagonal(seen, -1)
    if not all(special):
        seen[list(special)] = -2
    return int(seen.max(axis=1).argmax())


def _array(tensor: torch.Tensor) -> Array:
    return frozen(tensor.detach().float().cpu().numpy())
