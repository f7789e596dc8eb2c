"""Text in, tokens out: what the model is fed, and what a person reads of it.

    text, pair  ->  clean  ->  the tokenizer  ->  cut to the model's limit  ->  Encoding

Axes: every per-token sequence of an `Encoding` has one entry a token, in the order fed to the model.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import regex

from viz.errors import InputError, TextTooLong
from viz.messages import _
from viz.models.card import LoadedModel

MAX_CHARACTERS = 100_000

Span = tuple[int, int]

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
# Scripts written without spaces between words: there the tokenizer's pieces are the words.
_NO_SPACES = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}"
    r"\p{Script=Myanmar}\p{Script=Tibetan}]"
)
_PUNCTUATION = regex.compile(r"[\p{P}\p{S}]")
_APOSTROPHES = frozenset("'’ʼ")


@dataclass(frozen=True)
class Truncation:
    """What did not fit: `kept` of `total` tokens, and from which character on each text was cut.

    `text_from` and `pair_from` are character offsets, or None where that text is whole.
    """

    kept: int
    total: int
    text_from: int | None
    pair_from: int | None


@dataclass(frozen=True)
class Encoding:
    """One sequence of tokens as the model is fed it, with what a person reads.

    `segments` says which text a token is from (0 or 1), `special` marks [CLS], [SEP] and the like, `words` numbers the
    words through both texts (None for special tokens), `spans` are character offsets into the token's own text (None
    for special tokens).
    """

    token_ids: tuple[int, ...]
    token_strings: tuple[str, ...]
    token_labels: tuple[str, ...]
    segments: tuple[int, ...]
    special: tuple[bool, ...]
    words: tuple[int | None, ...]
    spans: tuple[Span | None, ...]
    text: str
    pair: str | None = None
    truncation: Truncation | None = None

    def __len__(self) -> int:
        return len(self.token_ids)

    @property
    def ids(self) -> list[int]:
        """The vocabulary ids fed to the model, one a token."""
        return list(self.token_ids)

    @property
    def tokens(self) -> list[str]:
        """The tokenizer's own strings, one a token."""
        return list(self.token_strings)

    @property
    def labels(self) -> list[str]:
        """What a person reads, one a token; repeated tokens carry their position: `the₂`, `the₇`."""
        return list(self.token_labels)


def clean(text: str) -> str:
    """`text` with lone surrogates, which no tokenizer takes, replaced by U+FFFD. Its length stays."""
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)


def check_length(text: str) -> None:
    """Raise `TextTooLong` above `MAX_CHARACTERS` characters."""
    if len(text) > MAX_CHARACTERS:
        raise TextTooLong(
            _("The text has {length:,} characters; at most {limit:,} are taken. Please paste a part of it."),
            length=len(text),
            limit=MAX_CHARACTERS,
        )


def encode(model: LoadedModel, text: str, pair: str | None = None) -> Encoding:
    """Tokenise one text, or two, for `model`, cut at the model's own limit.

    `encode(minilm, "The cat sat.").tokens == ["[CLS]", "the", "cat", "sat", ".", "[SEP]"]`

    Raises `TextTooLong` above `MAX_CHARACTERS`, and `InputError` when there is nothing but blanks to encode.
    """
    for given in (text, pair or ""):
        check_length(given)
    text, pair = clean(text), clean(pair) if pair else None
    if not text.strip():
        raise InputError(_("The text is empty. Please type or paste some text."))

    # The tokenizer never cuts: its truncation setting is state that two sessions would share.
    found = _Tokenized.of(
        model.tokenizer(text, pair, truncation=False, padding=False, verbose=False).encodings[0]
    )
    sequences = found.sequences
    special_ids = _structural_ids(model.tokenizer)
    kept = _fit(sequences, model.card.max_tokens)
    pieces = [_piece(found, at, special_ids) for at in kept]
    if all(sequence is None for sequence in sequences):
        raise InputError(_("Nothing in this text is a sign that the model can read. Please type some words."))
    words = _word_numbers(pieces, text, pair)
    return Encoding(
        token_ids=tuple(piece.id for piece in pieces),
        token_strings=tuple(piece.token for piece in pieces),
        token_labels=tuple(_labels([piece.token for piece in pieces])),
        segments=_segments(pieces),
        special=tuple(piece.special for piece in pieces),
        words=words,
        spans=tuple(piece.span for piece in pieces),
        text=text,
        pair=pair,
        truncation=_truncation(found, kept),
    )


def readable(token: str) -> str:
    """A tokenizer's string as a person reads it: the space mark gone, what is invisible as its code point.

    `readable("▁the") == "the"`, `readable("\\u200b") == "⟨U+200B⟩"`
    """
    if len(token) > 1:
        token = token.removeprefix("▁")
    return "".join(
        f"⟨U+{ord(character):04X}⟩" if unicodedata.category(character) in _INVISIBLE else character
        for character in token
    )


