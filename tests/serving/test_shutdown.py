"""The end of the process: all that works is told to stop, and waited for, but not for long."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts import ROOT
from viz.serving import shutdown

SOON_S = 30

# Two that work; the first to have stopped is not the end of the other, which still has a file open. Then a failure.
FAILS = """
import pathlib, sys, threading, time
from viz.serving.shutdown import stopped_at_the_end

part = pathlib.Path(sys.argv[1])
told = threading.Event()

def write():
    part.write_text("half of it")
    told.wait()
    time.sleep(0.3)
    part.rename(part.with_suffix(".whole"))

def stop():
    told.set()
    return [writer]

writer = threading.Thread(target=write, daemon=True)
writer.start()
stopped_at_the_end(lambda: [])
stopped_at_the_end(stop)
while not part.exists():
    time.sleep(0.01)
sys.exit(3)
"""


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests have begun is not told to stop by these."""
    monkeypatch.setattr(shutdown, "_STOPS", [])
    monkeypatch.setattr(shutdown, "_AT_WORK", set())


class Worker:
    """A thread that ends some time after it has been told to, or never."""

    def __init__(self, takes_s: float | None) -> None:
        self.takes_s = takes_s
        self.told, self.may_end = threading.Event(), threading.Event()
        self.ended = False
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self) -> None:
        self.told.wait()
        self.may_end.wait(self.takes_s)
        self.ended = True

    def stop(self) -> list[threading.Thread]:
        self.told.set()
        return [self.thread]


@pytest.fixture
def never() -> Iterator[Worker]:
    worker = Worker(None)
    yield worker
    worker.told.set()
    worker.may_end.set()
    worker.thread.join()


def test_all_are_told_to_stop_and_the_slowest_is_waited_for() -> None:
    workers = [Worker(0.0), Worker(0.4), Worker(0.1)]
    for worker in workers:
        shutdown.stopped_at_the_end(worker.stop)
    shutdown.stop_all(SOON_S)
    assert [worker.ended for worker in workers] == [True] * 3


def test_what_does_not_stop_is_named_and_not_waited_for_for_long(
    never: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    quick = Worker(0.0)
    shutdown.stopped_at_the_end(never.stop)
    shutdown.stopped_at_the_end(quick.stop)
    began = time.monotonic()
    shutdown.stop_all(0.3)
    assert 0.3 <= time.monotonic() - began < SOON_S
    assert quick.ended
    assert not never.ended
    assert never.thread.name in caplog.text


def test_one_that_cannot_be_told_keeps_nobody_from_being_told() -> None:
    def fail() -> list[threading.Thread]:
        raise ValueError("not told")

    worker = Worker(0.0)
    shutdown.stopped_at_the_end(fail)
    shutdown.stopped_at_the_end(worker.stop)
    shutdown.stop_all(SOON_S)
    assert worker.ended


def test_a_page_that_is_being_drawn_is_waited_for() -> None:
    begun, drawn = threading.Event(), threading.Event()

    def draw() -> None:
        with shutdown.at_work():
            begun.set()
            time.sleep(0.3)
            drawn.set()

    threading.Thread(target=draw, daemon=True).start()
    assert begun.wait(SOON_S)
    shutdown.stop_all(SOON_S)
    assert drawn.is_set()


def test_who_ends_all_does_not_wait_for_itself() -> None:
    began = time.monotonic()
    with shutdown.at_work():
        shutdown.stop_all(SOON_S)
    assert time.monotonic() - began < SOON_S / 2


def test_the_status_of_a_failure_is_kept_and_no_part_of_a_file_is_left(tmp_path: Path) -> None:
    part = tmp_path / "weights.part"
    done = subprocess.run([sys.executable, "-c", FAILS, str(part)], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 3
    assert [each.name for each in tmp_path.iterdir()] == ["weights.whole"]
