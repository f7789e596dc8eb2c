"""The end of the process, played through with threads that stand for its main thread and for what works in it."""

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from viz.ui import ending

SOON_S = 30


class Play:
    """A process whose main thread ends when `over` is set; `events` are what happened, in order."""

    def __init__(self) -> None:
        self.over, self.gone = threading.Event(), threading.Event()
        self.events: list[str] = []
        self.main = threading.Thread(target=self.over.wait)
        self.others: list[threading.Thread] = []
        self.main.start()

    def enumerate(self) -> list[threading.Thread]:
        return [self.main, *self.others]

    def leave(self) -> None:
        self.events.append("left")
        self.gone.set()

    def worker(self, until: threading.Event, daemon: bool = True) -> threading.Thread:
        """A thread that works until it is told to stop."""

        def work() -> None:
            until.wait()
            self.events.append("stopped")

        thread = threading.Thread(target=work, daemon=daemon)
        thread.start()
        return thread


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    found = Play()
    stage = SimpleNamespace(
        Thread=threading.Thread, main_thread=lambda: found.main, enumerate=found.enumerate
    )
    monkeypatch.setattr(ending, "threading", stage)
    monkeypatch.setattr(ending, "_leave", found.leave)
    monkeypatch.setattr(ending, "_WITHIN_S", SOON_S)
    yield found
    found.over.set()
    found.main.join()


def test_what_works_is_told_to_stop_at_the_end_and_waited_for(play: Play) -> None:
    told = threading.Event()
    worker = play.worker(told)

    def stop() -> list[threading.Thread]:
        play.events.append("told")
        told.set()
        return [worker]

    ending.stopped_at_the_end(stop)
    assert not play.gone.wait(0.1)
    assert play.events == []
    play.over.set()
    assert play.gone.wait(SOON_S)
    assert play.events == ["told", "stopped", "left"]


def test_a_page_that_is_being_drawn_is_waited_for(play: Play) -> None:
    drawn = threading.Event()
    play.others = [play.worker(drawn, daemon=False)]

    def stop() -> list[threading.Thread]:
        drawn.set()
        return []

    ending.stopped_at_the_end(stop)
    play.over.set()
    assert play.gone.wait(SOON_S)
    assert play.events == ["stopped", "left"]


def test_what_does_not_stop_is_not_waited_for_for_long(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_WITHIN_S", 0.05)
    never = threading.Event()
    worker = play.worker(never)
    ending.stopped_at_the_end(lambda: [worker])
    play.over.set()
    assert play.gone.wait(SOON_S)
    assert play.events == ["left"]
    assert worker.is_alive()
    never.set()
    worker.join()


@pytest.mark.parametrize("serves", [True, False])
def test_only_a_server_ends_without_tidying_up(serves: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []

    def note(what: object) -> Callable[..., None]:
        return lambda *given: done.append((what, *given))

    monkeypatch.setattr(ending, "runtime", SimpleNamespace(exists=lambda: serves))
    monkeypatch.setattr(ending, "os", SimpleNamespace(_exit=note("exit")))
    monkeypatch.setattr(ending, "logging", SimpleNamespace(shutdown=note("logs")))
    ending._leave()
    assert done == ([("logs",), ("exit", 0)] if serves else [])
