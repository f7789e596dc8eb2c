"""Memory that nobody uses any more goes back to the system, now and then.

Every run of a page is on a thread of its own, for each of which the C library would have a heap, and keep what was
freed there. Figures refer to themselves in circles, and where nobody does anything Python does not look for
those. So after a class has left, the server would hold on to what their pictures took while they were drawn.

To walk through all of torch and a model takes Python 0.3 s, in which nobody is answered. As long as the models in
memory stay the same, what was there with them is left out of the walk (`gc.freeze`).

Where nobody has been connected for a while, the results and pictures of their texts go too: who comes back by a link
has them again in less than a second. What took long to compute stays.

Streamlit asks of every picture whether it is an address, and Python keeps the last 128 that were asked about, with
their parts: of pictures that are sent as data, 12 MB.

Streamlit forgets a session that has not come back, but not the downloads it was offered, each of which holds on to what
it would be made of (https://github.com/streamlit/streamlit/issues/12506). So they are taken from it here.
"""

import ctypes
import functools
import gc
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.runtime import RuntimeState

from viz.ui.cache import QUICKLY_MADE, residents, shared

_EVERY_S = 30.0
_ALONE_LOOKS = 2  # in a row at which nobody is connected: a reload or a lost network is over by then
_LEFT_LOOKS = 7  # by then all sessions have gone, and there is nothing left to find
_LATER_S = 10.0  # than Streamlit keeps a session for one who comes back
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
        now = time.monotonic()
        with self._lock:
            for session in self._seen:
                if connected(session):
                    self._seen[session] = now
            found = [session for session, seen in self._seen.items() if now - seen >= after_s]
            for session in found:
                del self._seen[session]
        return found


SESSIONS = Sessions()


def let_go_of_the_gone() -> None:
    """Take from Streamlit what it keeps for sessions that cannot come back."""
    if not runtime.exists():
        return
    server = runtime.get_instance()
    kept_s = float(st.get_option("server.disconnectedSessionTTL"))
    gone = SESSIONS.gone(server.is_active_session, kept_s + _LATER_S)
    for session in gone:
        server.media_file_mgr.clear_session_refs(session)
    if gone:
        server.media_file_mgr.remove_orphaned_files()
        # It drops the sessions themselves only when it next looks at them, and nothing public makes it look.
        server._session_mgr.list_sessions()


@functools.cache
def keep_tidy() -> None:
    """Tidy up every half a minute, from now to the end of the process; threads still to come share one heap."""
    gc.set_threshold(*_THRESHOLDS)
    if (option := _of_the_c_library("mallopt")) is not None:
        option(_M_ARENA_MAX, 1)
    threading.Thread(target=_now_and_then, name="tidy", daemon=True).start()


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


def _now_and_then() -> None:
    pause = threading.Event()
    seen: set[str] = set()
    alone = 0
    while not pause.wait(_EVERY_S):
        alone = alone + 1 if _nobody_is_there() else 0
        if alone == _ALONE_LOOKS:
            shared().let_go(QUICKLY_MADE)
        let_go_of_the_gone()
        models = set(residents().ids)
        # Sessions that were there when all was left out of the walk have gone by now.
        tidy_up(models != seen or _ALONE_LOOKS <= alone <= _LEFT_LOOKS)
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
