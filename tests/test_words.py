"""Which tokens make one word, on pieces written by hand: each rule by itself."""

import pytest

from viz.words import Piece, word_numbers


def numbers(text: str, pieces: list[str], words: list[int | None] | None = None) -> list[int | None]:
    """The word of each of the pieces that `text` falls into, one after the other; "" has no text of its own."""
    made, at = [], 0
    for index, piece in enumerate(pieces):
        begin = text.index(piece, at)
        at = begin + len(piece)
        word = 0 if words is None else words[index]
        made.append(Piece(index, piece, 0, False, (begin, at), word))
    return list(word_numbers(made, text, None))


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["un", "believ", "able"], [0, 0, 0]),
        (["the", " cat", "s"], [0, 1, 1]),
        (["the", " ", "cat"], [0, 1, 1]),  # a bare space opens the word after it
        (["a", "  ", " b"], [0, 1, 2]),
        (["a", "\n", "b"], [0, 1, 2]),  # a line break belongs to no word
        (["a", "\r\n", "b"], [0, 1, 2]),
        (["the ", "cat"], [0, 1]),
        (["a", "", "b"], [0, 0, 0]),  # a mark with no text of its own
        (["", "a"], [0, 0]),
        (["cat", "."], [0, 1]),
        (["(", "cat"], [0, 1]),
        (["didn", "'", "t"], [0, 0, 0]),
        (["the", "'", " cat"], [0, 1, 2]),
        (["今天", "天气"], [0, 1]),
        (["x", "天"], [0, 1]),
        (["天", "x"], [0, 1]),
    ],
)
def test_spaces_and_script_make_words_where_the_tokenizer_knows_none(
    pieces: list[str], expected: list[int]
) -> None:
    assert numbers("".join(pieces), pieces) == expected


def test_a_gap_between_two_tokens_parts_them_if_it_has_a_space_at_an_end() -> None:
    assert numbers("the cat", ["the", "cat"]) == [0, 1]
    assert numbers("the\u200bcat", ["the", "cat"]) == [0, 0]


def test_what_the_tokenizer_parts_is_parted() -> None:
    assert numbers("doghouse", ["dog", "house"], [0, 0]) == [0, 0]
    assert numbers("doghouse", ["dog", "house"], [0, 1]) == [0, 1]
    assert numbers("doghouse", ["dog", "house"], [None, None]) == [0, 1]


def test_pieces_of_one_character_are_one_word_whatever_the_character() -> None:
    pieces = [Piece(at, "", 0, False, span, 0) for at, span in enumerate([(0, 1), (0, 2), (1, 2), (2, 3)])]
    assert word_numbers(pieces, "猫狗鸟", None) == (0, 0, 0, 1)


def test_special_tokens_have_no_word_and_part_those_on_their_sides() -> None:
    pieces = [
        Piece(0, "[CLS]", None, True, None, None),
        Piece(1, "a", 0, False, (0, 1), 0),
        Piece(2, "[SEP]", 0, True, None, None),
        Piece(3, "b", 0, False, (1, 2), 0),
        Piece(4, "ab", 1, False, (0, 2), 0),
        Piece(5, "c", 1, False, (2, 3), 0),
    ]
    assert word_numbers(pieces, "ab", "abc") == (None, 0, None, 1, 2, 2)
