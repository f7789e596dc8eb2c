"""Models that all sessions share: loaded once, bounded, and not stopped while anybody wants them."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import torch

from viz.errors import Cancelled, HubError
from viz.models.card import LoadedModel, ModelCard
from viz.models.hub import Progress
from viz.serving.jobs import Job
from viz.serving.resident_models import Residents, size_of

CARD = ModelCard("m", "m", ("en",), 1, 1, 8, "MIT", "hub", "")


def model_of(name: str, weights: int = 10) -> LoadedModel:
    return LoadedModel(CARD, torch.nn.Linear(weights, 1, bias=False), None, name)


class Loader:
    """Loads when it is let go on; stops when it is told to."""

    def __init__(self, weights: int = 10) -> None:
        self.begun: list[str] = []
        self.go_on = threading.Event()
        self.at_work = threading.Event()
        self.weights = weights
        self.fails: list[Exception] = []

    def __call__(
        self,
        model_id: str,
        progress: Callable[[Any], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> LoadedModel:
        assert progress is not None
        assert cancelled is not None
        self.begun.append(model_id)
        progress(Progress("model.safetensors", 3, 10))
        self.at_work.set()
        while not self.go_on.wait(0.01):
            if cancelled.is_set():
                raise Cancelled("Stopped.")
        if self.fails:
            raise self.fails.pop(0)
        return model_of(model_id, self.weights)


@pytest.fixture
def loader() -> Loader:
    return Loader()


def test_two_who_ask_share_one_load(loader: Loader) -> None:
    residents = Residents(loader, most=2, most_bytes=10**6)
    first, second = residents.join("a", 1), residents.join("a", 2)
    assert first is second
    assert loader.at_work.wait(10)
    assert not first.done
    assert first.progress == Progress("model.safetensors", 3, 10)
    loader.go_on.set()
    assert first.result() is residents.load("a") is residents.get("a")
    assert loader.begun == ["a"]
    assert residents.running("a") is None


def test_many_threads_get_one_model(loader: Loader) -> None:
    residents = Residents(loader, most=2, most_bytes=10**6)
    found: list[LoadedModel] = []
    threads = [threading.Thread(target=lambda: found.append(residents.load("a"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert loader.at_work.wait(10)
    loader.go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(found) == 8
    assert len({id(each) for each in found}) == 1
    assert loader.begun == ["a"]


def test_the_least_recently_used_leaves_and_who_holds_it_goes_on(loader: Loader) -> None:
    loader.go_on.set()
    residents = Residents(loader, most=2, most_bytes=10**6)
    held = residents.load("a")
    residents.load("b")
    residents.load("a")
    residents.load("c")
    assert residents.ids == ("a", "c")
    residents.load("d")
    assert residents.ids == ("c", "d")
    assert residents.get("a") is None
    assert held.model(torch.ones(10)).shape == (1,)
    assert residents.load("a") is not held


def test_bytes_are_bounded_and_one_that_is_larger_stays_alone(loader: Loader) -> None:
    loader.go_on.set()
    residents = Residents(loader, most=10, most_bytes=100)
    residents.load("a")
    residents.load("b")
    assert residents.nbytes == 80
    residents.load("c")
    assert list(residents.ids) == ["b", "c"]
    loader.weights = 1000
    residents.load("large")
    assert list(residents.ids) == ["large"]
    assert residents.nbytes == 4000


def test_shared_weights_count_once() -> None:
    module = torch.nn.Sequential(torch.nn.Linear(4, 4, bias=False), torch.nn.Linear(4, 4, bias=False))
    module[1].weight = module[0].weight
    module.register_buffer("more", torch.zeros(3))
    assert size_of(LoadedModel(CARD, module, None, "r")) == 4 * 16 + 4 * 3


def test_a_failure_is_told_to_all_and_not_remembered(loader: Loader) -> None:
    loader.fails = [HubError("Not there.")]
    residents = Residents(loader, most=2, most_bytes=10**6)
    jobs = [residents.join("a", who) for who in range(3)]
    loader.go_on.set()
    for job in jobs:
        with pytest.raises(HubError, match="Not there"):
            job.result()
    assert residents.load("a").revision == "a"
    assert loader.begun == ["a", "a"]


def test_a_failure_is_forgotten_before_it_is_told(loader: Loader) -> None:
    loader.go_on.set()
    residents = Residents(loader, most=2, most_bytes=10**6)
    for _ in range(50):
        loader.fails = [HubError("Not there.")]
        with pytest.raises(HubError):
            residents.load("a")
        assert residents.running("a") is None
    assert len(loader.begun) == 50


def test_what_nobody_foresaw_is_told_too(loader: Loader, caplog: pytest.LogCaptureFixture) -> None:
    loader.fails = [ZeroDivisionError("odd")]
    loader.go_on.set()
    residents = Residents(loader, most=2, most_bytes=10**6)
    with pytest.raises(ZeroDivisionError):
        residents.load("a")
    assert "Loading a failed" in caplog.text


def test_a_cancel_stops_it_only_when_nobody_else_waits(loader: Loader) -> None:
    residents = Residents(loader, most=2, most_bytes=10**6)
    job = residents.join("a", 1)
    residents.join("a", 2)
    assert loader.at_work.wait(10)
    stopped = []
    for who in (1, 2):
        job.cancel(who)
        stopped.append(job.cancelled)
    assert stopped == [False, True]
    assert residents.running("a") is None
    with pytest.raises(Cancelled):
        job.result()


def test_after_a_cancel_it_can_be_begun_anew_at_once(loader: Loader) -> None:
    residents = Residents(loader, most=2, most_bytes=10**6)
    stopped = residents.join("a", 1)
    stopped.cancel(1)
    again = residents.join("a", 1)
    assert again is not stopped
    with pytest.raises(Cancelled):
        stopped.result()
    loader.go_on.set()
    assert again.result().revision == "a"
    assert residents.ids == ("a",)


def test_who_leaves_may_come_back_within_the_grace() -> None:
    job: Job[Any, Any] = Job("a", grace=5)
    job.join(1)
    job.leave(1)
    stopped = []
    for now, comes_back in ((100.0, False), (104.9, True), (200.0, False), (204.9, False), (205.1, False)):
        job._stop_if_left(now)
        stopped.append(job.cancelled)
        if comes_back:
            job.join(1)
            job._stop_if_left(150.0)
            job.leave(1)
    assert stopped == [False, False, False, False, True]


def test_a_session_that_has_ended_counts_as_left() -> None:
    here = {"one": True, "other": True}
    job: Job[Any, Any] = Job("a", grace=0)
    job.join(1, lambda: here["one"])
    job.join(2, lambda: here["other"])
    stopped = []
    for name in ("one", "other"):
        here[name] = False
        job._stop_if_left(1.0)
        job._stop_if_left(2.0)
        stopped.append(job.cancelled)
    assert stopped == [False, True]


def test_an_abandoned_load_ends_by_itself(loader: Loader) -> None:
    residents = Residents(loader, most=2, most_bytes=10**6, grace=0)
    job = residents.join("a", 1, alive=lambda: False)
    with pytest.raises(Cancelled):
        job.result()
    assert residents.running("a") is None


def test_who_asked_is_told_of_a_failure_before_the_wait_ends() -> None:
    told: list[BaseException] = []
    job: Job[Any, Any] = Job("a")
    problem = HubError("Not there.")
    job.on_failure(told.append)
    thread = threading.Thread(target=job.fail, args=(problem,))
    thread.start()
    assert job.wait(10)
    assert told == [problem]
    thread.join(10)
    job.on_failure(told.append)
    assert told == [problem, problem]


def test_nobody_is_told_of_a_success() -> None:
    told: list[BaseException] = []
    job: Job[Any, Any] = Job("a")
    job.on_failure(told.append)
    job.finish(model_of("a"))
    job.on_failure(told.append)
    assert told == []


def test_the_rate_is_of_the_last_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("viz.serving.jobs.time.monotonic", lambda: now)
    job: Job[Any, Any] = Job("a")
    assert job.rate is None
    job.tell(Progress("f", 1_000_000, 9_000_000))
    assert job.rate is None
    for step in range(200):
        now += 0.1
        job.tell(Progress("f", 1_000_000 + 1000 * step, 9_000_000))
    assert job.rate == pytest.approx(10_000)
    now += 95.1  # nothing more comes
    assert job.rate == pytest.approx(490)


def test_a_load_that_gets_no_thread_has_failed_and_can_be_tried_again(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    residents = Residents(loader, most=2, most_bytes=10**6)
    loader.go_on.set()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", no_thread)
        job = residents.join("a", 1)
    with pytest.raises(RuntimeError, match="new thread"):
        job.result()
    assert residents.load("a").revision == "a"
