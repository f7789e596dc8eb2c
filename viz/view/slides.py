"""Saved views: a list of pages and links, kept in the view itself, so that one link carries the whole walk."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from viz.view.link import LONGEST_LINK, from_params, to_params
from viz.view.state import DEFAULT, MOST_SAVED, ViewState

_NOT_SAVED = ("saved", "present", "language", "answered")


@dataclass(frozen=True)
class Stop:
    """One saved view, and the page that it is seen on ("" is the first page)."""

    page: str
    view: ViewState


def save(view: ViewState, page: str) -> tuple[str, ...]:
    """The list of `view` with itself, as seen on `page`, at the end; at most `MOST_SAVED`."""
    return (*view.saved, f"{page}?{urlencode(to_params(_bare(view)))}")[-MOST_SAVED:]


def stops(saved: tuple[str, ...], pages: Collection[str]) -> list[Stop]:
    """The saved views of a link, whatever is in it: each the nearest valid one, on one of the app's `pages`."""
    walk = []
    for line in saved[:MOST_SAVED]:
        page, _mark, query = line.partition("?")
        params = dict(parse_qsl(query[:LONGEST_LINK], keep_blank_values=True))
        view, _notes = from_params(params)
        walk.append(Stop(page if page in pages else "", _bare(view)))
    return walk


def position(view: ViewState, page: str, walk: list[Stop]) -> int | None:
    """The index of the saved view that is on screen; None if none is."""
    on_screen = (page, _bare(view))
    return next((index for index, stop in enumerate(walk) if (stop.page, stop.view) == on_screen), None)


def shown(view: ViewState, stop: Stop) -> ViewState:
    """`stop`'s view, with the walk, the mode, the language and the answers of `view`."""
    kept = {name: getattr(view, name) for name in _NOT_SAVED}
    return replace(stop.view, **kept)


def _bare(view: ViewState) -> ViewState:
    return replace(view, **{name: getattr(DEFAULT, name) for name in _NOT_SAVED})
