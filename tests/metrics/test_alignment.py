import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.samples import PIECES, encoding, pieces_map, random_weights
from viz.attention import AttentionMap
from viz.errors import MetricError
from viz.metrics.alignment import Place, align, align_words, difference, largest_cells

TOKENS = st.lists(st.sampled_from("abcd"), max_size=12)


def sides(left: str, right: str) -> str:
    return " ".join(place.side for place in align(left.split(), right.split()).places)


def test_one_word_in_place_of_another_is_a_change() -> None:
    assert sides("it was too tired .", "it was too wide .") == "both both both changed both"


def test_what_one_text_alone_has_is_unaligned() -> None:
    assert sides("the cat sat", "the black cat sat") == "both right both both"
    assert sides("a b c d", "a d") == "both left left both"
    assert (
        sides("a b c d e f", "a v w x y z f") == "both left left left left right right right right right both"
    )


def test_stretches_of_two_lengths_are_changed_as_a_whole() -> None:
    assert align(["a", "b", "c", "d"], ["a", "x", "d"]).places == (
        Place((0,), (0,), "both"),
        Place((1, 2), (1,), "changed"),
        Place((3,), (2,), "both"),
    )


@given(TOKENS, TOKENS)
def test_every_token_has_one_place_in_order(left: list[str], right: list[str]) -> None:
    found = align(left, right)
    assert [at for place in found.places for at in place.left] == list(range(len(left)))
    assert [at for place in found.places for at in place.right] == list(range(len(right)))
    for place in found.places:
        if place.side == "both":
            assert left[place.left[0]] == right[place.right[0]]
        if place.side == "changed":
            assert [left[at] for at in place.left] != [right[at] for at in place.right]
    assert 0 <= found.trust <= 1


@given(TOKENS)
def test_a_text_is_wholly_like_itself(tokens: list[str]) -> None:
    found = align(tokens, tokens)
    assert found.trust == 1
    assert {place.side for place in found.places} <= {"both"}


def test_trust_counts_equal_tokens_and_no_special_ones() -> None:
    left, right = ["[CLS]", "a", "b", "[SEP]"], ["[CLS]", "a", "x", "[SEP]"]
    assert align(left, right).trust == pytest.approx(0.75)
    found = align(left, right, [True, False, False, True])
    assert found.trust == pytest.approx(0.5)
    assert not found.trusted
    assert align(list("abcdx"), list("abcdy")).trusted
    assert not align(list("abcd"), list("wxyz")).trusted


def test_words_of_two_tokenizers_meet_where_both_have_an_edge() -> None:
    text = "我爱南京市 yes"
    left = encoding(
        text,
        [("[CLS]", None, None)]
        + [(character, (at, at + 1), at) for at, character in enumerate("我爱南京市")]
        + [("yes", (6, 9), 5), ("[SEP]", None, None)],
    )
    right = encoding(
        text,
        [
            ("<s>", None, None),
            ("我爱", (0, 2), 0),
            ("南京市", (2, 5), 1),
            ("▁y", (5, 7), 2),  # with the space before it, as sentencepiece gives it
            ("es", (7, 9), 2),
            ("</s>", None, None),
        ],
    )
    found = align_words(left, right)
    assert found.places == (
        Place((0,), (0,), "both"),
        Place((1, 2), (1,), "both"),
        Place((3, 4, 5), (2,), "both"),
        Place((6,), (3, 4), "both"),
        Place((7,), (5,), "both"),
    )
    assert found.trust == pytest.approx(1 / 3)
    assert align_words(left, left).trust == 1


def test_words_that_one_model_cut_off_are_unaligned() -> None:
    left = encoding("one two", [("one", (0, 3), 0), ("two", (4, 7), 1)])
    right = encoding("one two", [("one", (0, 3), 0)])
    assert [place.side for place in align_words(left, right).places] == ["both", "left"]
    assert [place.side for place in align_words(right, left).places] == ["both", "right"]


def test_words_of_real_models_are_matched(minilm: object, e5: object) -> None:
    from viz.inputs.text import encode

    text = "The tokenization, isn't it? 我们 naïve–café 2.5%"
    left, right = encode(minilm, text), encode(e5, text)  # type: ignore[arg-type]
    found = align_words(left, right)
    for place in found.places[1:-1]:
        assert place.side == "both"
        for_left = "".join(text[slice(*left.spans[at])] for at in place.left if left.spans[at])  # type: ignore[misc]
        for_right = "".join(text[slice(*right.spans[at])] for at in place.right if right.spans[at])  # type: ignore[misc]
        assert for_left.replace(" ", "") == for_right.replace(" ", "")
    assert found.trusted


def test_two_different_texts_have_no_words_in_common() -> None:
    with pytest.raises(MetricError, match="Two different texts"):
        align_words(PIECES, encoding("else", [("else", (0, 4), 0)]))


def slow_merge(weights: np.ndarray, queries: tuple[int, ...], keys: tuple[int, ...]) -> float:
    return sum(float(weights[query, key]) for query in queries for key in keys) / len(queries)


@given(st.integers(0, 1000), st.integers(0, 1000), TOKENS, TOKENS)
def test_a_difference_changes_its_sign_when_the_sides_change(
    one: int, other: int, left_tokens: list[str], right_tokens: list[str]
) -> None:
    left, right = (
        AttentionMap("encoder", random_weights(seed, 2, 2, len(tokens), len(tokens)), found, found)
        for seed, tokens in ((one, left_tokens), (other, right_tokens))
        for found in [encoding("", [(token, None, 0) for token in tokens])]
    )
    places = align(left_tokens, right_tokens).places
    back = [Place(place.right, place.left, place.side) for place in places]
    forth = difference(left, right, (0, 1), (1, 0), places)
    there = difference(right, left, (1, 0), (0, 1), back)
    np.testing.assert_array_equal(forth.values, -there.values)
    for row, query in enumerate(places):
        for column, key in enumerate(places):
            if query.left and query.right and key.left and key.right:
                expected = slow_merge(left.weights[0, 1], query.left, key.left)
                expected -= slow_merge(right.weights[1, 0], query.right, key.right)
                assert forth.values[row, column] == pytest.approx(expected, abs=1e-6)
            else:
                assert np.isnan(forth.values[row, column])


def test_a_map_differs_from_itself_nowhere() -> None:
    found = pieces_map()
    places = align(PIECES.tokens, PIECES.tokens).places
    assert not difference(found, found, (1, 1), (1, 1), places).values.any()


def test_words_are_merged_before_they_are_compared() -> None:
    found, other = pieces_map(1), pieces_map(2)
    words = (Place((1, 2, 3), (1, 2, 3), "both"), Place((4,), (4,), "both"))
    compared = difference(found, other, (0, 0), (0, 0), words)
    rows = found.weights[0, 0, 1:4, 1:4].sum(axis=1).mean(), other.weights[0, 0, 1:4, 1:4].sum(axis=1).mean()
    assert compared.values[0, 0] == pytest.approx(float(rows[0] - rows[1]), abs=1e-6)
    assert compared.left[0, 0] == pytest.approx(float(rows[0]), abs=1e-6)


def test_the_largest_differences_come_first_of_either_sign() -> None:
    values = np.array([[0.1, -0.9], [np.nan, 0.5], [0, 0]], dtype=np.float32)
    assert largest_cells(values, 9) == ((0, 1), (1, 1), (0, 0))
    assert largest_cells(values, 1) == ((0, 1),)
