"""The view of a session: it comes from the link, goes back to the link, and survives pages and reloads.

It is read from the link when the session begins and when the browser says that the person went back or forward, at no
other time: a run may carry the address of before the last change. A widget never owns a value: `keep()` sets it from
the view before it is drawn, and its callback changes the view.
"""

from dataclasses import replace
from typing import Any, NoReturn

import streamlit as st

from viz.errors import VizError
from viz.language import Language, catalogues
from viz.language.catalogues import translations
from viz.serving.store import FOR_ALL
from viz.ui.streamlit_gaps import session_id, went_through_history
from viz.view.link import from_params, to_params
from viz.view.state import ViewState, bound

_VIEW = "atlas_view"
_NOTES = "atlas_notes"
_LINK = "atlas_link"  # what the address was when it was last read or written
_PAGE = "atlas_page"
_IS_NEW_PAGE = "atlas_fresh"
_LANGUAGE = "atlas_language"


# A run of the app, from its first line on.


def begin() -> None:
    """Bring the view, its link and the language up to date; call once a run, before all else.

    The link is written before `st.navigation` says which page it is, so that the browser takes both as one step.
    """
    if went_through_history():
        _read_link()
    # What a model has may have become known since: it was fetched.
    st.session_state[_VIEW] = bound(view())
    _write_link()
    set_language(view().language or catalogues.from_browser(st.context.locale))


def enter(page: str) -> None:
    """Note which page is drawn; call once a run, before its widgets."""
    st.session_state[_IS_NEW_PAGE] = st.session_state.get(_PAGE) != page
    st.session_state[_PAGE] = page


def go(page: str | st.Page) -> NoReturn:
    """Go on another page, with the view in its link from the start; does not return.

    Streamlit would first clear the link, and the browser, where it is quick, keep that as a step of its own: Back would
    lead to the page without a view.
    """
    st.switch_page(page, query_params=to_params(view()))


def _read_link() -> None:
    link = st.query_params.to_dict()
    st.session_state[_VIEW], st.session_state[_NOTES] = from_params(link)
    st.session_state[_LINK] = link


def _write_link() -> None:
    """Put the view into the address bar where it is not there yet; the address that came with a run may be older."""
    link = to_params(view())
    if not link == st.session_state.get(_LINK) == st.query_params.to_dict():
        st.query_params.from_dict(link)
    st.session_state[_LINK] = link


# The view.


def view() -> ViewState:
    """What is on screen."""
    if _VIEW not in st.session_state:
        _read_link()
    on_screen: ViewState = st.session_state[_VIEW]
    return on_screen


def notes() -> tuple[VizError, ...]:
    """What was ignored or bounded in the link that brought the person here."""
    ignored: tuple[VizError, ...] = st.session_state.get(_NOTES, ())
    return ignored


def change(**changes: Any) -> None:
    """Change fields of the view, its layer and head kept within the model's; what was noted of the link is done.

    What was picked of single tokens does not outlive their text, nor what is switched off its model.
    """
    before = view()
    after = bound(replace(before, **changes))
    if after.model != before.model and "off" not in changes:
        after = replace(after, off=())
    texts = ("model", "text", "pair", "target")
    if any(getattr(after, name) != getattr(before, name) for name in texts):
        after = replace(after, switches=after.switches.without_tokens())
    st.session_state[_VIEW] = after
    st.session_state[_NOTES] = ()


def ask(*tokens: int) -> None:
    """Ask about these tokens, from 0; about the whole text where there are none."""
    change(switches=replace(view().switches, tokens=tokens))


def fit(layers: int, heads: int) -> None:
    """Keep the view's layer and head within those of the map on screen, where they were not known before."""
    layer, head = min(view().layer, layers - 1), min(view().head, heads - 1)
    st.session_state[_VIEW] = replace(view(), layer=layer, head=head)


def keep(key: str, value: Any) -> str:
    """Give the widget `key` its value from the view, before it is drawn; returns the key.

    On a page just come to it is given even where it is equal: to Streamlit this is another widget, which would begin
    with its default. Where it is the same widget it is left alone, so that what a person is typing stays.
    """
    if st.session_state.get(_IS_NEW_PAGE) or st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


# The language.


def set_language(language: Language) -> None:
    """Show this session in `language` from now on."""
    st.session_state[_LANGUAGE] = language


def language() -> Language:
    """The language of this session. Raises RuntimeError where there is none to ask."""
    need_session("language")
    chosen: Language = st.session_state.get(_LANGUAGE, "en")
    return chosen


def tag() -> str:
    """The language of this session as a BCP 47 tag, for figures and documents."""
    return "zh-Hans" if language() == "zh" else "en"


def tr(message: str, **values: object) -> str:
    """`message` in the session's language, with `{name}` places filled from `values`."""
    translated = translations(language()).gettext(message) if message else ""
    return translated.format(**values) if values else translated


def trn(singular: str, plural: str, count: int, **values: object) -> str:
    """The form of the sentence that goes with `count`, which fills `{count}`."""
    return translations(language()).ngettext(singular, plural, count).format(count=count, **values)


def need_session(name: str) -> None:
    """Raise RuntimeError where no session can be asked for its `name`."""
    if FOR_ALL.get():
        occasion = "while something is made that all sessions share"
    elif not session_id():
        occasion = "on a thread that belongs to no session"
    else:
        return
    raise RuntimeError(
        f"The session's {name} was asked for {occasion}. Ask before, and hand it over as an argument."
    )
