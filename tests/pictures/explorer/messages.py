"""The explorer's messages read back in Python, as the browser reads them."""

import json
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.pictures.explorer import wire_format
from viz.pictures.explorer.payload import Block

START = 12  # bytes before the JSON


@dataclass(frozen=True, eq=False)
class Message:
    """A message read back: its header, uint16 [head, query, key] by block, miniatures by map."""

    header: dict[str, Any]
    weights: dict[Block, NDArray[np.uint16]]
    miniatures: dict[int, NDArray[np.uint8]]


def header_of(data: bytes) -> dict[str, Any]:
    """The JSON of a message."""
    header: dict[str, Any] = json.loads(data[START : _end(data)])
    return header


def blocks_of(data: bytes) -> bytes:
    """All that lies behind the JSON."""
    return data[_end(data) :]


def _end(data: bytes) -> int:
    assert data[:8] == b"ATLX\x01\x00\x00\x00"
    return START + int.from_bytes(data[8:START], "little")


def read(data: bytes, first: dict[str, Any] | None = None) -> Message:
    """Read a message; `first` is the header of the first one, which one with further layers needs."""
    header, rest = header_of(data), blocks_of(data)
    weights: dict[Block, NDArray[np.uint16]] = {}
    small: dict[int, NDArray[np.uint8]] = {}
    for entry in header["blocks"]:
        block = rest[entry["at"] : entry["at"] + entry["size"]]
        about = (first or header)["maps"][entry.get("map", entry.get("miniatures"))]
        queries, keys = (
            len((first or header)["texts"][about[side]]["labels"]) for side in ("queries", "keys")
        )
        if "miniatures" in entry:
            pixels = [-(-size // wire_format.block_size(size)) for size in (queries, keys)]
            raw = np.frombuffer(zlib.decompress(block, -15), np.uint8)
            small[entry["miniatures"]] = raw.reshape(about["layers"], about["heads"], *pixels)
        else:
            shape = (about["heads"], queries, keys)
            weights[entry["map"], entry["layer"]] = unpacked(block, shape)
    return Message(header, weights, small)


def unpacked(block: bytes, shape: tuple[int, ...]) -> NDArray[np.uint16]:
    """The uint16 steps of a block, in `shape` [head, query, key]."""
    high, low = np.frombuffer(zlib.decompress(block, -15), np.uint8).reshape(2, *shape).astype(np.uint16)
    steps: NDArray[np.uint16] = high << np.uint16(8) | low
    return steps
