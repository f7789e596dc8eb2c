"""The lengths of the vectors that attention weighs and adds to a query.

For each key x a head adds alpha f(x) to a query, with f(x) = (x W_V + b_V) W_O. Where f(x) is short, as it often is
for separators, a large weight alpha adds little. Source: Kobayashi et al. 2020, "Attention is Not Only a Weight". The
value bias is part of f(x), as in the paper; the output bias is not, since it belongs to no key. Lengths are Euclidean
norms in the units of the layer's own hidden states, so those of different layers have no common scale.
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
    """The same result with ||alpha f(x)|| in place of alpha in each map, whose `quantity` is then "norm".

    Raises as `weighted_norms` does.
    """
    maps = tuple(
        replace(attention_map, weights=weighted_norms(model, result, attention_map.kind), quantity="norm")
        for attention_map in result.maps
    )
    return replace(result, maps=maps)


def weighted_norms(model: LoadedModel, result: AttentionResult, kind: Kind | None = None) -> Array:
    """||alpha f(x)||: how much each key adds to each query in each head, [layer, head, query, key].

    For the map of this `kind`, without one for the result's first map. Runs the model once over the result's tokens;
    the unit is that of the layer's hidden states. Source: Kobayashi et al. 2020. Raises `ModelRefused` where the value
    projections are not known, `MapNotFound` for a kind that is not there, and `MetricError` where the result is of
    another model or holds no attention weights.
    """
    attention_map = _map_of(result, kind)
    return frozen(attention_map.weights * value_norms(model, result, attention_map.kind)[:, :, None, :])


def value_norms(model: LoadedModel, result: AttentionResult, kind: Kind | None = None) -> Array:
    """||f(x)||: the length of the vector that each head would add from each key at weight 1, [layer, head, key].

    Raises as `weighted_norms` does.
    """
    layers = _values(model, result, _map_of(result, kind))
    return frozen(np.stack([_lengths(layer, values).numpy() for layer, values in layers]))


def layer_norms(model: LoadedModel, result: AttentionResult, kind: Kind | None = None) -> Array:
    """||sum over heads of alpha f(x)||: how much each key adds to each query in a layer, [layer, query, key].

    At most the sum of `weighted_norms` over heads, and less where heads add vectors of different directions. Raises
    as `weighted_norms` does.
    """
    attention_map = _map_of(result, kind)
    lengths = np.zeros((attention_map.layers, *attention_map.weights.shape[2:]))
    for layer, (layer_projections, values) in enumerate(_values(model, result, attention_map)):
        weights = torch.tensor(attention_map.weights[layer], dtype=torch.float64)
        alpha = weights.permute(2, 1, 0)  # [key, query, head]
        squares = (alpha @ _products(layer_projections, values) * alpha).sum(dim=-1)
        lengths[layer] = squares.clamp(min=0).sqrt().T.numpy()
    return frozen(lengths)


def _map_of(result: AttentionResult, kind: Kind | None) -> AttentionMap:
    attention_map = result.map(kind) if kind else result.maps[0]
    if attention_map.quantity != "attention":
        raise MetricError(_("These are lengths already. Please give the attention that they were made of."))
    return attention_map


def _values(
    model: LoadedModel, result: AttentionResult, attention_map: AttentionMap
) -> list[tuple[LayerProjections, torch.Tensor]]:
    """For each layer its projections, and the values that go into the output projection, [head, key, dim]."""
    layers = projections(model, attention_map.kind)
    if attention_map.weights.shape[:2] != (len(layers), layers[0].heads):
        raise MetricError(
            _(
                "The attention has {layers} layers of {heads} heads, which are not those of {model}. "
                "Please compute it with the same model."
            ),
            layers=attention_map.layers,
            heads=attention_map.heads,
            model=model.card.title,
        )
    projected = _captured(model, result, attention_map, layers)
    with torch.inference_mode():
        # In doubles: the length of a sum of many heads is what is left after most of it cancels.
        return [
            (layer, layer.values(output)[0].cpu().double())
            for layer, output in zip(layers, projected, strict=True)
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
    for part in values.split(_KEYS_AT_ONCE, dim=1):
        brought = torch.einsum("hkd,hdo->hko", part, weight)
        products.append(torch.einsum("hko,gko->khg", brought, brought))
    return torch.cat(products)


def _captured(
    model: LoadedModel,
    result: AttentionResult,
    attention_map: AttentionMap,
    layers: tuple[LayerProjections, ...],
) -> list[torch.Tensor]:
    """The outputs of the value modules in one forward pass, layer by layer: [1, key, width]."""
    outputs: list[torch.Tensor] = []

    def take(_module: object, _inputs: object, _named: object, output: torch.Tensor) -> None:
        outputs.append(output)

    # A module that several layers share has one hook, and is called once for each of them.
    modules = dict.fromkeys(layer.value for layer in layers)
    run_again(model, result, attention_map.kind, [(module, take) for module in modules])
    if [output.shape[1] for output in outputs] != [len(attention_map.keys)] * len(layers):
        raise MetricError(
            _("{model} did not compute one value for each layer and token, as was expected of it."),
            model=model.card.title,
        )
    return outputs
