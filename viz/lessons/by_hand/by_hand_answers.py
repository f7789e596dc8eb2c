"""What the questions about the example ask, and their answers, from the numbers that are set."""

from dataclasses import dataclass, replace

import numpy as np

from viz.lessons.by_hand.decimals import Exact, written
from viz.lessons.by_hand.small_example import ByHand, Steps, steps_of
from viz.lessons.by_hand.sums import PLACES

_CLEAR = 1e-3  # weights closer than this are no question
_OPTIONS = 3


@dataclass(frozen=True)
class ScoreAsked:
    """The score of `query` and `key`, three numbers to choose from as they are written, and which is right."""

    query: int
    key: int
    options: tuple[str, ...]
    right: int


@dataclass(frozen=True)
class MostAsked:
    """The token whose value counts most for `query`, `key`, with its weight; None where no row has a single one."""

    query: int
    key: int
    weight: float


@dataclass(frozen=True)
class DivisionAsked:
    """The largest weight of the row of `query`, as it is and with the division switched over."""

    query: int
    now: float
    switched: float

    @property
    def change(self) -> int:
        """1 where it grows, -1 where it shrinks, 0 where nothing is seen of it."""
        difference = self.switched - self.now
        return 0 if abs(difference) < _CLEAR else (1 if difference > 0 else -1)


def ask_score(steps: Exact) -> ScoreAsked:
    """The score of the second query and the third key, or another key where that one is 0."""
    query, scores = 1, steps.scores[1]
    key = next((place for place in (2, 0, *range(3, len(scores))) if scores[place] != 0), 2)
    right, q, k = scores[key], steps.q[query], steps.k[key]
    slips = [
        steps.scores[key][query],  # the query and the key swapped
        q[0] * k[0],  # only the first product
        q[0] * k[1] + q[1] * k[0],  # rows by the wrong columns
        -right,
        right + 1,
        right - 1,
    ]
    numbers = {written(number, PLACES): number for number in reversed([right, *slips])}
    different = list(dict.fromkeys(written(number, PLACES) for number in [right, *slips]))[:_OPTIONS]
    options = tuple(sorted(different, key=numbers.__getitem__))
    return ScoreAsked(query, key, options, options.index(written(right, PLACES)))


def ask_most(all_steps: Steps) -> MostAsked | None:
    """The row with a single largest weight that is the least plain of all; None where every row has a tie."""
    best: MostAsked | None = None
    for query, row in enumerate(all_steps.weights):
        if np.isfinite(all_steps.masked[query]).sum() < 2:
            continue
        second, first = np.sort(row)[-2:]
        if first - second >= _CLEAR and (best is None or first < best.weight):
            best = MostAsked(query, int(row.argmax()), float(first))
    return best


def ask_division(setup: ByHand) -> DivisionAsked:
    """The row on which switching the division over has the largest effect."""
    switched = replace(setup, scale=not setup.scale)
    before, after = (steps_of(example).weights.max(axis=-1) for example in (setup, switched))
    query = int(np.abs(after - before).argmax())
    return DivisionAsked(query, float(before[query]), float(after[query]))
