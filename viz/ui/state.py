"""The view of a session: it comes from the link, goes back to the link, and survives pages and reloads.

A widget never owns a value: `keep()` sets it from the view before it is drawn, and its callback changes the view.
"""

from dataclasses import replace
from typing import Any, NoReturn

import streamlit as st

from viz.errors import VizError
from viz.ui import i18n
from viz.ui.streamlit_gaps import leave_folder_of_pages
from viz.ui.view import ViewState, bound, from_params, to_params

_VIEW = "atlas_view"
_NOTES = "atlas_notes"
_WRITTEN = "atlas_link"
_PAGE = "atlas_page"
_TOUCHED = "atlas_touched"
_FRESH = "atlas_fresh"


def require_app() -> None:
    """Run the whole app where Streamlit was about to run a page alone; the first line of every page.

    It does so for a server's very first visit when that goes straight to a page: it takes the folder `pages/` for its
    older kind of app until `st.navigation` has once been called.
    """
    if _PAGE not in st.session_state and leave_folder_of_pages():
        st.rerun()


def begin_language() -> None:
    """Set the session's language from its view, else the browser: page titles need it before the page is known."""
    i18n.set_language(view().language or i18n.from_browser(st.context.locale))


def begin(page: str) -> None:
    """Bring the session's view up to date with the link; call once a run, before anything is drawn.

    A link that changed while the page stayed (the browser's Back, an edited address) is read anew; a page switch
    drops the parameters, and then the view stays and is written back. Where a widget has just changed the view, the
    link is merely late: the browser sent it before it heard of the change before.
    """
    params = st.query_params.to_dict()
    touched = st.session_state.pop(_TOUCHED, False)
    same_page = st.session_state.get(_PAGE) == page
    changed = params != st.session_state.get(_WRITTEN)
    if _VIEW not in st.session_state or (changed and not touched and (params or same_page)):
        _read_link()
    # What a model has may have become known since: it was fetched.
    st.session_state[_VIEW] = bound(view())
    st.session_state[_PAGE] = page
    st.session_state[_FRESH] = not same_page
    write_link()
    before = i18n.language()
    begin_language()
    if i18n.language() != before:
        st.rerun()  # the titles of the pages are in the other language


def write_link() -> None:
    """Put the view into the address bar, once a run and only where it differs."""
    params = to_params(view())
    if params != st.query_params.to_dict():
        st.query_params.from_dict(params)
    st.session_state[_WRITTEN] = params


def go(page: str | st.Page) -> NoReturn:
    """Go on another page, with the view in its link from the start; does not return.

    Streamlit would first clear the link, and the browser, where it is quick, keep that as a step of its own: Back would
    lead to the page without a view.
    """
    st.switch_page(page, query_params=to_params(view()))


def _read_link() -> None:
    st.session_state[_VIEW], st.session_state[_NOTES] = from_params(st.query_params.to_dict())


def view() -> ViewState:
    """What is on screen."""
    if _VIEW not in st.session_state:
        _read_link()
    found: ViewState = st.session_state[_VIEW]
    return found


def change(**changes: Any) -> None:
    """Change fields of the view, its layer and head kept within the model's; what was noted of the link is done.

    What was picked of single tokens does not outlive their text, nor what is switched off its model.
    """
    before = view()
    now = bound(replace(before, **changes))
    if now.model != before.model and "off" not in changes:
        now = replace(now, off=())
    texts = ("model", "text", "pair", "target")
    if any(getattr(now, name) != getattr(before, name) for name in texts):
        now = replace(now, switches=now.switches.without_tokens())
    st.session_state[_VIEW] = now
    st.session_state[_NOTES] = ()
    stay()


def stay() -> None:
    """Keep the view in a run that a part of the page asks for by itself: the address that comes with it may be late.

    To be called by the part's callback.
    """
    st.session_state[_TOUCHED] = True


def fit(layers: int, heads: int) -> None:
    """Keep the view's layer and head within those of the map on screen, where they were not known before."""
    now = view()
    st.session_state[_VIEW] = replace(now, layer=min(now.layer, layers - 1), head=min(now.head, heads - 1))


def notes() -> tuple[VizError, ...]:
    """What was ignored or bounded in the link that brought the person here."""
    found: tuple[VizError, ...] = st.session_state.get(_NOTES, ())
    return found


def keep(key: str, value: Any) -> str:
    """Give the widget `key` its value from the view, before it is drawn; returns the key.

    On a page just come to it is given even where it is equal: to Streamlit this is another widget, which would begin
    with its default. Where it is the same widget it is left alone, so that what a person is typing stays.
    """
    if st.session_state.get(_FRESH) or st.session_state.get(key) != value:
        st.session_state[key] = value
    return key
