from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.samples import PIECES, encoding, pieces_map, random_weights
from viz.attention import AttentionMap, attend
from viz.attention.merging import (
    as_shares,
    merge,
    merge_encoding,
    normalise_rows,
    possible_unit,
    view_map,
    word_groups,
)
from viz.errors import MetricError
from viz.models import LoadedModel

WORDS = ((0,), (1, 2, 3), (4,), (5,), (6,), (7,))


def test_words_are_groups_of_tokens() -> None:
    assert word_groups(PIECES) == WORDS
    assert merge_encoding(PIECES, WORDS).labels == ["[CLS]", "embedding", ",", "yes", "!", "[SEP]"]


def test_a_word_that_occurs_twice_carries_the_position_of_its_first_token() -> None:
    found = encoding("no no", [("n", (0, 1), 0), ("##o", (1, 2), 0), ("no", (3, 5), 1)])
    assert merge_encoding(found, word_groups(found)).labels == ["no₁", "no₃"]


@given(st.integers(0, 10_000))
def test_merging_is_the_sum_over_keys_and_the_mean_over_queries(seed: int) -> None:
    weights = pieces_map(seed).weights
    found = merge(weights, WORDS, WORDS)
    for layer in range(2):
        for head in range(3):
            for row, queries in enumerate(WORDS):
                for column, keys in enumerate(WORDS):
                    sums = [sum(float(weights[layer, head, q, k]) for k in keys) for q in queries]
                    assert found[layer, head, row, column] == pytest.approx(
                        sum(sums) / len(queries), abs=1e-6
                    )
    np.testing.assert_allclose(found.sum(axis=-1), 1, atol=1e-5)


@given(st.integers(0, 10_000), st.sampled_from(["tokens", "words"]))
def test_what_is_hidden_and_what_is_shown_make_one(seed: int, unit: str) -> None:
    found = view_map(pieces_map(seed), unit, specials=False)  # type: ignore[arg-type]
    assert not any(found.map.keys.special)
    np.testing.assert_allclose(found.map.weights.sum(axis=-1) + found.hidden, 1, atol=1e-5)
    weights = pieces_map(seed).weights
    lost = weights[..., 0] + weights[..., 7]  # [layer, head, query]
    expected = np.stack([lost[..., list(group)].mean(axis=-1) for group in found.tokens], axis=-1)
    np.testing.assert_allclose(found.hidden, expected, atol=1e-5)


@given(st.integers(0, 10_000))
def test_only_when_asked_is_what_is_left_scaled(seed: int) -> None:
    plain = view_map(pieces_map(seed), "tokens", specials=False)
    scaled = view_map(pieces_map(seed), "tokens", specials=False, renormalise=True)
    np.testing.assert_allclose(scaled.map.weights.sum(axis=-1), 1, atol=1e-5)
    assert plain.map.weights.sum(axis=-1).max() < 1
    np.testing.assert_array_equal(scaled.hidden, plain.hidden)
    np.testing.assert_allclose(
        plain.map.weights / plain.map.weights.sum(axis=-1, keepdims=True),
        scaled.map.weights,
        rtol=1e-4,
        atol=1e-7,
    )


def test_all_tokens_are_the_map_itself() -> None:
    original = pieces_map()
    found = view_map(original)
    np.testing.assert_array_equal(found.map.weights, original.weights)
    assert found.map.keys == original.keys
    assert not found.hidden.any()
    assert view_map(original, renormalise=True).map.weights == pytest.approx(original.weights)


def test_a_token_is_found_in_its_word() -> None:
    found = view_map(pieces_map(), "words", specials=False)
    assert found.map.keys.labels == ["embedding", ",", "yes", "!"]
    assert [found.column(token) for token in (0, 1, 3, 4, None)] == [None, 0, 0, 1, None]


@given(st.integers(0, 10_000), st.sampled_from(["tokens", "words"]), st.booleans())
def test_in_cross_attention_queries_and_keys_are_each_by_their_own(
    seed: int, unit: str, specials: bool
) -> None:
    target = encoding("so it", [("<s>", None, None), ("so", (0, 2), 0), ("i", (3, 4), 1), ("##t", (4, 5), 1)])
    weights = random_weights(seed, queries=4, keys=8)
    found = view_map(AttentionMap("cross", weights, target, PIECES), unit, specials)  # type: ignore[arg-type]
    words = ["so", "it"] if unit == "words" else ["so", "i", "t"]
    assert found.map.queries.labels == (["<s>", *words] if specials else words)
    assert (
        len(found.map.keys) == len(found.tokens) == {"tokens": 8, "words": 6}[unit] - (0 if specials else 2)
    )
    assert found.map.kind == "cross"
    for row, queries in enumerate(found.queries):
        for column, keys in enumerate(found.tokens):
            expected = weights[..., list(queries), :][..., list(keys)].sum(axis=-1).mean(axis=-1)
            np.testing.assert_allclose(found.map.weights[..., row, column], expected, atol=1e-5)
    np.testing.assert_allclose(found.map.weights.sum(axis=-1) + found.hidden, 1, atol=1e-5)


