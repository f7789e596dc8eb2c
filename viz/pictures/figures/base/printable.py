"""Any string, made safe to draw: no boxes, nothing invisible, nothing too long."""

from collections.abc import Iterable
from functools import lru_cache

import regex

from viz.pictures.figures.base.fonts import drawable

_LONGEST = 24
_ELLIPSIS = "…"
# Controls, formats, surrogates, private and unassigned ones, joiners, all blanks but the space.
_HIDDEN = regex.compile(r"[\p{C}\p{Default_Ignorable_Code_Point}[\p{Z}--[\ ]]]", regex.VERSION1)
_WIDE = regex.compile(r"[\p{East_Asian_Width=Wide}\p{East_Asian_Width=Fullwidth}]")
_MARKS_FIRST = regex.compile(r"^\p{M}+")


def printable(text: str) -> str:
    """`text` with each character that is invisible, or has no glyph in any face, written as its code point.

    `printable("a\\x00") == "a⟨U+0000⟩"`. A lone surrogate too: the result is always valid Unicode.
    """
    return "".join(_shown(character) for character in text)


def short(text: str, longest: int = _LONGEST) -> str:
    """`printable(text)` with its middle left out where it takes more than `longest` columns.

    A Chinese character takes two columns, any other one. The end stays because it tells repeated tokens
    apart: `short("internationalization₁₂", 13) == "internat…on₁₂"`. Blanks alone become `␣`.
    """
    if text and not text.strip(" "):
        text = text.replace(" ", "␣")
    if len(text) <= longest:
        whole = printable(text)
        if _columns(whole) <= longest:
            return whole
    room = longest - _columns(_ELLIPSIS)
    end = "".join(reversed(_fitting(reversed(text[-longest:]), room // 3)))
    start = "".join(_fitting(text[:longest], room - _columns(end)))
    return f"{start}{_ELLIPSIS}{_MARKS_FIRST.sub('', end)}"


@lru_cache(maxsize=8192)
def _shown(character: str) -> str:
    if _HIDDEN.match(character) or not drawable(character):
        return f"⟨U+{ord(character):04X}⟩"
    return character


def _columns(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))


def _fitting(characters: Iterable[str], room: int) -> list[str]:
    """The first of `characters`, printable, that fit into `room` columns together."""
    taken = []
    for character in characters:
        piece = _shown(character)
        room -= _columns(piece)
        if room < 0:
            break
        taken.append(piece)
    return taken
