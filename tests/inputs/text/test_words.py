"""Which tokens make one word, on pieces written by hand: each rule by itself."""

import pytest

from viz.inputs.text.words import Piece, Source, word_numbers


def numbers(text: str, pieces: list[str], words: list[int | None] | None = None) -> list[int | None]:
    """The word of each of the pieces that `text` falls into, one after the other; "" has no text of its own."""
    made, at = [], 0
    for index, piece in enumerate(pieces):
        begin = text.index(piece, at)
        at = begin + len(piece)
        word = 0 if words is None else words[index]
        made.append(Piece(index, piece, 0, False, (begin, at), word))
    return list(word_numbers(made, Source(text)))


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["un", "believ", "able"], [0, 0, 0]),
        (["the", " cat", "s"], [0, 1, 1]),
        (["the", " ", "cat"], [0, 1, 1]),  # a bare space opens the word after it
        (["a", "  ", " b"], [0, 1, 1]),
        (["a", " ", " ", "b"], [0, 1, 1, 1]),
        (["a", " ", "\n", "b"], [0, 1, 1, 2]),  # nor is a space before a line break a word
        (["a", "\n", " ", "b"], [0, 1, 2, 2]),
        (["a", " ", " "], [0, 0, 0]),  # what stands last has nothing to open
        (["a", "\t"], [0, 0]),
        ([" ", "  "], [0, 0]),
        (["cafe", "\u0301"], [0, 0]),
        (["cafe", "\u0301", "s"], [0, 0, 0]),
        (["cafe", "\u0301", "."], [0, 0, 1]),
        (["नमस", "्", "त", "े"], [0, 0, 0, 0]),
        (["क", "्\u200d", "ष"], [0, 0, 0]),
        (["می", "\u200c", "خواهم"], [0, 0, 0]),
        (["👩", "\u200d", "👧", "👍", "🏽"], [0, 0, 0, 1, 1]),
        (["🇨", "🇳", "🇫", "🇷"], [0, 0, 1, 1]),
        (["ท", "ี่", "ด", "ี"], [0, 0, 1, 1]),  # in Thai a mark goes with its letter, a letter with none
        (["☀", "\ufe0f", "a"], [0, 0, 1]),
        (["a", " ", "\u0301", "b"], [0, 1, 1, 1]),
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


def test_neither_a_space_nor_a_mark_is_a_word_where_the_tokenizer_parts_it() -> None:
    assert numbers("the <ent>x", ["the", " ", "<ent>", "x"], [0, 1, None, 2]) == [0, 1, 1, 2]
    assert numbers("cafe\u0301s x", ["cafe", "\u0301", "s", " x"], [0, 1, 2, 3]) == [0, 0, 0, 1]
    assert numbers("doghouse", ["dog", "house"], [0, 1]) == [0, 1]


def test_a_space_that_was_trimmed_from_its_place_goes_with_what_it_opens() -> None:
    pieces = [
        Piece(0, "a", 0, False, (0, 1), 0),
        Piece(1, "Ġ", 0, False, (2, 2), 1, blank=True),
        Piece(2, "<ent>", 0, False, (2, 7), 2),
        Piece(3, "Ġ", 0, False, (8, 8), 3, blank=True),
    ]
    assert word_numbers(pieces, Source("a <ent> ")) == (0, 1, 1, 1)


def test_a_line_break_that_is_read_as_a_space_goes_with_what_it_opens() -> None:
    pieces = [
        Piece(0, "a", 0, False, (0, 1), 0),
        Piece(1, "▁", 0, False, (1, 2), 1, blank=True),
        Piece(2, "<ent>", 0, False, (2, 7), 2),
    ]
    assert word_numbers(pieces, Source("a\n<ent>")) == (0, 1, 1)


def test_pieces_of_one_character_are_one_word_whatever_the_character() -> None:
    pieces = [Piece(at, "", 0, False, span, 0) for at, span in enumerate([(0, 1), (0, 2), (1, 2), (2, 3)])]
    assert word_numbers(pieces, Source("猫狗鸟")) == (0, 0, 0, 1)


def test_special_tokens_have_no_word_and_part_those_on_their_sides() -> None:
    pieces = [
        Piece(0, "[CLS]", None, True, None, None),
        Piece(1, "a", 0, False, (0, 1), 0),
        Piece(2, "[SEP]", 0, True, None, None),
        Piece(3, "b", 0, False, (1, 2), 0),
        Piece(4, "ab", 1, False, (0, 2), 0),
        Piece(5, "c", 1, False, (2, 3), 0),
    ]
    assert word_numbers(pieces, Source("ab"), Source("abc")) == (None, 0, None, 1, 2, 2)