@dataclass(frozen=True)
class _Tokenized:
    """A tokenizer's encoding as lists, taken out once: each look at one of its own copies all of it."""

    ids: list[int]
    tokens: list[str]
    offsets: list[Span]
    sequences: list[int | None]
    words: list[int | None]

    @classmethod
    def of(cls, found: Any) -> "_Tokenized":
        return cls(
            list(found.ids),
            list(found.tokens),
            list(found.offsets),
            list(found.sequence_ids),
            list(found.word_ids),
        )


@dataclass(frozen=True)
class _Piece:
    id: int
    token: str
    sequence: int | None
    special: bool
    span: Span | None
    word: int | None


def _piece(found: _Tokenized, at: int, special_ids: frozenset[int]) -> _Piece:
    sequence = found.sequences[at]
    special = sequence is None or found.ids[at] in special_ids
    return _Piece(
        id=found.ids[at],
        token=found.tokens[at],
        sequence=sequence,
        special=special,
        span=None if special else found.offsets[at],
        word=None if special else found.words[at],
    )


def _structural_ids(tokenizer: Any) -> frozenset[int]:
    """Ids that mark structure even when a person types them: [CLS], [SEP], padding; not [MASK], [UNK]."""
    names = ("cls_token_id", "sep_token_id", "bos_token_id", "eos_token_id", "pad_token_id")
    return frozenset(found for name in names if (found := getattr(tokenizer, name, None)) is not None)


def _fit(sequences: Sequence[int | None], limit: int) -> list[int]:
    """Indices of the tokens that fit: all the model's own special ones, and the longer text cut first."""
    contents = {number: [at for at, s in enumerate(sequences) if s == number] for number in (0, 1)}
    room = limit - sum(s is None for s in sequences)
    first, second = len(contents[0]), len(contents[1])
    over = max(0, first + second - room)
    # Cut the longer down to the other, then both alike: the same as dropping one by one from the longer.
    cut_first = min(over, max(0, first - second))
    cut_second = min(over, max(0, second - first))
    rest = over - cut_first - cut_second
    cut_first, cut_second = cut_first + rest // 2, cut_second + rest - rest // 2
    dropped = set(contents[0][first - cut_first :]) | set(contents[1][second - cut_second :])
    return [at for at in range(len(sequences)) if at not in dropped]


def _truncation(found: _Tokenized, kept: Sequence[int]) -> Truncation | None:
    sequences = found.sequences
    if len(kept) == len(sequences):
        return None
    stays = set(kept)
    starts: dict[int, int] = {}
    for at, sequence in enumerate(sequences):
        if sequence is not None and at not in stays:
            starts.setdefault(sequence, found.offsets[at][0])
    return Truncation(len(kept), len(sequences), starts.get(0), starts.get(1))


def _segments(pieces: Sequence[_Piece]) -> tuple[int, ...]:
    """Which text each token is from; a special token goes with the text before it, the first with the first."""
    segments, current = [], 0
    for piece in pieces:
        current = current if piece.sequence is None else piece.sequence
        segments.append(current)
    return tuple(segments)


def _word_numbers(pieces: Sequence[_Piece], text: str, pair: str | None) -> tuple[int | None, ...]:
    numbers: list[int | None] = []
    count = -1
    before: _Piece | None = None
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


def _same_word(before: _Piece, piece: _Piece, source: str) -> bool:
    """Whether the tokenizer and the script both hold the two tokens for one word."""
    assert before.span is not None
    assert piece.span is not None
    if before.sequence != piece.sequence or before.word != piece.word or before.word is None:
        return False
    if piece.span[0] < before.span[1]:
        return True  # pieces of one character
    left, right = source[slice(*before.span)].strip(), source[slice(*piece.span)].strip()
    if not left or not right:
        return True  # a bare space mark belongs to the word it opens
    if source[before.span[1] : piece.span[0]].strip() != source[before.span[1] : piece.span[0]]:
        return False
    return not (
        _stands_alone(left[-1], source, before.span[1]) or _stands_alone(right[0], source, piece.span[0] + 1)
    )


def _stands_alone(character: str, source: str, after: int) -> bool:
    """Whether a word ends at this character (it lies just before offset `after`)."""
    if character in _APOSTROPHES and 2 <= after < len(source):
        return not (source[after - 2].isalpha() and source[after].isalpha())
    return bool(_NO_SPACES.match(character) or _PUNCTUATION.match(character))


def _labels(tokens: Iterable[str]) -> list[str]:
    shown = [readable(token) for token in tokens]
    often = Counter(shown)
    labels: list[str] = []
    taken: set[str] = set()
    for at, label in enumerate(shown):
        unique = label if often[label] == 1 else label + str(at + 1).translate(_SUBSCRIPT)
        while unique in taken:
            unique += "′"
        taken.add(unique)
        labels.append(unique)
    return labels
