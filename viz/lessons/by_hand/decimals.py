"""The steps of self-attention in decimal numbers, exact until softmax, and numbers as one writes them.

A person types numbers of two decimals, so that Q, K, V and their products have finitely many: they are computed without
any rounding. Roots, powers of e and quotients have 28 digits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

import numpy as np
from numpy.typing import NDArray

from viz.lessons.by_hand.small_example import DECIMALS, ByHand

Vector = Sequence[Decimal] | NDArray[np.object_]
Table = NDArray[np.object_]
HIDDEN = Decimal("-Infinity")

_CONTEXT = Context(prec=40)  # products and sums stay exact, as far as they can be


@dataclass(frozen=True, eq=False)
class Exact:
    """Each step as decimals, [row, column], as in `Steps`; a hidden score is `HIDDEN`. `root` is sqrt(d_k), or 1."""

    x: Table
    w_q: Table
    w_k: Table
    w_v: Table
    q: Table
    k: Table
    v: Table
    scores: Table
    root: Decimal
    temperature: Decimal
    scaled: Table
    masked: Table
    weights: Table
    output: Table


def exact(setup: ByHand) -> Exact:
    """All steps for what is set on the page."""
    with localcontext(_CONTEXT):
        x, w_q, w_k, w_v = (
            np.array([[typed(number) for number in row] for row in rows], dtype=object)
            for rows in (setup.x, setup.w_q, setup.w_k, setup.w_v)
        )
        q, k, v = x @ w_q, x @ w_k, x @ w_v
        scores = q @ k.T
        root = Decimal(len(w_q[0])).sqrt() if setup.scale else Decimal(1)
        temperature = typed(setup.temperature)
        scaled = scores / (root * temperature)
        masked = scaled.copy()
        masked[np.triu(np.full(scores.shape, setup.causal), 1)] = HIDDEN
        raised = np.array([[power(score - max(row)) for score in row] for row in masked], dtype=object)
        weights = raised / raised.sum(axis=1, keepdims=True)
        return Exact(
            x, w_q, w_k, w_v, q, k, v, scores, root, temperature, scaled, masked, weights, weights @ v
        )


def dot(left: Iterable[Decimal], right: Iterable[Decimal]) -> Decimal:
    """The sum of the products of what stands at the same place."""
    with localcontext(_CONTEXT):
        return sum((one * other for one, other in zip(left, right, strict=True)), Decimal(0))


def power(exponent: Decimal) -> Decimal:
    """e to this power; 0 for `HIDDEN`."""
    with localcontext(_CONTEXT):
        return Decimal(0) if exponent == HIDDEN else exponent.exp()


def rounded(value: Decimal, places: int) -> Decimal:
    """`value` to so many places, a half away from zero, as it is taught; never a negative zero."""
    if value == HIDDEN:
        return value
    with localcontext(_CONTEXT):
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + Decimal(0)


def written(value: Decimal, places: int) -> str:
    """`value` as it is read: so many places, and a true minus."""
    return "−∞" if value == HIDDEN else f"{rounded(value, places):f}".replace("-", "−")


def typed(number: float) -> Decimal:
    """A number that a person typed, to the decimals that are taken."""
    return rounded(Decimal(repr(float(number))), DECIMALS)
