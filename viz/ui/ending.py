"""The end of the server: what works on threads of its own is told to stop, and waited for, but not for long.

Python kills daemon threads as it ends. One that is inside torch then takes the whole process down ("terminate called
without an active exception"), and a thread that is no daemon would keep it alive for as long as it has to do. So all
are told to stop, and once they have, or after some seconds (a file that is read, a long forward pass), the process
ends without tidying up, which takes Python some seconds too. Nothing is lost by that: files appear whole or not at
all, and all else is in links.
"""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable

from streamlit import runtime

_WITHIN_S = 2.5
_LOOK_EVERY_S = 0.02
_NAME = "end"


def stopped_at_the_end(stop: Callable[[], Iterable[threading.Thread]]) -> None:
    """Have `stop` called when the process begins to end; the threads it gives are waited for."""
    threading.Thread(target=_wait_for_the_end, args=(stop,), name=_NAME, daemon=False).start()


def _wait_for_the_end(stop: Callable[[], Iterable[threading.Thread]]) -> None:
    threading.main_thread().join()  # it counts as ended before Python waits for the threads that are no daemons
    latest = time.monotonic() + _WITHIN_S
    at_work = list(stop())
    while any(thread.is_alive() for thread in (*at_work, *_others())) and time.monotonic() < latest:
        time.sleep(_LOOK_EVERY_S)
    _leave()


def _others() -> list[threading.Thread]:
    """What Python itself would wait for, such as pages that are being drawn."""
    found = [thread for thread in threading.enumerate() if not thread.daemon and thread.name != _NAME]
    return [thread for thread in found if thread is not threading.main_thread()]


def _leave() -> None:
    """End the process at once, where it is a server; in tests and scripts the exit status is theirs to give."""
    if runtime.exists():
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
