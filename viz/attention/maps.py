"""A map: weights with the tokens they belong to. A result: all the maps of one run of a model."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from viz.errors import AttentionError, MapNotFound
from viz.inputs.encoding import Encoding
from viz.language import _
from viz.models.card import Kind, ModelCard

Weights = NDArray[np.float32]
Head = tuple[int, int]
"""A head by its layer and its place in it, both from 0."""

Quantity = Literal["attention", "norm", "share"]
"""What a map's numbers are: "attention" weights, whose rows sum to 1; "norm", the lengths of what each key brings
(`viz.attention.norms`), whose rows sum to anything; or "share", such rows scaled to sum to 1."""


@dataclass(frozen=True, eq=False)
class AttentionMap:
    """Weights [layer, head, query, key], float32 and read-only, with the tokens they belong to.

    `kind` is "encoder", "decoder" or "cross". Where `quantity` is not "attention", the numbers are not weights but
    another number for the same query and key. Raises `AttentionError` where shape and tokens do not match.
    """

    kind: Kind
    weights: Weights
    queries: Encoding
    keys: Encoding
    quantity: Quantity = "attention"

    def __post_init__(self) -> None:
        expected = (len(self.queries), len(self.keys))
        if self.weights.ndim != 4 or self.weights.shape[2:] != expected:
            raise AttentionError(
                _("The weights have the shape {shape}; [layer, head, {queries}, {keys}] was expected."),
                shape=str(self.weights.shape),
                queries=expected[0],
                keys=expected[1],
            )

    @cached_property
    def top(self) -> float:
        """The upper end of the scale: 1, or for lengths the largest one in this text (1 where all are 0)."""
        return (float(self.weights.max(initial=0)) or 1.0) if self.quantity == "norm" else 1.0

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return int(self.weights.shape[0])

    @property
    def heads(self) -> int:
        """How many heads each layer has."""
        return int(self.weights.shape[1])


@dataclass(frozen=True, eq=False)
class AttentionResult:
    """All the maps of one text (or pair), and the model that gave them.

    `target` is the text that a decoder beside an encoder reads; `generated` is True where the model wrote it.
    """

    maps: tuple[AttentionMap, ...]
    card: ModelCard
    revision: str
    target: str = ""
    generated: bool = False

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
        """Cross-attention: decoder queries, encoder keys. Raises `MapNotFound` where there is none."""
        return self.map("cross")

    def map_of(self, kind: str) -> AttentionMap:
        """The map that a page shows: the one of this kind, or the first one where there is none."""
        return next(
            (attention_map for attention_map in self.maps if attention_map.kind == kind), self.maps[0]
        )

    def map(self, kind: Kind) -> AttentionMap:
        """The map of this kind. Raises `MapNotFound`, which names the kinds that there are."""
        for attention_map in self.maps:
            if attention_map.kind == kind:
                return attention_map
        raise MapNotFound(
            _("{model} has no {kind} attention; it has: {kinds}."),
            model=self.card.title,
            kind=kind,
            kinds=", ".join(attention_map.kind for attention_map in self.maps),
        )

    @property
    def nbytes(self) -> int:
        """How much memory the weights hold, in bytes."""
        return sum(attention_map.weights.nbytes for attention_map in self.maps)
