"""Self-attention by hand: the same as SciPy's and torch's, whatever the numbers are."""

import math
from contextlib import suppress
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError
from scipy.special import softmax as scipy_softmax

from viz.errors import InputError
from viz.lessons.by_hand.small_example import (
    CHINESE_TOKENS,
    ENGLISH_TOKENS,
    FEWEST,
    MOST,
    ByHand,
    names_of,
    read_number,
    steps_of,
    with_token,
    without_token,
)

numbers = st.integers(-1000, 1000).map(lambda number: number / 100)
rows = st.tuples(numbers, numbers)
squares = st.tuples(rows, rows)
settings_of_page = st.builds(
    ByHand,
    x=st.lists(rows, min_size=FEWEST, max_size=MOST).map(tuple),
    w_q=squares,
    w_k=squares,
    w_v=squares,
    scale=st.booleans(),
    causal=st.booleans(),
    temperature=st.integers(1, 50).map(lambda tenths: tenths / 10),
)


def close(found: NDArray[np.floating], expected: NDArray[np.floating]) -> None:
    """float32 keeps seven digits; a softmax of scores in the thousands has its own rounding besides."""
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("tokens", [4, 6])
def test_it_is_what_torch_computes(scale: bool, causal: bool, temperature: float, tokens: int) -> None:
    random = np.random.default_rng(3)
    x, *weights = (random.uniform(-2, 2, size=(rows, 2)).round(2) for rows in (tokens, 2, 2, 2))
    w_q, w_k, w_v = weights
    tables = {"x": x, "w_q": w_q, "w_k": w_k, "w_v": w_v}
    setting = {"scale": scale, "temperature": temperature, "causal": causal}
    given = {name: table.tolist() for name, table in tables.items()} | setting
    found = steps_of(TypeAdapter(ByHand).validate_python(given))
    q, k, v = (torch.from_numpy(x @ table) for table in weights)
    by = (math.sqrt(2) if scale else 1) * temperature
    expected = torch.nn.functional.scaled_dot_product_attention(
        q[None], k[None], v[None], is_causal=causal, scale=1 / by
    )
    close(found.output, expected[0].numpy())
    hidden = np.triu(np.full((tokens, tokens), -np.inf), 1) if causal else 0
    close(found.weights, scipy_softmax((q @ k.T).numpy() / by + hidden, axis=-1))


@given(settings_of_page)
def test_the_rows_sum_to_one_and_nothing_hidden_is_seen(now: ByHand) -> None:
    found = steps_of(now)
    assert np.isfinite(found.output).all()
    np.testing.assert_allclose(found.weights.sum(axis=-1), 1, atol=1e-6)
    later = np.triu(np.ones_like(found.weights, dtype=bool), 1)
    if now.causal:
        assert (found.weights[later] == 0).all()
        assert (found.masked[later] == -np.inf).all()
    np.testing.assert_array_equal(found.masked[~later], found.scaled[~later])
    # A mean lies between what it is the mean of.
    assert (found.output <= found.v.max(axis=0) + 1e-4).all()
    assert (found.output >= found.v.min(axis=0) - 1e-4).all()
    for each in fields(found):
        values = getattr(found, each.name)
        assert values.dtype == np.float32
        assert not values.flags.writeable


@given(settings_of_page)
def test_two_tokens_that_are_the_same_get_the_same(now: ByHand) -> None:
    found = steps_of(replace(now, x=(now.x[0], now.x[0], *now.x[2:]), causal=False))
    np.testing.assert_array_equal(found.weights[0], found.weights[1])
    np.testing.assert_array_equal(found.weights[:, 0], found.weights[:, 1])
    np.testing.assert_array_equal(found.output[0], found.output[1])


