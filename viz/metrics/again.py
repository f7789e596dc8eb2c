"""A result's tokens through the model once more, with an ear on some of its modules."""

from collections.abc import Callable, Iterable
from typing import Any

import torch

from viz.attention import AttentionResult
from viz.models.card import Kind, LoadedModel
from viz.models.forward import feed, forward, hooked, reader, translated

Heard = Callable[[Any, tuple[Any, ...], dict[str, Any], Any], None]


def run_again(
    model: LoadedModel,
    result: AttentionResult,
    kind: Kind,
    listeners: Iterable[tuple[torch.nn.Module, Heard]],
) -> None:
    """One forward pass over what made the map of that `kind`; each module's listener gets what it was called with.

    That is the module, its inputs by place and by name, and its output. The lock is held meanwhile. Raises
    `MapNotFound` for a kind that the result does not have, and `VizError` where the model fails.
    """
    source = result.maps[0].queries
    fed = dict(feed(model, [source.ids], [source.segments]))
    network = reader(model)
    if kind != result.maps[0].kind:
        fed["decoder_input_ids"] = torch.tensor([result.map(kind).queries.ids], device=model.model.device)
        network = model.model
    with translated(model, len(source)), model.lock, torch.inference_mode():
        hooks = (module.register_forward_hook(heard, with_kwargs=True) for module, heard in listeners)
        with hooked(hooks):
            forward(model, fed, network)
