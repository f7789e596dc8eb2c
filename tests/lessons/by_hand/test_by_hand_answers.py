"""The questions about the example: always one right answer among different ones, whatever the numbers are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from tests.lessons.by_hand.test_small_example import settings_of_page
from viz.lessons.by_hand.by_hand_answers import ask_division, ask_most, ask_score
from viz.lessons.by_hand.decimals import exact
from viz.lessons.by_hand.small_example import ByHand, steps_of


@given(settings_of_page)
def test_the_score_is_among_three_different_ones(now: ByHand) -> None:
    asked = ask_score(exact(now))
    assert len(set(asked.options)) == len(asked.options) == 3
    right = float(asked.options[asked.right].replace("−", "-"))
    assert right == pytest.approx(float(steps_of(now).scores[asked.query, asked.key]), rel=1e-6, abs=0.0051)


@given(settings_of_page)
def test_the_token_that_counts_most_is_the_only_one(now: ByHand) -> None:
    found = steps_of(now)
    asked = ask_most(found)
    if asked is None:
        for row in found.weights:
            seen = row[row > 0]
            assert len(seen) == 1 or np.sort(row)[-1] - np.sort(row)[-2] < 2e-3
    else:
        row = found.weights[asked.query]
        assert asked.weight == row[asked.key]
        assert (np.delete(row, asked.key) < asked.weight).all()
        assert np.isfinite(found.masked[asked.query]).sum() > 1


def test_where_all_weights_are_equal_no_token_counts_most() -> None:
    assert ask_most(steps_of(ByHand(w_q=((0, 0), (0, 0))))) is None


@given(settings_of_page)
def test_the_division_is_switched_over(now: ByHand) -> None:
    asked, other = ask_division(now), steps_of(replace(now, scale=not now.scale))
    assert asked.switched == other.weights[asked.query].max()
    # Apart from equal scores, dividing by more makes the largest weight smaller.
    assert asked.change in ((0, 1) if now.scale else (0, -1))


def test_the_division_matters_in_the_example_and_not_where_scores_are_equal() -> None:
    assert ask_division(ByHand()).change == 1
    assert ask_division(ByHand(scale=False)).change == -1
    assert ask_division(ByHand(w_q=((0, 0), (0, 0)))).change == 0
