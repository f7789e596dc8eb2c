"""The languages, and the catalogue of each."""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from viz.language import Language

LOCALE_FOLDER = Path(__file__).parent / "locale"

_CATALOGUES = {"zh": LOCALE_FOLDER / "zh_Hans" / "LC_MESSAGES" / "atlas.po"}


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
