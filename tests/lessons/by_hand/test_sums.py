"""What is written out adds up: read back as a person would, each sign holds, and the result is that of NumPy."""

import re
from dataclasses import fields
from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
import pytest
from hypothesis import Phase, given, settings

from tests.lessons.by_hand.test_small_example import settings_of_page
from viz.lessons.by_hand.decimals import HIDDEN, exact, rounded, typed, written
from viz.lessons.by_hand.small_example import ByHand, steps_of
from viz.lessons.by_hand.sums import Lines, SumWords, all_sums, plain

WORDS = SumWords()
SIGNS = re.compile(r" ([=≈]) ")


def value(term: str) -> Decimal:
    """What an expression of numbers, + · / √ ^ and brackets is, with forty digits."""
    said = term.replace("−∞", "Decimal('-Infinity')").replace("−", "-")
    said = re.sub(r"(?<![\w'])(\d+(?:\.\d+)?)", r"Decimal('\1')", said)
    said = re.sub(r"√(Decimal\('\d+'\))", r"\1.sqrt()", said)
    said = re.sub(r"\be\^\(([^()]*(?:\('[^']*'\))?)\)", r"(\1).exp()", said).replace("·", "*")
    with localcontext() as context:
        context.prec = 40
        found: Decimal = eval(said, {"__builtins__": {}, "Decimal": Decimal})  # noqa: S307
    return found


def places(number: str) -> int:
    return len(number.partition(".")[2])


def check(said: str) -> Decimal:
    """Check every sign of a line such as `1.25 / √2 ≈ 1.25 / 1.41 ≈ 0.88`; returns its last number."""
    pieces = SIGNS.split(said)
    terms, signs = pieces[::2], pieces[1::2]
    result = terms[-1]
    for before, sign, after in zip(terms, signs, terms[1:], strict=False):
        one, other = value(before), value(after)
        if after is result:
            at = Decimal(1).scaleb(-places(result))
            with localcontext() as context:
                context.prec = 40
                assert one.quantize(at, ROUND_HALF_UP) == other, said
        if sign == "=":
            assert one == other, said
        else:
            assert float(one) == pytest.approx(float(other), rel=0.05, abs=0.006), said
    return value(result)


def sentence(lines: Lines) -> str:
    """The lines of a cell without what is said in words."""
    said = plain(lines)
    for each in fields(WORDS):
        start = getattr(WORDS, each.name).partition("{")[0]
        said = said.partition(start)[0]
    return said.strip()


@pytest.mark.parametrize(
    ("term", "expected"),
    [("1.50 · (−2.00) + 1.00", "-2"), ("1 / (√4 · 2.00)", "0.25"), ("e^(0.00) / (e^(0.00) + e^(−∞))", "1")],
)
def test_the_reader_of_this_test_reads(term: str, expected: str) -> None:
    assert value(term) == Decimal(expected)


def test_a_sum_that_does_not_add_up_is_found() -> None:
    for wrong in ("1.00 · 2.00 = 2.01", "1.00 / 3.00 = 0.33", "1.25 / √2 ≈ 1.25 / 1.41 ≈ 0.88"):
        with pytest.raises(AssertionError):
            check(wrong)


def check_powers(said: str) -> None:
    """Check that each power of e that is written gives the number that is written for it."""
    powers, numbers, _rest = re.split(r" [=≈] ", said, maxsplit=2)
    exponents = re.findall(r"\^\(([^)]*)\)", powers)
    found = re.findall(r"[\d.]+", numbers)
    assert len(exponents) == len(found) > 3
    for exponent, number in zip(exponents, found, strict=True):
        expected = 0 if "∞" in exponent else value(exponent).exp()
        assert abs(expected - Decimal(number)) <= Decimal("0.5").scaleb(-places(number)), said


# Each example is some two hundred sums; what fails is small enough to read as it is.
@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(settings_of_page)
def test_all_that_is_written_adds_up_to_what_numpy_computes(now: ByHand) -> None:
    found, expected = exact(now), steps_of(now)
    sums = all_sums(found, WORDS)
    for name, table in sums.items():
        numbers = getattr(expected, name)
        for (row, column), number in np.ndenumerate(numbers):
            mine = getattr(found, name)[row][column]
            assert float(mine) == pytest.approx(float(number), rel=1e-5, abs=1e-6), name
            if name == "weights":
                check_powers(sentence(table[row][column]))
            last = check(sentence(table[row][column]))
            said_in = places(SIGNS.split(sentence(table[row][column]))[-1])
            assert last == (mine if mine == HIDDEN else rounded(mine, said_in)), name


def test_the_example_reads_as_in_a_textbook() -> None:
    sums = all_sums(exact(ByHand()), WORDS)
    assert sentence(sums["scores"][0][1]) == "1.00 · 0.50 + 0.00 · 1.00 = 0.50"
    assert sentence(sums["scaled"][0][1]) == "0.50 / √2 ≈ 0.50 / 1.41 ≈ 0.35"
    assert sentence(sums["weights"][3][3]) == (
        "e^(0.93) / (e^(−0.88) + e^(0.09) + e^(−0.80) + e^(0.93)) ≈ 2.53 / (0.41 + 1.09 + 0.45 + 2.53)"
        " = 2.53 / 4.48 ≈ 0.56"
    )
    left = [text for text, kind in sums["scores"][0][1][0] if kind == "left"]
    right = [text for text, kind in sums["scores"][0][1][0] if kind == "right"]
    assert (left, right) == (["1.00", "0.00"], ["0.50", "1.00"])


def test_what_is_not_computed_is_said_in_words() -> None:
    sums = all_sums(exact(ByHand(causal=True, scale=False)), WORDS)
    assert plain(sums["scaled"][0][1]) == f"0.50  {WORDS.not_divided}"
    assert plain(sums["masked"][0][1]) == f"−∞  {WORDS.hidden}"
    assert plain(sums["masked"][1][0]) == f"−0.50  {WORDS.kept}"
    large = all_sums(exact(ByHand(x=((10, 10), (1, 1), (5, 5)), temperature=0.1)), WORDS)
    assert "Decimal" not in plain(large["weights"][0][0])
    assert "is taken off all of them first" in plain(large["weights"][0][0])


def test_the_words_can_be_in_another_language() -> None:
    words = WORDS.translated(str.upper)
    assert plain(all_sums(exact(ByHand(causal=True)), words)["masked"][0][1]).endswith("IS 0.")


@pytest.mark.parametrize(
    ("number", "expected"),
    [("0.125", "0.13"), ("-0.125", "−0.13"), ("-0.001", "0.00"), ("80000", "80000.00"), ("-Infinity", "−∞")],
)
def test_numbers_are_rounded_as_it_is_taught(number: str, expected: str) -> None:
    assert written(Decimal(number), 2) == expected


def test_what_is_typed_has_two_decimals() -> None:
    assert typed(0.1 + 0.2) == Decimal("0.30")
    assert typed(-9.999) == Decimal("-10.00")
