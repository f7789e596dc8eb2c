"""The end of the process: what works on threads of its own is told to stop, and waited for, but not for long.

Python kills daemon threads as it ends. One that is inside torch then takes the whole process down ("terminate called
without an active exception"), and one that writes a file leaves a part of it. So all are told to stop, and the process
ends once they have, or after some seconds (a file that is read, a long forward pass).

    stopped_at_the_end(pool.stop)      # by whoever has such threads
    with at_work(): ...                # by a thread that nobody tells to stop, and that is to be waited for
    stop_all()                         # by the server as it ends; without one Python itself calls it

It changes nothing of the status that the process ends with.
"""

import atexit
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

STOPPED_WITHIN_S = 8.0  # a container's engine kills what has not ended after ten
_LOOK_EVERY_S = 0.02
Stop = Callable[[], Iterable[threading.Thread]]
_LOG = logging.getLogger(__name__)
_STOPS: list[Stop] = []
_AT_WORK: set[threading.Thread] = set()


def stopped_at_the_end(stop: Stop) -> None:
    """Have `stop` called as the process ends; the threads it gives are waited for."""
    _STOPS.append(stop)


@contextmanager
def at_work() -> Iterator[None]:
    """Have this thread waited for as the process ends, until the block is left."""
    thread = threading.current_thread()
    _AT_WORK.add(thread)
    try:
        yield
    finally:
        _AT_WORK.discard(thread)


def stop_all(within_s: float = STOPPED_WITHIN_S) -> None:
    """Tell all to stop, and only then wait for them together, for so many seconds; later calls have little to do."""
    latest = time.monotonic() + within_s
    threads: list[threading.Thread] = []
    for stop in _STOPS:
        try:
            threads.extend(stop())
        except Exception:  # noqa: BLE001 - the others are told all the same
            _LOG.exception("Something could not be told to stop")
    while left := _left(threads):
        if time.monotonic() >= latest:
            names = ", ".join(sorted(thread.name for thread in left))
            _LOG.warning("The process ends although these still work after %.1f s: %s", within_s, names)
            return
        time.sleep(_LOOK_EVERY_S)


def _left(threads: Iterable[threading.Thread]) -> set[threading.Thread]:
    return ({thread for thread in threads if thread.is_alive()} | _AT_WORK) - {threading.current_thread()}


atexit.register(stop_all)
