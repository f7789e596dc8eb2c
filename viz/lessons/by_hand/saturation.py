"""Why scores are divided by sqrt(d_k): with more dimensions dot products grow, and softmax saturates.

The components of q and k are drawn from a normal distribution of mean 0 and variance 1; their dot product then has
mean 0 and variance d_k (Vaswani et al. 2017, footnote 4).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr, softmax

from viz.attention.checks import Array, frozen
from viz.errors import InputError
from viz.language import _
from viz.lessons.by_hand.small_example import MOST_D_K, MOST_KEYS

DOUBLINGS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
_DRAWS = 400
_SEED = 20170612  # the day of the paper


@dataclass(frozen=True, eq=False)
class OneDraw:
    """One random query and its keys: `scores`, `plain` and `divided` weights, all [key]. float32, read-only."""

    scores: Array
    plain: Array
    divided: Array


@dataclass(frozen=True, eq=False)
class Growth:
    """Means over many draws, all [dimensions], in the order of `d_k`. float32, read-only.

    `spread` is the standard deviation of a score; entropies are in nats; a slope is the largest p (1 - p) of the
    weights, which is how much a weight can still change with its score.
    """

    d_k: tuple[int, ...]
    spread: Array
    entropy_plain: Array
    entropy_divided: Array
    slope_plain: Array
    slope_divided: Array


def one_draw(d_k: int, keys: int, draw: int) -> OneDraw:
    """A random query of `d_k` dimensions and `keys` keys; the same for the same three numbers.

    Raises `InputError` for a number that is out of bounds.
    """
    _check(d_k, keys)
    random = np.random.default_rng([_SEED, 1, d_k, keys, draw])
    query, others = random.standard_normal(d_k), random.standard_normal((keys, d_k))
    scores = others @ query
    return OneDraw(frozen(scores), frozen(softmax(scores)), frozen(softmax(scores / np.sqrt(d_k))))


@lru_cache(maxsize=64)
def growth(keys: int, d_k: tuple[int, ...] = DOUBLINGS) -> Growth:
    """What becomes of scores and weights as `d_k` grows: means over 400 draws for each of its numbers.

    Raises `InputError` for a number that is out of bounds.
    """
    rows = []
    for size in d_k:
        _check(size, keys)
        random = np.random.default_rng([_SEED, 2, size, keys])
        queries = random.standard_normal((_DRAWS, size))
        scores = np.einsum("nkd,nd->nk", random.standard_normal((_DRAWS, keys, size)), queries)
        plain, divided = (softmax(scores / by, axis=-1) for by in (1, np.sqrt(size)))
        means = [of(weights).mean() for of in (nats, slope) for weights in (plain, divided)]
        rows.append((scores.std(), *means))
    return Growth(d_k, *(frozen(np.array(column)) for column in zip(*rows, strict=True)))


def nats(weights: NDArray[np.floating]) -> NDArray[np.floating]:
    """Entropy over the last axis in nats; 0 ln 0 is 0."""
    return np.asarray(entr(weights).sum(axis=-1))


def slope(weights: NDArray[np.floating]) -> NDArray[np.floating]:
    """The largest p (1 - p) over the last axis: the derivative of a weight with respect to its own score."""
    return np.asarray((weights * (1 - weights)).max(axis=-1))


def _check(d_k: int, keys: int) -> None:
    for name, value, least, most in (("d_k", d_k, 1, MOST_D_K), ("n", keys, 2, MOST_KEYS)):
        if not least <= value <= most:
            raise InputError(
                _("{name} = {given} was asked for; please choose a number from {least} to {most}."),
                name=name,
                given=value,
                least=least,
                most=most,
            )
