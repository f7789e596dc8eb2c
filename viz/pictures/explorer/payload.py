"""Attention in, bytes out: all that the browser needs to show every head without asking again.

    encode([result.encoder])  ->  Payload:  .first      labels and either every layer, or, above the budget,
                                                        miniatures of all heads and the picked layer
                                            .more()     layers that were left out
                                            .message()  either, by the name that the browser asks for it by

Axes: layer, head, query, key.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import accumulate
from threading import Lock
from typing import Any

from viz.attention import AttentionMap
from viz.attention.merging import merge_encoding, word_groups
from viz.inputs.encoding import Encoding
from viz.pictures.explorer import wire_format

BUDGET = 8 * 2**20
_TAIL = 2000
_WORTH_A_THREAD = 2**18

Block = tuple[int, int]
"""A map's number and a layer's: what is sent as one piece."""


@dataclass(frozen=True)
class Shape:
    """One map's kind and size: what a selection has to fit in."""

    kind: str
    layers: int
    heads: int
    queries: int
    keys: int


@dataclass(frozen=True, eq=False)
class Payload:
    """What goes to the browser. `id` names its content; `left` are the blocks that `first` does not hold.

    The part of `id` before the dot names the texts alone: what is picked of their tokens holds for other numbers too.
    """

    id: str
    first: bytes = field(repr=False)
    shapes: tuple[Shape, ...]
    left: tuple[Block, ...]
    maps: tuple[AttentionMap, ...] = field(repr=False)
    _packed: dict[Block, bytes] = field(default_factory=dict, init=False, repr=False)
    _packing: Lock = field(default_factory=Lock, init=False, repr=False)

    def message(self, part: str) -> bytes | None:
        """What the browser asks for by name: "" is `first`, "0.3" layer 3 of map 0, packed once for all; else None."""
        if not part:
            return self.first
        block = next((block for block in self.left if part == f"{block[0]}.{block[1]}"), None)
        if block is None:
            return None
        with self._packing:  # a whole class asks at once
            if block not in self._packed:
                self._packed[block] = self.more([block])
            return self._packed[block]

    def more(self, blocks: Sequence[Block]) -> bytes:
        """A message with these blocks; those that `first` holds already are left out."""
        wanted = [block for block in dict.fromkeys(blocks) if block in self.left]
        packed = _pack(self.maps, wanted)
        return wire_format.frame({"of": self.id, "blocks": _table(wanted, packed)}, packed)

    def of_same_text(self, other: object) -> bool:
        """Whether `other` is the id of a payload of the same texts."""
        return isinstance(other, str) and other.partition(".")[0] == self.id.partition(".")[0]

    @property
    def outline(self) -> "Payload":
        """What is known of it, without its bytes and its weights: small enough for every session to hold on to."""
        return replace(self, first=b"", maps=())

    @property
    def nbytes(self) -> int:
        """The size of `first`, in bytes."""
        return len(self.first)


def encode(maps: Sequence[AttentionMap], *, layer: int = 0, budget: int = BUDGET) -> Payload:
    """Make the maps of one text ready for the browser.

    `budget` is in bytes of uncompressed uint16 weights: above it only miniatures and the layer `layer` of
    each map go first. A weight is off by less than 1/65535, of the map's `top` (see `wire_format.quantise`).
    """
    every = [(number, at) for number, each in enumerate(maps) for at in range(each.weights.shape[0])]
    whole = sum(2 * each.weights.size for each in maps) <= budget
    first = [(number, at) for number, at in every if whole or at == min(layer, len(maps[number].weights) - 1)]
    packed = _pack(maps, first)
    table = _table(first, packed)
    if not whole:
        for number, each in enumerate(maps):
            small = wire_format.deflate(wire_format.miniatures(each.weights, each.top).tobytes())
            table.append({"miniatures": number, "at": sum(map(len, packed)), "size": len(small)})
            packed.append(small)

    texts, numbers = _texts(maps)
    shapes = tuple(Shape(each.kind, *each.weights.shape) for each in maps)
    header: dict[str, Any] = {
        "texts": [_describe(text) for text in texts],
        "maps": [
            {
                "kind": shape.kind,
                "quantity": each.quantity,
                "top": each.top,
                "decimals": wire_format.decimals(each.top),
                "layers": shape.layers,
                "heads": shape.heads,
                "queries": numbers[id(each.queries)],
                "keys": numbers[id(each.keys)],
            }
            for shape, each in zip(shapes, maps, strict=True)
        ],
        "blocks": table,
    }
    named = wire_format.frame({"texts": header["texts"]}, [])
    digest = f"{_digest(named)}.{_digest(wire_format.frame(header, packed))}"
    left = tuple(block for block in every if block not in set(first))
    return Payload(digest, wire_format.frame({"id": digest, **header}, packed), shapes, left, tuple(maps))


def _pack(maps: Sequence[AttentionMap], blocks: Sequence[Block]) -> list[bytes]:
    """The blocks compressed, on all processors when that pays: zlib lets go of the interpreter."""

    def pack(block: Block) -> bytes:
        attention = maps[block[0]]
        return wire_format.pack_layer(attention.weights[block[1]], attention.top)

    size = sum(maps[number].weights[0].size for number, _ in blocks)
    workers = min(len(blocks), os.cpu_count() or 1)
    if workers < 2 or size < _WORTH_A_THREAD:
        return [pack(block) for block in blocks]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(pack, blocks))


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=12).hexdigest()


def _table(blocks: Sequence[Block], packed: Sequence[bytes]) -> list[dict[str, int]]:
    table, offset = [], 0
    for (number, layer), data in zip(blocks, packed, strict=True):
        table.append({"map": number, "layer": layer, "at": offset, "size": len(data)})
        offset += len(data)
    return table


def _texts(maps: Sequence[AttentionMap]) -> tuple[list[Encoding], dict[int, int]]:
    """The different texts of the maps, each once, and the number of each by its identity."""
    texts: list[Encoding] = []
    numbers: dict[int, int] = {}
    for each in maps:
        for text in (each.queries, each.keys):
            if id(text) not in numbers:
                numbers[id(text)] = len(texts)
                texts.append(text)
    return texts, numbers


def _describe(text: Encoding) -> dict[str, Any]:
    """A text for the header: its tokens and its characters, with only a glimpse of what was cut.

    Spans count UTF-16 units, as the browser does.
    """
    groups = word_groups(text)
    labels = merge_encoding(text, groups).token_labels
    words = {token: word for word, group in enumerate(groups) for token in group}
    units = [_utf16_units(text.text), _utf16_units(text.pair or "")]
    ends = [0, 0]
    for span, segment in zip(text.spans, text.segments, strict=True):
        if span is not None:
            ends[segment] = max(ends[segment], span[1])
    return {
        "labels": text.labels,
        "segments": list(text.segments),
        "special": [int(flag) for flag in text.special],
        "words": [words[token] for token in range(len(text))],
        "word_labels": [labels[words[token]] for token in range(len(text))],
        "spans": [
            span and [units[segment][end] for end in span]
            for span, segment in zip(text.spans, text.segments, strict=True)
        ],
        "text": text.text[: ends[0] + _TAIL],
        "pair": None if text.pair is None else text.pair[: ends[1] + _TAIL],
    }


def _utf16_units(text: str) -> list[int]:
    """How many UTF-16 units stand before each character of a text, and in all of it."""
    return [0, *accumulate(2 if ord(character) > 0xFFFF else 1 for character in text)]
