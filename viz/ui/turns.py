"""What is computed within a run of a page, a text's attention or a picture, in its turn where many ask at once.

with in_turn(PICTURES):
    ...                      # at most so many of a lane at once; whoever waits is told their number

The turns are those of the long works (`viz.serving.queue`). Nobody is told who waits for less than half a second.
"""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait

from viz.errors import Cancelled
from viz.serving.shutdown import at_work
from viz.ui.progress import work
from viz.ui.progress.result import PICTURES, in_turn
from viz.ui.progress.shared_results import shared, shared_bytes


class Soon:
    """A picture on its way: drawn in its turn on a thread of its own, while the page goes on.

    `make` asks no session for anything, and shows nothing.
    """

    def __init__(self, key: Hashable, make: Callable[[], bytes]) -> None:
        self.ahead: int | None = None  # how many come before, where that is more than a moment's wait
        self._left = threading.Event()
        self._made: Future[bytes] = Future()
        threading.Thread(target=self._draw, args=(key, make), name="picture", daemon=True).start()

    def result(self, wait_s: float) -> bytes | None:
        """The picture, None where it is still not there after so long. Raises what drawing it raised."""
        wait([self._made], wait_s)
        return self._made.result() if self._made.done() else None

    def leave(self) -> None:
        """Nobody waits for it any more: it gives up its number, if it has not begun."""
        self._left.set()

    def _draw(self, key: Hashable, make: Callable[[], bytes]) -> None:
        try:
            with work.turn(PICTURES, self._look), at_work():
                self.ahead = None
                made = shared_bytes(key, make)
        except BaseException as exc:  # noqa: BLE001 - told to the one who waits
            self._made.set_exception(exc)
        else:
            self._made.set_result(made)

    def _look(self, ahead: int) -> None:
        self.ahead = ahead
        if self._left.is_set():
            raise Cancelled("")


def picture_held(key: Hashable) -> bytes | None:
    """What `drawn_in_turn` would give, where it is drawn already, else None."""
    found: bytes | None = shared().peek(("bytes", key))
    return found


def drawn_in_turn(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """What `shared_bytes` gives for a picture: at once where it is there, else in its turn."""
    found = picture_held(key)
    if found is not None:
        return found
    with in_turn(PICTURES):
        return shared_bytes(key, make)
