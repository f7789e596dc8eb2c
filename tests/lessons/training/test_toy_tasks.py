"""The toy tasks against plain Python, and what a model trains on against what it is tested on."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.errors import InputError
from viz.lessons.training.toy_tasks import (
    BRACKETS,
    LONGEST,
    NO_PARTNER,
    SHORTEST,
    TASKS,
    Ids,
    TaskId,
    batch,
    held_out,
    is_held_out,
    read,
)

LENGTHS = st.integers(SHORTEST, LONGEST)
TASK_IDS = st.sampled_from(list(TASKS))


def rows(ids: Ids) -> set[tuple[int, ...]]:
    return {tuple(row) for row in ids.tolist()}


@given(st.lists(st.integers(0, 9), min_size=4, max_size=12))
def test_digits_are_copied_reversed_and_sorted(digits: list[int]) -> None:
    ids = np.array([digits, digits[::-1]])
    assert TASKS["copy"].answer(ids).tolist() == [digits, digits[::-1]]
    assert TASKS["reverse"].answer(ids).tolist() == [list(reversed(digits)), digits]
    assert TASKS["sort"].answer(ids).tolist() == [sorted(digits)] * 2


def balanced(text: str) -> bool:
    """By taking complete pairs away until none is left."""
    before = None
    while before != text:
        before, text = text, text.replace("()", "").replace("[]", "")
    return text == ""


def partners_by_definition(text: str) -> list[int]:
    """Every pair of places is tried: of one kind, and all between them complete pairs."""
    found = [0] * len(text)
    for first, second in itertools.combinations(range(len(text)), 2):
        if text[first] + text[second] in ("()", "[]") and balanced(text[first + 1 : second]):
            found[first], found[second] = second + 1, first + 1
    return found


@given(st.text("()[]", min_size=4, max_size=12))
def test_partners_are_those_of_the_definition(text: str) -> None:
    task = TASKS["brackets"]
    assert task.answer(read(task, len(text), text))[0].tolist() == partners_by_definition(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [("([])", "4 3 2 1"), ("([)]", "· · · ·"), ("))()(", "· · 4 3 ·"), ("()[](", "2 1 4 3 ·")],
)
def test_partners_are_written_as_places(text: str, said: str) -> None:
    task = TASKS["brackets"]
    labels = task.labels(len(text))
    assert labels[0] == NO_PARTNER
    assert " ".join(labels[label] for label in task.answer(read(task, len(text), text))[0]) == said


@pytest.mark.parametrize("length", [4, 5, 8, 11])
def test_half_of_the_bracket_sequences_are_complete(length: int) -> None:
    drawn = TASKS["brackets"].draw(400, length, np.random.default_rng(0))
    texts = ["".join(BRACKETS[symbol] for symbol in row) for row in drawn]
    without_one = [[text[:at] + text[at + 1 :] for at in range(length)] for text in texts]
    complete = [
        balanced(text) if length % 2 == 0 else any(map(balanced, less))
        for text, less in zip(texts, without_one, strict=True)
    ]
    assert 0.5 < np.mean(complete) < 0.85
    assert len(set(texts)) > min(100, 4**length // 8)


@given(TASK_IDS, LENGTHS, st.integers(0, 99), st.integers(0, 3000))
def test_nothing_is_both_trained_on_and_held_out(task: TaskId, length: int, seed: int, step: int) -> None:
    trained, kept = batch(TASKS[task], length, 64, seed, step), held_out(TASKS[task], length, seed, 60)
    assert trained.shape == (64, length)
    assert not rows(trained) & rows(kept)
    assert not is_held_out(trained, seed).any()
    assert is_held_out(kept, seed).all()
    assert len(rows(kept)) == len(kept) > 0
    symbols = len(TASKS[task].symbols)
    assert trained.min() >= 0
    assert max(trained.max(), kept.max()) < symbols


def test_one_in_ten_is_held_out_and_others_with_another_seed() -> None:
    drawn = TASKS["sort"].draw(20_000, 8, np.random.default_rng(1))
    first, second = is_held_out(drawn, 0), is_held_out(drawn, 1)
    assert 0.09 < first.mean() < 0.11
    assert 0.07 < (first & second).sum() / first.sum() < 0.13


def test_even_the_shortest_brackets_leave_some_to_test_on() -> None:
    assert all(10 <= len(held_out(TASKS["brackets"], SHORTEST, seed)) <= 60 for seed in range(5))


def test_batches_are_those_of_their_seed_and_step() -> None:
    task = TASKS["reverse"]
    assert (batch(task, 8, 64, 3, 7) == batch(task, 8, 64, 3, 7)).all()
    assert (batch(task, 8, 64, 3, 7) != batch(task, 8, 64, 3, 8)).any()
    assert (batch(task, 8, 64, 3, 7) != batch(task, 8, 64, 4, 7)).any()


@pytest.mark.parametrize("typed", ["31415926", "3 1 4 1 5 9 2 6", "3,1,4,1,5,9,2,6", " 3，1、4 1592\t6 "])
def test_what_is_typed_is_read(typed: str) -> None:
    assert read(TASKS["sort"], 8, typed).tolist() == [[3, 1, 4, 1, 5, 9, 2, 6]]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3141592", "7 signs; this model reads exactly 8"),
        ("314159265", "9 signs"),
        ("", "0 signs"),
        ("3141592x", "x is none of the signs"),
        ("<b>", "< is none"),
        ("３1415926", "３ is none"),
        ("1" * 100_000, "200 signs"),
    ],
)
def test_what_cannot_be_read_is_said(typed: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(TASKS["sort"], 8, typed)