def test_the_temperature_has_its_limits() -> None:
    cold = steps_of(ByHand(x=((10, 0), (0, 10), (10, 10), (-10, 5)), temperature=0.1))
    np.testing.assert_allclose(cold.weights, np.eye(4)[cold.scores.argmax(axis=-1)], atol=1e-6)
    hot = steps_of(ByHand(x=((0.01, 0), (0, 0.01), (0.01, 0.01), (-0.01, 0)), temperature=5))
    np.testing.assert_allclose(hot.weights, 0.25, atol=1e-4)


def test_softmax_neither_overflows_nor_changes_with_what_is_added() -> None:
    large = ByHand(x=((10, 10), (10, -10), (-10, 10)), w_q=((10, 10), (10, 10)), w_k=((10, 10), (10, 10)))
    found = steps_of(replace(large, temperature=0.1))
    close(found.weights, scipy_softmax(found.masked.astype(np.float64), axis=-1))


def test_what_is_set_is_bounded() -> None:
    good = TypeAdapter(ByHand)
    assert good.validate_python({"x": [[1, 2], [3, 4], [5, 6]], "part": "mix"}).x[2] == (5.0, 6.0)
    for bad in (
        {"x": [[1, 2], [3, 4]]},
        {"x": [[1, 2]] * 7},
        {"x": [[1, 2, 3]] * 4},
        {"w_q": [[1, 11], [0, 0]]},
        {"w_v": [[math.nan, 1], [0, 0]]},
        {"tokens": ["a" * 21]},
        {"temperature": 0},
        {"d_k": 513},
        {"keys": 1},
        {"part": "all of it"},
    ):
        with pytest.raises(ValidationError):
            good.validate_python(bad)
    with pytest.raises(FrozenInstanceError):
        ByHand().causal = True  # type: ignore[misc]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0.5", 0.5),
        (" -1 ", -1.0),
        ("0,25", 0.25),
        ("−.5", -0.5),
        ("１．５", 1.5),
        ("+10", 10.0),
        ("0.129", 0.13),
        ("-0", 0.0),
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str, expected: float) -> None:
    found = read_number(typed)
    assert found == expected
    assert math.copysign(1, found) == math.copysign(1, expected)


@pytest.mark.parametrize(
    "typed", ["", "abc", "1 2", "10.01", "-11", "1e1", "nan", "inf", "0x1", "--1", "9" * 99, "."]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="a number from -10 to 10 was expected"):
        read_number(typed)


@given(st.text(max_size=24))
def test_whatever_is_typed_is_a_number_in_bounds_or_refused(typed: str) -> None:
    with suppress(InputError):
        assert abs(read_number(typed)) <= 10


def test_a_link_with_longer_numbers_is_cut_to_what_can_be_typed() -> None:
    found = ByHand(x=((0.126, -0.004), (1, 2), (10, -10)), w_v=((0.333, 1), (1, 0)), temperature=0.349)
    expected = ByHand(x=((0.13, 0), (1, 2), (10, -10)), w_v=((0.33, 1), (1, 0)), temperature=0.35)
    assert found == expected
    assert math.copysign(1, found.x[0][1]) == 1


def test_every_token_has_a_name_of_its_own() -> None:
    assert names_of(ByHand(), ENGLISH_TOKENS) == ENGLISH_TOKENS
    assert names_of(ByHand(), CHINESE_TOKENS) == CHINESE_TOKENS
    assert names_of(ByHand(tokens=("a", "b")), ENGLISH_TOKENS) == ("a", "b", "mat", "on")
    assert names_of(ByHand(tokens=("a", "a", " ", "c")), ENGLISH_TOKENS) == ("a", "a(2)", "(3)", "c")
    assert len(set(names_of(ByHand(tokens=("x" * 20,) * 4), ENGLISH_TOKENS))) == 4


def test_tokens_are_added_and_removed_within_bounds() -> None:
    now = ByHand(tokens=ENGLISH_TOKENS)
    assert len(with_token(with_token(with_token(now))).x) == MOST
    assert with_token(now).x[:4] == now.x
    fewer = without_token(without_token(now))
    assert (len(fewer.x), fewer.tokens) == (FEWEST, ENGLISH_TOKENS[:3])
