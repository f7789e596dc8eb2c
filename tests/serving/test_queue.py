"""Long work: one of a key for all sessions, two at a time, in the order in which it was asked for."""

import threading
from collections.abc import Callable

import pytest

from viz.errors import Cancelled, InputError
from viz.serving import queue
from viz.serving.queue import Count, Report, WorkPool

Make = Callable[[Report, threading.Event], object]


class Slow:
    """A work that ends when it is let go on, or stopped."""

    def __init__(self, gives: str = "made") -> None:
        self.gives = gives
        self.at_work = threading.Event()
        self.go_on = threading.Event()
        self.runs = 0

    def __call__(self, report: Report, cancelled: threading.Event) -> str:
        self.runs += 1
        report(1, 4)
        self.at_work.set()
        while not self.go_on.wait(0.01):
            if cancelled.is_set():
                raise Cancelled("")
        return self.gives


def test_two_who_ask_share_one_work() -> None:
    pool, work = WorkPool(), Slow()
    first, second = pool.join("k", work, 1), pool.join("k", work, 2)
    assert first is second
    assert work.at_work.wait(10)
    assert first.progress == Count(1, 4)
    work.go_on.set()
    assert second.result() == "made"
    assert work.runs == 1
    assert pool.running("k") is None


def test_what_is_too_many_waits_for_its_turn_in_order() -> None:
    pool, works = WorkPool(most=2), [Slow(str(at)) for at in range(4)]
    jobs = []
    for at, work in enumerate(works):
        jobs.append(pool.join(at, work, "who"))
        if at < 2:
            assert work.at_work.wait(10)
        else:
            assert not jobs[-1].wait(0.3)
    assert [work.at_work.is_set() for work in works] == [True, True, False, False]
    assert jobs[2].progress is None
    works[0].go_on.set()
    assert works[2].at_work.wait(10)
    assert not works[3].at_work.is_set()
    for work in works:
        work.go_on.set()
    assert [job.result() for job in jobs] == ["0", "1", "2", "3"]


def test_lanes_do_not_wait_for_each_other() -> None:
    pool, works = WorkPool(most=1), [Slow(str(at)) for at in range(4)]
    jobs = [pool.join(0, works[0], "who", lane="slow")]
    assert works[0].at_work.wait(10)
    for at in (1, 2):
        jobs.append(pool.join(at, works[at], "who", lane="slow"))
        while pool.ahead(jobs[at]) is None:
            assert not jobs[at].wait(0.01)
    jobs.append(pool.join(3, works[3], "who", lane="quick"))
    assert works[3].at_work.wait(10)
    assert not works[1].at_work.is_set()
    assert pool.ahead(jobs[0]) is None
    assert [pool.ahead(job) for job in jobs[1:3]] == [0, 1]
    for work in works:
        work.go_on.set()
    assert [job.result() for job in jobs] == ["0", "1", "2", "3"]
    assert pool.ahead(jobs[2]) is None


def test_one_that_waits_can_be_cancelled_and_leaves_its_turn_to_the_next() -> None:
    pool, works = WorkPool(most=1), [Slow(str(at)) for at in range(3)]
    jobs = [pool.join(0, works[0], "who")]
    assert works[0].at_work.wait(10)
    jobs += [pool.join(at, works[at], "who") for at in (1, 2)]
    jobs[1].cancel("who")
    with pytest.raises(Cancelled):
        jobs[1].result()
    works[0].go_on.set()
    assert works[2].at_work.wait(10)
    works[2].go_on.set()
    assert jobs[2].result() == "2"
    assert works[1].runs == 0


def test_a_cancel_stops_it_only_when_nobody_else_waits() -> None:
    pool, work = WorkPool(), Slow()
    job = pool.join("k", work, 1)
    pool.join("k", work, 2)
    job.cancel(1)
    assert not job.cancelled
    assert pool.running("k") is job
    job.cancel(2)
    with pytest.raises(Cancelled):
        job.result()


def test_it_is_stopped_when_all_sessions_that_wait_have_ended() -> None:
    pool, work = WorkPool(grace=0), Slow()
    there = True
    job = pool.join("k", work, 1, lambda: there)
    assert not job.wait(0.8)
    there = False
    with pytest.raises(Cancelled):
        job.result()


def test_one_asked_for_again_after_a_cancel_begins_when_the_first_has_ended() -> None:
    pool = WorkPool()
    begun, go_on = threading.Event(), threading.Event()
    order: list[str] = []

    def slow_to_stop(_report: Report, cancelled: threading.Event) -> None:
        begun.set()
        assert cancelled.wait(10)
        go_on.wait(10)
        order.append("first ended")
        raise Cancelled("")

    first = pool.join("k", slow_to_stop, 1)
    assert begun.wait(10)
    first.cancel(1)
    second = pool.join("k", lambda _report, _cancelled: order.append("second"), 1)
    assert second is not first
    assert not second.wait(0.3)
    go_on.set()
    second.result()
    assert order == ["first ended", "second"]


