"""Long tasks that all sessions share (a model's load, a survey of texts): one of a key, however many ask for it.

Who waits for whom:

    a session's place on a page  ->  Job  <-  the thread that does it
                                      |
    Jobs: the jobs on their way, by key: of models (`viz.serving.resident_models`), and of all else
    (`viz.serving.queue`, where a job also waits for its turn)

A session joins a job and looks at it now and then. A job is stopped once nobody is left who waits for it, and forgotten
before its end is told, so that whoever asks next has it tried again.
"""

import logging
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import Generic, Protocol, TypeVar

from viz.errors import VizError

GRACE_S = 6.0
_LOG = logging.getLogger(__name__)
_LOOK_EVERY_S = 0.5
_STOPPED_WITHIN_S = 60
_SAMPLES = 50  # of the progress, which is told up to ten times a second

Alive = Callable[[], bool]


class Progress(Protocol):
    """How far a task is."""

    @property
    def done(self) -> int:
        """How much of it is done: bytes, texts, steps."""
        ...

    @property
    def total(self) -> int:
        """How much there is to do; 0 where it is not known yet."""
        ...


T = TypeVar("T")
P = TypeVar("P", bound=Progress)


class Job(Generic[T, P]):
    """One task on its way, for all who joined. It is stopped when nobody is left who wants it.

    `name` is what the log calls it; `stopping` is set once it is to end early.
    """

    def __init__(self, name: str, grace: float = GRACE_S) -> None:
        self.name = name
        self.stopping = threading.Event()
        self._grace = grace
        self._outcome: Future[T] = Future()
        self._lock = threading.Lock()
        self._joined: dict[Hashable, Alive] = {}
        self._listeners: list[Callable[[BaseException], None]] = []
        self._alone_since: float | None = None
        self._progress: P | None = None
        self._samples: deque[tuple[float, int]] = deque(maxlen=_SAMPLES)

    @property
    def progress(self) -> P | None:
        """How far it is; None before it has begun, or where nothing is told."""
        return self._progress

    @property
    def rate(self) -> float | None:
        """How much is done a second (bytes, texts) over the last seconds; None in the first one."""
        if not self._samples:
            return None
        (start, before), (_end, after) = self._samples[0], self._samples[-1]
        seconds = time.monotonic() - start
        return (after - before) / seconds if seconds > 1 else None

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._outcome.done()

    @property
    def cancelled(self) -> bool:
        """Whether it was told to stop; it may take a moment until it has."""
        return self.stopping.is_set()

    def wait(self, timeout: float) -> bool:
        """Wait for the end for at most `timeout` seconds; whether it has come."""
        try:
            self._outcome.exception(timeout)
        except NotYet:
            return False
        return True

    def result(self) -> T:
        """Wait for the end; what was made. Raises what the task raised, `Cancelled` where it was stopped."""
        return self._outcome.result()

    def on_failure(self, tell: Callable[[BaseException], None]) -> None:
        """Have `tell` called with what went wrong, should it go wrong; on another thread, or at once.

        It must not ask this job for anything.
        """
        with self._lock:
            if not self._outcome.done():
                self._listeners.append(tell)
                return
        if (problem := self._outcome.exception()) is not None:
            tell(problem)

    def join(self, who: Hashable, alive: Alive = lambda: True) -> None:
        """`who` wants the outcome, until they leave or `alive` says that they are gone."""
        with self._lock:
            self._joined[who] = alive
            self._alone_since = None

    def leave(self, who: Hashable) -> None:
        """`who` no longer waits. With nobody left it goes on for a few seconds: they may come back."""
        with self._lock:
            self._joined.pop(who, None)

    def cancel(self, who: Hashable) -> None:
        """`who` wants it stopped: it is, at once, unless others wait for it."""
        with self._lock:
            self._joined.pop(who, None)
            if not self._joined:
                self.stopping.set()

    def stop(self) -> None:
        """Stop it at once, whoever waits for it: the process ends."""
        self.stopping.set()

    def tell(self, progress: P) -> None:
        """Say how far it is; called by whoever does it."""
        self._progress = progress
        if progress.total:  # what is done before that is known was done by another
            self._samples.append((time.monotonic(), progress.done))

    def finish(self, result: T) -> None:
        """Give all who wait what was made."""
        self._outcome.set_result(result)

    def fail(self, problem: BaseException) -> None:
        """Tell all who wait what went wrong."""
        cause: BaseException | None = problem
        while cause is not None:
            cause.__traceback__ = None  # its frames hold half a model, or a survey
            cause = cause.__cause__ or cause.__context__
        with self._lock:  # first those who asked to be told: who waits then looks at what they were told
            for listener in self._listeners:
                try:
                    listener(problem)
                except Exception:  # noqa: BLE001 - the others are told all the same
                    _LOG.exception("Somebody could not be told that %s failed", self.name)
            self._outcome.set_exception(problem)

    def stop_when_left(self) -> None:
        """Until it has ended, look whether anybody still waits for it; on a thread of its own."""
        while not self.wait(_LOOK_EVERY_S):
            self._stop_if_left(time.monotonic())

    def _stop_if_left(self, time_s: float) -> None:
        with self._lock:
            for who in [who for who, alive in self._joined.items() if not alive()]:
                del self._joined[who]
            if self._joined:
                self._alone_since = None
            elif self._alone_since is None:
                self._alone_since = time_s
            elif time_s - self._alone_since >= self._grace:
                self.stopping.set()


