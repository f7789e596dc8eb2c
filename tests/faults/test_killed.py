"""A thread killed in the middle of a load or a work: it is said in words, and the next try works."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.serving.test_resident_models import model_of
from viz.errors import VizError
from viz.models.card import LoadedModel
from viz.serving.queue import WorkPool
from viz.serving.resident_models import Residents
from viz.ui.progress.model_loading import _unforeseen
from viz.ui.progress.waiting import Wait

FAULTS: list[BaseException] = [
    SystemExit(1),
    KeyboardInterrupt(),
    GeneratorExit(),
    RecursionError("too deep"),
    ZeroDivisionError("division by zero"),
]
EVERY_FAULT = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)


class Killed:
    """A load that is killed once, and then works."""

    def __init__(self, fault: BaseException) -> None:
        self.faults = [fault]
        self.joined = threading.Event()

    def __call__(
        self,
        model_id: str,
        progress: Callable[[Any], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> LoadedModel:
        assert self.joined.wait(10)
        if self.faults:
            raise self.faults.pop()
        return model_of(model_id)


@EVERY_FAULT
def test_a_killed_load_is_said_in_words_and_tried_again(fault: BaseException) -> None:
    load = Killed(fault)
    residents = Residents(load, most=2, most_bytes=10**6)
    waits = []
    for _ in range(2):
        waits.append(Wait())
        job = waits[-1].join(partial(residents.join, "m"), partial(_unforeseen, "m"))
    load.joined.set()
    assert job.wait(10)
    for wait in waits:
        assert isinstance(wait.problem, VizError)
        assert type(fault).__name__ in str(wait.problem)
        assert "m cannot be loaded" in str(wait.problem)
    assert residents.running("m") is None
    assert residents.load("m") is residents.get("m") is not None


@EVERY_FAULT
def test_a_killed_work_gives_its_turn_to_the_next(fault: BaseException) -> None:
    pool = WorkPool(most=1)

    def die(_report: Callable[[int, int], None], _cancelled: threading.Event) -> None:
        raise fault

    assert pool.join("a", die, 1).wait(10)
    assert pool.running("a") is None
    again = pool.join("a", lambda _report, _cancelled: "made", 1)
    assert again.wait(10)
    assert again.result() == "made"
