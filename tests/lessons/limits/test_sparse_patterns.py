"""Patterns of sparse attention: cell by cell, counted, and what of a head's attention lies on them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.errors import InputError
from viz.lessons.limits.sparse_patterns import cells, kept, pattern


@given(tokens=st.integers(1, 30), window=st.integers(0, 35), everywhere=st.integers(0, 35))
def test_a_cell_is_computed_in_the_window_or_at_a_global_token(
    tokens: int, window: int, everywhere: int
) -> None:
    found = pattern(tokens, window, everywhere)
    for query in range(tokens):
        for key in range(tokens):
            expected = abs(query - key) <= window or query < everywhere or key < everywhere
            assert found[query, key] == expected
    assert cells(tokens, window, everywhere) == found.sum()


@given(
    tokens=st.integers(1, 30),
    window=st.integers(0, 5),
    everywhere=st.integers(0, 3),
    random=st.integers(0, 6),
)
def test_random_cells_come_on_top_a_given_number_a_row(
    tokens: int, window: int, everywhere: int, random: int
) -> None:
    without = pattern(tokens, window, everywhere)
    found = pattern(tokens, window, everywhere, random)
    assert cells(tokens, window, everywhere, random) == found.sum()
    assert (found | without == found).all()
    added = (found & ~without).sum(axis=1)
    np.testing.assert_array_equal(added, np.minimum(random, tokens - without.sum(axis=1)))
    np.testing.assert_array_equal(found, pattern(tokens, window, everywhere, random))


def test_longformers_window_on_its_longest_text() -> None:
    assert cells(4096, 256) / 4096**2 == pytest.approx((4096 * 513 - 256 * 257) / 4096**2)
    assert cells(4096, 256) < 0.125 * 4096**2


def test_what_a_pattern_keeps_by_hand() -> None:
    weights = np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7], [0.6, 0.3, 0.1]], dtype=np.float32)
    found = kept(weights, pattern(3, 1))
    assert found.min() == pytest.approx(0.4)
    assert found.mean() == pytest.approx((0.75 + 1.0 + 0.4) / 3)
    assert kept(weights, pattern(3, 2)).min() == pytest.approx(1)


@pytest.mark.parametrize("bad", [(0, 1, 0, 0), (9000, 1, 0, 0), (4, -1, 0, 0), (4, 1, -1, 0), (4, 1, 0, -1)])
def test_what_cannot_be_is_refused(bad: tuple[int, int, int, int]) -> None:
    with pytest.raises(InputError, match="was asked for"):
        pattern(*bad)
