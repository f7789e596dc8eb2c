"""Position switched off for one forward pass: the same words in another order then get the same attention.

Attention itself does not know where a token stands: with nothing added that tells, permuting the tokens permutes the
weights, and changes none (Vaswani et al. 2017, section 3.5; Lee et al. 2019, "Set Transformer", property 1). A hook
replaces what the position modules give; the model is never changed. What is told by more than that (a causal mask, a
window, a convolution) stays.

Axes: layer, head, query, key.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from viz.attention.checks import Array, frozen
from viz.errors import InputError
from viz.inputs.text import Encoding, encode
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.families.positions import Replacement, without_positions
from viz.models.forward import feed, forward, readable_errors


@dataclass(frozen=True, eq=False)
class Swapped:
    """Two texts of the same tokens, and their attention with position and without, [layer, head, query, key].

    `match` says for each token of `one` where it stands in `other`. The arrays of the other text have their rows and
    columns in the order of `one`, so that equal cells stand in equal places. `masked` is where some keys are hidden
    by their place, so that order is told even without positions.
    """

    one: Encoding
    other: Encoding
    match: tuple[int, ...]
    with_positions: tuple[Array, Array]
    without: tuple[Array, Array]
    masked: bool

    @property
    def differs(self) -> Array:
        """The largest difference of two weights in each layer, with position and without: [2, layer]."""
        pairs = (self.with_positions, self.without)
        return frozen(np.stack([np.abs(one - other).max(axis=(1, 2, 3)) for one, other in pairs]))


def swapped(model: LoadedModel, one: str, other: str, off: Replacement = "zero") -> Swapped:
    """Both texts with position and without, in two forward passes.

    Raises `InputError` where they are not the same tokens in another order, `ModelRefused` where it is not known how
    the model is told of positions, and as `encode` does.
    """
    first, second = _alike(model, one, other)
    match = _match(first, second)
    with without_positions(model, off):  # refused before anything is computed
        without = _weights(model, first, second)
    with model.lock:
        told = _weights(model, first, second)
    moved = _in_order(without[1], match)
    masked = model.card.kinds[0] == "decoder" or bool(((without[0] == 0) != (moved == 0)).any())
    return Swapped(
        first,
        second,
        match,
        (frozen(told[0]), _in_order(told[1], match)),
        (frozen(without[0]), moved),
        masked,
    )


def _weights(model: LoadedModel, one: Encoding, other: Encoding) -> list[NDArray[np.float32]]:
    """The attention of both, [layer, head, query, key] each. The caller holds the lock."""
    fed = feed(model, [one.ids, other.ids], [one.segments, other.segments])
    with readable_errors(model, len(one)), torch.inference_mode():
        layers = forward(model, fed, output_attentions=True).attentions
    found = torch.stack(list(layers)).float().cpu().numpy()
    return [found[:, row] for row in (0, 1)]


def _in_order(weights: NDArray[np.float32], match: tuple[int, ...]) -> Array:
    order = list(match)
    return frozen(weights[:, :, order][:, :, :, order])


def _alike(model: LoadedModel, one: str, other: str) -> tuple[Encoding, Encoding]:
    """Both texts, with a space before each where their words are written alike only then.

    To many tokenizers a word with a space before it is another than the same word at the start of a text.
    """
    plain, spaced = ((encode(model, before + one), encode(model, before + other)) for before in ("", " "))
    same = [sorted(first.ids) == sorted(second.ids) for first, second in (plain, spaced)]
    return spaced if same == [False, True] else plain


def _match(one: Encoding, other: Encoding) -> tuple[int, ...]:
    """For each token of `one` its place in `other`: the first not yet taken of the same id."""
    left = list(other.ids)
    places: list[int] = []
    missing: list[str] = []
    for wanted, label in zip(one.ids, one.labels, strict=True):
        if wanted in left:
            places.append(left.index(wanted))
            left[places[-1]] = -1  # taken
        else:
            missing.append(label)
    missing += [label for token, label in zip(left, other.labels, strict=True) if token != -1]
    if missing:
        raise InputError(
            _(
                "The two sentences are not made of the same tokens: {tokens} stand in one of them alone. Please write "
                "the same words in another order, each word the same way."
            ),
            tokens=", ".join(missing[:8]),
        )
    return tuple(places)
