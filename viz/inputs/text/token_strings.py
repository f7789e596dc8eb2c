"""A tokenizer's own strings as a person reads them, whatever scheme they are written in.

scheme     written      read
bytes      Ġthe         " the"          byte-level BPE: every byte has a letter (Radford et al. 2019)
           ç, Į, «      猫⟨1/3⟩ ...      the bytes of one character, over several tokens
spaces     ▁the         the             SentencePiece (Kudo and Richardson 2018)
           <0xE7> ...   猫⟨1/3⟩ ...      its byte fallback
pieces     ##ing        ##ing           WordPiece, and whatever else has no mark of its own
"""

import functools
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import regex

from viz.inputs.encoding import Span

Scheme = Literal["bytes", "spaces", "pieces"]

# No character has more bytes than this in UTF-8: so many tokens further on decide what a byte is part of.
LONGEST_CHARACTER = 4

_SPACE_MARK = "▁"
_CONTINUED = "##"
_BYTE_TOKEN = regex.compile(r"<0x([0-9A-F]{2})>")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_SIGNS = {"\n": "⏎"}


@dataclass(frozen=True)
class Writing:
    """How a tokenizer writes its tokens: its scheme, and the ids of the added tokens, which are plain text."""

    scheme: Scheme
    byte_fallback: bool
    added: frozenset[int]

    def data(self, token: str, token_id: int) -> bytes:
        """The bytes that a token stands for, in UTF-8; a leading space is part of it."""
        added = token_id in self.added
        if self.scheme == "bytes" and not added:
            letters = _byte_letters()
            if all(letter in letters for letter in token):
                return bytes(letters[letter] for letter in token)
        if self.scheme == "spaces" and not added:
            byte = _BYTE_TOKEN.fullmatch(token) if self.byte_fallback else None
            return bytes([int(byte[1], 16)]) if byte else clean(token.replace(_SPACE_MARK, " ")).encode()
        if self.scheme == "pieces":
            continued = token.startswith(_CONTINUED) and not added
            return clean(token.removeprefix(_CONTINUED) if continued else " " + token).encode()
        return clean(token).encode()

    def is_bytes(self, token: str, token_id: int) -> bool:
        """Whether a token is written as bytes, so that it may be but a part of a character."""
        if token_id in self.added:
            return False
        return self.scheme == "bytes" or (self.byte_fallback and bool(_BYTE_TOKEN.fullmatch(token)))

    def is_bare_space(self, token: str) -> bool:
        """Whether a token is SentencePiece's space mark and nothing else."""
        return self.scheme == "spaces" and token == _SPACE_MARK


def writing_of(tokenizer: Any) -> Writing:
    """How this tokenizer writes its tokens, told by its own decoder, never by what its tokens look like."""
    added = frozenset(tokenizer.added_tokens_decoder)
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        pieces = any(type(part).__module__.startswith("sentencepiece") for part in vars(tokenizer).values())
        return Writing("spaces" if pieces else "pieces", pieces, added)
    steps = _steps(backend.decoder) or _steps(backend.pre_tokenizer)
    if "ByteLevel" in steps:
        return Writing("bytes", False, added)
    if steps & {"Metaspace", _SPACE_MARK}:
        return Writing("spaces", "ByteFallback" in steps or _falls_back(backend), added)
    return Writing("pieces", False, added)


def _falls_back(backend: Any) -> bool:
    """Whether the model of a backend writes characters that it does not know as their bytes."""
    return bool(getattr(backend.model, "byte_fallback", False))


def _steps(part: Any) -> set[str]:
    """The types of a backend's part (its decoder, its pre-tokenizer) and of its steps, and the signs they replace."""
    if part is None:
        return set()
    try:
        described = json.loads(part.__getstate__())
    except Exception:  # noqa: BLE001  parts written in Python have no description, and raise a bare Exception
        return set()
    names: set[str] = set()
    waiting = [described]
    while waiting:
        step = waiting.pop()
        names.add(str(step.get("type")))
        pattern = step.get("pattern")
        if isinstance(pattern, dict):
            names.add(str(pattern.get("String")))
        waiting.extend([*step.get("decoders", []), *step.get("pretokenizers", [])])
    return names


@functools.cache
def _byte_letters() -> dict[str, int]:
    """The letter that stands for each byte in byte-level BPE, as GPT-2's `bytes_to_unicode` gives them."""
    own = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in set(own)]
    return {chr(byte): byte for byte in own} | {chr(256 + index): byte for index, byte in enumerate(others)}


