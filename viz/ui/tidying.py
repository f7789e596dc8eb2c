"""Memory that nobody uses any more goes back to the system, now and then.

Every run of a page is on a thread of its own, for each of which the C library would have a heap, and keep what was
freed there. Figures refer to themselves in circles, and where nobody does anything Python does not look for
those. So after a class has left, the server would hold on to what their pictures took while they were drawn.
"""

import ctypes
import functools
import gc
import sys
import threading
from collections.abc import Callable

_EVERY_S = 30.0
_M_ARENA_MAX = -8  # glibc's malloc.h


@functools.cache
def keep_tidy() -> None:
    """Tidy up every half a minute, from now to the end of the process; threads still to come share one heap."""
    if (option := _of_the_c_library("mallopt")) is not None:
        option(_M_ARENA_MAX, 1)
    threading.Thread(target=_now_and_then, name="tidy", daemon=True).start()


def tidy_up() -> None:
    """Let go of what is not used any more, and give it back where the C library can (glibc)."""
    gc.collect()
    if (trim := _of_the_c_library("malloc_trim")) is not None:
        trim(0)


def _now_and_then() -> None:
    pause = threading.Event()
    while not pause.wait(_EVERY_S):
        tidy_up()


@functools.cache
def _of_the_c_library(name: str) -> Callable[..., object] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        found: Callable[..., object] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError):  # another C library
        return None
    return found
