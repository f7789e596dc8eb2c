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
from viz.models.families.family import FAMILIES, known_family, refused_by_family

# How the value module's output is cut: values alone; queries, keys, values one after the other; or those of each head.
Layout = Literal["values", "thirds", "per head"]


@dataclass(frozen=True)
class _Paths:
    """Dotted names: the layers within the bare model, and within a layer the two modules and biases kept apart."""

    layers: str
    value: str
    output: str
    layout: Layout = "values"
    query_bias: str = ""
    value_bias: str = ""


@dataclass(frozen=True, eq=False)
class LayerProjections:
    """One layer's value and output projection. `value` and `output` are the model's own modules, never mutated."""

    heads: int
    value: Any
    output: Any
    layout: Layout = "values"
    query_bias: torch.Tensor | None = None
    value_bias: torch.Tensor | None = None

    @property
    def dim(self) -> int:
        """The width of one head."""
        return int(self._matrix().shape[0]) // self.heads

    def part(self, projected: torch.Tensor, index: int) -> torch.Tensor:
        """Queries (0), keys (1) or values (2): [batch, token, width] -> [batch, head, token, dim].

        `projected` is the output of the module that makes them, which lacks a bias that is kept apart. There may be
        fewer heads of keys and values than of queries.
        """
        batch, tokens, width = projected.shape
        if self.layout == "per head":
            vectors = projected.view(batch, tokens, self.heads, 3, -1)[:, :, :, index]
        else:
            if self.layout == "thirds":
                projected = projected[..., width // 3 * index : width // 3 * (index + 1)]
            vectors = projected.reshape(batch, tokens, -1, self.dim)
        return vectors.transpose(1, 2)

    def queries(self, projected: torch.Tensor) -> torch.Tensor:
        """The queries, bias included: the output of the module that makes them -> [batch, head, token, dim]."""
        return _plus(self.part(projected, 0), self.query_bias)

    def values(self, projected: torch.Tensor) -> torch.Tensor:
        """The values, bias included: the value module's output -> [batch, head, token, dim].

        Key-value heads that several query heads share are repeated, one a query head.
        """
        values = _plus(self.part(projected, 2), self.value_bias)
        return values.repeat_interleave(self.heads // values.shape[1], dim=1)

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


def _plus(vectors: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    """Vectors [batch, head, token, dim] and a bias [head x dim]."""
    return vectors if bias is None else vectors + bias.view(vectors.shape[1], 1, -1)


_BERT = _Paths("encoder.layer", "attention.self.value", "attention.output.dense")
_LLAMA = _Paths("layers", "self_attn.v_proj", "self_attn.o_proj")


def _pair(layers: str, attention: str, cross: str, value: str, output: str) -> Mapping[Kind, _Paths]:
    """Encoder and decoder keep their layers under the same name, and both attentions their modules."""
    return {
        "encoder": _Paths(f"encoder.{layers}", f"{attention}.{value}", f"{attention}.{output}"),
        "decoder": _Paths(f"decoder.{layers}", f"{attention}.{value}", f"{attention}.{output}"),
        "cross": _Paths(f"decoder.{layers}", f"{cross}.{value}", f"{cross}.{output}"),
    }


_BART = _pair("layers", "self_attn", "encoder_attn", "v_proj", "out_proj")
_T5 = _pair("block", "layer.0.SelfAttention", "layer.1.EncDecAttention", "v", "o")

_PATHS: Mapping[str, Mapping[Kind, _Paths]] = {
    # Those which took over BERT's code took over its way to become a decoder.
    **{name: {"encoder": _BERT} for name, family in FAMILIES.items() if "is_decoder" in family.settings},
    "distilbert": {"encoder": _Paths("transformer.layer", "attention.v_lin", "attention.out_lin")},
    "albert": {"encoder": _Paths("encoder.albert_layer_groups", "attention.value", "attention.dense")},
    "mpnet": {"encoder": _Paths("encoder.layer", "attention.attn.v", "attention.attn.o")},
    "deberta": {
        "encoder": _Paths(
            "encoder.layer",
            "attention.self.in_proj",
            "attention.output.dense",
            "per head",
            "attention.self.q_bias",
            "attention.self.v_bias",
        )
    },
    "deberta-v2": {"encoder": _Paths("encoder.layer", "attention.self.value_proj", "attention.output.dense")},
    "modernbert": {"encoder": _Paths("layers", "attn.Wqkv", "attn.Wo", "thirds")},
    "gpt2": {"decoder": _Paths("h", "attn.c_attn", "attn.c_proj", "thirds")},
    "gpt_neo": {"decoder": _Paths("h", "attn.attention.v_proj", "attn.attention.out_proj")},
    "gpt_neox": {"decoder": _Paths("layers", "attention.query_key_value", "attention.dense", "per head")},
    "bloom": {"decoder": _Paths("h", "self_attention.query_key_value", "self_attention.dense", "per head")},
    "opt": {"decoder": _Paths("decoder.layers", "self_attn.v_proj", "self_attn.out_proj")},
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
    by_kind = _PATHS.get(config.model_type, {})
    # A model set up as a decoder, or as an encoder, keeps its layers where its family does.
    alone = next(iter(by_kind.values())) if len(by_kind) == 1 and model.card.kinds == (kind,) else None
    paths = by_kind.get(kind, alone)
    if paths is None or _changed_on_the_way(config):
        raise _unknown(model, kind)
    count, heads = model.card.shape(kind)
    try:
        return tuple(_projections_of(layer, paths, heads) for layer in _layers(model, paths, count))
    except (AttributeError, IndexError, ZeroDivisionError) as exc:
        raise _unknown(model, kind) from exc


def _layers(model: LoadedModel, paths: _Paths, count: int) -> list[Any]:
    modules = list(model.model.base_model.get_submodule(paths.layers))
    if known_family(model).shares_layers:  # a module holds the weights of a group of layers
        return [modules[int(layer / (count / len(modules)))].albert_layers[0] for layer in range(count)]
    if len(modules) != count:
        raise IndexError(count)
    return modules


def _projections_of(layer: Any, paths: _Paths, heads: int) -> LayerProjections:
    value, output = layer.get_submodule(paths.value), layer.get_submodule(paths.output)
    biases = (layer.get_parameter(path) if path else None for path in (paths.query_bias, paths.value_bias))
    result = LayerProjections(heads, value, output, paths.layout, *biases)
    if result._matrix().shape[0] != heads * result.dim:
        raise IndexError(heads)
    return result


def _changed_on_the_way(config: Any) -> bool:
    """Settings of a family under which values are turned by position, or the modules are not the ones that run."""
    slices = getattr(config, "pretraining_tp", 1) > 1 and getattr(config, "slow_but_exact", False)
    return bool(
        getattr(config, "rotary_value", False) or getattr(config, "inner_group_num", 1) != 1 or slices
    )


def _unknown(model: LoadedModel, kind: Kind) -> ModelRefused:
    return refused_by_family(
        model,
        _(
            "The value projections of {model} ({family}, {kind}) cannot be found, so what its weights are applied to "
            "is not known. Its attention weights can be shown; for this page choose a BERT-style model."
        ),
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
    return refused_by_family(
        model,
        _(
            "How {model} ({family}) makes its scores is not known to this lesson, and nothing is drawn rather than "
            "something wrong. Its attention can be shown on the other pages; for this one choose a BERT-style model."
        ),
    )


def attention_modules(model: LoadedModel, projection: LayerProjections) -> dict[str, Any]:
    """The modules of a layer's attention: the "owner" of all, those that make "queries", "keys" and "values", "output".

    With "query_norm" and "key_norm" where the family has them. Raises `ModelRefused` where they are not known.
    """
    names = {module: name for name, module in model.model.base_model.named_modules()}
    parent, _dot, last = names[projection.value].rpartition(".")
    owner = model.model.base_model.get_submodule(parent)
    queries = keys = projection.value
    if projection.layout == "values":
        try:
            queries, keys = (getattr(owner, name) for name in _BESIDE[last])
        except (KeyError, AttributeError) as exc:
            raise scores_unknown(model) from exc
    modules = {
        "owner": owner,
        "queries": queries,
        "keys": keys,
        "values": projection.value,
        "output": projection.output,
        "query_norm": getattr(owner, "q_norm", None),
        "key_norm": getattr(owner, "k_norm", None),
    }
    return {name: module for name, module in modules.items() if module is not None}
