"""The languages of the app, and a mark for sentences to be translated where they are written.

The core knows no language but marks its sentences with `_()`; `viz.ui.session` looks them up.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Literal, TypeVar

Language = Literal["en", "zh"]
LANGUAGES: dict[Language, str] = {"en": "English", "zh": "简体中文"}


T = TypeVar("T")


def _(message: str) -> str:
    """`message` itself: the mark by which the extractor finds it."""
    return message


def translated_words(words: T, translate: Callable[[str], str], **settled: str) -> T:
    """`words`, a dataclass of sentences, each looked up by `translate`; the fields that are `settled` are as given."""
    holder: Any = words
    names = [field.name for field in fields(holder) if field.name not in settled]
    translations = {name: translate(getattr(words, name)) for name in names}
    replaced: T = replace(holder, **translations, **settled)
    return replaced
