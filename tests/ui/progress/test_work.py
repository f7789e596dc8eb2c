"""Long work on a page: its progress, its end, cancelled and taken up again, and another key in its place."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.apps import press, run
from viz.errors import InputError, VizError
from viz.serving.queue import WorkPool
from viz.serving.store import Shared, bytes_of
from viz.ui.progress import waiting, work


class Counting:
    """Counts to four, one step each time it is let; what it does is at hand for the page below."""

    def __init__(self) -> None:
        self.steps = threading.Semaphore(0)
        self.begun_from: list[int | None] = []
        self.at = threading.Condition()
        self.reached = 0
        self.problem: VizError | None = None
        self.store = Shared(1000)
        self.pool = WorkPool(grace=0)

    def __call__(self, partial_result: int | None, cancelled: threading.Event) -> Iterator[int]:
        self.begun_from.append(partial_result)
        if self.problem:
            raise self.problem
        for number in range((partial_result or 0) + 1, 5):
            while not self.steps.acquire(timeout=0.01):
                if cancelled.is_set():
                    return
            yield number
            with self.at:
                self.reached = number
                self.at.notify_all()

    def let(self, count: int) -> None:
        self.steps.release(count)

    def wait_for(self, number: int) -> None:
        with self.at:
            assert self.at.wait_for(lambda: self.reached >= number, timeout=10)


COUNTING = Counting()


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counting]:
    global COUNTING  # the page below is a function without arguments
    COUNTING = Counting()
    monkeypatch.setattr(work, "shared", lambda: COUNTING.store)
    monkeypatch.setattr(work, "_pool", lambda: COUNTING.pool)
    monkeypatch.setattr(waiting, "session_id", lambda: st.session_state.get("who", "one"))
    yield COUNTING
    COUNTING.let(1000)


def page_with_a_look_inside() -> None:
    import streamlit as st

    from tests.ui.progress import test_work
    from viz.ui.progress.work import partial_result, resumable, run_work, running, stop

    key = ("count", "a")
    make = resumable(key, test_work.COUNTING, lambda state: (state, 4))

    def draw() -> None:
        st.success(f"So far {partial_result(key)}")

    run_work(
        key,
        make,
        doing="Counting",
        start=True,
        said=lambda: f"At {partial_result(key)}",
        meanwhile=draw,
        to_stop="Stop",
    )
    st.button("Away", on_click=stop, args=(key,))
    st.caption(f"running {running(key)}")


def page() -> None:
    import streamlit as st

    from tests.ui.progress import test_work
    from viz.ui.progress.work import resumable, run_work

    key = ("count", st.session_state["which"])
    make = resumable(key, test_work.COUNTING, lambda state: (state, 4))
    found = run_work(key, make, doing="Counting", start=st.session_state["start"])
    if found is not None:
        st.success(f"Counted to {found}")


def opened(who: str = "one", start: bool = True) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    for name, value in {"who": who, "start": start, "which": "a"}.items():
        app.session_state[name] = value
    return run(app)


def progress(app: AppTest) -> list[str]:
    bars: list[Any] = list(app.get("progress"))
    return [bar.proto.text for bar in bars]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def finished(app: AppTest, counting: Counting) -> AppTest:
    counting.let(4)
    if job := counting.pool.running(("count", "a")):
        assert job.wait(10)
    return run(app)


def test_its_progress_is_shown_and_then_its_result(counting: Counting) -> None:
    app = opened()
    assert app.markdown[0].value == "**Counting**"
    assert progress(app) == ["Beginning …"]
    counting.let(2)
    counting.wait_for(2)
    assert progress(run(app))[0].startswith("2 of 4")
    assert [each.value for each in finished(app, counting).success] == ["Counted to 4"]
    assert progress(app) == []
    assert counting.begun_from == [None]


def test_nothing_begins_that_was_not_asked_for(counting: Counting) -> None:
    app = opened(start=False)
    assert labels(app) == []
    assert counting.begun_from == []


def test_one_who_did_not_start_it_sees_what_another_began(counting: Counting) -> None:
    first, second = opened("one"), opened("two", start=False)
    assert progress(second) == ["Beginning …"]
    finished(first, counting)
    assert run(second).success[0].value == "Counted to 4"
    assert counting.begun_from == [None]


def test_cancelled_it_says_so_and_goes_on_from_there(counting: Counting) -> None:
    app = opened()
    counting.let(2)
    counting.wait_for(2)
    app = press(app, "Cancel")
    assert app.info[0].value == "Stopped. What is done so far is kept: it can go on from there."
    assert labels(run(app)) == ["Go on"]
    app = press(app, "Go on")
    assert finished(app, counting).success[0].value == "Counted to 4"
    assert counting.begun_from == [None, 2]


def test_cancelled_before_anything_was_done_it_begins_anew(counting: Counting) -> None:
    app = press(opened(), "Cancel")
    assert app.info[0].value == "Stopped."
    app = press(app, "Start again")
    assert finished(app, counting).success[0].value == "Counted to 4"


def test_a_cancel_does_not_stop_it_for_another(counting: Counting) -> None:
    first, second = opened("one"), opened("two")
    first = press(first, "Cancel")
    assert first.info[0].value == "Stopped."
    assert finished(second, counting).success[0].value == "Counted to 4"
    assert run(first).success[0].value == "Counted to 4"


def test_another_key_in_its_place_leaves_the_work(counting: Counting) -> None:
    app = opened()
    before = counting.pool.running(("count", "a"))
    assert before is not None
    app.session_state["which"] = "b"
    run(app)
    assert before.wait(10)
    assert before.cancelled
    assert counting.pool.running(("count", "b"))


def test_a_failure_is_a_sentence_and_can_be_tried_again(counting: Counting) -> None:
    counting.problem = InputError("There are {count} texts.", count=0)
    app = opened()
    assert app.error[0].value == "There are 0 texts."
    assert labels(run(app)) == ["Try again"]
    counting.problem = None
    assert finished(press(app, "Try again"), counting).success[0].value == "Counted to 4"


def test_a_result_that_cannot_be_kept_is_refused(counting: Counting) -> None:
    counting.store = Shared(4)
    app = opened()
    app = finished(app, counting)
    assert f"The result takes {bytes_of(4)} bytes" in app.error[0].value


def test_the_session_holds_no_result(counting: Counting) -> None:
    app = finished(opened(), counting)
    key, wait = app.session_state["atlas_work"]["count"]
    assert (key, wait.problem, wait._job) == (("count", "a"), None, None)
    assert counting.store.peek(("part", ("count", "a"))) is None


def test_what_is_done_so_far_is_drawn_meanwhile_in_its_own_words(counting: Counting) -> None:
    counting.let(2)
    app = AppTest.from_function(page_with_a_look_inside, default_timeout=30)
    run(app)
    counting.wait_for(2)
    app = run(app)
    assert progress(app) == ["At 2"]
    assert app.success[0].value == "So far 2"
    assert app.caption[0].value == "running True"
    assert labels(app) == ["Stop", "Away"]
    app = press(app, "Away")
    assert labels(app) == ["Go on", "Away"]
    assert app.info[0].value.startswith("Stopped. What is done so far is kept")
    assert not app.success


def test_one_that_waits_says_for_what(counting: Counting) -> None:
    others = []
    for at in range(3):
        others.append(counting.pool.join(at, lambda _report, cancelled: cancelled.wait(30), at))
        while others[at].progress is None and counting.pool.ahead(others[at]) is None:
            assert not others[at].wait(0.01)
    app = opened()
    assert progress(app) == [
        "Waiting: others are being computed, and this server does 2 at a time. 1 more is before this one. "
        "It begins by itself."
    ]
    others[2].cancel(2)
    assert others[2].wait(10)
    assert progress(run(app)) == [
        "Waiting: others are being computed, and this server does 2 at a time. It begins by itself."
    ]
    for at, job in enumerate(others):
        job.cancel(at)
    assert finished(app, counting).success[0].value == "Counted to 4"
