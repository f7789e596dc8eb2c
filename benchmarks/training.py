"""A tiny Transformer in front of a class: how long until it has learned each task, on two cores at most."""

import time
from collections.abc import Iterator

from benchmarks.timing import Row
from viz.lessons.training.learner import Setting, Training, begin, one_core, train

TARGET_S = 60.0
# As the page begins with each, and with what it suggests for the hardest.
SETTINGS = (
    Setting("reverse", 8, 1, 2),
    Setting("reverse", 12, 3, 4),
    Setting("copy", 8, 1, 2),
    Setting("sort", 8, 1, 2),
    Setting("brackets", 8, 3, 4),
)


def run() -> Iterator[Row]:
    """Seconds until 99 % of the held-out sequences are right at every place, beside the most that a class waits."""
    for setting in SETTINGS:
        seconds, state = _until_passed(setting)
        what = f"{setting.task} of {setting.length}"
        print(
            f"  {what}: {setting.layers} x {setting.heads} heads, step {state.step}, "
            f"{state.looks[-1].accuracy:.1%} of the held-out sequences right",
            flush=True,
        )
        at_most = 1.0 if setting.task == "reverse" else None
        yield Row("until 99 % are right", what, seconds, "target", TARGET_S, at_most)


def _until_passed(setting: Setting) -> tuple[float, Training]:
    start = time.perf_counter()
    with one_core():
        for state in train(begin(setting)):
            if state.passed_at is not None:
                break
    return time.perf_counter() - start, state
