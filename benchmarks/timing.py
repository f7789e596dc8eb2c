"""Times two ways of doing something in turns, so that a machine that slows down slows both."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

ROUNDS = 25
BUDGET_S = 6.0

Task = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One line of a table: the median of `what` and of its baseline, and the ratio aimed at.

    Both are seconds, unless `unit` says that they are bytes.
    """

    group: str
    what: str
    seconds: float
    baseline: str
    baseline_seconds: float
    at_most: float | None = None
    unit: Literal["s", "bytes"] = "s"

    @property
    def ratio(self) -> float:
        """How many times the baseline it took; below 1 is faster."""
        return self.seconds / self.baseline_seconds

    @property
    def verdict(self) -> str:
        """The target beside whether it was met; empty where there is none."""
        if self.at_most is None:
            return ""
        return f"at most {self.at_most:.2f}: {'met' if self.ratio <= self.at_most else 'MISSED'}"


def compare(
    group: str, what: str, task: Task, baseline: str, baseline_task: Task, at_most: float | None = None
) -> Row:
    """Run both once to warm up, then in turns, and take each one's median.

    At most `ROUNDS` rounds in about `BUDGET_S` seconds. Where the warm-up alone takes longer than that,
    it is the measurement: what takes so long is little changed by a warm-up.
    """
    times = [(_seconds(task), _seconds(baseline_task))]
    if sum(times[0]) < BUDGET_S:
        end = time.perf_counter() + BUDGET_S
        times = [(_seconds(task), _seconds(baseline_task))]
        while len(times) < ROUNDS and time.perf_counter() < end:
            times.append((_seconds(task), _seconds(baseline_task)))
    ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    return Row(group, what, ours, baseline, theirs, at_most)


def _seconds(task: Task) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start
