"""One cache, bounded by bytes."""

import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from cachetools import LRUCache

from viz.errors import Cancelled, NotEnoughMemory

T = TypeVar("T")

# What of the cache is made again in less than a second for a usual text. All else may have taken minutes.
QUICKLY_MADE = frozenset({"result", "weighed", "payload", "sheet", "bytes"})

_BYTES_BESIDE = 200  # of what has no array

FOR_ALL: ContextVar[bool] = ContextVar("for_all", default=False)
"""Whether this thread is making something that all sessions share."""


@contextmanager
def for_all_sessions() -> Iterator[None]:
    """Inside, something is made that all sessions share: no session can be asked for anything."""
    token = FOR_ALL.set(True)
    try:
        yield
    finally:
        FOR_ALL.reset(token)


def bytes_of(thing: object) -> int:
    """About how many bytes a thing takes: what it says itself, else what its parts take."""
    if (own := getattr(thing, "nbytes", None)) is not None:
        return int(own)
    parts: Iterable[object] = thing if isinstance(thing, tuple | list) else ()
    if is_dataclass(thing):
        parts = (getattr(thing, part.name) for part in fields(thing))
    return _BYTES_BESIDE + sum(map(bytes_of, parts))


class Shared:
    """A cache of made things, each made once however many ask, and bounded by `limit` bytes in sum."""

    def __init__(self, limit: int) -> None:
        self._lock = threading.Lock()
        self._made: LRUCache[Hashable, tuple[Any, int]] = LRUCache(limit, getsizeof=lambda entry: entry[1])
        self._making: dict[Hashable, Future[Any]] = {}

    def get(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int] = bytes_of) -> T:
        """What `make` returns, from the cache where it is there. `size` gives its bytes.

        A thing larger than the whole cache is returned and not kept. An error of `make` or `size` is raised to all who
        wait. Where the one who makes it is interrupted (a rerun, a stop), the next one who waits makes it.
        `make` asks no session for anything: what it needs of one is part of `key`.
        """
        while True:
            with self._lock:
                if key in self._made:
                    held: T = self._made[key][0]
                    return held
                if (awaited := self._making.get(key)) is None:
                    mine = self._making[key] = Future()
                    break
            with suppress(CancelledError):
                return awaited.result()  # type: ignore[no-any-return]
        try:
            with for_all_sessions():
                thing = make()
            nbytes = size(thing)
        except BaseException as exc:
            self.make_room(exc)
            with self._lock:
                del self._making[key]
            # Streamlit's reruns and stops are no `Exception`: like a press of Cancel, they concern one session alone.
            if isinstance(exc, Exception) and not isinstance(exc, Cancelled):
                mine.set_exception(exc)
            else:
                mine.cancel()
            raise
        with self._lock:
            if nbytes <= self._made.maxsize:
                self._made[key] = (thing, nbytes)
            del self._making[key]
        mine.set_result(thing)
        return thing

    def peek(self, key: Hashable) -> Any | None:
        """What is held under `key`, None where nothing is: nothing is made."""
        with self._lock:
            entry = self._made.get(key)
        return entry[0] if entry else None

    def put(self, key: Hashable, thing: Any, nbytes: int) -> bool:
        """Hold `thing` under `key` in place of what was there; False where it is larger than the whole cache."""
        with self._lock:
            self._made.pop(key, None)
            if fits := nbytes <= self._made.maxsize:
                self._made[key] = (thing, nbytes)
        return fits

    def drop(self, key: Hashable) -> None:
        """Let go of what is held under `key`, if anything is."""
        with self._lock:
            self._made.pop(key, None)

    def let_go(self, kinds: Collection[str]) -> None:
        """Let go of all that is held under keys whose first item is one of `kinds`."""
        with self._lock:
            for key in [key for key in self._made if isinstance(key, tuple) and key[0] in kinds]:
                del self._made[key]

    def make_room(self, problem: BaseException) -> None:
        """Let go of everything where `problem` is that there was no memory left, so that the next one fits."""
        if isinstance(problem, NotEnoughMemory | MemoryError):
            with self._lock:
                self._made.clear()

    @property
    def nbytes(self) -> int:
        """How many bytes are held now."""
        with self._lock:
            return int(self._made.currsize)
