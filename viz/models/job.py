"""One model on its way into memory: its progress, its end, and who still waits for it."""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import TYPE_CHECKING, Protocol

from viz.models.card import LoadedModel

if TYPE_CHECKING:
    from viz.models.hub import Progress

GRACE_S = 6.0
_LOOK_EVERY_S = 0.5
_SAMPLES = 50  # of the progress, which is told up to ten times a second

Alive = Callable[[], bool]


class Load(Protocol):
    """What loads a model: `load_model`, or a stand-in."""

    def __call__(
        self,
        model_id: str,
        progress: "Callable[[Progress], None] | None" = None,
        cancelled: threading.Event | None = None,
    ) -> LoadedModel:
        """The model of that id; `progress` is told how far it is, and `cancelled` stops it."""
        ...


class Job:
    """One model on its way, for all who joined. It is stopped when nobody is left who wants it."""

    def __init__(self, model_id: str, grace: float = GRACE_S) -> None:
        self.model_id = model_id
        self._grace = grace
        self._outcome: Future[LoadedModel] = Future()
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._joined: dict[Hashable, Alive] = {}
        self._told: list[Callable[[BaseException], None]] = []
        self._alone_since: float | None = None
        self._progress: Progress | None = None
        self._seen: deque[tuple[float, int]] = deque(maxlen=_SAMPLES)

    @property
    def progress(self) -> "Progress | None":
        """How far the download is; None before it has begun, or where there is nothing to download."""
        return self._progress

    @property
    def rate(self) -> float | None:
        """Bytes a second over the last seconds; None in the first one."""
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

    def result(self) -> LoadedModel:
        """Wait for the end; the model. Raises what the load raised, `Cancelled` where it was stopped."""
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
        """`who` wants the model, until they leave or `alive` says that they are gone."""
        with self._lock:
            self._joined[who] = alive
            self._alone_since = None

    def leave(self, who: Hashable) -> None:
        """`who` no longer waits. With nobody left the load goes on for a few seconds: they may come back."""
        with self._lock:
            self._joined.pop(who, None)

    def cancel(self, who: Hashable) -> None:
        """`who` wants it stopped: it is, at once, unless others wait for it."""
        with self._lock:
            self._joined.pop(who, None)
            if not self._joined:
                self._cancelled.set()

    def begin(self, load: Load) -> LoadedModel:
        """Load on this thread, stopped when nobody is left; the model, or what went wrong, is still to be told."""
        threading.Thread(target=self._look_after, name=f"watch {self.model_id}", daemon=True).start()
        return load(self.model_id, progress=self._note, cancelled=self._cancelled)

    def finish(self, model: LoadedModel) -> None:
        """Tell all who wait that this is the model."""
        self._outcome.set_result(model)

    def fail(self, problem: BaseException) -> None:
        """Tell all who wait what went wrong."""
        each: BaseException | None = problem
        while each is not None:
            each.__traceback__ = None  # its frames hold half a model
            each = each.__cause__ or each.__context__
        with self._lock:  # first those who asked to be told: who waits then looks at what they were told
            for tell in self._told:
                tell(problem)
            self._outcome.set_exception(problem)

    def _note(self, progress: "Progress") -> None:
        self._progress = progress
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