def test_a_row_of_nothing_stays_nothing() -> None:
    weights = np.zeros((1, 1, 2, 2), dtype=np.float32)
    weights[0, 0, 0] = [0.1, 0.3]
    np.testing.assert_allclose(normalise_rows(weights)[0, 0], [[0.25, 0.75], [0.0, 0.0]])


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(MetricError, match="empty"):
        merge(random_weights(0), [(0,), ()], [(0,)])
    bare = encoding("", [("[CLS]", None, None), ("[SEP]", None, None)])
    nothing = AttentionMap("encoder", random_weights(0, queries=2, keys=2), bare, bare)
    with pytest.raises(MetricError, match="nothing but special tokens"):
        view_map(nothing, specials=False)


def test_what_leaves_is_float32_and_read_only() -> None:
    found = view_map(pieces_map(), "words", specials=False, renormalise=True)
    for values in (found.map.weights, found.hidden):
        assert values.dtype == np.float32
        assert not values.flags.writeable


def lengths(seed: int) -> AttentionMap:
    """The pieces' map times a positive number a key, as lengths are; the last key brings nothing."""
    found = pieces_map(seed)
    weights = found.weights * np.random.default_rng(seed).uniform(0.1, 5, (2, 3, 1, 8)).astype(np.float32)
    weights[..., -1] = 0
    return replace(found, weights=weights, quantity="norm")


@given(st.integers(0, 10_000))
def test_shares_of_lengths_sum_to_one_and_keep_their_proportions(seed: int) -> None:
    norms = lengths(seed)
    found = as_shares(norms)
    assert (found.quantity, found.top) == ("share", 1.0)
    np.testing.assert_allclose(found.weights.sum(axis=-1), 1, atol=1e-5)
    back = found.weights * norms.weights.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(back, norms.weights, rtol=1e-4, atol=1e-6)


def test_attention_and_shares_are_shares_already() -> None:
    found = pieces_map(1)
    assert as_shares(found) is found
    assert as_shares(as_shares(lengths(1))).quantity == "share"


def test_lengths_go_up_to_the_largest_of_the_text() -> None:
    norms = lengths(3)
    assert norms.top == norms.weights.max()
    assert pieces_map(3).top == 1
    assert replace(norms, weights=np.zeros_like(norms.weights)).top == 1


@pytest.mark.parametrize("found", [lengths(2), as_shares(lengths(2))])
def test_lengths_are_shown_by_tokens_alone(found: AttentionMap) -> None:
    assert possible_unit(found, "words") == possible_unit(found, "tokens") == "tokens"
    assert possible_unit(pieces_map(2), "words") == "words"
    with pytest.raises(MetricError, match="not the sum of theirs"):
        view_map(found, "words")


@given(st.integers(0, 10_000))
def test_what_is_hidden_of_lengths_is_a_share_of_their_row(seed: int) -> None:
    norms = lengths(seed)
    found, of_shares = (view_map(each, "tokens", specials=False) for each in (norms, as_shares(norms)))
    kept = slice(1, -1)  # all but [CLS] and [SEP]
    np.testing.assert_array_equal(found.map.weights, norms.weights[..., kept, kept])
    expected = norms.weights[..., kept, 0] / norms.weights[..., kept, :].sum(axis=-1)
    np.testing.assert_allclose(found.hidden, expected, atol=1e-5)
    np.testing.assert_allclose(of_shares.hidden, expected, atol=1e-5)
    scaled = view_map(norms, "tokens", specials=False, renormalise=True)
    assert scaled.map.quantity == "share"
    np.testing.assert_allclose(scaled.map.weights.sum(axis=-1), 1, atol=1e-5)


def test_a_word_shows_its_direction_marks_as_code_points_and_keeps_its_last_mark(minilm: LoadedModel) -> None:
    words = view_map(attend(minilm, "abc\u202edef costs cafe\u0301 नमस्ते").encoder, "words").map.keys
    assert words.labels == ["[CLS]", "abc⟨U+202E⟩def", "costs", "cafe\u0301", "नमस्ते", "[SEP]"]
    assert words.tokens == words.labels
