import threading

import networkx  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metrics.samples import encoding, random_weights
from viz.attention import AttentionMap, attend
from viz.errors import Cancelled, MetricError
from viz.metrics.rollout_and_flow import MAX_FLOW_TOKENS, attention_flow, mask_rollout, rollout
from viz.models import LoadedModel

SENTENCE = "The old teacher wrote a letter to her friend."


def constant(rows: np.ndarray, layers: int = 3, heads: int = 2) -> np.ndarray:
    """The same [query, key] in every layer and head."""
    return np.broadcast_to(rows, (layers, heads, *rows.shape)).astype(np.float32)


def rollout_by_hand(weights: np.ndarray) -> list[np.ndarray]:
    """The explicit product of explicit matrices."""
    size = weights.shape[-1]
    product, found = np.eye(size), []
    for layer in weights.astype(np.float64):
        mean = sum(layer) / len(layer)
        mixed = np.array([[0.5 * mean[q, k] + 0.5 * (q == k) for k in range(size)] for q in range(size)])
        product = np.array([row / row.sum() for row in mixed]) @ product
        found.append(product)
    return found


def flow_by_networkx(weights: np.ndarray, target: int, key: int) -> float:
    """The maximum flow on a graph with capacities in floating point."""
    graph = networkx.DiGraph()
    for layer, heads in enumerate(weights.astype(np.float64)):
        mixed = 0.5 * heads.mean(axis=0) + 0.5 * np.eye(weights.shape[-1])
        for query, row in enumerate(mixed):
            for to, capacity in enumerate(row):
                graph.add_edge((layer + 1, query), (layer, to), capacity=float(capacity))
    return float(networkx.maximum_flow_value(graph, (len(weights), target), (0, key)))


@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 6))
def test_rollout_is_the_product_of_the_layers(seed: int, layers: int, tokens: int) -> None:
    weights = random_weights(seed, layers, 3, tokens, tokens)
    found = rollout(weights)
    np.testing.assert_allclose(found, rollout_by_hand(weights), atol=1e-6)
    np.testing.assert_allclose(found.sum(axis=-1), 1, atol=1e-6)
    assert found.dtype == np.float32
    assert not found.flags.writeable


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_rollout_of_a_real_model(name: str, request: pytest.FixtureRequest) -> None:
    model: LoadedModel = request.getfixturevalue(name)
    weights = attend(model, SENTENCE).encoder.weights
    np.testing.assert_allclose(rollout(weights), rollout_by_hand(weights), atol=1e-5)


def test_rollout_of_attention_to_oneself_stays_with_oneself() -> None:
    np.testing.assert_array_equal(rollout(constant(np.eye(4))), constant(np.eye(4))[:, 0])


def test_rollout_of_uniform_attention_by_hand() -> None:
    # Each layer halves what is one's own beyond the even share: after l layers it is 2^-l.
    size = 5
    for layer, found in enumerate(rollout(constant(np.full((size, size), 1 / size), layers=4)), start=1):
        own = 0.5**layer
        np.testing.assert_allclose(found, (1 - own) / size + own * np.eye(size), atol=1e-6)


def causal_map(weights: np.ndarray) -> AttentionMap:
    """A decoder's map of words without special tokens."""
    count = weights.shape[-1]
    text = encoding("a" * count, [(f"w{at}", (at, at + 1), at) for at in range(count)])
    return AttentionMap("decoder", weights, text, text)


def uniform_causal(tokens: int, layers: int, heads: int = 2) -> np.ndarray:
    return constant(np.tri(tokens) / np.arange(1, tokens + 1)[:, None], layers, heads)


def test_the_mask_alone_brings_most_from_the_first_tokens() -> None:
    rolled = mask_rollout(causal_map(uniform_causal(7, 6)))[-1, -1]
    np.testing.assert_allclose(rolled[:3], [0.555, 0.184, 0.098], atol=5e-4)


@given(seed=st.integers(0, 1000), tokens=st.integers(1, 9), layers=st.integers(1, 4), chosen=st.booleans())
def test_the_rollout_of_a_uniform_causal_map_is_that_of_the_mask(
    seed: int, tokens: int, layers: int, chosen: bool
) -> None:
    heads = [(layers - 1, 1)] if chosen else None
    uniform = uniform_causal(tokens, layers)
    drawn = random_weights(seed, layers, 2, tokens, tokens) * np.tri(tokens, dtype=np.float32)
    any_map = causal_map(drawn / drawn.sum(axis=-1, keepdims=True))
    # Whatever the heads do, the mask alone gives the same, and it is the product of the uniform layers.
    np.testing.assert_allclose(mask_rollout(any_map, heads), rollout(uniform, heads), atol=1e-6)
    if not chosen:
        np.testing.assert_allclose(mask_rollout(any_map), rollout_by_hand(uniform), atol=1e-6)


