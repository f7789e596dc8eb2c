"""Which tokens make one word: what the tokenizer says, and what spaces, marks and the script say."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from viz.inputs.encoding import Span

# Scripts written without spaces between words: there the tokenizer's pieces are the words.
_NO_SPACES = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}"
    r"\p{Script=Myanmar}\p{Script=Tibetan}]"
)
_PUNCTUATION = regex.compile(r"[\p{P}\p{S}]")
_MARK = regex.compile(r"[\p{M}\u200c\u200d]")
_APOSTROPHES = frozenset("'’ʼ")
_LINE_BREAKS = frozenset("\n\r")


@dataclass(frozen=True)
class Piece:
    """One token on its way into an encoding.

    `sequence` says which text it is from (None for what the tokenizer put in), `word` is the tokenizer's own number
    of its word there, the same for a whole text where a tokenizer knows no words. `blank` marks a token that writes
    spaces alone, whatever characters of the text it stands for.
    """

    id: int
    token: str
    sequence: int | None
    special: bool
    span: Span | None
    word: int | None
    blank: bool = False


class Source:
    """A text, and where its characters end as a person counts them: letter and marks, a joined emoji, a flag.

    Those are the extended grapheme clusters of Unicode Standard Annex 29.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._ends = [match.end() for match in regex.finditer(r"\X", text)]

    def whole(self, offset: int) -> int:
        """The end of the character that an offset lies within, the offset itself where it lies within none."""
        return self._ends[bisect_left(self._ends, offset)] if 0 < offset < len(self.text) else offset

    def within(self, offset: int) -> bool:
        """Whether an offset lies within a character."""
        return self.whole(offset) != offset


def word_numbers(pieces: Sequence[Piece], *sources: Source) -> tuple[int | None, ...]:
    """The number of each piece's word, from 0 through all texts; None for special tokens.

    Spaces are no word: they go with what follows them, and at the end of a text with what stands before.
    """
    numbers: list[int | None] = []
    count, only_blanks = -1, False
    before: Piece | None = None
    for piece, followed in zip(pieces, _followed(pieces, sources), strict=True):
        if piece.special or piece.sequence is None:
            numbers.append(None)
            before = None
            continue
        source = sources[piece.sequence]
        blank = _is_blank(piece, source)
        if before is None or before.sequence != piece.sequence:
            same = False
        else:
            same = only_blanks or (blank and not followed) or _same_word(before, piece, source)
        count += not same
        only_blanks = blank and (only_blanks or not same)
        numbers.append(count)
        before = piece
    return tuple(numbers)


def _followed(pieces: Sequence[Piece], sources: Sequence[Source]) -> list[bool]:
    """Whether something that is more than spaces follows each piece, with nothing special between."""
    marks: list[bool] = []
    follows, after = False, None
    for piece in reversed(pieces):
        if piece.special or piece.sequence is None or piece.sequence != after:
            follows = False
        marks.append(follows)
        after = None if piece.special else piece.sequence
        follows = follows or (after is not None and not _is_blank(piece, sources[after]))
    return marks[::-1]


def _is_blank(piece: Piece, source: Source) -> bool:
    text = _text(piece, source)
    return piece.blank or (text.isspace() and not set(text) & _LINE_BREAKS)


def _text(piece: Piece, source: Source) -> str:
    assert piece.span is not None
    return source.text[slice(*piece.span)]


def _same_word(before: Piece, piece: Piece, source: Source) -> bool:
    """Whether the tokenizer, the spaces and the script all hold the two tokens for one word."""
    assert before.span is not None
    assert piece.span is not None
    text, end, start = source.text, before.span[1], piece.span[0]
    if start < end:
        return True  # pieces of one character
    left, right, between = _text(before, source), _text(piece, source), text[end:start]
    if between.strip() != between:
        return False
    if source.within(start) or _goes_on_after_marks(text, start):
        return True
    if before.word != piece.word or before.word is None:
        return False
    if not left or not right:
        return True  # a mark with no text of its own belongs to where it stands
    if right[0].isspace() or left[-1].isspace():
        return False
    return not (_stands_alone(_base(text, end), text, end) or _stands_alone(right[0], text, start + 1))


def _goes_on_after_marks(text: str, start: int) -> bool:
    """Whether a letter follows a letter's marks; many tokenizers part them, no reader does."""
    if start == 0 or not _MARK.match(text[start - 1]) or not text[start : start + 1].isalpha():
        return False
    base = _base(text, start)
    return base.isalpha() and not _NO_SPACES.match(base) and not _NO_SPACES.match(text[start])


def _base(text: str, end: int) -> str:
    """The character just before `end`, or where that is a mark, the one that it marks."""
    start = end - 1
    while start and _MARK.match(text[start]):
        start -= 1
    return text[start]


def _stands_alone(character: str, source: str, after: int) -> bool:
    """Whether a word ends at this character (it lies just before offset `after`)."""
    if character in _APOSTROPHES and 2 <= after < len(source):
        return not (source[after - 2].isalpha() and source[after].isalpha())
    return bool(_NO_SPACES.match(character) or _PUNCTUATION.match(character))
