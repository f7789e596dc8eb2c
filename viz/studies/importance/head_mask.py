"""Heads disabled, or scaled down, while a `with` block runs.

The input of a layer's output projection holds the outputs of its heads side by side. To multiply one head's part by 0
there is the same as to set that head's rows of W_O to 0. A hook does this, so that the model itself never changes.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import torch

from viz.attention.maps import Head
from viz.errors import InputError, MetricError
from viz.language import _
from viz.models.card import Kind, LoadedModel
from viz.models.families.projections import LayerProjections, projections
from viz.models.forward import hooked

Heads = Collection[Head]


@contextmanager
def disable_heads(model: LoadedModel, disabled: Heads, kind: Kind | None = None) -> Iterator[None]:
    """Within the block the model runs without the `disabled` heads, (layer, head) from 0.

    `with disable_heads(model, {(3, 5)}): model.model(...)`. The lock and the errors are those of `scale_heads`; raises
    `InputError` for a head that the model does not have.
    """
    layers, heads = model.card.shape(kind or model.card.kinds[0])
    with scale_heads(model, disabling_mask(disabled, layers, heads), kind):
        yield


@contextmanager
def scale_heads(model: LoadedModel, mask: torch.Tensor, kind: Kind | None = None) -> Iterator[None]:
    """Within the block each head's output is multiplied by `mask`, [layer, head] or [row, layer, head]; 1 keeps it.

    The heads are those of the maps of this kind, without one of the model's first map. The model's lock is held while
    the block runs, so that no other session's forward pass meets the hooks: call `model.model` in it, not a function
    that takes the lock itself. Derivatives by the mask are those of Michel et al. 2019. Raises `ModelRefused` where
    the projections are not known, `MetricError` for a mask of another shape.
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
    for index, layer in enumerate(layers):
        owners.setdefault(layer.output, []).append(index)
    hooks = (
        module.register_forward_pre_hook(_scaler(mask, shared, layers[shared[0]]))
        for module, shared in owners.items()
    )
    with model.lock, hooked(hooks):
        yield


def disabling_mask(disabled: Heads, layers: int, heads: int) -> torch.Tensor:
    """A mask [layer, head] with 0 for the `disabled` heads and 1 for the others.

    Raises `InputError` for a head that the model does not have.
    """
    mask = torch.ones(layers, heads)
    for layer, head in disabled:
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
    # A module that several layers share (ALBERT) is called once for each of them, in their order.
    indices = cycle(shared)
    dim = layer.dim

    def scale(_module: Any, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        factors = mask[:, next(indices)].repeat_interleave(dim, dim=1)
        return (inputs[0] * factors[:, None, :], *inputs[1:])

    return scale
