"""Heads switched off, or down, for as long as a `with` block lasts.

The input of a layer's output projection is its heads side by side; multiplying one head's part by 0 there is the same
as a W_O with 0 in that head's rows. A hook does it, so that the model itself is never changed.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import torch

from viz.errors import InputError, MetricError
from viz.language import _
from viz.models.card import Kind, LoadedModel
from viz.models.families.projections import LayerProjections, projections

Head = tuple[int, int]
Heads = Collection[Head]


@contextmanager
def disable_heads(model: LoadedModel, off: Heads, kind: Kind | None = None) -> Iterator[None]:
    """Within the block the model runs without these (layer, head), counted from 0.

    `with heads_off(model, {(3, 5)}): model.model(...)`. See `scale_heads` for the lock and the errors; `InputError`
    for a head that the model does not have.
    """
    layers, heads = model.card.shape(kind or model.card.kinds[0])
    with scale_heads(model, disabling_mask(off, layers, heads), kind):
        yield


@contextmanager
def scale_heads(model: LoadedModel, mask: torch.Tensor, kind: Kind | None = None) -> Iterator[None]:
    """Within the block each head's output is multiplied by `mask`, [layer, head] or [row, layer, head]; 1 leaves it.

    Of the attention of that kind, or of the model's first. The model's lock is held for as long as the block lasts, so
    that no other session's forward pass meets the hooks: call `model.model` in it, not what takes the lock itself.
    Derivatives by the mask are those of Michel et al. 2019. Raises `ModelRefused` where the projections are not known,
    `MetricError` for a mask of another shape.
    """
    layers = projections(model, kind)
    if mask.ndim not in (2, 3) or tuple(mask.shape[-2:]) != (len(layers), layers[0].heads):
        raise MetricError(
            _("The mask has the shape {shape}; [layer, head] = [{layers}, {heads}] was expected."),
            shape=str(tuple(mask.shape)),
            layers=len(layers),
            heads=layers[0].heads,
        )
    mask = (mask if mask.ndim == 3 else mask[None]).to(model.model.device)
    owners: dict[Any, list[int]] = {}
    for at, layer in enumerate(layers):
        owners.setdefault(layer.output, []).append(at)
    with model.lock:
        hooks = [
            module.register_forward_pre_hook(_scaler(mask, shared, layers[shared[0]]))
            for module, shared in owners.items()
        ]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()


def disabling_mask(off: Heads, layers: int, heads: int) -> torch.Tensor:
    """1 for each head but those, which get 0: [layer, head]. Raises `InputError` for one that there is not."""
    mask = torch.ones(layers, heads)
    for layer, head in off:
        if not (0 <= layer < layers and 0 <= head < heads):
            raise InputError(
                _(
                    "Layer {layer}, head {head} was given; there are layers 1 to {layers} of heads 1 to {heads}."
                ),
                layer=layer + 1,
                head=head + 1,
                layers=layers,
                heads=heads,
            )
        mask[layer, head] = 0
    return mask


def _scaler(
    mask: torch.Tensor, shared: list[int], layer: LayerProjections
) -> Callable[[Any, tuple[torch.Tensor, ...]], tuple[torch.Tensor, ...]]:
    turns = cycle(shared)  # a module of several layers (ALBERT) is called once for each, in their order
    dim = layer.dim

    def scale(_module: Any, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        factors = mask[:, next(turns)].repeat_interleave(dim, dim=1)
        return (inputs[0] * factors[:, None, :], *inputs[1:])

    return scale
