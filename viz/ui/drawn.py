"""Any figure on a page: made once for all sessions, in the session's language and theme, with its download."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import streamlit as st
from matplotlib.figure import Figure
from streamlit.delta_generator import DeltaGenerator

from viz.attention import AttentionResult
from viz.pictures.figures import DARK, LIGHT, FigureText, Theme
from viz.ui import exporting, image
from viz.ui.drawing import drawers
from viz.ui.progress.result import say_busy
from viz.ui.saving import save_menu
from viz.ui.session import tag, tr, view
from viz.ui.session_access import need_session
from viz.ui.turns import Soon, drawn_in_turn, picture_held

_MOST_DPI, _MOST_PIXELS = 160, 1440  # sharp on most screens, and small enough to send
_ON_PAGE = 128  # pixels of the page to an inch of the figure
_PICTURE, _NUMBERS, _HALF = 680, 460, 570  # pixels
_AWAITED = 400  # pixels
_UNSAID_S = 0.5  # of waiting for a picture, before it is said
_PRESENTED = 1.5  # how much larger all is for the back row


def dark() -> bool:
    """Whether the session's theme is the dark one."""
    need_session("theme")
    return bool(st.context.theme.type == "dark")


def sequential() -> str:
    """The palette in which nothing looks like the page itself, as in the explorer."""
    return "mako" if dark() else "mako_r"


def scaled(pixels: int) -> int:
    """`pixels` on a usual screen, more of them where the view is presented."""
    return round(pixels * _PRESENTED) if view().present else pixels


def picture_and_numbers() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Room for a picture and, beside it or where the page is narrow below it, for its numbers."""
    row = st.container(horizontal=True, gap="medium")
    return row.container(width=scaled(_PICTURE)), row.container(width=scaled(_NUMBERS))


def two_pictures() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Room for two pictures, beside each other or where the page is narrow one below the other."""
    row = st.container(horizontal=True, gap="medium")
    return row.container(width=scaled(_HALF)), row.container(width=scaled(_HALF))


def picture(
    key: Hashable,
    name: str,
    says: str,
    draw: Callable[[FigureText, Theme], Figure],
    width: int | None = None,
    result: AttentionResult | None = None,
    caption: str = "",
    table: Callable[[], bytes] | None = None,
    saved: bool = True,
    quick: Callable[[FigureText, Theme], bytes] | None = None,
) -> None:
    """Show what `draw` draws, not larger than meant. `key` holds all that it depends on but the words and the theme.

    `name` is the file's, without its ending; `says` tells a screen reader what is seen; `width` is in pixels, the
    column's where it is None. A picture of one `result` can be downloaded with all that belongs to it, another one as
    it is, with its `caption` and the CSV that `table` makes. The download is hidden where the view is presented, and
    where the picture is not to be `saved`, as it changes by itself. `quick` gives what is shown, as WebP, where that
    can be had in less time than by drawing the whole figure.
    """
    theme = DARK if dark() else LIGHT
    words = FigureText().translated(tag(), tr)
    _shown(
        (key, name, theme, words),
        says,
        width,
        lambda: quick(words, theme) if quick else webp_of(draw(words, theme)),
    )
    if view().present or not saved:
        return
    if result is not None:
        exporting.download(result, view(), name, draw)
        return
    save_menu(name, draw, words, caption, table)


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


def _shown(key: Hashable, says: str, width: int | None, make: Callable[[], bytes]) -> None:
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
