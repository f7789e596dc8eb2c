"""Which tokens make one word: what the tokenizer says, and what spaces and the script say."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from viz.tokens import Span

# Scripts written without spaces between words: there the tokenizer's pieces are the words.
_NO_SPACES = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}"
    r"\p{Script=Myanmar}\p{Script=Tibetan}]"
)
_PUNCTUATION = regex.compile(r"[\p{P}\p{S}]")
_APOSTROPHES = frozenset("'’ʼ")


@dataclass(frozen=True)
class Piece:
    """One token on its way into an encoding.

    `sequence` says which text it is from (None for what the tokenizer put in), `word` is the tokenizer's own number
    of its word there, the same for a whole text where a tokenizer knows no words.
    """

    id: int
    token: str
    sequence: int | None
    special: bool
    span: Span | None
    word: int | None


def word_numbers(pieces: Sequence[Piece], text: str, pair: str | None) -> tuple[int | None, ...]:
    """The number of each piece's word, from 0 through both texts; None for special tokens."""
    numbers: list[int | None] = []
    count = -1
    before: Piece | None = None
    for piece in pieces:
        if piece.special:
            numbers.append(None)
            before = None
            continue
        source = text if piece.sequence == 0 else pair or ""
        if before is None or not _same_word(before, piece, source):
            count += 1
        numbers.append(count)
        before = piece
    return tuple(numbers)


def _same_word(before: Piece, piece: Piece, source: str) -> bool:
    """Whether the tokenizer, the spaces and the script all hold the two tokens for one word."""
    assert before.span is not None
    assert piece.span is not None
    if before.sequence != piece.sequence or before.word != piece.word or before.word is None:
        return False
    if piece.span[0] < before.span[1]:
        return True  # pieces of one character
    left, right = source[slice(*before.span)], source[slice(*piece.span)]
    between = source[before.span[1] : piece.span[0]]
    if between.strip() != between:
        return False
    if not left or not right:
        return True  # a mark with no text of its own belongs to where it stands
    if right[0].isspace():
        return False
    if not left.strip():
        return not set(left) & set("\n\r")  # a bare space belongs to the word it opens, a line break to none
    if left[-1].isspace():
        return False
    return not (
        _stands_alone(left[-1], source, before.span[1]) or _stands_alone(right[0], source, piece.span[0] + 1)
    )


def _stands_alone(character: str, source: str, after: int) -> bool:
    """Whether a word ends at this character (it lies just before offset `after`)."""
    if character in _APOSTROPHES and 2 <= after < len(source):
        return not (source[after - 2].isalpha() and source[after].isalpha())
    return bool(_NO_SPACES.match(character) or _PUNCTUATION.match(character))