class Jobs(Generic[T, P]):
    """The jobs on their way, one of a key for all sessions, each on a thread of its own."""

    def __init__(self, grace: float = GRACE_S) -> None:
        self._grace = grace
        self._jobs_lock = threading.Lock()
        self._jobs: dict[Hashable, Job[T, P]] = {}
        self._ended = False
        self._threads: weakref.WeakSet[threading.Thread] = weakref.WeakSet()

    def running(self, key: Hashable) -> Job[T, P] | None:
        """The job of this key that is on its way or waits for its turn, if one is that was not told to stop."""
        with self._jobs_lock:
            job = self._jobs.get(key)
            return job if job is not None and not job.cancelled else None

    def stop(self) -> list[threading.Thread]:
        """Tell all jobs to stop, whoever waits for them, and those to come; the threads that they may still be on."""
        with self._jobs_lock:
            self._ended = True
            for job in self._jobs.values():
                job.stop()
            return list(self._threads)

    def _join(
        self, key: Hashable, name: str, make: Callable[[Job[T, P]], T], who: Hashable, alive: Alive
    ) -> Job[T, P]:
        """Have `make(job)` run on a thread of its own, or join those who wait for this key already.

        `name` is what the log calls it, `who` is whoever asks, `alive` says whether they are still there.
        """
        with self._jobs_lock:
            before = self._jobs.get(key)
            if before is not None and not before.cancelled:
                before.join(who, alive)
                return before
            job: Job[T, P] = Job(name, self._grace)
            job.join(who, alive)
            if self._ended:
                job.stop()
            self._jobs[key] = job
            thread = threading.Thread(target=self._run, args=(key, job, make, before), name=name, daemon=True)
            self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError as exc:  # this system gives no more threads
            self._forget(key, job)
            job.fail(exc)
        return job

    def _run(
        self, key: Hashable, job: Job[T, P], make: Callable[[Job[T, P]], T], before: Job[T, P] | None
    ) -> None:
        if (
            before is not None
        ):  # one that was told to stop: its files are closed first, and what it has done is taken up
            before.wait(_STOPPED_WITHIN_S)
        try:
            threading.Thread(target=job.stop_when_left, name=f"watch {job.name}", daemon=True).start()
            result = make(job)
        except BaseException as exc:  # noqa: BLE001 - told to all who wait
            if not isinstance(exc, VizError):
                _LOG.exception("%s failed", job.name)
            self._forget(key, job)
            job.fail(exc)
        else:
            self._forget(key, job)
            job.finish(result)

    def _forget(self, key: Hashable, job: Job[T, P]) -> None:
        """Before its end is told: whoever hears of a failure may ask again at once."""
        with self._jobs_lock:
            if self._jobs.get(key) is job:
                del self._jobs[key]
