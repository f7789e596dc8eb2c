"""The inputs and outputs of one layer's attention module, recorded by hooks in one forward pass that changes nothing.

`projections` knows where a family keeps its values, queries and keys. What a family adds to the scores or does to
queries and keys before (a mask, a bias by distance, a rotation by position) are arguments of the module.

Axes: head, query, key, dim (the head's own width), hidden (the layer's).
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from viz.attention.maps import AttentionResult
from viz.models.card import Kind, LoadedModel
from viz.models.families.projections import (
    LayerProjections,
    attention_modules,
    projections,
    scores_unknown,
)
from viz.models.families.scores import CapturedLayer
from viz.models.forward import feed, forward, hooked, readable_errors, reader


def record_layer(model: LoadedModel, result: AttentionResult, kind: Kind, layer: int) -> CapturedLayer:
    """Run the model once over the result's tokens, and record this layer (from 0) of the maps of this kind.

    The model's lock is held meanwhile. Raises `ModelRefused` where the modules are not known, `MapNotFound` for a kind
    that the result does not have, and `VizError` where the model fails.
    """
    layers = projections(model, kind)
    projection = layers[layer]
    watched = attention_modules(model, projection)
    calls: dict[str, list[_Call]] = {name: [] for name in watched}
    run_again(model, result, kind, [(module, _noting(calls[name])) for name, module in watched.items()])
    # A module that several layers share is called once for each of them, in their order.
    sharing = [index for index, other in enumerate(layers) if other.value is projection.value]
    call_number = sharing.index(layer)
    try:
        layer_calls = {name: module_calls[call_number] for name, module_calls in calls.items()}
        return _put_together(model, watched["owner"], projection, layer_calls)
    except (IndexError, KeyError, RuntimeError, TypeError) as exc:
        raise scores_unknown(model) from exc


@dataclass(frozen=True, eq=False)
class _Call:
    """One call of a module: its arguments by name (or its only input), and its output."""

    arguments: Mapping[str, Any]
    input: torch.Tensor | None
    output: Any


def _noting(calls: list[_Call]) -> Callable[..., None]:
    def note(module: Any, inputs: tuple[Any, ...], keywords: dict[str, Any], output: Any) -> None:
        bound = inspect.signature(module.forward).bind_partial(*inputs, **keywords).arguments
        calls.append(_Call({**bound, **bound.get("kwargs", {})}, inputs[0] if inputs else None, output))

    return note


def _put_together(
    model: LoadedModel, owner: Any, projection: LayerProjections, calls: Mapping[str, _Call]
) -> CapturedLayer:
    def plain(tensor: torch.Tensor) -> torch.Tensor:
        return tensor.detach().float().cpu()

    queries = projection.queries(calls["queries"].output)[0]
    keys = projection.part(calls["keys"].output, 1)[0]
    shared = projection.heads // keys.shape[0]
    normed = None
    if "query_norm" in calls:
        query, key = (calls[name].output[0].transpose(0, 1) for name in ("query_norm", "key_norm"))
        normed = (plain(query), plain(key.repeat_interleave(shared, dim=0)))
    joined = calls["output"].input
    if joined is None:
        raise KeyError("output")
    return CapturedLayer(
        owner=owner,
        family=str(model.model.config.model_type),
        projection=projection,
        queries=plain(queries),
        keys=plain(keys.repeat_interleave(shared, dim=0)),
        values=plain(projection.values(calls["values"].output)[0]),
        normed=normed,
        joined=plain(joined[0]),
        output=plain(calls["output"].output[0]),
        arguments=calls["owner"].arguments,
        returned=calls["owner"].output,
        shared=shared,
    )


Heard = Callable[[Any, tuple[Any, ...], dict[str, Any], Any], None]


def run_again(
    model: LoadedModel,
    result: AttentionResult,
    kind: Kind,
    listeners: Iterable[tuple[torch.nn.Module, Heard]],
) -> None:
    """One forward pass over the tokens of the result, with a listener for each of some modules.

    A listener gets the module, its positional arguments, its keyword arguments and its output. The decoder runs too
    where the map of this `kind` needs it. The model's lock is held meanwhile. Raises `MapNotFound` for a kind that the
    result does not have, and `VizError` where the model fails.
    """
    source = result.maps[0].queries
    fed = dict(feed(model, [source.ids], [source.segments]))
    network = reader(model)
    if kind != result.maps[0].kind:
        fed["decoder_input_ids"] = torch.tensor([result.map(kind).queries.ids], device=model.model.device)
        network = model.model
    with readable_errors(model, len(source)), model.lock, torch.inference_mode():
        hooks = (module.register_forward_hook(heard, with_kwargs=True) for module, heard in listeners)
        with hooked(hooks):
            forward(model, fed, network)
