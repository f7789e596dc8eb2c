"""What the lesson on limits may be set to, and the small models that it tells of."""

import pytest
from pydantic import ValidationError

from viz.lessons.limits.distilled import DISTILLED, TEACHER
from viz.lessons.limits.limits_setup import MOST_POSITIONS, Limits
from viz.lessons.why.path_lengths import Why


@pytest.mark.parametrize(
    "bad",
    [{"positions": 8}, {"positions": MOST_POSITIONS + 1}, {"padding": 0}, {"window": -1}, {"random": 99}],
)
def test_numbers_are_bounded(bad: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Limits(**bad)


@pytest.mark.parametrize("bad", [{"part": "none"}, {"marked": "gpt9"}, {"first": -1}, {"last": 10**9}])
def test_only_parts_and_models_there_are_can_be_chosen(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Why(**bad)  # type: ignore[arg-type]


def test_students_are_smaller_than_their_teacher() -> None:
    assert DISTILLED[0] is TEACHER
    for student in DISTILLED[1:]:
        assert student.parameters < TEACHER.parameters
        assert (student.layers, student.hidden) < (TEACHER.layers, TEACHER.hidden + 1)
