"""Not only the weight: how long the vectors are that attention weighs, and brings to a query.

A head adds alpha f(x) to a query for each key x, with f(x) = (x W_V + b_V) W_O. Where f(x) is short, as it often is
for separators, a large weight alpha brings little. Source: Kobayashi et al. 2020, "Attention is Not Only a Weight".
The value bias is part of f(x) as in the paper; the output bias, which belongs to no key, is not. Lengths are Euclidean
norms in the units of the layer's own hidden states, so those of different layers are not on one scale.
"""

from dataclasses import replace

import numpy as np
import torch

from viz.attention.checks import Array, frozen
from viz.attention.maps import AttentionMap, AttentionResult
from viz.attention.recorder import run_again
from viz.errors import MetricError
from viz.language import _
from viz.models.card import Kind, LoadedModel
from viz.models.families.projections import LayerProjections, projections

_KEYS_AT_ONCE = 64


def as_norms(model: LoadedModel, result: AttentionResult) -> AttentionResult:
    """The result with ||alpha f(x)|| in place of alpha in each of its maps, as `weighted_norms` has it.

    Its maps say so: their `quantity` is "norm". Raises as `weighted_norms` does.
    """
    maps = tuple(
        replace(found, weights=weighted_norms(model, result, found.kind), quantity="norm")
        for found in result.maps
    )
    return replace(result, maps=maps)


def weighted_norms(model: LoadedModel, result: AttentionResult, kind: Kind | None = None) -> Array:
    """||alpha f(x)||: how much each key brings to each query in each head, [layer, head, query, key].

    Of the map of that kind, or of the result's first. Runs the model once over the result's tokens.
    Raises `ModelRefused` where the value projections are not known, `MapNotFound`, and `MetricError` where the result
    is not that model's, or none of attention weights.
    """
    found = _map_of(result, kind)
    return frozen(found.weights * _norms(model, result, found)[:, :, None, :])


def value_norms(model: LoadedModel, result: AttentionResult, kind: Kind | None = None) -> Array:
    """||f(x)||: how long the vector is that each head would bring from each key at weight 1, [layer, head, key].

    Raises as `weighted_norms` does.
    """
    return frozen(_norms(model, result, _map_of(result, kind)))


def layer_norms(model: LoadedModel, result: AttentionResult, kind: Kind | None = None) -> Array:
    """||sum over heads of alpha f(x)||: how much each key brings to each query in a layer, [layer, query, key].

    At most the sum of `weighted_norms` over heads, and less where heads bring different things. Raises as that does.
    """
    found = _map_of(result, kind)
    lengths = np.zeros((found.layers, *found.weights.shape[2:]))
    for layer, (place, values) in enumerate(_values(model, result, found)):
        alpha = torch.tensor(found.weights[layer], dtype=torch.float64).permute(2, 1, 0)  # [key, query, head]
        squares = (alpha @ _products(place, values) * alpha).sum(dim=-1)
        lengths[layer] = squares.clamp(min=0).sqrt().T.numpy()
    return frozen(lengths)


def _map_of(result: AttentionResult, kind: Kind | None) -> AttentionMap:
    found = result.map(kind) if kind else result.maps[0]
    if found.quantity != "attention":
        raise MetricError(_("These are lengths already. Please give the attention that they were made of."))
    return found


def _norms(model: LoadedModel, result: AttentionResult, found: AttentionMap) -> Array:
    return frozen(
        np.stack([_lengths(place, values).numpy() for place, values in _values(model, result, found)])
    )


def _values(
    model: LoadedModel, result: AttentionResult, found: AttentionMap
) -> list[tuple[LayerProjections, torch.Tensor]]:
    """Layer by layer the projections, and the values that go into the output projection: [head, key, dim]."""
    layers = projections(model, found.kind)
    if found.weights.shape[:2] != (len(layers), layers[0].heads):
        raise MetricError(
            _(
                "The attention has {layers} layers of {heads} heads, which are not those of {model}. "
                "Please compute it with the same model."
            ),
            layers=found.layers,
            heads=found.heads,
            model=model.card.title,
        )
    projected = _captured(model, result, found, layers)
    with torch.inference_mode():
        # In doubles: the length of a sum of many heads is what is left after most of it cancels.
        return [
            (layer, layer.values(each)[0].cpu().double())
            for layer, each in zip(layers, projected, strict=True)
        ]


def _lengths(layer: LayerProjections, values: torch.Tensor) -> torch.Tensor:
    """||f(x)|| [head, key] of values v [head, key, dim], as the root of v W W^T v^T: W W^T is small, f is not."""
    weight = layer.weight.cpu().double()
    inner = weight @ weight.transpose(1, 2)
    return ((values @ inner) * values).sum(dim=-1).clamp(min=0).sqrt()


def _products(layer: LayerProjections, values: torch.Tensor) -> torch.Tensor:
    """The inner products of two heads' f of one key, [key, head, head], from values [head, key, dim].

    Some keys at a time: f of all heads and keys of a large model is gigabytes.
    """
    weight = layer.weight.cpu().double()
    products = []
    for some in values.split(_KEYS_AT_ONCE, dim=1):
        f = torch.einsum("hkd,hdo->hko", some, weight)
        products.append(torch.einsum("hko,gko->khg", f, f))
    return torch.cat(products)


def _captured(
    model: LoadedModel, result: AttentionResult, found: AttentionMap, layers: tuple[LayerProjections, ...]
) -> list[torch.Tensor]:
    """What the value modules gave in one forward pass, layer by layer: [1, key, its width]."""
    taken: list[torch.Tensor] = []

    def take(_module: object, _inputs: object, _named: object, output: torch.Tensor) -> None:
        taken.append(output)

    # A module that several layers share is heard once, and called once for each of them.
    modules = dict.fromkeys(layer.value for layer in layers)
    run_again(model, result, found.kind, [(module, take) for module in modules])
    if [each.shape[1] for each in taken] != [len(found.keys)] * len(layers):
        raise MetricError(
            _("{model} did not compute one value for each layer and token, as was expected of it."),
            model=model.card.title,
        )
    return taken
