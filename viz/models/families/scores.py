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
    `joined` is the input of W_O, [query, head x dim], and `given` its output, [query, hidden].
    """

    owner: Any = field(repr=False)
    place: LayerProjections = field(repr=False)
    queries: torch.Tensor
    keys: torch.Tensor
    values: torch.Tensor
    normed: tuple[torch.Tensor, torch.Tensor] | None
    joined: torch.Tensor
    given: torch.Tensor
    arguments: Mapping[str, Any] = field(repr=False)
    returned: Any = field(repr=False)
    shared: int = 1


Extra = Literal[
    "unscaled", "layered", "disentangled", "distance", "slope", "turned", "normed", "hidden", "shared"
]
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


def score_parts(found: CapturedLayer, family: str) -> ScoreParts:
    """The parts of what was captured, by the family's `model_type`.

    Raises KeyError, TypeError or RuntimeError where the module was not called as known; the caller says so.
    """
    owner, arguments = found.owner, found.arguments
    extras: list[Extra] = []
    queries, keys = found.queries, found.keys
    if found.normed is not None:
        queries, keys = found.normed
        extras.append("normed")
    if (angles := _angles(arguments)) is not None:
        queries, keys = (_turned(each, *angles) for each in (queries, keys))
        extras.append("turned")
    before = (found.queries, found.keys) if queries is not found.queries else None
    factor = _factor(owner, family, queries.shape[-1])
    if family in ("t5", "mt5", "gpt_neo"):
        extras.append("unscaled")
    elif family == "gpt2" and abs(factor * queries.shape[-1] ** 0.5 - 1) > 1e-9:
        extras.append("layered")
    added, kind = _added(found, family)
    if added is not None and kind is not None:
        extras.append(kind)
    shape = (found.place.heads, queries.shape[1], keys.shape[1])
    bias, hidden = _mask(found, family, shape)
    if bias is not None:
        added = bias if added is None else added + bias
    if hidden is not None:
        extras.append("hidden")
    if found.shared > 1:
        extras.append("shared")
    if added is not None:
        added = added.expand(shape)
    return ScoreParts(queries, keys, before, factor, added, hidden, tuple(extras))


def _factor(owner: Any, family: str, dim: int) -> float:
    """By what q k is multiplied."""
    if family in ("deberta", "deberta-v2"):
        if getattr(owner, "talking_head", False):  # heads are mixed before and after the softmax
            raise KeyError("talking_head")
        return float((dim * _disentangled(owner, family)) ** -0.5)
    if family == "gpt_neo":
        return 1.0
    if family == "bloom":
        return float(owner.inv_norm_factor)
    return float(getattr(owner, "scaling", dim**-0.5))


def _disentangled(owner: Any, family: str) -> int:
    """How many products DeBERTa adds up, by which it divides."""
    kinds = owner.pos_att_type
    return 1 + (len(kinds) if family == "deberta" else sum(each in kinds for each in ("c2p", "p2c")))


def _angles(arguments: Mapping[str, Any]) -> tuple[torch.Tensor, torch.Tensor, bool] | None:
    """Cosines and sines, [token, turned dims], and whether neighbours are turned together (RoFormer) or halves."""
    if (pairs := arguments.get("sinusoidal_pos")) is not None:
        sines, cosines = (each.repeat_interleave(2, dim=-1) for each in _flat(pairs, 2).chunk(2, dim=-1))
        return cosines, sines, True
    if (given := arguments.get("position_embeddings")) is not None:
        return _flat(given[0], 2), _flat(given[1], 2), False
    return None


def _flat(tensor: torch.Tensor, axes: int) -> torch.Tensor:
    """The tensor's last axes, those before being 1."""
    return tensor.detach().float().cpu().reshape(tensor.shape[-axes:])


def _turned(vectors: torch.Tensor, cosines: torch.Tensor, sines: torch.Tensor, pairs: bool) -> torch.Tensor:
    """Vectors [head, token, dim] with their first dims turned by the angles of their token; the others stay."""
    wide = cosines.shape[-1]
    turned, rest = vectors[..., :wide], vectors[..., wide:]
    if pairs:
        across = torch.stack([-turned[..., 1::2], turned[..., ::2]], dim=-1).reshape(turned.shape)
    else:
        across = torch.cat([-turned[..., wide // 2 :], turned[..., : wide // 2]], dim=-1)
    return torch.cat([turned * cosines + across * sines, rest], dim=-1)


def _added(found: CapturedLayer, family: str) -> tuple[torch.Tensor | None, Extra | None]:
    """What is added by distance, [head, query, key], and what kind it is; None where nothing is."""
    owner, arguments = found.owner, found.arguments
    heads, queries = found.queries.shape[:2]
    if family == "mpnet":
        return _flat(arguments["position_bias"], 3), "distance"
    if family in ("t5", "mt5"):
        bias = _flat(found.returned[1], 3)
        return (bias, "distance") if bias.any() else (None, None)
    if family == "bloom":
        return _flat(arguments["alibi"], 3), "slope"
    if family not in ("deberta", "deberta-v2") or not owner.relative_attention:
        return None, None
    device = arguments["rel_embeddings"].device
    query, key = found.queries.to(device), found.keys.to(device)
    times = _disentangled(owner, family)
    with torch.inference_mode():
        if family == "deberta":  # it divides the query first
            scaled = (query / (query.shape[-1] * times) ** 0.5)[None]
            bias = owner.disentangled_att_bias(
                scaled, key[None], arguments["relative_pos"], arguments["rel_embeddings"], times
            )
        else:
            bias = owner.disentangled_attention_bias(
                query, key, arguments["relative_pos"], arguments["rel_embeddings"], times
            )
    if not isinstance(bias, torch.Tensor):  # neither way is switched on
        return None, None
    return bias.float().cpu().reshape(heads, queries, -1), "disentangled"


def _mask(
    found: CapturedLayer, family: str, shape: tuple[int, int, int]
) -> tuple[torch.Tensor | None, torch.Tensor | None]:
    """What the mask adds and what it hides, both [head, query, key], each None where it does not."""
    hidden = torch.zeros(shape, dtype=torch.bool)
    bias = None
    given = found.arguments.get("attention_mask", found.arguments.get("mask"))
    if given is not None:
        mask = given.detach().cpu()[0]
        if mask.is_floating_point():
            mask = mask.float()
            hidden = hidden | (mask < _NO_SCORE)
            rest = mask.masked_fill(mask < _NO_SCORE, 0.0)
            bias = rest if rest.any() else None
        else:
            hidden = hidden | ~mask.bool()
    if family == "gpt_neo":  # its own: those after, and those too long before
        hidden = hidden | ~found.owner.bias.cpu()[0, :, : shape[1], : shape[2]]
    return bias, hidden if bool(hidden.any()) else None
