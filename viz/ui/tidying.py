"""Memory that nobody uses any more goes back to the system, now and then.

Every run of a page is on a thread of its own, for each of which the C library would have a heap, and keep what was
freed there. Figures refer to themselves in circles, and where nobody does anything Python does not look for
those. So after a class has left, the server would hold on to what their pictures took while they were drawn.

To walk through all of torch and a model takes Python 0.3 s, in which nobody is answered. As long as the models in
memory stay the same, what was there with them is left out of the walk (`gc.freeze`).

Where nobody has been connected for a while, the results and pictures of their texts go too: who comes back by a link
has them again in less than a second. What took long to compute stays.
"""

import ctypes
import functools
import gc
import sys
import threading
from collections.abc import Callable

from streamlit import runtime
from streamlit.runtime.runtime import RuntimeState

from viz.ui.cache import QUICKLY_MADE, residents, shared

_EVERY_S = 30.0
_ALONE_LOOKS = 2  # in a row at which nobody is connected: a reload or a lost network is over by then
_M_ARENA_MAX = -8  # glibc's malloc.h


@functools.cache
def keep_tidy() -> None:
    """Tidy up every half a minute, from now to the end of the process; threads still to come share one heap."""
    if (option := _of_the_c_library("mallopt")) is not None:
        option(_M_ARENA_MAX, 1)
    threading.Thread(target=_now_and_then, name="tidy", daemon=True).start()


def tidy_up(all_of_it: bool = True) -> None:
    """Let go of what is not used any more, and give it back where the C library can (glibc).

    With `all_of_it` Python looks at everything there is, and from then on only at what is new.
    """
    if all_of_it:
        gc.unfreeze()
    gc.collect()
    if all_of_it:
        gc.freeze()
    if (trim := _of_the_c_library("malloc_trim")) is not None:
        trim(0)


def _now_and_then() -> None:
    pause = threading.Event()
    seen: set[str] = set()
    alone = 0
    while not pause.wait(_EVERY_S):
        alone = alone + 1 if _nobody_is_there() else 0
        if alone == _ALONE_LOOKS:
            shared().let_go(QUICKLY_MADE)
        models = set(residents().ids)
        tidy_up(models != seen)
        seen = models


def _nobody_is_there() -> bool:
    return (
        runtime.exists() and runtime.get_instance().state is not RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED
    )


@functools.cache
def _of_the_c_library(name: str) -> Callable[..., object] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        found: Callable[..., object] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError):  # another C library
        return None
    return found
