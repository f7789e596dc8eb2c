"""From queries and keys to scores, as each family does it: the factor, a turn by position, a bias, what is hidden.

    BERT and most others    q k / sqrt(d)
    T5, GPT-Neo             q k alone
    MPNet, T5               + a learned bias for the distance and head (Raffel et al. 2020)
    BLOOM                   + a slope for the distance (ALiBi, Press et al. 2022)
    DeBERTa                 + content against position, both ways; divided by sqrt(3 d) (He et al. 2021)
    RoFormer, ModernBERT,   q and k turned by their position first (rotary, Su et al. 2021)
    NeoX, Llama and kin
    decoders, windows       some keys are hidden: their score is minus infinity

Axes: head, query, key, dim.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import torch

from viz.models.families.projections import LayerProjections


@dataclass(frozen=True, eq=False)
class CapturedLayer:
    """One layer as it ran on one text. Tensors are on the CPU, in the model's own numbers, batch axis left out.

    `queries`, `keys` and `values` are [head, token, dim] as projected, key-value heads repeated; `shared` says how
    many queries' heads share one of keys. `normed` are queries and keys behind a norm of their own, where there is
    one. `arguments` is what the attention module was called with, `owner` that module, `returned` what it returned.
    `joined` is the input of W_O, [query, head x dim], and `output` its output, [query, hidden]. `family` is the
    model's `model_type`.
    """

    owner: Any = field(repr=False)
    family: str
    projection: LayerProjections = field(repr=False)
    queries: torch.Tensor
    keys: torch.Tensor
    values: torch.Tensor
    normed: tuple[torch.Tensor, torch.Tensor] | None
    joined: torch.Tensor
    output: torch.Tensor
    arguments: Mapping[str, Any] = field(repr=False)
    returned: Any = field(repr=False)
    shared: int = 1


Extra = Literal[
    "unscaled", "layered", "disentangled", "distance", "slope", "turned", "normed", "hidden", "shared"
]
_DEBERTA = ("deberta", "deberta-v2")
_NO_SCORE = -1e30  # an additive mask hides with the least number there is


@dataclass(frozen=True, eq=False)
class ScoreParts:
    """All that makes one layer's scores: factor x (q k) + added, minus infinity where hidden.

    `queries` and `keys`, [head, token, dim], are as they enter the product; `before` is what they were before they were
    turned or normed, None where nothing does that. `added` is [head, query, key] or None, `hidden` the same in bools.
    `extras` names what the family does beyond softmax(q k / sqrt(d)).
    """

    queries: torch.Tensor
    keys: torch.Tensor
    before: tuple[torch.Tensor, torch.Tensor] | None
    factor: float
    added: torch.Tensor | None
    hidden: torch.Tensor | None
    extras: tuple[Extra, ...]


def score_parts(layer: CapturedLayer) -> ScoreParts:
    """The parts of a layer's scores.

    Raises KeyError, TypeError or RuntimeError where the module was not called as known; the caller says so.
    """
    extras: list[Extra] = []
    queries, keys = layer.queries, layer.keys
    if layer.normed is not None:
        queries, keys = layer.normed
        extras.append("normed")
    if (angles := _angles(layer.arguments)) is not None:
        queries, keys = _turned(queries, *angles), _turned(keys, *angles)
        extras.append("turned")
    before = (layer.queries, layer.keys) if queries is not layer.queries else None
    factor = _factor(layer, queries.shape[-1])
    if layer.family in ("t5", "mt5", "gpt_neo"):
        extras.append("unscaled")
    elif layer.family == "gpt2" and abs(factor * queries.shape[-1] ** 0.5 - 1) > 1e-9:
        extras.append("layered")
    added, kind = _added(layer)
    if added is not None and kind is not None:
        extras.append(kind)
    shape = (layer.projection.heads, queries.shape[1], keys.shape[1])
    bias, hidden = _mask(layer, shape)
    if bias is not None:
        added = bias if added is None else added + bias
    if hidden is not None:
        extras.append("hidden")
    if layer.shared > 1:
        extras.append("shared")
    if added is not None:
        added = added.expand(shape)
    return ScoreParts(queries, keys, before, factor, added, hidden, tuple(extras))


def _factor(layer: CapturedLayer, dim: int) -> float:
    """By what q k is multiplied."""
    owner = layer.owner
    if layer.family in _DEBERTA:
        if getattr(owner, "talking_head", False):  # heads are mixed before and after the softmax
            raise KeyError("talking_head")
        return float((dim * _products(layer)) ** -0.5)
    if layer.family == "gpt_neo":
        return 1.0
    if layer.family == "bloom":
        return float(owner.inv_norm_factor)
    return float(getattr(owner, "scaling", dim**-0.5))


def _products(layer: CapturedLayer) -> int:
    """How many products DeBERTa adds up, by which it divides."""
    kinds = layer.owner.pos_att_type
    return 1 + (len(kinds) if layer.family == "deberta" else sum(kind in kinds for kind in ("c2p", "p2c")))


def _angles(arguments: Mapping[str, Any]) -> tuple[torch.Tensor, torch.Tensor, bool] | None:
    """Cosines and sines, [token, turned dims], and whether neighbours are turned together (RoFormer) or halves."""
    if (pairs := arguments.get("sinusoidal_pos")) is not None:
        sines, cosines = _flat(pairs, 2).repeat_interleave(2, dim=-1).chunk(2, dim=-1)
        return cosines, sines, True
    if (angles := arguments.get("position_embeddings")) is not None:
        return _flat(angles[0], 2), _flat(angles[1], 2), False
    return None


def _flat(tensor: torch.Tensor, axes: int) -> torch.Tensor:
    """The tensor's last axes, those before being 1."""
    return tensor.detach().float().cpu().reshape(tensor.shape[-axes:])


