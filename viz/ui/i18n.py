"""Two languages from gettext catalogues: `tr()` for a sentence, in the language of the session.

The catalogue of a language is `viz/locale/<tag>/LC_MESSAGES/atlas.po`, read as it is: there is no build step.
"""

import gettext
import io
from functools import cache
from pathlib import Path

import streamlit as st
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from viz.messages import Language
from viz.ui.session import need_session

LOCALE_FOLDER = Path(__file__).parent.parent / "locale"
_CATALOGUES = {"zh": LOCALE_FOLDER / "zh_Hans" / "LC_MESSAGES" / "atlas.po"}
_SESSION_KEY = "atlas_language"


def from_browser(locale: str | None) -> Language:
    """The app's language for a browser's BCP 47 tag: Chinese for any `zh`, else English."""
    return "zh" if (locale or "").lower().split("-")[0] == "zh" else "en"


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """The catalogue of a language; English is what stands in the code."""
    if language not in _CATALOGUES:
        return gettext.NullTranslations()
    with _CATALOGUES[language].open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


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
