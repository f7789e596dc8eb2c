import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from tests.metrics.samples import random_weights
from viz.errors import MetricError
from viz.metrics import similarity
from viz.metrics.similarity import FARTHEST, cluster_order, js_distance, nearest_heads, plane, stress


def slow_js_distance(weights: np.ndarray) -> np.ndarray:
    """SciPy's own Jensen-Shannon distance in a loop over all pairs of heads and all queries."""
    layers, heads, queries, keys = weights.shape
    rows = weights.reshape(layers * heads, queries, keys).astype(np.float64)
    rows = 0.9999 * rows + 0.0001 / keys
    found = np.zeros((len(rows), len(rows)))
    for one, other in itertools.product(range(len(rows)), repeat=2):
        found[one, other] = np.mean([jensenshannon(rows[one, q], rows[other, q]) for q in range(queries)])
    return found


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 4), st.integers(1, 5), st.integers(1, 6))
def test_js_distance_equals_scipys_in_a_loop(
    seed: int, layers: int, heads: int, queries: int, keys: int
) -> None:
    weights = random_weights(seed, layers, heads, queries, keys)
    # SciPy's own rounding leaves up to 1e-8, of which it takes the root, between a row and itself.
    np.testing.assert_allclose(js_distance(weights), slow_js_distance(weights), rtol=1e-5, atol=1e-6)


def test_js_distance_equals_scipys_on_a_real_text(minilm: object) -> None:
    from viz.attention import attend

    weights = attend(minilm, "The keys to the cabinet are here.").encoder.weights  # type: ignore[arg-type]
    few = weights[:2]
    np.testing.assert_allclose(js_distance(few), slow_js_distance(few), rtol=1e-4, atol=1e-6)


@given(st.integers(0, 10_000))
def test_it_is_a_distance(seed: int) -> None:
    found = js_distance(random_weights(seed)).astype(np.float64)
    assert np.array_equal(found, found.T)
    assert not found.diagonal().any()
    assert found.max() <= FARTHEST
    for one, other, third in itertools.permutations(range(len(found)), 3):
        assert found[one, third] <= found[one, other] + found[other, third] + 1e-6


def test_heads_that_never_look_at_the_same_token_are_farthest() -> None:
    weights = np.zeros((1, 2, 3, 2), dtype=np.float32)
    weights[0, 0, :, 0] = weights[0, 1, :, 1] = 1
    assert js_distance(weights)[0, 1] == pytest.approx(FARTHEST, abs=1e-3)


def test_equal_heads_have_no_distance() -> None:
    weights = np.repeat(random_weights(1, 1, 1, 6, 6), 4, axis=1)
    np.testing.assert_array_equal(js_distance(weights), np.zeros((4, 4)))


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = random_weights(2, 2, 3, 7, 5)
    whole = js_distance(weights)
    monkeypatch.setattr(similarity, "_BLOCK_BYTES", 1)
    np.testing.assert_allclose(js_distance(weights), whole, atol=1e-7)


def test_its_memory_does_not_grow_with_the_text() -> None:
    weights = random_weights(3, 4, 12, 160, 160)
    tracemalloc.start()
    js_distance(weights)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6 * similarity._BLOCK_BYTES


def test_a_plane_shows_flat_distances_exactly() -> None:
    places = np.random.default_rng(0).normal(size=(12, 2))
    distances = np.linalg.norm(places[:, None] - places[None], axis=-1).astype(np.float32)
    found = plane(distances)
    shown = np.linalg.norm(found[:, None] - found[None], axis=-1)
    np.testing.assert_allclose(shown, distances, atol=1e-3)
    assert stress(distances, found) < 1e-3
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-6)


def test_a_plane_is_the_same_each_time_and_says_how_much_it_bends() -> None:
    distances = js_distance(random_weights(4, 3, 4, 6, 6))
    one, other = plane(distances), plane(distances)
    np.testing.assert_array_equal(one, other)
    shown = [[float(np.hypot(*(a - b))) for b in one.astype(np.float64)] for a in one.astype(np.float64)]
    bent = sum((shown[i][j] - float(distances[i, j])) ** 2 for i in range(12) for j in range(12))
    assert stress(distances, one) == pytest.approx((bent / np.square(shown).sum()) ** 0.5, rel=1e-4)
    assert 0 < stress(distances, one) < 0.6


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_plane_of_few_heads(count: int) -> None:
    distances = js_distance(random_weights(5, 1, count))
    found = plane(distances)
    assert found.shape == (count, 2)
    if count == 2:
        assert np.hypot(*(found[0] - found[1])) == pytest.approx(float(distances[0, 1]), rel=1e-5)


def test_equal_heads_share_a_place() -> None:
    found = plane(np.zeros((4, 4), dtype=np.float32))
    assert np.isfinite(found).all()
    assert np.abs(found).max() < 1e-6
    assert stress(np.zeros((4, 4), dtype=np.float32), found) == 0


def test_clustering_puts_alike_heads_beside_each_other() -> None:
    groups = [0, 1, 0, 1, 2, 2, 0, 1]
    distances = np.array(
        [[0.1 * (i != j) if a == b else 0.7 for j, b in enumerate(groups)] for i, a in enumerate(groups)],
        dtype=np.float32,
    )
    order = cluster_order(distances)
    assert sorted(order) == list(range(8))
    runs = [group for group, _members in itertools.groupby(groups[at] for at in order)]
    assert len(runs) == 3
    assert cluster_order(distances[:2, :2]) == (0, 1)


def test_nearest_leaves_the_head_itself_out() -> None:
    distances = np.array([[0, 3, 1, 2], [3, 0, 9, 9], [1, 9, 0, 9], [2, 9, 9, 0]], dtype=np.float32)
    assert nearest_heads(distances, 0, 2) == (2, 3)
    assert nearest_heads(distances, 2, 9) == (0, 1, 3)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(MetricError, match="3 axes"):
        js_distance(np.zeros((2, 3, 3), dtype=np.float32))
    with pytest.raises(MetricError, match="at least one layer"):
        js_distance(np.zeros((2, 3, 0, 0), dtype=np.float32))
    for metric in (plane, cluster_order):
        with pytest.raises(MetricError, match=r"\(2, 3\)"):
            metric(np.zeros((2, 3), dtype=np.float32))


def test_what_leaves_is_float32_and_read_only() -> None:
    distances = js_distance(random_weights(0))
    for values in (distances, plane(distances)):
        assert values.dtype == np.float32
        assert not values.flags.writeable
