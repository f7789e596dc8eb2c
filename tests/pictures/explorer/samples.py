"""Small attention maps with every awkward thing in them, for the tests of the explorer."""

from dataclasses import replace

import numpy as np

from viz.attention import AttentionMap
from viz.inputs.encoding import Encoding
from viz.models.card import Kind

HOSTILE = "<script>alert(1)</script>"


def encoding(count: int, *, pair: bool = False, hostile: bool = False) -> Encoding:
    """`count` tokens: special ones at both ends (and between two texts), words of one to three tokens."""
    middle = count // 2 if pair else count
    special = tuple(at in {0, count - 1} or (pair and at == middle - 1) for at in range(count))
    segments = tuple(int(pair and at >= middle) for at in range(count))
    words: list[int | None] = []
    number = -1
    for at in range(count):
        if special[at]:
            words.append(None)
            continue
        if at % 3 != 2 or words[-1] is None or segments[at] != segments[at - 1]:
            number += 1
        words.append(number)
    labels = tuple(f"{HOSTILE}{at}" if hostile else f"t{at}" for at in range(count))
    starts = [at - middle * segments[at] for at in range(count)]
    spans = tuple(None if special[at] else (2 * starts[at], 2 * starts[at] + 2) for at in range(count))
    text = "".join(f"{chr(97 + at % 26)}{at % 10}" for at in range(count))
    return Encoding(
        token_ids=tuple(range(count)),
        token_strings=labels,
        token_labels=labels,
        segments=segments,
        special=special,
        words=tuple(words),
        spans=spans,
        text=text,
        pair=text[::-1] if pair else None,
    )


def attention(
    layers: int,
    heads: int,
    queries: Encoding,
    keys: Encoding | None = None,
    *,
    kind: Kind = "encoder",
    seed: int = 0,
    sharpness: float = 3.0,
) -> AttentionMap:
    """Softmax of random scores: rows sum to 1, from spread out to sharp."""
    keys = keys or queries
    random = np.random.default_rng(seed)
    scores = sharpness * random.standard_normal((layers, heads, len(queries), len(keys)))
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = (weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)
    weights.setflags(write=False)
    return AttentionMap(kind, weights, queries, keys)


def lengths(found: AttentionMap, largest: float = 3.2, seed: int = 0) -> AttentionMap:
    """The map times a positive number a key, as norms are, the largest of all being `largest`."""
    keys = np.random.default_rng(seed).random(found.weights.shape[:2] + found.weights.shape[3:]) + 0.01
    weights = found.weights * keys[:, :, None, :]
    weights = (weights * (largest / weights.max())).astype(np.float32)
    weights.setflags(write=False)
    return replace(found, weights=weights, quantity="norm")
