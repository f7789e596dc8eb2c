"""What the lessons keep in a link: what was set up in each, and which questions were answered right.

    {"by_hand": {"temperature": 0.5}, "inside": {"query": 3}}      sorted, without spaces: one state, one text

Only the frame is checked here: each lesson checks its own values when it is opened (`settings` in
`viz.ui.lessons.lesson_frame`).
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from viz.lessons.lesson_list import ALL_QUESTIONS, LESSONS
from viz.view.link_values import unpack_text

LONGEST = 6_000  # characters
_DEEPEST = 4
_SLUGS = frozenset(lesson.slug for lesson in LESSONS)

States = Mapping[str, Mapping[str, Any]]


def read_states(text: str) -> dict[str, dict[str, Any]]:
    """The states of the lessons from the view's text. Raises ValueError on anything else."""
    if not text:
        return {}
    if len(text) > LONGEST:
        raise ValueError("too long")
    try:
        states = json.loads(text, parse_constant=_refuse)
        if not isinstance(states, dict) or not set(states) <= _SLUGS:
            raise ValueError("no lessons")
        if not all(isinstance(state, dict) and _deep(state) <= _DEEPEST for state in states.values()):
            raise ValueError("no states")
    except RecursionError as exc:
        raise ValueError("too deep") from exc
    return states


def write_states(states: States) -> str:
    """The view's text for these states; those that are as they begin are left out.

    Raises ValueError where it is too long, or holds half a character, which no link can carry.
    """
    kept = {slug: state for slug, state in states.items() if state}
    if not kept:
        return ""
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    text.encode()
    if len(text) > LONGEST:
        raise ValueError("too long")
    return text


def unpack_lessons(value: str) -> str:
    """The view's text from a link's value. Raises ValueError on a bad one."""
    return write_states(read_states(unpack_text(value)))


def pack_answered(answered: tuple[int, ...]) -> str:
    """The numbers of the questions answered right: "1.2.5"."""
    return ".".join(str(number) for number in answered)


def unpack_answered(value: str) -> tuple[int, ...]:
    """The numbers from a link's value, in order. Raises ValueError on a bad one."""
    parts = value.split(".")
    known = {str(number): number for number in range(1, ALL_QUESTIONS + 1)}
    if len(parts) > ALL_QUESTIONS or not set(parts) <= set(known):
        raise ValueError("no such question")
    return tuple(sorted({known[part] for part in parts}))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _deep(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_deep, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_deep, value), default=0)
    return 0
