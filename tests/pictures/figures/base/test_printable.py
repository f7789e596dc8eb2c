"""Labels: whatever a tokenizer or a person gives, what is drawn is visible, short and plain."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pictures.figures.samples import LITERAL, WORDS
from viz.pictures.figures.base.fonts import drawable, printable, short

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
HIDDEN = {
    "NUL": "\x00",
    "newline": "\n",
    "delete": "\x7f",
    "soft hyphen": "\xad",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "line separator": "\u2028",
    "byte order mark": "\ufeff",
    "variation selector": "\ufe0f",
    "hangul filler": "\u3164",
    "no-break space": "\xa0",
    "lone surrogate": "\ud800",
    "private use": "\ue000",
    "no character": "\uffff",
    "tag": "\U000e0041",
}


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_invisible_becomes_its_code_point(name: str) -> None:
    character = HIDDEN[name]
    assert printable(f"a{character}b") == f"a⟨U+{ord(character):04X}⟩b"


def test_a_character_with_no_glyph_becomes_its_code_point() -> None:
    assert printable("𓀀") == "⟨U+13000⟩"  # an Egyptian hieroglyph
    assert printable("👨‍👩‍👧") == "⟨U+1F468⟩⟨U+200D⟩⟨U+1F469⟩⟨U+200D⟩⟨U+1F467⟩"


@pytest.mark.parametrize("text", [*LITERAL, *WORDS.values(), "e\u0301", "กำ้", "a b"])
def test_what_can_be_drawn_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@given(ANY_TEXT)
def test_printable_is_visible_valid_and_settled(text: str) -> None:
    shown = printable(text)
    shown.encode("utf-8")
    assert all(drawable(character) for character in shown)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert printable(shown) == shown


@given(ANY_TEXT, st.integers(9, 30))
def test_short_never_takes_more_columns_than_allowed(text: str, longest: int) -> None:
    shown = short(text, longest)
    assert _columns(shown) <= longest
    assert bool(shown) == bool(text)
    if text.strip(" ") and _columns(printable(text)) <= longest:
        assert shown == printable(text)


def test_short_keeps_both_ends() -> None:
    assert short("internationalization₁₂", 13) == "internat…on₁₂"
    assert short("图书馆的管理员说今天不开门₁₂", 13) == "图书馆的…门₁₂"
    assert short("the") == "the"


def test_short_cuts_no_code_point_in_two_and_leaves_no_mark_alone() -> None:
    assert short("\u200b" * 10, 24) == "⟨U+200B⟩⟨U+200B⟩…"
    assert short("ก" * 30 + "\u0e49\u0e49", 9) == "กกกกกก…"


def test_short_of_blanks_can_be_seen() -> None:
    assert short("  ") == "␣␣"
    assert short("") == ""


def test_a_very_long_label_is_cut_without_reading_it_all() -> None:
    assert short("x" * 1_000_000) == "x" * 16 + "…" + "x" * 7
