"""What an even spread would give: by hand, and the invariants that hold for every length and every view of it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.samples import PIECES, encoding, random_weights
from viz.attention import AttentionMap
from viz.attention.merging import Unit, view_map
from viz.metrics import mean_received
from viz.metrics.measures import breadth, even_map, even_share, sink_share
from viz.models.card import Kind


def words(count: int) -> AttentionMap:
    """A uniform causal map of a decoder without special tokens, 2 layers of 3 heads."""
    text = encoding("a" * count, [(f"w{at}", (at, at + 1), at) for at in range(count)])
    rows = np.tri(count) / np.arange(1, count + 1)[:, None]
    weights = np.broadcast_to(rows, (2, 3, count, count)).astype(np.float32)
    return AttentionMap("decoder", weights, text, text)


def test_the_even_share_of_a_causal_map_by_hand() -> None:
    # Four queries see 1, 2, 3 and 4 keys.
    expected = [1 + 1 / 2 + 1 / 3 + 1 / 4, 1 / 2 + 1 / 3 + 1 / 4, 1 / 3 + 1 / 4, 1 / 4]
    np.testing.assert_allclose(even_share(even_map(words(4))), np.array(expected) / 4, atol=1e-7)
    # Of seven tokens the first has 37.0%, 2.6 times 1/7, with no head doing anything.
    assert even_share(even_map(words(7)))[0] == pytest.approx(0.3704, abs=1e-4)


@given(count=st.integers(1, 40))
def test_every_key_of_a_uniform_causal_map_has_its_even_share(count: int) -> None:
    found = words(count)
    even = even_share(even_map(found))
    np.testing.assert_allclose(mean_received(found.weights) / even, 1, atol=1e-4)
    np.testing.assert_allclose(
        even, [sum(1 / (i + 1) for i in range(j, count)) / count for j in range(count)], atol=1e-6
    )
    assert even.sum() == pytest.approx(1, abs=1e-5)
    assert breadth(found.weights, even_map(found)) == pytest.approx(1 if count > 1 else 0, abs=1e-5)


@pytest.mark.parametrize("kind", ["encoder", "decoder"])
@given(unit=st.sampled_from(["tokens", "words"]), specials=st.booleans(), renormalise=st.booleans())
def test_it_holds_by_words_and_without_special_tokens(
    kind: Kind, unit: Unit, specials: bool, renormalise: bool
) -> None:
    count = len(PIECES)
    rows = np.tri(count) if kind == "decoder" else np.ones((count, count))
    weights = (rows / rows.sum(axis=-1, keepdims=True)).astype(np.float32)[None, None]
    found = AttentionMap(kind, weights, PIECES, PIECES)
    given_, even = (view_map(each, unit, specials, renormalise).map for each in (found, even_map(found)))
    np.testing.assert_allclose(mean_received(given_.weights), even_share(even), atol=1e-6)
    if unit == "words" and specials and kind == "encoder":
        assert even_share(even)[1] == pytest.approx(3 / 8)  # a word of three of the eight tokens


@given(seed=st.integers(0, 1000), count=st.integers(2, 12))
def test_breadth_is_entropy_over_the_mean_logarithm_of_the_visible_keys(seed: int, count: int) -> None:
    found = words(count)
    scores = random_weights(seed, 1, 1, count, count) * np.tri(count)
    weights = (scores / scores.sum(axis=-1, keepdims=True)).astype(np.float32)
    entropies = [-sum(a * np.log(a) for a in row if a > 0) for row in weights[0, 0].astype(float)]
    most = np.mean([np.log(seen) for seen in range(1, count + 1)])
    assert breadth(weights, even_map(found)) == pytest.approx(np.mean(entropies) / most, abs=1e-4)


def test_cross_attention_sees_every_key() -> None:
    keys = encoding("abc", [("a", (0, 1), 0), ("b", (1, 2), 1), ("c", (2, 3), 2)])
    found = AttentionMap("cross", random_weights(0, 1, 2, 8, 3), PIECES, keys)
    np.testing.assert_allclose(even_share(even_map(found)), 1 / 3, atol=1e-7)


def test_lengths_are_compared_as_shares() -> None:
    assert even_map(replace(words(3), quantity="norm")).quantity == "share"


def test_a_sink_is_measured_from_the_later_tokens_alone() -> None:
    assert sink_share(even_map(words(4)).weights)[0, 0] == pytest.approx(
        (1 / 2 + 1 / 3 + 1 / 4) / 3, abs=1e-6
    )
    assert sink_share(even_map(words(1)).weights)[0, 0] == 0