def _turned(vectors: torch.Tensor, cosines: torch.Tensor, sines: torch.Tensor, pairs: bool) -> torch.Tensor:
    """Vectors [head, token, dim] with their first dims turned by the angles of their token; the others stay."""
    width = cosines.shape[-1]
    turned, rest = vectors[..., :width], vectors[..., width:]
    if pairs:
        across = torch.stack([-turned[..., 1::2], turned[..., ::2]], dim=-1).reshape(turned.shape)
    else:
        across = torch.cat([-turned[..., width // 2 :], turned[..., : width // 2]], dim=-1)
    return torch.cat([turned * cosines + across * sines, rest], dim=-1)


def _added(layer: CapturedLayer) -> tuple[torch.Tensor | None, Extra | None]:
    """What is added by distance, [head, query, key], and what kind it is; None where nothing is."""
    owner, arguments = layer.owner, layer.arguments
    heads, queries = layer.queries.shape[:2]
    if layer.family == "mpnet":
        return _flat(arguments["position_bias"], 3), "distance"
    if layer.family in ("t5", "mt5"):
        bias = _flat(layer.returned[1], 3)
        return (bias, "distance") if bias.any() else (None, None)
    if layer.family == "bloom":
        return _flat(arguments["alibi"], 3), "slope"
    if layer.family not in _DEBERTA or not owner.relative_attention:
        return None, None
    device = arguments["rel_embeddings"].device
    query, key = layer.queries.to(device), layer.keys.to(device)
    distances = arguments["relative_pos"], arguments["rel_embeddings"], _products(layer)
    with torch.inference_mode():
        if layer.family == "deberta":  # it divides the query first
            scaled = (query / (query.shape[-1] * _products(layer)) ** 0.5)[None]
            bias = owner.disentangled_att_bias(scaled, key[None], *distances)
        else:
            bias = owner.disentangled_attention_bias(query, key, *distances)
    if not isinstance(bias, torch.Tensor):  # neither way is switched on
        return None, None
    return bias.float().cpu().reshape(heads, queries, -1), "disentangled"


def _mask(
    layer: CapturedLayer, shape: tuple[int, int, int]
) -> tuple[torch.Tensor | None, torch.Tensor | None]:
    """What the mask adds and what it hides, both [head, query, key], each None where it does not."""
    hidden = torch.zeros(shape, dtype=torch.bool)
    bias = None
    mask = layer.arguments.get("attention_mask", layer.arguments.get("mask"))
    if mask is not None:
        mask = mask.detach().cpu()[0]
        if mask.is_floating_point():
            mask = mask.float()
            hidden = hidden | (mask < _NO_SCORE)
            rest = mask.masked_fill(mask < _NO_SCORE, 0.0)
            bias = rest if rest.any() else None
        else:
            hidden = hidden | ~mask.bool()
    if layer.family == "gpt_neo":  # its own: those after, and those too long before
        hidden = hidden | ~layer.owner.bias.cpu()[0, :, : shape[1], : shape[2]]
    return bias, hidden if bool(hidden.any()) else None
