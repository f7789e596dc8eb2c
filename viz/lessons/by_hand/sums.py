"""The arithmetic of one cell, written out so that it adds up.

Whoever computes with the numbers as they are written gets the result as it is written: where numbers of two places
would not lead there, they are written with more. "=" stands between what is equal, "≈" where something was rounded.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import product
from typing import Literal

from viz.language import _, translated_words
from viz.lessons.by_hand.decimals import HIDDEN, Exact, Vector, dot, power, rounded, written

Kind = Literal["", "left", "right", "up", "result"]
Line = tuple[tuple[str, Kind], ...]  # pieces of a line: what they say, and what they are
Lines = tuple[Line, ...]
Sums = dict[
    str, tuple[tuple[Lines, ...], ...]
]  # by the name of a step: the lines of its cells, [row][column]

PLACES = 2
_MOST_PLACES = 16
# Scores above this are written less the row's largest one: e to their power would be a long number.
_CALM = 10
_DOT, _PLUS, _SPACE = " · ", " + ", "  "


@dataclass(frozen=True)
class SumWords:
    """What a sum says in words."""

    not_divided: str = _("The score stays as it is.")
    kept: str = _("Not hidden: the score stays as it is.")
    hidden: str = _("This key comes after the query: it is hidden, and e to the power of −∞ is 0.")
    less_largest: str = _(
        "The largest score of the row, {largest}, is taken off all of them first: this changes no weight."
    )

    def translated(self, translate: Callable[[str], str]) -> "SumWords":
        """These words, each looked up by `translate`."""
        return translated_words(self, translate)


def product_sum(left: Vector, right: Vector) -> Line:
    """A row times a column: `1.00 · 0.50 + 0.00 · 1.00 = 0.50`."""
    true = dot(left, right)
    for shown, result in _tries():
        first = [_short(number, shown) for number in left]
        second = [_short(number, shown) for number in right]
        sum_written = dot(first, second)
        if rounded(sum_written, result) == rounded(true, result):
            break
    pieces: list[tuple[str, Kind]] = []
    for place, (one, other) in enumerate(zip(first, second, strict=True)):
        pieces += [(_PLUS, "")] if place else []
        pieces += [(_number(one), "left"), (_DOT, ""), (_number(other), "right")]
    return (*pieces, *_result(sum_written, true, result))


def quotient(score: Decimal, root: Decimal, temperature: Decimal, d_k: int, words: SumWords) -> Line:
    """A score divided by sqrt(d_k), the temperature, both or neither: `0.50 / √2 ≈ 0.50 / 1.41 ≈ 0.35`."""
    by = root * temperature
    if by == 1:
        return ((written(score, PLACES), "result"), (_SPACE + words.not_divided, ""))
    for shown, result in _tries():
        above, below = _short(score, shown), _short(by, shown)
        quotient_written = above / below
        if rounded(quotient_written, result) == rounded(score / by, result):
            break
    line: list[tuple[str, Kind]] = [(_signed(above), "left"), (" / ", "")]
    if root != 1:
        named = f"√{d_k}" if temperature == 1 else f"(√{d_k} · {written(temperature, PLACES)})"
        line += [(named, ""), (" = " if below == by else " ≈ ", ""), (_signed(above), "left"), (" / ", "")]
    return (*line, (_signed(below), ""), *_result(quotient_written, score / by, result))


def mask_line(score: Decimal, words: SumWords) -> Line:
    """What the mask does to a score."""
    said = words.hidden if score == HIDDEN else words.kept
    return ((written(score, PLACES), "result"), (_SPACE + said, ""))


def softmax_lines(row: Vector, words: SumWords) -> tuple[Lines, ...]:
    """For each key of a row of scores its weight: `e^0.71 / (e^0.71 + e^0.35) ≈ 2.03 / (2.03 + 1.42) = ... ≈ 0.59`."""
    largest = max(row)
    after: Lines = ()
    if abs(largest) > _CALM:
        after = (((words.less_largest.format(largest=written(largest, PLACES)), ""),),)
        row = tuple(number if number == HIDDEN else number - largest for number in row)
    powers = [power(number) for number in row]
    total = sum(powers, Decimal(0))
    true = [number / total for number in powers]
    for shown, below, result in _softmax_tries():
        exponents = [rounded(number, shown) for number in row]
        raised = [rounded(power(number), below) for number in exponents]
        summed = sum(raised, Decimal(0))
        # What is written must follow from what was written before it, at each sign.
        if summed:
            weights = [number / summed for number in raised]
            if [rounded(number, result) for number in weights] == [
                rounded(number, result) for number in true
            ]:
                break
    # Of all powers of e only these are written as they are.
    exactly = all(number in (0, HIDDEN) for number in exponents)
    added = [
        written(number, below) if score != HIDDEN else "0" for number, score in zip(raised, row, strict=True)
    ]
    lines: list[Lines] = []
    for key in range(len(row)):
        sum_line = _sum_of([_power(number, shown) for number in exponents], key)
        lines.append(
            (
                (*_power(exponents[key], shown, "left"), (" / (", ""), *sum_line, (")", "")),
                (
                    (" = " if exactly else " ≈ ", ""),
                    (added[key], "left"),
                    (" / (", ""),
                    *_sum_of([[(number, "")] for number in added], key),
                    (")", ""),
                ),
                (
                    (" = ", ""),
                    (added[key], "left"),
                    (f" / {written(summed, below)}", ""),
                    *_result(weights[key], true[key], result),
                ),
                *after,
            )
        )
    return tuple(lines)


def all_sums(steps: Exact, words: SumWords) -> Sums:
    """For each step, by its name in `Exact`, the arithmetic of its cells, [row][column]."""
    weights = {"q": steps.w_q, "k": steps.w_k, "v": steps.w_v}
    with localcontext() as context:
        context.prec = 40
        sums: Sums = {
            name: tuple(tuple((product_sum(row, column),) for column in matrix.T) for row in steps.x)
            for name, matrix in weights.items()
        }
        sums["scores"] = tuple(tuple((product_sum(q, k),) for k in steps.k) for q in steps.q)
        d_k = len(steps.k[0])
        sums["scaled"] = tuple(
            tuple((quotient(score, steps.root, steps.temperature, d_k, words),) for score in row)
            for row in steps.scores
        )
        sums["masked"] = tuple(tuple((mask_line(score, words),) for score in row) for row in steps.masked)
        sums["weights"] = tuple(softmax_lines(row, words) for row in steps.masked)
        sums["output"] = tuple(
            tuple((product_sum(row, column),) for column in steps.v.T) for row in steps.weights
        )
    return sums


def plain(lines: Lines) -> str:
    """The same as plain text, "e^(0.71)" for a power."""
    return "".join(f"^({text})" if kind == "up" else text for line in lines for text, kind in line)


def _tries() -> Iterator[tuple[int, int]]:
    """Places of what is added up, and of the result: as few as can be, more where they do not add up."""
    return (
        (shown, result) for result, shown in product(range(PLACES, PLACES + 3), range(PLACES, _MOST_PLACES))
    )


def _softmax_tries() -> list[tuple[int, int, int]]:
    tries = product(range(PLACES, _MOST_PLACES), range(PLACES, _MOST_PLACES), (PLACES, PLACES + 1))
    return sorted(tries, key=lambda places: (places[2], places[0] + places[1]))


def _number(value: Decimal) -> str:
    """A number within a sum, in brackets where its minus would stand behind a sign."""
    return f"({_signed(value)})" if value < 0 else _signed(value)


def _signed(value: Decimal) -> str:
    return f"{value:f}".replace("-", "−")


def _short(value: Decimal, places: int) -> Decimal:
    """`value` to so many places, but to fewer where the last ones are zeros of a number that is exact."""
    shortened = rounded(value, places)
    while places > PLACES and shortened == value and rounded(value, places - 1) == value:
        places -= 1
        shortened = rounded(value, places)
    return shortened


def _power(exponent: Decimal, places: int, kind: Kind = "") -> list[tuple[str, Kind]]:
    return [("e", kind), (written(exponent, places), "up")]


def _sum_of(terms: Sequence[Sequence[tuple[str, Kind]]], selected: int) -> list[tuple[str, Kind]]:
    """The terms with a plus between them; the one of the selected key is marked."""
    pieces: list[tuple[str, Kind]] = []
    for index, term in enumerate(terms):
        pieces += [(_PLUS, "")] if index else []
        pieces += [(text, "left" if index == selected and not kind else kind) for text, kind in term]
    return pieces


def _result(computed: Decimal, true: Decimal, places: int) -> tuple[tuple[str, Kind], ...]:
    """The sign and the result: "=" where the numbers as written give just this."""
    result = rounded(true, places)
    return ((" = " if computed == result else " ≈ ", ""), (written(true, places), "result"))
