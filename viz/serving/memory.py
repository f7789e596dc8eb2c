"""Memory that nobody uses any more goes back to the system, now and then.

Every run of a page is on a thread of its own, for each of which the C library would have a heap, and keep what was
freed there. Figures refer to themselves in circles, and where nobody does anything Python does not look for
those. So after a class has left, the server would hold on to what their pictures took while they were drawn.

To walk through all of torch and a model takes Python 0.3 s, in which nobody is answered. As long as the models in
memory stay the same, what was there with them is left out of the walk (`gc.freeze`).

Where nobody has been connected for a while, the results and pictures of their texts go too: who comes back by a link
has them again in less than a second. What took long to compute stays.

The server asks of every picture whether it is an address, and Python keeps the last 128 that were asked about, with
their parts: of pictures that are sent as data, 12 MB.
"""

import ctypes
import functools
import gc
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any

_EVERY_S = 30.0
_ALONE_LOOKS = 2  # in a row at which nobody is connected: a reload or a lost network is over by then
_LEFT_LOOKS = 7  # by then all sessions have gone, and there is nothing left to find
# A figure is thousands of objects: at Python's own 700 the collector would look through them again and again while one
# is made, a quarter of the time that takes.
_THRESHOLDS = (20_000, 10, 10)
_ADDRESSES: Any = urllib.parse.urlsplit  # its types do not say that it has a cache
_M_ARENA_MAX = -8  # glibc's malloc.h


class Sessions:
    """The sessions of this process: when each was last seen to be connected."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, float] = {}

    def note(self, session: str) -> None:
        """One is connected now."""
        with self._lock:
            self._seen[session] = time.monotonic()

    def gone(self, connected: Callable[[str], bool], after_s: float) -> list[str]:
        """Those that have not been connected for so long; from now on they are not known any more."""
        time_s = time.monotonic()
        with self._lock:
            for session in self._seen:
                if connected(session):
                    self._seen[session] = time_s
            gone = [session for session, seen in self._seen.items() if time_s - seen >= after_s]
            for session in gone:
                del self._seen[session]
        return gone


def prepare() -> None:
    """Have Python look for circles less often, and threads still to come share one heap; before there are many."""
    gc.set_threshold(*_THRESHOLDS)
    if (option := _of_the_c_library("mallopt")) is not None:
        option(_M_ARENA_MAX, 1)


def tidy_up(all_of_it: bool = True) -> None:
    """Let go of what is not used any more, and give it back where the C library can (glibc).

    With `all_of_it` Python looks at everything there is, and from then on only at what is new.
    """
    _ADDRESSES.cache_clear()
    if all_of_it:
        gc.unfreeze()
    gc.collect()
    if all_of_it:
        gc.freeze()
    if (trim := _of_the_c_library("malloc_trim")) is not None:
        trim(0)


def keep_tidy(
    forget_gone: Callable[[], None],
    nobody_there: Callable[[], bool],
    let_go: Callable[[], None],
    models: Callable[[], Iterable[str]],
) -> None:
    """Tidy up every half a minute, to the end of the process; on a thread of its own.

    Each time `forget_gone` lets go of what is kept for sessions that have left. `let_go` frees what is quickly made
    again, once `nobody_there` has been true for a while. `models` gives the ids of the models in memory.
    """
    pause = threading.Event()
    known: set[str] = set()
    alone = 0
    while not pause.wait(_EVERY_S):
        alone = alone + 1 if nobody_there() else 0
        if alone == _ALONE_LOOKS:
            let_go()
        forget_gone()
        present = set(models())
        # Sessions that were there when all was left out of the walk have gone by now.
        tidy_up(present != known or _ALONE_LOOKS <= alone <= _LEFT_LOOKS)
        known = present


@functools.cache
def _of_the_c_library(name: str) -> Callable[..., object] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        function: Callable[..., object] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError):  # another C library
        return None
    return function
