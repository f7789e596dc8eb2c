"""A training as long work: how fast it may go, how long, who waits, and what is left when nobody does."""

import threading
import time
from itertools import islice

import pytest

from viz.errors import Cancelled, VizError
from viz.lessons.training.learner import Setting, Training, begin
from viz.lessons.training.toy_tasks import TASKS
from viz.serving.queue import Report, WorkPool
from viz.serving.store import Shared
from viz.ui.lessons.training.model_answers import aligned
from viz.ui.lessons.training.shared_training import LANE, key_of, making, reached, watchable
from viz.ui.progress import work

SHORT = Setting("copy", 4, 1, 1)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Shared:
    kept = Shared(50_000_000)
    monkeypatch.setattr(work, "shared", lambda: kept)
    return kept


def test_its_first_looks_are_slow_enough_to_be_watched() -> None:
    begun = time.monotonic()
    states = list(islice(watchable(begin(SHORT), threading.Event(), 0.2, 60), 4))
    assert [state.step for state in states] == [0, 5, 10, 15]
    assert time.monotonic() - begun > 0.39  # two whole looks lie between the first and the last of the three


def test_a_cancel_does_not_wait_for_the_next_look() -> None:
    cancelled = threading.Event()
    states = watchable(begin(SHORT), cancelled, 60, 600)
    assert [next(states).step for _each in range(2)] == [0, 5]
    cancelled.set()
    assert list(states) == []


def test_it_has_only_so_much_time() -> None:
    with pytest.raises(VizError, match="After 0 seconds this training has reached step 5"):
        list(watchable(begin(SHORT), threading.Event(), 0, 0))


def test_nobody_left_stops_it_and_what_it_has_learned_is_kept(store: Shared) -> None:
    pool, setting = WorkPool(grace=0), Setting("sort", 12, 3, 4)
    there = True
    learned: list[Training] = []

    def make(report: Report, cancelled: threading.Event) -> None:
        learned.append(making(key_of(setting), setting)(report, cancelled))

    job = pool.join(key_of(setting), make, "who", lambda: there, LANE)
    while (state := reached(key_of(setting))) is None or not state.step:
        assert not job.wait(0.05)
    there = False
    with pytest.raises(Cancelled):
        job.result()
    assert not learned
    kept = reached(key_of(setting))
    assert kept is not None
    assert kept.step >= state.step
    assert not kept.finished


def test_two_sessions_with_one_setting_share_one_training(store: Shared) -> None:
    pool = WorkPool()
    first = pool.join(key_of(SHORT), making(key_of(SHORT), SHORT), "one", lane=LANE)
    assert (
        pool.join(key_of(Setting("copy", 4, 1, 1)), making(key_of(SHORT), SHORT), "two", lane=LANE) is first
    )
    other = pool.join(key_of(SHORT, "again"), making(key_of(SHORT, "again"), SHORT), "three", lane=LANE)
    assert other is not first
    for job, who in ((first, "one"), (first, "two"), (other, "three")):
        job.cancel(who)
    assert first.wait(20)
    assert other.wait(20)


def test_a_training_is_a_small_part_of_what_the_server_keeps() -> None:
    largest = begin(Setting("brackets", 12, 3, 4))
    look = largest.looks[0].weights.nbytes
    assert largest.nbytes + 200 * look < 4_000_000
    assert set(TASKS) == {"reverse", "copy", "sort", "brackets"}


def test_answers_stand_below_each_other() -> None:
    said = aligned([(list("()["), "given"), (["2", "1", "·"], "right"), (["10", "", "^"], "最后")])
    assert said.split("\n") == ["(  )  [    given", "2  1  ·    right", "10    ^    最后"]
