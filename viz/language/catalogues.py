"""The languages, and the catalogue of each."""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from viz.language import Language

LOCALE_FOLDER = Path(__file__).parent / "locale"
FOLDERS: dict[Language, str] = {"en": "en", "zh": "zh_Hans"}  # of a language's catalogue and prose


def from_browser(locale: str | None) -> Language:
    """The app's language for a browser's BCP 47 tag: Chinese for any `zh`, else English."""
    return "zh" if (locale or "").lower().split("-")[0] == "zh" else "en"


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """The catalogue of a language; English is what stands in the code."""
    if language == "en":
        return gettext.NullTranslations()
    folder = FOLDERS[language]
    with (LOCALE_FOLDER / folder / "LC_MESSAGES" / "atlas.po").open("rb") as file:
        catalogue = read_po(file, locale=folder)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
