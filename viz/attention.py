"""attend(): a model and a text in, every head's attention out, checked.

Axes, always in this order: layer, head, query, key. A row (one query) sums to 1.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from viz.errors import AttentionError, MapNotFound, ModelRefused, VizError
from viz.messages import _
from viz.models.card import LoadedModel, ModelCard
from viz.text import Encoding, encode

Kind = Literal["encoder", "decoder", "cross"]
Weights = NDArray[np.float32]

_ROW_TOLERANCE = 1e-4


@dataclass(frozen=True)
class AttentionMap:
    """Weights [layer, head, query, key], float32 and read-only, with the tokens they belong to."""

    kind: Kind
    weights: Weights
    queries: Encoding
    keys: Encoding

    def __post_init__(self) -> None:
        expected = (len(self.queries), len(self.keys))
        if self.weights.ndim != 4 or self.weights.shape[2:] != expected:
            raise AttentionError(
                _("The weights have the shape {shape}; [layer, head, {queries}, {keys}] was expected."),
                shape=str(self.weights.shape),
                queries=expected[0],
                keys=expected[1],
            )

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return int(self.weights.shape[0])

    @property
    def heads(self) -> int:
        """How many heads each layer has."""
        return int(self.weights.shape[1])


@dataclass(frozen=True)
class AttentionResult:
    """All the maps that one text (or pair) gave, and the model that gave them."""

    maps: tuple[AttentionMap, ...]
    card: ModelCard
    revision: str

    @property
    def encoder(self) -> AttentionMap:
        """The encoder's self-attention. Raises `MapNotFound` where there is none."""
        return self.map("encoder")

    @property
    def decoder(self) -> AttentionMap:
        """The decoder's self-attention. Raises `MapNotFound` where there is none."""
        return self.map("decoder")

    @property
    def cross(self) -> AttentionMap:
        """Decoder queries, encoder keys. Raises `MapNotFound` where there is none."""
        return self.map("cross")

    def map(self, kind: Kind) -> AttentionMap:
        """The map of this kind; raises `MapNotFound`, which names the kinds there are."""
        for found in self.maps:
            if found.kind == kind:
                return found
        raise MapNotFound(
            _("{model} has no {kind} attention; it has: {kinds}."),
            model=self.card.title,
            kind=kind,
            kinds=", ".join(found.kind for found in self.maps),
        )

    @property
    def nbytes(self) -> int:
        """How much memory the weights hold, in bytes."""
        return sum(found.weights.nbytes for found in self.maps)


def attend(model: LoadedModel, text: str, pair: str | None = None) -> AttentionResult:
    """Run `model` once over one text, or two, and return every head's attention.

    Weights are float32 [layer, head, query, key], read-only, each row summing to 1 (Vaswani et al. 2017).
    Raises `TextTooLong` and `InputError` for the text, `ModelRefused` where the model gives no weights,
    `AttentionError` where they are no attention.
    """
    encoding = encode(model, text, pair)
    weights = _forward(model, encoding)
    check_rows(weights)
    weights.setflags(write=False)
    found = AttentionMap("encoder", weights, encoding, encoding)
    return AttentionResult((found,), model.card, model.revision)


def _forward(model: LoadedModel, encoding: Encoding) -> Weights:
    inputs = {
        "input_ids": torch.tensor([encoding.ids]),
        "attention_mask": torch.ones(1, len(encoding), dtype=torch.long),
    }
    if getattr(model.model.config, "type_vocab_size", 0) > 1:
        inputs["token_type_ids"] = torch.tensor([encoding.segments])
    try:
        with model.lock, torch.inference_mode():
            layers = model.model(**inputs, output_attentions=True).attentions
    except (RuntimeError, ValueError, IndexError, MemoryError) as exc:
        raise VizError(
            _("{model} failed on this text ({tokens} tokens): {reason}. Please try a shorter text."),
            model=model.card.title,
            tokens=len(encoding),
            reason=str(exc),
        ) from exc
    if not layers or layers[0] is None:
        raise ModelRefused(
            _("{model} returned no attention weights. Please choose a BERT-style model."),
            model=model.card.title,
        )
    weights: Weights = torch.cat(layers).numpy()
    return weights


def check_rows(weights: Weights) -> None:
    """Raise `AttentionError` unless all weights are finite and each query's row sums to 1."""
    # Summed by torch, which uses all cores: the check is a tenth of a long text's time otherwise.
    off: Weights = np.abs(torch.from_numpy(weights).sum(dim=-1).numpy() - 1)
    if not off.max(initial=0) <= _ROW_TOLERANCE:  # also true of NaN
        layer, head, query = np.unravel_index(int(off.argmax()), off.shape)
        raise AttentionError(
            _(
                "Layer {layer}, head {head}, query {query}: the weights sum to {total}; 1 was expected. "
                "The model's files may be damaged."
            ),
            layer=int(layer) + 1,
            head=int(head) + 1,
            query=int(query) + 1,
            total=float(weights[layer, head, query].sum()),
        )
