"""The steps of self-attention in decimal numbers, exact until softmax, and numbers as one writes them.

A person types numbers of two decimals, so that Q, K, V and their products have finitely many: they are computed without
any rounding. Roots, powers of e and quotients have 28 digits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from viz.lessons.by_hand.small_example import DECIMALS, ByHand

Vector = tuple[Decimal, ...]
Table = tuple[Vector, ...]
HIDDEN = Decimal("-Infinity")

_CONTEXT = Context(prec=40)  # products and sums stay exact, as far as they can be


@dataclass(frozen=True)
class Exact:
    """Each step as a table, [row][column], as in `Steps`; a hidden score is `HIDDEN`. `root` is sqrt(d_k), or 1."""

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
        x, w_q, w_k, w_v = (_typed(number) for number in (setup.x, setup.w_q, setup.w_k, setup.w_v))
        q, k, v = product(x, w_q), product(x, w_k), product(x, w_v)
        scores = product(q, turned(k))
        root = Decimal(len(w_q[0])).sqrt() if setup.scale else Decimal(1)
        temperature = typed(setup.temperature)
        scaled = tuple(tuple(number / (root * temperature) for number in row) for row in scores)
        masked = tuple(
            tuple(HIDDEN if setup.causal and key > query else number for key, number in enumerate(row))
            for query, row in enumerate(scaled)
        )
        weights = tuple(_softmax(row) for row in masked)
        output = product(weights, v)
        return Exact(x, w_q, w_k, w_v, q, k, v, scores, root, temperature, scaled, masked, weights, output)


def product(left: Table, right: Table) -> Table:
    """The product of two tables."""
    return tuple(tuple(dot(row, column) for column in turned(right)) for row in left)


def dot(left: Sequence[Decimal], right: Sequence[Decimal]) -> Decimal:
    """The sum of the products of what stands at the same place."""
    with localcontext(_CONTEXT):
        return sum((one * other for one, other in zip(left, right, strict=True)), Decimal(0))


def turned(table: Table) -> Table:
    """Rows for columns."""
    return tuple(zip(*table, strict=True))


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


def _typed(rows: Sequence[Sequence[float]]) -> Table:
    return tuple(tuple(typed(number) for number in row) for row in rows)


def _softmax(row: Vector) -> Vector:
    largest = max(row)
    raised = [power(score - largest) if score != HIDDEN else Decimal(0) for score in row]
    return tuple(score / sum(raised) for score in raised)
