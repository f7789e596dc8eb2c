"""Long work on threads of its own: one of a key for all sessions, and only so many at a time; the others wait.

Works of different kinds wait in lanes of their own, each with its own limit, so that a slow kind holds up no other.
"""

import logging
import threading
import weakref
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from viz.errors import Cancelled, VizError
from viz.serving.jobs import GRACE_S, Alive, Job

MOST_AT_ONCE = 2
LANE = "work"
UNSAID_S = 0.5  # of waiting within a run of a page, before it is told
_LOG = logging.getLogger(__name__)
_LOOK_EVERY_S = 0.2
_TELL_EVERY_S = 1.0
_STOPPED_WITHIN_S = 60


@dataclass(frozen=True)
class Count:
    """How far a work is: `done` of `total` steps. A `total` of 0 is not known yet."""

    done: int
    total: int


WorkJob = Job[Any, Count]
Report = Callable[[int, int], None]


class WorkPool:
    """The long works of all sessions: at most `most` of a lane run at once, the others in the order they came in."""

    def __init__(self, most: int = MOST_AT_ONCE, grace: float = GRACE_S) -> None:
        self.most = most
        self._grace = grace
        self._lock = threading.Lock()
        self._jobs: dict[Hashable, WorkJob] = {}
        self._ended = False
        self._threads: weakref.WeakSet[threading.Thread] = weakref.WeakSet()
        self._turns = threading.Condition()
        self._queues: dict[str, deque[object]] = {}  # a work, or whoever else holds a place
        self._running: Counter[str] = Counter()

    def running(self, key: Hashable) -> WorkJob | None:
        """The work of this key that is on its way or waits for its turn, if one is that was not told to stop."""
        with self._lock:
            job = self._jobs.get(key)
            return job if job is not None and not job.cancelled else None

    def ahead(self, job: WorkJob) -> int | None:
        """How many works of its lane come before this one's turn; None where it does not wait for a turn."""
        with self._turns:
            return next((queue.index(job) for queue in self._queues.values() if job in queue), None)

    @contextmanager
    def turn(self, lane: str, tell: Callable[[int], None]) -> Iterator[None]:
        """Hold one of the places of `lane` on this very thread, after those who came before.

        Where that takes long, `tell(ahead)` is called about once a second with how many come before. What it raises
        ends the waiting.
        """
        with self._line(lane, object(), tell, UNSAID_S, _TELL_EVERY_S):
            yield

    def join(
        self,
        key: Hashable,
        make: Callable[[Report, threading.Event], object],
        who: Hashable,
        alive: Alive = lambda: True,
        lane: str = LANE,
    ) -> WorkJob:
        """Have `make` run on a thread of its own, or join those who wait for this key already.

        `make(report, cancelled)` calls `report(done, total)` now and then, and ends once `cancelled` is set.
        """
        with self._lock:
            before = self._jobs.get(key)
            if before is not None and not before.cancelled:
                before.join(who, alive)
                return before
            job: WorkJob = Job(str(key)[:40], self._grace)
            job.join(who, alive)
            if self._ended:
                job.stop()
            self._jobs[key] = job
            arguments = (key, job, make, before, lane)
            thread = threading.Thread(target=self._work, args=arguments, name="work", daemon=True)
            self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError as exc:  # this system gives no more threads
            self._forget(key, job)
            job.fail(exc)
        return job

    def stop(self) -> list[threading.Thread]:
        """Tell all works to stop, whoever waits for them, and those to come; the threads that they may still be on."""
        with self._lock:
            self._ended = True
            for job in self._jobs.values():
                job.stop()
            return list(self._threads)

    def _work(
        self,
        key: Hashable,
        job: WorkJob,
        make: Callable[[Report, threading.Event], object],
        before: WorkJob | None,
        lane: str,
    ) -> None:
        if before is not None:
            before.wait(_STOPPED_WITHIN_S)  # what it has done so far is taken up
        try:
            made = job.begin(lambda told, cancelled: self._in_turn(lane, job, make, told, cancelled))
        except BaseException as exc:  # noqa: BLE001 - told to all who wait
            if not isinstance(exc, VizError):
                _LOG.exception("Work failed")
            self._forget(key, job)
            job.fail(exc)
        else:
            self._forget(key, job)
            job.finish(made)

    def _in_turn(
        self,
        lane: str,
        job: WorkJob,
        make: Callable[[Report, threading.Event], object],
        told: Callable[[Count], None],
        cancelled: threading.Event,
    ) -> object:
        def look(_ahead: int) -> None:
            if cancelled.is_set():
                raise Cancelled("")

        with self._line(lane, job, look, _LOOK_EVERY_S, _LOOK_EVERY_S):
            look(0)
            told(Count(0, 0))
            return make(lambda done, total: told(Count(done, total)), cancelled)

    @contextmanager
    def _line(
        self, lane: str, who: object, look: Callable[[int], None], first_s: float, every_s: float
    ) -> Iterator[None]:
        """A place of `lane` for `who`. While it waits, `look(ahead)` is called, first after `first_s`."""
        with self._turns:
            queue = self._queues.setdefault(lane, deque())
            queue.append(who)
        try:
            wait_s = first_s
            while (ahead := self._begun(lane, who, wait_s)) is not None:
                look(ahead)
                wait_s = every_s
        except BaseException:
            with self._turns:
                queue.remove(who)
                self._turns.notify_all()
            raise
        try:
            yield
        finally:
            with self._turns:
                self._running[lane] -= 1
                self._turns.notify_all()

    def _begun(self, lane: str, who: object, wait_s: float) -> int | None:
        """Wait for so long for the turn of `who`; None where it has come, else how many are before it."""
        with self._turns:
            queue = self._queues[lane]
            if not self._turns.wait_for(lambda: queue[0] is who and self._running[lane] < self.most, wait_s):
                return queue.index(who)
            queue.popleft()
            self._running[lane] += 1
            self._turns.notify_all()
            return None

    def _forget(self, key: Hashable, job: WorkJob) -> None:
        """Before its end is told: whoever hears of a failure may ask again at once."""
        with self._lock:
            if self._jobs.get(key) is job:
                del self._jobs[key]