def test_chosen_heads_alone_take_part() -> None:
    weights = random_weights(1, 2, 3)
    everything = [(layer, head) for layer in range(2) for head in range(3)]
    np.testing.assert_allclose(rollout(weights, everything), rollout(weights), atol=1e-6)
    one = rollout(weights, [(0, 2)])
    np.testing.assert_allclose(one[0], rollout(weights[:1, 2:])[0], atol=1e-7)
    np.testing.assert_array_equal(
        one[1], one[0]
    )  # no head of the second layer: its residual connection alone
    np.testing.assert_allclose(
        attention_flow(weights, heads=[(0, 2), (1, 0)]),
        attention_flow(np.stack([weights[0, 2:], weights[1, :1]])),
        atol=1e-6,
    )


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(2, 5))
def test_flow_is_the_maximum_flow(seed: int, layers: int, tokens: int) -> None:
    weights = random_weights(seed, layers, 2, tokens, tokens)
    expected = [[flow_by_networkx(weights, q, k) for k in range(tokens)] for q in range(tokens)]
    np.testing.assert_allclose(attention_flow(weights), expected, atol=1e-6)


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_flow_of_a_real_model(name: str, request: pytest.FixtureRequest) -> None:
    model: LoadedModel = request.getfixturevalue(name)
    weights = attend(model, "The cat sat.").encoder.weights[:4]
    expected = [flow_by_networkx(weights, 2, key) for key in range(weights.shape[-1])]
    np.testing.assert_allclose(attention_flow(weights, [2]), [expected], atol=1e-4)


def test_flow_of_attention_to_oneself_goes_to_oneself() -> None:
    np.testing.assert_array_equal(attention_flow(constant(np.eye(4))), np.eye(4))


def test_flow_of_uniform_attention_by_hand() -> None:
    # Edges are 5/8 to oneself, 1/8 to each other token. One layer: the one edge there is. Three: a token gets all of 1
    # to itself. To another, 1/8 through each of three tokens of the first layer, and 4/8 through the input's own.
    uniform = np.full((4, 4), 1 / 4)
    np.testing.assert_allclose(attention_flow(constant(uniform, 1)), uniform / 2 + np.eye(4) / 2, atol=1e-6)
    np.testing.assert_allclose(attention_flow(constant(uniform, 3)), 7 / 8 + np.eye(4) / 8, atol=1e-6)


@given(st.integers(0, 10_000))
def test_no_flow_exceeds_what_a_token_gives_or_takes(seed: int) -> None:
    weights = random_weights(seed, 2, 2, 5, 5)
    flow = attention_flow(weights)
    mixed = 0.5 * weights.mean(axis=1) + 0.5 * np.eye(5)
    assert np.all(flow <= np.minimum(1, mixed[0].sum(axis=0)) + 1e-6)
    # Rollout spreads one unit over all inputs at once, so it can never carry more to any than the flow.
    assert np.all(flow >= rollout(weights)[-1] - 1e-6)


def test_a_decoder_lets_nothing_flow_from_later_tokens() -> None:
    causal = np.tril(random_weights(5, 3, 2, 6, 6))
    causal /= causal.sum(axis=-1, keepdims=True)
    assert not np.triu(attention_flow(causal), 1).any()
    assert not np.triu(rollout(causal), 1).any()


def test_flow_of_chosen_targets_is_theirs_in_their_order() -> None:
    weights = random_weights(2, 3, 2, 6, 6)
    told: list[tuple[int, int]] = []
    found = attention_flow(weights, [4, 1], progress=lambda done, total: told.append((done, total)))
    np.testing.assert_array_equal(found, attention_flow(weights)[[4, 1]])
    assert told == [(1, 2), (2, 2)]


def test_flow_can_be_stopped() -> None:
    stop = threading.Event()
    seen: list[int] = []

    def progress(done: int, _total: int) -> None:
        seen.append(done)
        stop.set()

    with pytest.raises(Cancelled, match="stopped"):
        attention_flow(random_weights(0, 2, 2, 5, 5), progress=progress, cancelled=stop)
    assert seen == [1]


def test_a_text_too_long_for_the_flow_is_refused_and_the_rollout_is_not() -> None:
    size = MAX_FLOW_TOKENS + 1
    weights = constant(np.full((size, size), 1 / size), 1, 1)
    with pytest.raises(MetricError, match=f"{size} tokens.*at most {MAX_FLOW_TOKENS}"):
        attention_flow(weights)
    assert rollout(weights).shape == (1, size, size)


@pytest.mark.parametrize("metric", [rollout, attention_flow])
def test_what_is_no_self_attention_is_refused(metric: object) -> None:
    assert callable(metric)
    with pytest.raises(MetricError, match="3 queries and 4 keys"):
        metric(random_weights(0, 2, 2, 3, 4))
    with pytest.raises(MetricError, match="negative or not finite"):
        metric(constant(np.full((2, 2), np.nan)))
    with pytest.raises(MetricError, match="negative or not finite"):
        metric(constant(np.array([[1.5, -0.5], [0, 1]])))
    with pytest.raises(MetricError, match="Layer 1, head 3 was asked for"):
        metric(random_weights(0, 2, 2), heads=[(0, 2)])


@pytest.mark.parametrize("target", [-1, 4])
def test_a_target_that_is_not_there_is_refused(target: int) -> None:
    with pytest.raises(MetricError, match="was asked for"):
        attention_flow(random_weights(0), [target])
