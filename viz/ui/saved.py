"""Saved views: a list of pages and links, kept in the view itself, so that one link carries the whole walk."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

import regex

from viz.ui.view import LONGEST_LINK, MOST_SAVED, ViewState, from_params, to_params

_PAGE = regex.compile(r"[a-z]{0,20}")


@dataclass(frozen=True)
class Stop:
    """One saved view, and the page that it is seen on ("" is the first page)."""

    page: str
    view: ViewState


def save(view: ViewState, page: str) -> tuple[str, ...]:
    """The list of `view` with itself, as seen on `page`, at the end; at most `MOST_SAVED`."""
    bare = replace(view, saved=(), present=False, language=None)
    return (*view.saved, f"{page}?{urlencode(to_params(bare))}")[-MOST_SAVED:]


def stops(saved: tuple[str, ...]) -> list[Stop]:
    """The saved views of a link, whatever is in it: each the nearest valid one."""
    found = []
    for line in saved[:MOST_SAVED]:
        page, _mark, query = line.partition("?")
        params = dict(parse_qsl(query[:LONGEST_LINK], keep_blank_values=True))
        view, _notes = from_params(
            {name: params[name] for name in params if name not in ("saved", "present")}
        )
        found.append(Stop(page if _PAGE.fullmatch(page) else "", replace(view, language=None)))
    return found


def position(view: ViewState, page: str, found: list[Stop]) -> int | None:
    """Which of the saved views is on screen now, None if none is."""
    bare = replace(view, saved=(), present=False, language=None)
    return next((at for at, stop in enumerate(found) if (stop.page, stop.view) == (page, bare)), None)


def at(view: ViewState, stop: Stop) -> ViewState:
    """`stop`'s view, with the walk, the mode and the language that are there now."""
    return replace(stop.view, saved=view.saved, present=view.present, language=view.language)
