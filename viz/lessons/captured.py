"""What one layer's attention module was given and gave, taken by hooks in one forward pass; nothing is changed.

`projections` knows where a family keeps its values. Queries and keys are made beside them: by modules of the same
name but for a letter, or by the same module, whose output then holds all three. What a family adds to the scores or
does to q and k on the way (a mask, a bias by distance, a turn by position) comes in as arguments of the module.

Axes: head, query, key, dim (the head's own width), hidden (the layer's).
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from viz.attention import AttentionResult
from viz.errors import ModelRefused
from viz.language import _
from viz.metrics.again import run_again
from viz.models.card import Kind, LoadedModel
from viz.models.projections import LayerProjections, projections

# By the last part of the value module's name: those of the modules that make queries and keys.
_BESIDE: Mapping[str, tuple[str, str]] = {
    "value": ("query", "key"),
    "v_lin": ("q_lin", "k_lin"),
    "v": ("q", "k"),
    "value_proj": ("query_proj", "key_proj"),
    "v_proj": ("q_proj", "k_proj"),
}


@dataclass(frozen=True, eq=False)
class Captured:
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


def captured(model: LoadedModel, result: AttentionResult, kind: Kind, layer: int) -> Captured:
    """Run the model once over the result's tokens, and take what happened in this layer (from 0) of that kind.

    The lock is held meanwhile. Raises `ModelRefused` where the modules are not known, `MapNotFound` for a kind that
    the result does not have, and `VizError` where the model fails.
    """
    layers = projections(model, kind)
    place = layers[layer]
    owner, queries, keys = _modules(model, place, kind)
    watched = {
        "queries": queries,
        "keys": keys,
        "values": place.value,
        "output": place.output,
        "owner": owner,
        **{name: each for name in ("q_norm", "k_norm") if (each := getattr(owner, name, None)) is not None},
    }
    calls = _run(model, result, kind, watched)
    # A module that several layers share is called once for each of them, in their order.
    turn = [at for at, each in enumerate(layers) if each.value is place.value].index(layer)
    try:
        one = {name: each[turn] for name, each in calls.items()}
        return _put_together(owner, place, one)
    except (IndexError, KeyError, RuntimeError, TypeError) as exc:
        raise unknown(model) from exc


def unknown(model: LoadedModel) -> ModelRefused:
    """The error for a model whose scores this lesson cannot compute."""
    return ModelRefused(
        _(
            "How {model} ({family}) makes its scores is not known to this lesson, and nothing is drawn rather than "
            "something wrong. Its attention can be shown on the other pages; for this one choose a BERT-style model."
        ),
        model=model.card.title,
        family=str(model.model.config.model_type),
    )


@dataclass(frozen=True, eq=False)
class _Call:
    """One call of a module: its arguments by name (or its only input), and its output."""

    arguments: Mapping[str, Any]
    given: torch.Tensor | None
    output: Any


def _modules(model: LoadedModel, place: LayerProjections, kind: Kind) -> tuple[Any, Any, Any]:
    """The attention module, and those that make queries and keys."""
    names = {module: name for name, module in model.model.base_model.named_modules()}
    parent, _dot, last = names[place.value].rpartition(".")
    owner = model.model.base_model.get_submodule(parent)
    if place.layout != "values":
        return owner, place.value, place.value
    try:
        query, key = (getattr(owner, name) for name in _BESIDE[last])
    except (KeyError, AttributeError) as exc:
        raise unknown(model) from exc
    return owner, query, key


def _run(
    model: LoadedModel, result: AttentionResult, kind: Kind, watched: Mapping[str, Any]
) -> dict[str, list[_Call]]:
    calls: dict[str, list[_Call]] = {name: [] for name in watched}
    run_again(model, result, kind, [(module, _noting(calls[name])) for name, module in watched.items()])
    return calls


def _noting(into: list[_Call]) -> Callable[..., None]:
    def note(module: Any, inputs: tuple[Any, ...], named: dict[str, Any], output: Any) -> None:
        bound = inspect.signature(module.forward).bind_partial(*inputs, **named).arguments
        into.append(_Call({**bound, **bound.get("kwargs", {})}, inputs[0] if inputs else None, output))

    return note


def _put_together(owner: Any, place: LayerProjections, one: Mapping[str, _Call]) -> Captured:
    def plain(tensor: torch.Tensor) -> torch.Tensor:
        return tensor.detach().float().cpu()

    queries, keys = _cut(one["queries"].output, place, 0), _cut(one["keys"].output, place, 1)
    if (bias := getattr(owner, "q_bias", None)) is not None:
        queries = queries + bias.view(place.heads, 1, -1)
    shared = place.heads // keys.shape[0]
    normed = None
    if "q_norm" in one:
        parts = [one[name].output[0].transpose(0, 1) for name in ("q_norm", "k_norm")]
        normed = (plain(parts[0]), plain(parts[1].repeat_interleave(shared, dim=0)))
    joined = one["output"].given
    if joined is None:
        raise KeyError("output")
    return Captured(
        owner=owner,
        place=place,
        queries=plain(queries),
        keys=plain(keys.repeat_interleave(shared, dim=0)),
        values=plain(place.values(one["values"].output)[0]),
        normed=normed,
        joined=plain(joined[0]),
        given=plain(one["output"].output[0]),
        arguments=one["owner"].arguments,
        returned=one["owner"].output,
        shared=shared,
    )


def _cut(projected: torch.Tensor, place: LayerProjections, part: int) -> torch.Tensor:
    """Queries (part 0) or keys (1) of a projection's output [1, token, width]: [head, token, dim]."""
    _batch, tokens, width = projected.shape
    if place.layout == "per head":
        found = projected.view(tokens, place.heads, 3, -1)[:, :, part]
    elif place.layout == "thirds":
        found = projected[0, :, part * width // 3 : (part + 1) * width // 3].view(tokens, place.heads, -1)
    else:
        found = projected.view(tokens, -1, place.dim)
    return found.transpose(0, 1)
