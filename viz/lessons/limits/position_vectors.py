"""Where a token stands, as numbers: the sines of the first Transformer, and the tables that models learned.

Axes: position, dim (the width of a vector).
"""

from dataclasses import dataclass

import numpy as np

from viz.attention.checks import Array, frozen
from viz.errors import InputError
from viz.language import _

BASE = 10_000.0


def sinusoidal(positions: int, dim: int) -> Array:
    """The fixed encodings of Vaswani et al. 2017, section 3.5, float32 [position, dim].

    PE(pos, 2i) = sin(pos / 10000^(2i / dim)), PE(pos, 2i + 1) = cos of the same. Raises `InputError` where there is
    no position, or `dim` is not an even number of at least 2.
    """
    if positions < 1 or dim < 2 or dim % 2:
        raise InputError(
            _(
                "{positions} positions of {dim} numbers were asked for; at least 1 of an even number was expected."
            ),
            positions=positions,
            dim=dim,
        )
    angles = np.arange(positions)[:, None] / BASE ** (np.arange(0, dim, 2) / dim)[None, :]
    vectors = np.empty((positions, dim), dtype=np.float32)
    vectors[:, 0::2], vectors[:, 1::2] = np.sin(angles), np.cos(angles)
    return frozen(vectors)


def wavelengths(dim: int) -> Array:
    """How many positions one turn of each pair of numbers takes, [dim / 2]: from 2 pi to 10000 * 2 pi."""
    return frozen(2 * np.pi * BASE ** (np.arange(0, dim, 2) / dim))


@dataclass(frozen=True, eq=False)
class Plane:
    """A table in two dimensions: `points` [position, 2], and the share of all variance on each of the two axes."""

    points: Array
    shares: tuple[float, float]


def pca(table: Array) -> Plane:
    """The table's two principal components (Pearson 1901), by the singular values of its centred rows.

    The sign of an axis means nothing; here the first position lies on the positive side of both.
    """
    centred = table.astype(np.float64) - table.mean(axis=0, dtype=np.float64)
    left, values, _right = np.linalg.svd(centred, full_matrices=False)
    points = np.zeros((len(table), 2))
    points[:, : min(2, len(values))] = (left * values)[:, :2]
    points *= np.where(points[0] < 0, -1.0, 1.0)
    squares = np.pad(values**2, (0, 2))
    whole = float(squares.sum()) or 1.0
    return Plane(frozen(points), (float(squares[0]) / whole, float(squares[1]) / whole))


def first_apart(table: Array) -> float:
    """How many times as far from the mean of all positions the first one lies as half of them do.

    The first token is always [CLS] or <s>: many models gave its position a row unlike any other.
    """
    far = np.linalg.norm(table.astype(np.float64) - table.mean(axis=0, dtype=np.float64), axis=1)
    return float(far[0] / (np.median(far) or 1.0))


def cosines(table: Array) -> Array:
    """The cosine of every two positions, float32 [position, position]; 0 for a position whose vector is 0."""
    lengths = np.linalg.norm(table.astype(np.float64), axis=1, keepdims=True)
    unit = np.divide(table, lengths, out=np.zeros(table.shape), where=lengths > 0)
    return frozen(np.clip(unit @ unit.T, -1, 1))


def by_distance(similar: Array) -> Array:
    """The mean cosine of positions 0, 1, 2 ... apart, [distance], from [position, position]."""
    return frozen(np.array([np.diagonal(similar, step).mean() for step in range(len(similar))]))
