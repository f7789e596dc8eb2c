"""Two languages from gettext catalogues: `tr()` for a sentence, in the language of the session.

The catalogue of a language is `viz/language/locale/<tag>/LC_MESSAGES/atlas.po`, read as it is: there is no build step.
"""

import streamlit as st

from viz.language import Language
from viz.language.catalogues import translations
from viz.ui.session import need_session

_SESSION_KEY = "atlas_language"


def set_language(language: Language) -> None:
    """Show this session in `language` from now on."""
    st.session_state[_SESSION_KEY] = language


def language() -> Language:
    """The language of this session. Raises RuntimeError where there is none to ask (`viz.ui.session`)."""
    need_session("language")
    found: Language = st.session_state.get(_SESSION_KEY, "en")
    return found


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
