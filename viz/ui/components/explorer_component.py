"""The explorer in a Streamlit page.

Streamlit sends a component's whole data again when any of it differs, and what did not change only as a
hash. So the explorer is made of parts that change at different times:

    view                     the scripts and the words; changes with the language
    feed, selection          which weights, at which address, and what is picked; changes often, and is small
    feed, weights (fragment) the weights, part by part, where the browser cannot fetch them from their address
"""

import weakref
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from viz.pictures.explorer import scripts
from viz.pictures.explorer.payload import Payload
from viz.pictures.explorer.selection import Memory, Selection, bounded, parse, settle
from viz.ui.components.component import sent

_MEMORY = "explorer_memory"


def explorer(
    payload: Payload,
    strings: Mapping[str, str],
    selection: Selection,
    key: str,
    on_change: Callable[[Selection], None] | None = None,
    address: str = "",
) -> Selection:
    """Mount the explorer and return what is picked in it.

    `strings` are the words from `viz.pictures.explorer.strings`, translated. `selection` is what the page holds
    for picked: the explorer moves there when the page changes it; a page that merely repeats an older one
    does not undo what a person did meanwhile. `on_change` is called with the new selection before the
    rerun that a person's choice causes. `address` is where the browser can fetch the payload's messages; without one,
    and where it finds nothing there, they come by this session.
    """
    view, feed = _parts()
    passed = bounded(selection, payload.shapes)
    outline = payload.outline  # what the session keeps until the next run, for its answers to the browser

    def changed() -> None:
        picked = _picked(outline, key)
        if on_change is not None and picked is not None:
            on_change(picked)

    with st.container(gap=None):
        view(key=key, data={"key": key, "strings": dict(strings)}, on_selection_change=changed)
        shown = _settled(payload, key, passed)
        link = {"to": key, "show": payload.id, "address": address}
        feed(key=f"{key}.selection", data={**link, "selection": shown.to_json(), "seq": _sequence(key)})
        _supply(weakref.ref(payload), payload.id, key, None if address else "")
    return shown


@cache
def _parts() -> tuple[ComponentRenderer, ComponentRenderer]:
    """The view and the feed, registered once."""
    view = st.components.v2.component(
        "attention_explorer", js=scripts.script("main"), css=scripts.style(), isolate_styles=True
    )
    return view, st.components.v2.component("attention_explorer_feed", js=scripts.script("feed"))


def _told(key: str) -> dict[str, Any]:
    """What the browser last sent, as it sent it; {} before it did."""
    raw = sent(key, "selection")
    return dict(raw) if isinstance(raw, Mapping) else {}


def _picked(payload: Payload, key: str) -> Selection | None:
    """What is picked in the browser, None before it sent anything. Tokens picked in another text are dropped."""
    raw = _told(key)
    if not raw:
        return None
    selection = parse(raw, payload.shapes)
    return selection if payload.of_same_text(raw.get("of")) else selection.without_tokens()


def _sequence(key: str) -> int:
    number = _told(key).get("seq")
    return number if isinstance(number, int) and 0 <= number < 2**53 else 0


def _settled(payload: Payload, key: str, passed: Selection) -> Selection:
    """`settle`, with what it remembers kept in the session."""
    memory: dict[str, tuple[str, Memory]] = st.session_state.setdefault(_MEMORY, {})
    browser = _picked(payload, key)
    text, before = memory.get(key, (payload.id, None))
    if before is not None and not payload.of_same_text(text):
        before = before.for_another_text()
    shown = bounded(settle(passed, browser, before), payload.shapes)
    memory[key] = (payload.id, Memory(passed, browser, shown))
    return shown


@st.fragment
def _supply(held: "weakref.ref[Payload]", name: str, key: str, unasked: str | None) -> None:
    """Send the part that the browser asks for, `unasked` before it does; reruns alone, without the page.

    Where nobody else holds the payload any more, the page runs anew, and makes it again.
    """
    _view, feed = _parts()
    wish = sent(key := f"{key}.weights", "want")
    part = wish.get("part") if isinstance(wish, Mapping) and wish.get("of") == name else unasked
    message = None
    if isinstance(part, str):
        payload = held()
        if payload is None:
            st.rerun()
        message = payload.message(part)
    feed(key=key, data={"supply": name} if message is None else message, on_want_change=lambda: None)
