"""One long task (a model's load, a survey of texts): its progress, its end, and who still waits for it."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import Generic, Protocol, TypeVar

GRACE_S = 6.0
_LOG = logging.getLogger(__name__)
_LOOK_EVERY_S = 0.5
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
Make = Callable[[Callable[[P], None], threading.Event], T]


class Job(Generic[T, P]):
    """One task on its way, for all who joined. It is stopped when nobody is left who wants it.

    `name` is what it makes, such as a model's id.
    """

    def __init__(self, name: str, grace: float = GRACE_S) -> None:
        self.name = name
        self._grace = grace
        self._outcome: Future[T] = Future()
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._joined: dict[Hashable, Alive] = {}
        self._told: list[Callable[[BaseException], None]] = []
        self._alone_since: float | None = None
        self._progress: P | None = None
        self._seen: deque[tuple[float, int]] = deque(maxlen=_SAMPLES)

    @property
    def progress(self) -> P | None:
        """How far it is; None before it has begun, or where nothing is told."""
        return self._progress

    @property
    def rate(self) -> float | None:
        """How much is done a second (bytes, texts) over the last seconds; None in the first one."""
        if not self._seen:
            return None
        (start, before), (_end, after) = self._seen[0], self._seen[-1]
        seconds = time.monotonic() - start
        return (after - before) / seconds if seconds > 1 else None

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._outcome.done()

    @property
    def cancelled(self) -> bool:
        """Whether it was told to stop; it may take a moment until it has."""
        return self._cancelled.is_set()

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
                self._told.append(tell)
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
                self._cancelled.set()

    def stop(self) -> None:
        """Stop it at once, whoever waits for it: the process ends."""
        self._cancelled.set()

    def begin(self, make: Make[P, T]) -> T:
        """Do it on this thread, stopped when nobody is left; what is made, or what went wrong, is still to be told.

        `make` is given what to tell its progress to, and the event that stops it.
        """
        threading.Thread(target=self._look_after, name=f"watch {self.name}", daemon=True).start()
        return make(self._note, self._cancelled)

    def finish(self, made: T) -> None:
        """Tell all who wait that this is what was made."""
        self._outcome.set_result(made)

    def fail(self, problem: BaseException) -> None:
        """Tell all who wait what went wrong."""
        each: BaseException | None = problem
        while each is not None:
            each.__traceback__ = None  # its frames hold half a model, or a survey
            each = each.__cause__ or each.__context__
        with self._lock:  # first those who asked to be told: who waits then looks at what they were told
            for tell in self._told:
                try:
                    tell(problem)
                except Exception:  # noqa: BLE001 - the others are told all the same
                    _LOG.exception("Somebody could not be told that %s failed", self.name)
            self._outcome.set_exception(problem)

    def _note(self, progress: P) -> None:
        self._progress = progress
        if progress.total:  # what is done before that is known was done by another
            self._seen.append((time.monotonic(), progress.done))

    def _look_after(self) -> None:
        while not self.wait(_LOOK_EVERY_S):
            self._stop_if_left(time.monotonic())

    def _stop_if_left(self, now: float) -> None:
        with self._lock:
            for who in [who for who, alive in self._joined.items() if not alive()]:
                del self._joined[who]
            if self._joined:
                self._alone_since = None
            elif self._alone_since is None:
                self._alone_since = now
            elif now - self._alone_since >= self._grace:
                self._cancelled.set()
