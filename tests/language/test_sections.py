"""Sections of prose: how a file is read, how slots are filled, and that what fills them stays in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.language.sections import Section, WrongSlots, read_sections

FILE = """
What stands before the first heading is for no page.

## steps

<!-- A note: {this} is no slot,
## and this no heading -->
It takes {n} steps, **{share:.1%}** of {whole:,}.

- one of {{them}}
- {n}

1. first
12. twelfth

### no section

## last
"""


def test_a_file_is_read_as_sections_without_its_notes() -> None:
    sections = read_sections(FILE)
    assert list(sections) == ["steps", "last"]
    assert sections["steps"].slots == ("n", "share:.1%", "whole:,", "n")
    assert sections["last"].text == ""
    assert "note" not in sections["steps"].text
    values = {"n": 3, "share": 0.5, "whole": 1000}
    assert sections["steps"].points(values) == ["one of {them}", "3", "first", "twelfth"]
    assert sections["steps"].paragraphs(values) == ["It takes 3 steps, **50.0%** of 1,000.", "### no section"]
    assert (
        sections["steps"]
        .filled(values)
        .startswith("It takes 3 steps, **50.0%** of 1,000.\n\n- one of {them}")
    )


@pytest.mark.parametrize("values", [{}, {"n": 3, "more": 4}, {"m": 3}, {"n": "three"}])
def test_what_does_not_fit_is_told_and_the_page_goes_on(values: dict[str, object]) -> None:
    section = Section("steps", "It takes {n:,} steps.")
    with pytest.warns(WrongSlots, match="steps"):
        text = section.filled(values)
    assert text in ("It takes {n:,} steps.", "It takes 3 steps.")


@given(st.text())
def test_what_fills_a_slot_is_neither_read_as_slots_nor_as_points(value: str) -> None:
    section = Section("mixed", "Before {text}\n\n- {text}\n- second")
    assert section.points({"text": value}) == [value, "second"]
    assert section.paragraphs({"text": value}) == [f"Before {value}"]
    assert section.filled({"text": value}) == f"Before {value}\n\n- {value}\n- second"
