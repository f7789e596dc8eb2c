"""Sparse attention: only some cells of the square of queries and keys are computed.

Windows and global tokens as in Longformer (Beltagy et al. 2020), random cells besides as in BigBird (Zaheer et al.
2020). Axes: query, key. Both work on blocks of tokens for speed; the pattern here is token by token.
"""

import numpy as np
from numpy.typing import NDArray

from viz.attention.checks import Array
from viz.errors import InputError
from viz.language import _

Pattern = NDArray[np.bool_]
_MOST = 8_192


def pattern(tokens: int, window: int, everywhere: int = 0, random: int = 0, seed: int = 0) -> Pattern:
    """Which cells are computed, [query, key], read-only.

    Each token looks at `window` tokens on either side of it and at itself. The first `everywhere` tokens look at all,
    and all look at them. Each token looks at up to `random` further ones, drawn with `seed`. Raises `InputError` for
    numbers that cannot be.
    """
    if not (1 <= tokens <= _MOST and window >= 0 and everywhere >= 0 and random >= 0):
        raise InputError(
            _(
                "A pattern of {tokens} tokens was asked for; 1 to {most} and no negative numbers were expected."
            ),
            tokens=tokens,
            most=_MOST,
        )
    position = np.arange(tokens)
    mask: Pattern = np.abs(position[:, None] - position[None, :]) <= window
    mask[:everywhere] = True
    mask[:, :everywhere] = True
    if random:
        draw = np.random.default_rng(seed)
        order = draw.random((tokens, tokens))
        order[mask] = 2.0  # what is computed already is drawn last
        chosen = np.argsort(order, axis=1)[:, : min(random, tokens)]
        mask[position[:, None], chosen] = True
    mask.setflags(write=False)
    return mask


def cells(tokens: int, window: int, everywhere: int = 0, random: int = 0) -> int:
    """How many cells `pattern` computes, row by row: no square is made, however long the text."""
    position = np.arange(tokens)
    low, high = np.maximum(position - window, 0), np.minimum(position + window, tokens - 1)
    whole = min(everywhere, tokens)
    outside = np.minimum(low, whole)  # global tokens before the window
    rows = np.where(position < whole, tokens, np.maximum(high + 1, whole) - low + outside)
    return int(np.minimum(rows + random, tokens).sum())


def kept(weights: Array, cells_computed: Pattern) -> NDArray[np.float64]:
    """The share of each query's weights, [query, key], on the cells of a pattern of the same shape: [query]."""
    return np.asarray(np.where(cells_computed, weights, 0).sum(axis=-1, dtype=np.float64))
