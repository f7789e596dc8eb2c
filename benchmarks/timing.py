"""Times two ways of doing something in turns, as a machine that slows down then slows both, and prints that."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

import torch

from viz.models import LoadedModel

ROUNDS = 25
BUDGET_S = 6.0

Task = Callable[[], object]
Unit = Literal["s", "bytes", "tokens"]


@dataclass(frozen=True)
class Row:
    """One line of a table: what was measured, its baseline, and the ratio aimed at; both are in `unit`."""

    group: str
    what: str
    value: float
    baseline: str
    baseline_value: float
    at_most: float | None = None
    unit: Unit = "s"

    @property
    def ratio(self) -> float:
        """How many times the baseline it took; below 1 is faster."""
        return self.value / self.baseline_value

    @property
    def verdict(self) -> str:
        """The target beside whether it was met; empty where there is none."""
        if self.at_most is None:
            return ""
        return f"at most {self.at_most:.2f}: {'met' if self.ratio <= self.at_most else 'MISSED'}"


def compare(
    group: str,
    what: str,
    task: Task,
    baseline: str,
    baseline_task: Task,
    at_most: float | None = None,
    budget_s: float = BUDGET_S,
    rounds: int = ROUNDS,
) -> Row:
    """Run both once to warm up, then in turns, and take each one's median.

    At most `rounds` rounds in about `budget_s` seconds. Where the warm-up alone takes longer than that,
    it is the measurement: what takes so long is little changed by a warm-up.
    """
    times = [(seconds(task), seconds(baseline_task))]
    if sum(times[0]) < budget_s:
        end = time.perf_counter() + budget_s
        times = [(seconds(task), seconds(baseline_task))]
        while len(times) < rounds and time.perf_counter() < end:
            times.append((seconds(task), seconds(baseline_task)))
    ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    return Row(group, what, ours, baseline, theirs, at_most)


def seconds(task: Task) -> float:
    """How long a task takes, once."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def bare_forward(model: LoadedModel, text: str) -> Task:
    """The least that maps can take: the model called on tokens that are there already, for its attentions."""
    inputs = model.tokenizer(text, return_tensors="pt")

    def forward() -> Any:
        with torch.inference_mode():
            return model.model(**inputs, output_attentions=True)

    return forward


def show(rows: Iterable[Row]) -> None:
    """Print rows as they come, a heading for each group."""
    for group, members in groupby(rows, key=lambda row: row.group):
        print(f"\n{group}", flush=True)
        for row in members:
            ours = f"{row.what:<22} {written(row.value, row.unit):>10}"
            theirs = f"{row.baseline:<24} {written(row.baseline_value, row.unit):>10}"
            print(f"  {ours}   {theirs}   {row.ratio:7.3f} x  {row.verdict}".rstrip(), flush=True)


def written(value: float, unit: Unit) -> str:
    """Three figures: milliseconds below a second; megabytes of a million bytes, kilobytes below one."""
    if unit == "tokens":
        return f"{value:.0f} tokens"
    small, large = ("ms", "s") if unit == "s" else ("kB", "MB")
    value = value * 1000 if unit == "s" else value / 1000
    if value >= 999.5:
        value, small = value / 1000, large
    return f"{value:,.{2 if value < 10 else 1 if value < 100 else 0}f} {small}"
