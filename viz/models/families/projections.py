"""Where a layer keeps its values and its output projection: what attention weighs, and where it goes.

In each head, the output for a query is the sum over keys of alpha f(x): alpha the attention weight, x the key's input,
f(x) = (x W_V + b_V) W_O, with the head's own part of both projections (Vaswani et al. 2017; Kobayashi et al. 2020).

Families keep the two under different names, and some keep queries, keys and values in one matrix: the table below
says where. Axes: batch, head, token, dim (the head's own width), hidden (the layer's).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch

from viz.errors import ModelRefused
from viz.language import _
from viz.models.card import Kind, LoadedModel

# How the value module's output is cut: values alone; queries, keys, values one after the other; or those of each head.
Layout = Literal["values", "thirds", "per head"]


@dataclass(frozen=True)
class _Place:
    """Dotted names: the layers within the bare model, and within a layer the two modules and a bias kept apart."""

    layers: str
    value: str
    output: str
    layout: Layout = "values"
    value_bias: str = ""


@dataclass(frozen=True, eq=False)
class LayerProjections:
    """One layer's value and output projection. `value` and `output` are the model's own modules, never mutated."""

    heads: int
    value: Any
    output: Any
    layout: Layout = "values"
    value_bias: torch.Tensor | None = None

    @property
    def dim(self) -> int:
        """The width of one head."""
        return int(self._matrix().shape[0]) // self.heads

    def values(self, projected: torch.Tensor) -> torch.Tensor:
        """The values, bias included: the value module's output -> [batch, head, token, dim].

        Key-value heads that several query heads share are repeated, one a query head.
        """
        batch, tokens, width = projected.shape
        if self.layout == "per head":
            found = projected.view(batch, tokens, self.heads, 3 * self.dim)[..., 2 * self.dim :]
        else:
            own = projected[..., width // 3 * 2 :] if self.layout == "thirds" else projected
            found = own.reshape(batch, tokens, -1, self.dim)
        if self.value_bias is not None:
            found = found + self.value_bias.view(self.heads, self.dim)
        found = found.transpose(1, 2)
        return found.repeat_interleave(self.heads // found.shape[1], dim=1)

    @property
    def weight(self) -> torch.Tensor:
        """W_O, cut by heads: [head, dim, hidden]."""
        return self._matrix().reshape(self.heads, self.dim, -1)

    @property
    def bias(self) -> torch.Tensor | None:
        """The output projection's bias, [hidden], which belongs to no head; None where there is none."""
        return getattr(self.output, "bias", None)

    def _matrix(self) -> torch.Tensor:
        # GPT-2 writes its linear layers the other way round, and calls them Conv1D.
        weight: torch.Tensor = self.output.weight
        return weight if hasattr(self.output, "nf") else weight.T


_BERT = _Place("encoder.layer", "attention.self.value", "attention.output.dense")
_LLAMA = _Place("layers", "self_attn.v_proj", "self_attn.o_proj")
_BART: Mapping[Kind, _Place] = {
    "encoder": _Place("encoder.layers", "self_attn.v_proj", "self_attn.out_proj"),
    "decoder": _Place("decoder.layers", "self_attn.v_proj", "self_attn.out_proj"),
    "cross": _Place("decoder.layers", "encoder_attn.v_proj", "encoder_attn.out_proj"),
}
_T5: Mapping[Kind, _Place] = {
    "encoder": _Place("encoder.block", "layer.0.SelfAttention.v", "layer.0.SelfAttention.o"),
    "decoder": _Place("decoder.block", "layer.0.SelfAttention.v", "layer.0.SelfAttention.o"),
    "cross": _Place("decoder.block", "layer.1.EncDecAttention.v", "layer.1.EncDecAttention.o"),
}

_LIKE_BERT = (
    "bert",
    "roberta",
    "roberta-prelayernorm",
    "xlm-roberta",
    "camembert",
    "data2vec-text",
    "electra",
    "roformer",
    "ernie",
    "megatron-bert",
    "rembert",
)
_PLACES: Mapping[str, Mapping[Kind, _Place]] = {
    **{name: {"encoder": _BERT} for name in _LIKE_BERT},
    "distilbert": {"encoder": _Place("transformer.layer", "attention.v_lin", "attention.out_lin")},
    "albert": {"encoder": _Place("encoder.albert_layer_groups", "attention.value", "attention.dense")},
    "mpnet": {"encoder": _Place("encoder.layer", "attention.attn.v", "attention.attn.o")},
    "deberta": {
        "encoder": _Place(
            "encoder.layer",
            "attention.self.in_proj",
            "attention.output.dense",
            "per head",
            "attention.self.v_bias",
        )
    },
    "deberta-v2": {"encoder": _Place("encoder.layer", "attention.self.value_proj", "attention.output.dense")},
    "modernbert": {"encoder": _Place("layers", "attn.Wqkv", "attn.Wo", "thirds")},
    "gpt2": {"decoder": _Place("h", "attn.c_attn", "attn.c_proj", "thirds")},
    "gpt_neo": {"decoder": _Place("h", "attn.attention.v_proj", "attn.attention.out_proj")},
    "gpt_neox": {"decoder": _Place("layers", "attention.query_key_value", "attention.dense", "per head")},
    "bloom": {"decoder": _Place("h", "self_attention.query_key_value", "self_attention.dense", "per head")},
    "opt": {"decoder": _Place("decoder.layers", "self_attn.v_proj", "self_attn.out_proj")},
    **{name: {"decoder": _LLAMA} for name in ("llama", "mistral", "qwen2", "qwen3")},
    **dict.fromkeys(("bart", "marian", "pegasus"), _BART),
    **dict.fromkeys(("t5", "mt5"), _T5),
}