@pytest.mark.parametrize("problem", [InputError("No."), ZeroDivisionError("by 0")])
def test_a_failure_is_told_and_not_remembered(problem: Exception) -> None:
    pool = WorkPool()

    def fails(_report: Report, _cancelled: threading.Event) -> None:
        raise problem

    with pytest.raises(type(problem)):
        pool.join("k", fails, 1).result()
    assert pool.join("k", lambda _report, _cancelled: 7, 1).result() == 7


def test_one_who_waits_for_a_turn_is_told_a_number_that_counts_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_TELL_EVERY_S", 0.01)
    monkeypatch.setattr(queue, "UNSAID_S", 0.01)
    pool, works = WorkPool(most=1), [Slow(str(at)) for at in range(3)]
    jobs = [pool.join(at, work, "who", lane="texts") for at, work in enumerate(works[:1])]
    assert works[0].at_work.wait(10)
    for at in (1, 2):
        jobs.append(pool.join(at, works[at], "who", lane="texts"))
        while pool.ahead(jobs[at]) is None:
            assert not jobs[at].wait(0.01)
    told: list[int] = []

    def tell(ahead: int) -> None:
        if not told or told[-1] != ahead:
            told.append(ahead)
            works[2 - ahead].go_on.set()  # the one at work ends, and the next comes

    with pool.turn("texts", tell):
        assert told == [2, 1, 0]
        assert all(job.wait(10) for job in jobs)
        after = pool.join("after", Slow(), "who", lane="texts")
        assert not after.wait(0.1)
        assert after.progress is None
    after.cancel("who")


def test_one_who_leaves_gives_up_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "UNSAID_S", 0.01)
    pool, first, last = WorkPool(most=1), Slow(), Slow()
    pool.join("first", first, "who", lane="texts")
    assert first.at_work.wait(10)

    def leave(ahead: int) -> None:
        assert ahead == 0
        raise Cancelled("")

    with pytest.raises(Cancelled), pool.turn("texts", leave):
        raise AssertionError("its turn came")
    job = pool.join("last", last, "who", lane="texts")
    while pool.ahead(job) is None:
        assert not job.wait(0.01)
    assert pool.ahead(job) == 0
    first.go_on.set()
    last.go_on.set()
    assert job.result() == "made"


def test_a_turn_that_fails_is_given_back() -> None:
    pool = WorkPool(most=1)
    told: list[int] = []
    for _ in range(3):
        with pytest.raises(InputError), pool.turn("texts", told.append):
            raise InputError("No.")
    assert told == []


def test_no_more_than_may_be_are_at_work_at_once_and_in_order() -> None:
    pool, lock = WorkPool(most=2), threading.Lock()
    at_work, most, done = 0, 0, []
    free = threading.Event()

    def one(number: int) -> None:
        nonlocal at_work, most
        with pool.turn("texts", lambda _ahead: None):
            with lock:
                at_work += 1
                most = max(most, at_work)
                done.append(number)
            assert free.wait(10)
            with lock:
                at_work -= 1

    threads = []
    for number in range(12):
        threads.append(threading.Thread(target=one, args=(number,)))
        threads[-1].start()
        while len(done) + len(pool._queues.get("texts", ())) <= number:
            assert threads[-1].is_alive()
    free.set()
    for thread in threads:
        thread.join(10)
    assert most == 2
    assert sorted(done) == list(range(12))
    assert done[:2] == [0, 1]
    # Two at a time begin in the order they came in; only the two of a pair may swap.
    assert all(abs(number - at) <= 1 for at, number in enumerate(done))


def test_a_work_that_gets_no_thread_has_failed_and_its_key_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    pool = WorkPool()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", no_thread)
        job = pool.join("k", Slow(), 1)
    assert job.done
    with pytest.raises(RuntimeError, match="new thread"):
        job.result()
    assert pool.running("k") is None


def test_who_cannot_be_told_of_a_failure_keeps_nobody_waiting() -> None:
    def fail(_report: Report, _cancelled: threading.Event) -> object:
        begun.wait(10)
        raise InputError("no")

    def not_told(_problem: BaseException) -> None:
        raise ValueError("not told")

    begun = threading.Event()
    heard: list[object] = []
    job = WorkPool().join("k", fail, 1)
    job.on_failure(not_told)
    job.on_failure(heard.append)
    begun.set()
    assert job.wait(10)
    with pytest.raises(InputError):
        job.result()
    assert len(heard) == 1