@dataclass(frozen=True)
class Spelling:
    """What a run of tokens spells: its text, and of each token the span it has there and the parts it is made of.

    A character of which several tokens hold a part lies in the span of each.
    """

    text: str
    spans: tuple[Span, ...]
    parts: tuple[str, ...]


def spell(run: Sequence[bytes]) -> Spelling:
    """Put the characters of a run of tokens together from the bytes of each.

    `spell([b"\\xe7\\x8c", b"\\xabx"])` is `猫x` with the spans (0, 1), (0, 2) and the parts `猫⟨1-2/3⟩`, `猫⟨3/3⟩x`.
    A byte that is part of no character is U+FFFD in the text, and `⟨0xE7⟩` in the parts.
    """
    data = b"".join(run)
    text: list[str] = []
    starts = [0]  # the byte at which each character starts, and the end
    while starts[-1] < len(data):
        length, character = _character(data, starts[-1])
        text.append(character)
        starts.append(starts[-1] + length)

    spans: list[Span] = []
    parts: list[str] = []
    start, first = 0, 0
    for token in run:
        end = start + len(token)
        while first + 1 < len(starts) and starts[first + 1] <= start:
            first += 1
        last = first
        written: list[str] = []
        while token and last < len(text) and starts[last] < end:
            written.append(_part(text[last], data, starts[last], starts[last + 1], start, end))
            last += 1
        spans.append((first, last))
        parts.append("".join(written))
        start = end
    return Spelling("".join(text), tuple(spans), tuple(parts))


def _character(data: bytes, start: int) -> tuple[int, str]:
    """How many bytes the character that starts there has, and the character; U+FFFD for a byte that begins none."""
    for length in range(1, LONGEST_CHARACTER + 1):
        try:
            return length, data[start : start + length].decode()
        except UnicodeDecodeError:
            continue
    return 1, "\ufffd"


def _part(character: str, data: bytes, begin: int, end: int, start: int, stop: int) -> str:
    """What a token of the bytes [start, stop) shows of a character of the bytes [begin, end)."""
    length = end - begin
    if length == 1 and data[begin] >= 0x80:
        return f"⟨0x{data[begin]:02X}⟩"
    first, last = max(begin, start) - begin + 1, min(end, stop) - begin
    if last - first + 1 == length:
        return visible(character)
    return f"{visible(character)}⟨{first if first == last else f'{first}-{last}'}/{length}⟩"


def clean(text: str) -> str:
    """`text` with lone surrogates, which no tokenizer takes, replaced by U+FFFD. Its length stays."""
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)


def visible(text: str) -> str:
    """`text` with a sign for each line break and the code point of whatever else cannot be seen."""
    return "".join(
        _SIGNS.get(character) or f"⟨U+{ord(character):04X}⟩"
        if unicodedata.category(character) in _INVISIBLE
        else character
        for character in text
    )


def readable(token: str) -> str:
    """A tokenizer's string as a person reads it: the space mark gone, what is invisible as its code point.

    `readable("▁the") == "the"`, `readable("\\u200b") == "⟨U+200B⟩"`
    """
    return visible(token.removeprefix(_SPACE_MARK) if len(token) > 1 else token)


def read_run(tokens: Sequence[str], ids: Sequence[int], writing: Writing) -> list[str]:
    """What a person reads of each of a run of tokens, such as stand next to each other in a text."""
    if not any(writing.is_bytes(token, number) for token, number in zip(tokens, ids, strict=True)):
        return [readable(token) for token in tokens]
    spelling = spell([writing.data(token, number) for token, number in zip(tokens, ids, strict=True)])
    return [
        _with_seen_blanks(part) if writing.is_bytes(token, number) else readable(token)
        for token, number, part in zip(tokens, ids, spelling.parts, strict=True)
    ]


def _with_seen_blanks(part: str) -> str:
    """A token that is nothing but blanks would show nothing."""
    return part if part.strip() else "".join("␣" if c == " " else f"⟨U+{ord(c):04X}⟩" for c in part)


def distinct(labels: Iterable[str]) -> list[str]:
    """Labels that all differ: those that occur more than once carry their position, `the₂`, `the₇`."""
    labels = list(labels)
    counts = Counter(labels)
    result: dict[str, None] = {}
    for position, label in enumerate(labels, start=1):
        unique = label if counts[label] == 1 else label + str(position).translate(_SUBSCRIPT)
        while unique in result:
            unique += "′"
        result[unique] = None
    return list(result)
