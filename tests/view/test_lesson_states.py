"""What a link says of the lessons: written and read back, and nothing hostile taken in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.lessons.lesson_list import ALL_QUESTIONS, LESSONS
from viz.view.packed_parts import (
    LONGEST_STATES,
    pack_answered,
    read_states,
    unpack_answered,
    unpack_lessons,
    write_states,
)

SLUGS = st.sampled_from([lesson.slug for lesson in LESSONS])
NUMBERS = st.integers(-1000, 1000) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = (
    NUMBERS | st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.lists(NUMBERS, max_size=4)
)
STATES = st.dictionaries(
    SLUGS, st.dictionaries(st.sampled_from(["x", "query"]), VALUES, min_size=1), max_size=4
)


@given(STATES)
def test_states_come_back_as_they_were(states: dict[str, dict[str, object]]) -> None:
    text = write_states(states)
    assert read_states(text) == states
    assert unpack_lessons(text) == text


def test_a_lesson_as_it_begins_takes_no_room() -> None:
    assert write_states({"why": {}, "inside": {}}) == ""


@pytest.mark.parametrize(
    "bad",
    [
        "nonsense",
        "[]",
        "1",
        '{"unknown": {}}',
        '{"why": 1}',
        '{"why": {"x": NaN}}',
        '{"why": {"x": 1e999}}',
        '{"why": {"x": [[[[1]]]]}}',
        '{"why": ' * 2000,
        "[" * LONGEST_STATES,
        json.dumps({"why": {"x": "a" * LONGEST_STATES}}),
        "~znot base64",
    ],
)
def test_a_bad_link_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpack_lessons(bad)


@given(st.sets(st.integers(1, ALL_QUESTIONS), min_size=1))
def test_answers_come_back_in_order(answered: set[int]) -> None:
    assert unpack_answered(pack_answered(tuple(answered))) == tuple(sorted(answered))


@pytest.mark.parametrize("bad", ["", "0", "22", "1.x", "01", "1..2", "²", ".".join(["1"] * 30)])
def test_answers_to_no_question_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="no such question"):
        unpack_answered(bad)
