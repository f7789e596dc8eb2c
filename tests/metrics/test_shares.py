import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.samples import PIECES, random_weights
from viz.errors import MetricError
from viz.metrics import received
from viz.metrics.measures import (
    attention_from_query,
    attention_to_key,
    closing_special,
    first_special,
    mean_distance,
    neighbour_share,
    punctuation,
    ranked_heads,
    self_share,
    share_to,
)

SEEDS = st.integers(0, 10_000)


def test_by_hand() -> None:
    weights = np.array([[[[0.5, 0.5, 0], [0, 1, 0], [0.2, 0, 0.8]]]], dtype=np.float32)
    assert share_to(weights, [True, False, False])[0, 0] == pytest.approx(0.7 / 3)
    assert share_to(weights, [True, False, True])[0, 0] == pytest.approx((0.5 + 0 + 1) / 3)
    assert self_share(weights)[0, 0] == pytest.approx((0.5 + 1 + 0.8) / 3)
    assert neighbour_share(weights, 1)[0, 0] == pytest.approx((0.5 + 0) / 2)
    assert neighbour_share(weights, -1)[0, 0] == pytest.approx(0)
    assert neighbour_share(weights, -2)[0, 0] == pytest.approx(0.2)
    assert neighbour_share(weights, 3)[0, 0] == 0
    assert mean_distance(weights)[0, 0] == pytest.approx((0.5 + 0 + 0.2 * 2) / 3)


@given(SEEDS)
def test_each_equals_a_loop(seed: int) -> None:
    weights = random_weights(seed, 2, 2, 5, 5)
    marks = [bool(bit) for bit in np.random.default_rng(seed).integers(0, 2, 5)]
    for layer in range(2):
        for head in range(2):
            cells = [(q, k, float(weights[layer, head, q, k])) for q in range(5) for k in range(5)]
            at = (layer, head)
            assert share_to(weights, marks)[at] == pytest.approx(
                sum(w for _q, k, w in cells if marks[k]) / 5, abs=1e-6
            )
            assert self_share(weights)[at] == pytest.approx(
                sum(w for q, k, w in cells if q == k) / 5, abs=1e-6
            )
            assert neighbour_share(weights, -1)[at] == pytest.approx(
                sum(w for q, k, w in cells if k == q - 1) / 4, abs=1e-6
            )
            assert mean_distance(weights)[at] == pytest.approx(
                sum(w * abs(q - k) for q, k, w in cells) / 5, abs=1e-5
            )


@given(SEEDS, st.integers(0, 3))
def test_one_token_equals_a_loop(seed: int, at: int) -> None:
    weights = random_weights(seed)
    np.testing.assert_allclose(attention_to_key(weights, at), received(weights)[..., at], atol=1e-7)
    for layer in range(2):
        for key in range(4):
            mean = sum(float(weights[layer, head, at, key]) for head in range(3)) / 3
            assert attention_from_query(weights, at)[layer, key] == pytest.approx(mean, abs=1e-6)
    np.testing.assert_allclose(attention_from_query(weights, at).sum(axis=-1), 1, atol=1e-5)


@given(SEEDS)
def test_shares_of_all_kinds_of_keys_sum_to_one(seed: int) -> None:
    weights = random_weights(seed, queries=8, keys=8)
    marks = np.array([first_special(PIECES), closing_special(PIECES), punctuation(PIECES)])
    rest = ~marks.any(axis=0)
    total = sum(share_to(weights, list(mark)) for mark in (*marks, rest))
    np.testing.assert_allclose(total, 1, atol=1e-5)


def test_the_marks_are_the_ones_meant() -> None:
    def marked(marks: tuple[bool, ...]) -> list[str]:
        return [token for token, mark in zip(PIECES.tokens, marks, strict=True) if mark]

    assert marked(first_special(PIECES)) == ["[CLS]"]
    assert marked(closing_special(PIECES)) == ["[SEP]"]
    assert marked(punctuation(PIECES)) == [",", "!"]


def test_the_heads_that_look_most_come_first_equal_ones_in_reading_order() -> None:
    values = np.array([[0.1, 0.5, 0.2], [0.5, 0.0, 0.9]], dtype=np.float32)
    assert ranked_heads(values, 3) == ((1, 2), (0, 1), (1, 0))


def test_what_cannot_be_is_refused() -> None:
    weights = random_weights(0, queries=3, keys=4)
    for metric in (self_share, mean_distance):
        with pytest.raises(MetricError, match="3 queries and 4 keys"):
            metric(weights)
    with pytest.raises(MetricError, match="1 marks were given for 4 tokens"):
        share_to(weights, [True])
    for position in (-1, 4):
        with pytest.raises(MetricError, match=f"Token {position + 1} was asked for; there are tokens 1 to 4"):
            attention_to_key(weights, position)
    with pytest.raises(MetricError, match="tokens 1 to 3"):
        attention_from_query(weights, 3)


def test_what_leaves_is_float32_and_read_only() -> None:
    weights = random_weights(0)
    for values in (
        share_to(weights, [True] * 4),
        self_share(weights),
        mean_distance(weights),
        attention_to_key(weights, 0),
    ):
        assert values.dtype == np.float32
        assert not values.flags.writeable
