"""Random weights and small encodings, with no model behind them."""

from collections.abc import Sequence

import numpy as np

from viz.attention import AttentionMap
from viz.inputs.encoding import Encoding


def random_weights(
    seed: int, layers: int = 2, heads: int = 3, queries: int = 4, keys: int = 4, sharpness: float = 3
) -> np.ndarray:
    scores = np.random.default_rng(seed).normal(size=(layers, heads, queries, keys)) * sharpness
    weights: np.ndarray = (np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)).astype(np.float32)
    weights.setflags(write=False)
    return weights


def encoding(
    text: str, tokens: Sequence[tuple[str, tuple[int, int] | None, int | None]], pair: str | None = None
) -> Encoding:
    """An encoding of (token, span, word) triples; a token without a word is special."""
    return Encoding(
        token_ids=tuple(range(100, 100 + len(tokens))),
        token_strings=tuple(token for token, _span, _word in tokens),
        token_labels=tuple(token.removeprefix("##") for token, _span, _word in tokens),
        segments=(0,) * len(tokens),
        special=tuple(word is None for _token, _span, word in tokens),
        words=tuple(word for _token, _span, word in tokens),
        spans=tuple(span for _token, span, _word in tokens),
        text=text,
        pair=pair,
    )


# The text "embedding, yes!": one word of three tokens, two signs, two special tokens.
PIECES = encoding(
    "embedding, yes!",
    [
        ("[CLS]", None, None),
        ("em", (0, 2), 0),
        ("##bed", (2, 5), 0),
        ("##ding", (5, 9), 0),
        (",", (9, 10), 1),
        ("yes", (11, 14), 2),
        ("!", (14, 15), 3),
        ("[SEP]", None, None),
    ],
)


def pieces_map(seed: int = 0, layers: int = 2, heads: int = 3) -> AttentionMap:
    count = len(PIECES)
    return AttentionMap("encoder", random_weights(seed, layers, heads, count, count), PIECES, PIECES)
