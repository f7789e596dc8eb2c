"""The bytes the browser reads: weights as uint16 planes, deflated, behind one header.

    "ATLX" | uint16 version | uint16 0 | uint32 length of the JSON | JSON in UTF-8 | blocks

Numbers are little-endian. The JSON lists the blocks with their offsets behind it and carries no weights.
Of another quantity than attention, what stands for 1 is the map's `top`; the JSON says so.
A block of weights is one layer [head, query, key]: all the high bytes of its uint16, then all the low
bytes, as one raw deflate stream. Run-length matching with Huffman coding takes a third of zlib's usual
time here and is as small: in the planes of a softmax there are runs, but hardly any repeated strings.
"""

import json
import math
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"ATLX"
VERSION = 1
FULL = 65535
MINIATURE = 32
_MOST_DECIMALS = 9

_FRAME = struct.Struct("<4sHHI")


def decimals(top: float) -> int:
    """How many decimals of numbers in 0..`top` a person reads: no more than steps of `top` / 65535 can tell apart."""
    return min(_MOST_DECIMALS, max(0, math.floor(math.log10(FULL / top))))


def quantise(weights: NDArray[np.float32], top: float = 1.0) -> NDArray[np.uint16]:
    """Weights in 0..`top`, any shape, as uint16 of `top` / 65535, off by less than that.

    Of the two nearest steps it takes the one that rounds to the same `decimals` as the weight itself (four where
    `top` is 1; none where it is over 65535), so that a person reads the same number in the browser and in Python.
    """
    exact = weights.astype(np.float64)  # a float32 product may land on the wrong side of a half
    unit = 10.0 ** decimals(top)
    steps = np.rint(exact * (FULL / top))
    if top <= FULL:  # else a step is more than 1, and whole numbers differ
        exact *= unit
        np.rint(exact, out=exact)
        exact -= np.rint(steps * (unit * top / FULL))
        steps += exact
    np.clip(steps, 0, FULL, out=steps)
    return steps.astype(np.uint16)


def dequantise(steps: NDArray[np.uint16]) -> NDArray[np.float32]:
    """uint16 steps of 1/65535, any shape, as float32 in 0..1."""
    return np.asarray(steps / np.float32(FULL), dtype=np.float32)


def miniatures(weights: NDArray[np.float32], top: float = 1.0) -> NDArray[np.uint8]:
    """Each head's map made small: [layer, head, query, key] -> [layer, head, row, column] of at most 32 x 32.

    A pixel is the largest weight of its block, as round(255 * sqrt(w / top)): the root keeps small weights apart.
    """
    pooled: NDArray[np.float32] = weights
    for axis in (3, 2):
        size = weights.shape[axis]
        starts = np.arange(0, size, block_size(size))
        pooled = np.maximum.reduceat(pooled, starts, axis=axis)
    pixels: NDArray[np.uint8] = np.rint(255 * np.sqrt(dequantise(quantise(pooled, top)))).astype(np.uint8)
    return pixels


def block_size(tokens: int) -> int:
    """How many tokens share one pixel of a miniature."""
    return -(-tokens // MINIATURE)


def pack_layer(weights: NDArray[np.float32], top: float = 1.0) -> bytes:
    """One layer [head, query, key] of numbers in 0..`top` as a block."""
    planes = quantise(weights, top).astype("<u2", copy=False).reshape(-1).view(np.uint8).reshape(-1, 2)
    return deflate(planes[:, 1].tobytes() + planes[:, 0].tobytes())


def deflate(raw: bytes) -> bytes:
    """`raw` as a raw deflate stream."""
    stream = zlib.compressobj(1, zlib.DEFLATED, -15, 9, zlib.Z_RLE)
    return stream.compress(raw) + stream.flush()


def frame(header: Mapping[str, Any], blocks: Sequence[bytes]) -> bytes:
    """Header and blocks as one message."""
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    return b"".join([_FRAME.pack(MAGIC, VERSION, 0, len(text)), text, *blocks])
