"""Long work on threads of its own: one of a key for all sessions, and only so many at a time; the others wait.

Works of different kinds wait in lanes of their own, each with its own limit, so that a slow kind holds up no other.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from viz.errors import Cancelled
from viz.serving.jobs import GRACE_S, Alive, Job, Jobs

MOST_AT_ONCE = 2
LANE = "work"
UNSAID_S = 0.5  # of waiting within a run of a page, before it is told
_LOOK_EVERY_S = 0.2
_TELL_EVERY_S = 1.0


@dataclass(frozen=True)
class Count:
    """How far a work is: `done` of `total` steps. A `total` of 0 is not known yet."""

    done: int
    total: int


WorkJob = Job[Any, Count]
Report = Callable[[int, int], None]
Work = Callable[[Report, threading.Event], object]


class WorkPool(Jobs[Any, Count]):
    """The long works of all sessions: at most `most` of a lane run at once, the others in the order they came in."""

    def __init__(self, most: int = MOST_AT_ONCE, grace: float = GRACE_S) -> None:
        super().__init__(grace)
        self.most = most
        self._turns = threading.Condition()
        self._queues: dict[str, deque[object]] = {}  # a work, or whoever else holds a place
        self._running: Counter[str] = Counter()

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
        work: Work,
        who: Hashable,
        alive: Alive = lambda: True,
        lane: str = LANE,
    ) -> WorkJob:
        """Have `work` done in its turn, on a thread of its own, or join those who wait for this key already.

        `work(report, cancelled)` calls `report(done, total)` now and then, and ends once `cancelled` is set.
        """
        return self._join(key, "Work", lambda job: self._in_turn(lane, job, work), who, alive)

    def _in_turn(self, lane: str, job: WorkJob, work: Work) -> object:
        def look(_ahead: int) -> None:
            if job.cancelled:
                raise Cancelled("")

        with self._line(lane, job, look, _LOOK_EVERY_S, _LOOK_EVERY_S):
            look(0)
            job.tell(Count(0, 0))
            return work(lambda done, total: job.tell(Count(done, total)), job.stopping)

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
