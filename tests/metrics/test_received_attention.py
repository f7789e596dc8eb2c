import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from viz.errors import MetricError
from viz.metrics import entropy, mean_received, ranked, received


def random_weights(seed: int, layers: int = 2, heads: int = 3, queries: int = 4, keys: int = 5) -> np.ndarray:
    scores = np.random.default_rng(seed).normal(size=(layers, heads, queries, keys)) * 3
    weights: np.ndarray = (np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)).astype(np.float32)
    return weights


def test_entropy_by_hand() -> None:
    weights = np.array([[[[1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25], [0.5, 0.5, 0, 0]]]], dtype=np.float32)
    np.testing.assert_allclose(entropy(weights)[0, 0], [0, np.log(4), np.log(2)], atol=1e-6)


@given(st.integers(0, 10_000))
def test_entropy_equals_scipy(seed: int) -> None:
    weights = random_weights(seed)
    np.testing.assert_allclose(entropy(weights), scipy.stats.entropy(weights, axis=-1), rtol=1e-4, atol=1e-6)


def test_received_by_hand() -> None:
    weights = np.array([[[[1, 0], [0.5, 0.5]]]], dtype=np.float32)
    np.testing.assert_allclose(received(weights), [[[0.75, 0.25]]])


@given(st.integers(0, 10_000))
def test_received_equals_a_loop(seed: int) -> None:
    weights = random_weights(seed)
    layers, heads, queries, keys = weights.shape
    for layer in range(layers):
        for head in range(heads):
            for key in range(keys):
                expected = sum(float(weights[layer, head, query, key]) for query in range(queries)) / queries
                assert abs(received(weights)[layer, head, key] - expected) < 1e-6


@given(st.integers(0, 10_000))
def test_received_sums_to_one_in_every_scope(seed: int) -> None:
    weights = random_weights(seed)
    for layer, head in ((None, None), (1, None), (1, 2)):
        assert abs(float(mean_received(weights, layer, head).sum()) - 1) < 1e-5


def test_mean_received_is_the_mean_over_the_heads_in_scope() -> None:
    weights = random_weights(3)
    np.testing.assert_allclose(mean_received(weights, 1, 2), received(weights)[1, 2], atol=1e-7)
    np.testing.assert_allclose(mean_received(weights, 1), received(weights)[1].mean(axis=0), atol=1e-7)
    np.testing.assert_allclose(mean_received(weights), received(weights).mean(axis=(0, 1)), atol=1e-7)


@pytest.mark.parametrize(("layer", "head"), [(2, 0), (-1, 0), (0, 3), (0, -1)])
def test_a_head_that_is_not_there_is_an_error(layer: int, head: int) -> None:
    with pytest.raises(MetricError, match="was asked for"):
        mean_received(random_weights(0), layer, head)


def test_ranked_puts_equal_values_in_reading_order_and_leaves_out_the_hidden() -> None:
    values = np.array([0.4, 0.1, 0.4, 0.1], dtype=np.float32)
    assert [row.position for row in ranked(values)] == [0, 2, 1, 3]
    assert [row.position for row in ranked(values, [True, False, False, False], top=2)] == [2, 1]
    assert ranked(values)[0].share == pytest.approx(0.4)


def test_ranked_refuses_marks_that_do_not_fit() -> None:
    with pytest.raises(MetricError, match="1 marks were given for 2 tokens"):
        ranked(np.zeros(2, dtype=np.float32), [True])


def test_another_shape_is_refused() -> None:
    for metric in (entropy, received, mean_received):
        with pytest.raises(MetricError, match="3 axes"):
            metric(np.zeros((2, 3, 3), dtype=np.float32))


def test_what_leaves_is_float32_and_read_only() -> None:
    for values in (entropy(random_weights(0)), received(random_weights(0)), mean_received(random_weights(0))):
        assert values.dtype == np.float32
        assert not values.flags.writeable
