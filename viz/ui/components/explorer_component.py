"""The explorer in a Streamlit page.

Streamlit sends a component's whole data again when any of it differs, and what did not change only as a
hash. So the explorer is made of parts that change at different times:

    view                  the scripts and the words; changes with the language
    feed, bytes           the weights; change with the text
    feed, selection       what is picked; changes often, and is small
    feed, more (fragment) further layers of a large text, on the browser's wish, without a rerun of the page
"""

import weakref
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from viz.pictures.explorer import scripts
from viz.pictures.explorer.payload import Block, Payload
from viz.pictures.explorer.selection import Memory, Selection, bounded, parse, settle
from viz.ui.components.component import sent

_MOST_BLOCKS = 64
_MEMORY = "explorer_memory"


def explorer(
    payload: Payload,
    strings: Mapping[str, str],
    selection: Selection,
    key: str,
    on_change: Callable[[Selection], None] | None = None,
) -> Selection:
    """Mount the explorer and return what is picked in it.

    `strings` are the words from `viz.pictures.explorer.strings`, translated. `selection` is what the page holds
    for picked: the explorer moves there when the page changes it; a page that merely repeats an older one
    does not undo what a person did meanwhile. `on_change` is called with the new selection before the
    rerun that a person's choice causes.
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
        feed(key=f"{key}.weights", data=payload.first)
        feed(
            key=f"{key}.selection",
            data={"to": key, "show": payload.id, "selection": shown.to_json(), "seq": _sequence(key)},
        )
        if payload.left:
            _more(weakref.ref(payload), outline, key)
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
def _more(held: "weakref.ref[Payload]", outline: Payload, key: str) -> None:
    """Send the layers that the browser asks for; reruns alone, without the page.

    Where nobody else holds the payload any more, the page runs anew, and makes it again.
    """
    _view, feed = _parts()
    data: bytes | dict[str, str] = {"supply": outline.id}
    if wanted := _wanted(outline, f"{key}.more"):
        payload = held()
        if payload is None:
            st.rerun()
        data = payload.more(wanted)
    feed(key=f"{key}.more", data=data, on_want_change=lambda: None)


def _wanted(payload: Payload, key: str) -> list[Block]:
    raw = sent(key, "want")
    if not isinstance(raw, Mapping) or raw.get("of") != payload.id or not isinstance(raw.get("blocks"), list):
        return []
    asked = [tuple(block) for block in raw["blocks"][:_MOST_BLOCKS] if isinstance(block, list)]
    return [block for block in payload.left if block in asked]
