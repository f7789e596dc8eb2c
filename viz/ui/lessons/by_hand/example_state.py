"""What is set on the page of self-attention by hand, changed so that it can be undone; it is kept in the link."""

from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from viz.language import Language
from viz.lessons.by_hand.small_example import CHINESE_TOKENS, ENGLISH_TOKENS, ByHand
from viz.ui.lessons.lesson_frame import keep_settings, settings
from viz.ui.session import language

EXAMPLES: dict[Language, tuple[str, ...]] = {"en": ENGLISH_TOKENS, "zh": CHINESE_TOKENS}
Cell = tuple[str, int, int]  # a matrix, its row and its column

_BEFORE = "atlas_by_hand_before"  # what was set before each change of this session
_MOST_BEFORE = 50
_WRONG = "atlas_by_hand_wrong"


def example_names() -> tuple[str, ...]:
    """The tokens of the example in the session's language."""
    return EXAMPLES[language()]


def current() -> ByHand:
    """What is set on the page."""
    return settings(ByHand)


def change(**changes: Any) -> None:
    """Change what is set on the page, so that it can be undone."""
    setup = current()
    changed = replace(setup, **changes)
    if changed != setup:
        before: list[ByHand] = st.session_state.setdefault(_BEFORE, [])
        before.append(setup)
        del before[:-_MOST_BEFORE]
        keep_settings(changed)


def wrong() -> dict[Cell, str]:
    """What was typed into a cell and is no number, by its cell."""
    texts: dict[Cell, str] = st.session_state.setdefault(_WRONG, {})
    return texts


def can_undo() -> bool:
    """Whether there is a change of this session to undo, or something typed that is no number."""
    return bool(st.session_state.get(_BEFORE) or wrong())


def undo() -> None:
    """Take back what was typed and is no number; else set what was set before the last change, at the same step."""
    before: list[ByHand] = st.session_state.get(_BEFORE, [])
    if wrong():
        wrong().clear()
    elif before:
        keep_settings(replace(before.pop(), part=current().part))


def reset() -> None:
    """Set the example again; which step is shown stays."""
    wrong().clear()
    change(**{**asdict(ByHand()), "part": current().part})


def example_of(setup: ByHand) -> Language | None:
    """Whose example's names are shown, None where they are a person's own."""
    names = setup.tokens or example_names()
    for name, tokens in EXAMPLES.items():
        if names[: len(tokens)] == tokens[: len(names)]:
            return name
    return None
