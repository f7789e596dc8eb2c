"""Any figure on a page: made once for all sessions, in the session's language and theme, with its download."""

import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import streamlit as st
from matplotlib.figure import Figure
from streamlit.delta_generator import DeltaGenerator

from viz.errors import Cancelled
from viz.serving.shutdown import at_work
from viz.ui.exhibits.bitmaps import image
from viz.ui.exhibits.bitmaps.drawers import drawers
from viz.ui.exhibits.layout import scaled
from viz.ui.progress import work
from viz.ui.progress.result import PICTURES, in_turn, say_busy
from viz.ui.progress.shared_results import shared, shared_bytes
from viz.ui.session import tr


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


_MOST_DPI, _MOST_PIXELS = 160, 1440  # sharp on most screens, and small enough to send
_ON_PAGE = 128  # pixels of the page to an inch of the figure
_AWAITED = 400  # pixels
_UNSAID_S = 0.5  # of waiting for a picture, before it is said


def awaited(says: str) -> None:
    """Keep the place of a picture that is drawn later, as high as many are; `says` tells what it waits for."""
    # As the picture will, it lies in a container: so it stays until that has come.
    with st.container():
        st.container(height=_AWAITED, border=False).caption(says)


def dpi_of(figure: Figure) -> float:
    """How many pixels to the inch a figure has on a page."""
    width, _height = figure.get_size_inches()
    return min(_MOST_DPI, _MOST_PIXELS / float(width))


def webp_of(figure: Figure) -> bytes:
    """A figure as it is sent to a page."""
    return drawers().webp(figure, dpi_of(figure))


@contextmanager
def together() -> Iterator[None]:
    """Have the pictures of a page drawn at the same time, beside its numbers, and shown in order at the end.

    Where a part of the page runs anew by itself, its pictures are shown as they are drawn.
    """
    later: list[_Later] = []
    token = _LATER.set(later)
    try:
        yield
    except Exception:  # what came before the fault is shown
        _show_all(later)
        raise
    else:
        _show_all(later)
    finally:
        _LATER.reset(token)
        for each in later:
            each.soon.leave()


@dataclass(frozen=True)
class _Later:
    """A picture on its way, and its place."""

    soon: Soon
    place: DeltaGenerator
    says: str
    width: int | None

    def show(self) -> None:
        slot = None
        while (webp := self.soon.result(_UNSAID_S)) is None:
            slot = slot or self.place.empty()
            # Said again and again: these are the moments in which Streamlit may end this run.
            if self.soon.ahead is None:
                slot.caption(tr("Drawing …"))
            else:
                say_busy(slot, self.soon.ahead)
        with slot or self.place:
            _show(webp, self.says, self.width)


_LATER: ContextVar[list[_Later] | None] = ContextVar("later", default=None)


def _show_all(later: list[_Later]) -> None:
    for each in later:
        each.show()


def shown(key: Hashable, says: str, width: int | None, make: Callable[[], bytes]) -> None:
    """Show a picture, at once or at the end of `together`."""
    later = _LATER.get()
    # Until its run is over, the browser keeps what a container held in the last one: no picture flickers.
    place = st.container()
    if (held := picture_held(key)) is not None:
        with place:
            _show(held, says, width)
    elif later is not None:
        later.append(_Later(Soon(key, make), place, says, width))
    else:
        with place, st.spinner(tr("Drawing …")):
            _show(drawn_in_turn(key, make), says, width)


def _show(webp: bytes, says: str, width: int | None) -> None:
    # A small picture stretched would be all letters.
    most = scaled(round(image.pixels_wide(webp) * _ON_PAGE / _MOST_DPI))
    image.show(webp, says, min(width or most, most))
