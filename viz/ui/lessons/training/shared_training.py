"""A training as long work: on one core, shared by all who asked for the same, and kept where it is stopped.

Trainings wait for each other alone, two at a time: a survey of texts on another page is not held up by them.
"""

import threading
import time
from collections.abc import Iterator

from viz.errors import VizError
from viz.language import _
from viz.lessons.training.learner import Setting, Training, begin, one_core, train
from viz.ui.progress import work
from viz.ui.progress.shared_results import shared

LANE = "training"

_MOST_S = 240.0
_SLOW_LOOKS, _LOOK_S = 30, 0.25  # where most happens it is slow enough to be watched


def key_of(setting: Setting, again: str = "") -> work.Key:
    """What a training is known by: two sessions with the same setting share it, unless one does it `again`."""
    return ("training", setting, again)


def reached(key: work.Key) -> Training | None:
    """What is known of a training: its end, or where it now is or was stopped; None before its start."""
    state = work.finished_result(key) or work.partial_result(key)
    return state if isinstance(state, Training) else None


def untrained(setting: Setting) -> Training:
    """The training before its first step, made once for all sessions."""
    return shared().get(("untrained", setting), lambda: begin(setting))


def making(key: work.Key, setting: Setting) -> work.Make[Training]:
    """What to give `run_work`: it goes on from where the training was stopped."""
    first = untrained(setting)
    return work.resumable(
        key,
        lambda partial_result, cancelled: watchable(partial_result or first, cancelled, _LOOK_S, _MOST_S),
        lambda state: (round(1000 * state.looks[-1].accuracy), 1000),
    )


def watchable(
    partial_result: Training, cancelled: threading.Event, look_s: float, most_s: float
) -> Iterator[Training]:
    """`partial_result`, then one state after the other, the first ones at least `look_s` seconds apart.

    Raises `VizError` after `most_s` seconds.
    """
    begun = last = time.monotonic()
    with one_core():
        yield partial_result
        for state in train(partial_result, cancelled):
            yield state
            if len(state.looks) <= _SLOW_LOOKS:
                cancelled.wait(max(0.0, last + look_s - time.monotonic()))
            last = time.monotonic()
            if last - begun > most_s and not state.finished:
                raise VizError(
                    _(
                        "After {seconds:.0f} seconds this training has reached step {step}, and is stopped so that "
                        "others get their turn. Please try again: it goes on from there."
                    ),
                    seconds=most_s,
                    step=state.step,
                )