def projections(model: LoadedModel, kind: Kind | None = None) -> tuple[LayerProjections, ...]:
    """The value and output projections behind the map of that kind, one a layer; of the model's first map without one.

    Raises `ModelRefused` where they cannot be found, or where what they give is changed again before it is weighed.
    """
    kind = kind or model.card.kinds[0]
    config = model.model.config
    places = _PLACES.get(config.model_type, {})
    # A model set up as a decoder, or as an encoder, keeps its layers where its family does.
    alone = next(iter(places.values())) if len(places) == 1 and model.card.kinds == (kind,) else None
    place = places.get(kind, alone)
    if place is None or _changed_on_the_way(config):
        raise _unknown(model, kind)
    layers, heads = model.card.shape(kind)
    try:
        return tuple(_layer(each, place, heads) for each in _layers(model, place, layers))
    except (AttributeError, IndexError, ZeroDivisionError) as exc:
        raise _unknown(model, kind) from exc


def _layers(model: LoadedModel, place: _Place, count: int) -> list[Any]:
    found = model.model.base_model.get_submodule(place.layers)
    if model.model.config.model_type == "albert":  # its layers share their weights, in groups
        return [found[int(at / (count / len(found)))].albert_layers[0] for at in range(count)]
    layers = list(found)
    if len(layers) != count:
        raise IndexError(count)
    return layers


def _layer(layer: Any, place: _Place, heads: int) -> LayerProjections:
    bias = None
    if place.value_bias:
        owner, _dot, name = place.value_bias.rpartition(".")
        bias = getattr(layer.get_submodule(owner), name)
    found = LayerProjections(
        heads, layer.get_submodule(place.value), layer.get_submodule(place.output), place.layout, bias
    )
    if found._matrix().shape[0] != heads * found.dim:
        raise IndexError(heads)
    return found


def _changed_on_the_way(config: Any) -> bool:
    """Settings of a family under which values are turned by position, or the modules are not the ones that run."""
    slices = getattr(config, "pretraining_tp", 1) > 1 and getattr(config, "slow_but_exact", False)
    return bool(
        getattr(config, "rotary_value", False) or getattr(config, "inner_group_num", 1) != 1 or slices
    )


def _unknown(model: LoadedModel, kind: Kind) -> ModelRefused:
    return ModelRefused(
        _(
            "The value projections of {model} ({family}, {kind}) cannot be found, so what its weights are applied to "
            "is not known. Its attention weights can be shown; for this page choose a BERT-style model."
        ),
        model=model.card.title,
        family=str(model.model.config.model_type),
        kind=kind,
    )


# By the last part of the value module's name: those of the modules that make queries and keys.
_BESIDE: Mapping[str, tuple[str, str]] = {
    "value": ("query", "key"),
    "v_lin": ("q_lin", "k_lin"),
    "v": ("q", "k"),
    "value_proj": ("query_proj", "key_proj"),
    "v_proj": ("q_proj", "k_proj"),
}


def scores_unknown(model: LoadedModel) -> ModelRefused:
    """The error for a model whose scores this lesson cannot compute."""
    return ModelRefused(
        _(
            "How {model} ({family}) makes its scores is not known to this lesson, and nothing is drawn rather than "
            "something wrong. Its attention can be shown on the other pages; for this one choose a BERT-style model."
        ),
        model=model.card.title,
        family=str(model.model.config.model_type),
    )


def query_key_modules(model: LoadedModel, place: LayerProjections, kind: Kind) -> tuple[Any, Any, Any]:
    """The attention module, and those that make queries and keys."""
    names = {module: name for name, module in model.model.base_model.named_modules()}
    parent, _dot, last = names[place.value].rpartition(".")
    owner = model.model.base_model.get_submodule(parent)
    if place.layout != "values":
        return owner, place.value, place.value
    try:
        query, key = (getattr(owner, name) for name in _BESIDE[last])
    except (KeyError, AttributeError) as exc:
        raise scores_unknown(model) from exc
    return owner, query, key


def heads_of(projected: torch.Tensor, place: LayerProjections, part: int) -> torch.Tensor:
    """Queries (part 0) or keys (1) of a projection's output [1, token, width]: [head, token, dim]."""
    _batch, tokens, width = projected.shape
    if place.layout == "per head":
        found = projected.view(tokens, place.heads, 3, -1)[:, :, part]
    elif place.layout == "thirds":
        found = projected[0, :, part * width // 3 : (part + 1) * width // 3].view(tokens, place.heads, -1)
    else:
        found = projected.view(tokens, -1, place.dim)
    return found.transpose(0, 1)
