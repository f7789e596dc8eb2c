"""The languages of the app, and a mark for sentences to be translated where they are written.

The core knows no language but marks its sentences with `_()`; `viz.ui.session` looks them up.
"""

from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: dict[Language, str] = {"en": "English", "zh": "简体中文"}


def _(message: str) -> str:
    """`message` itself: the mark by which the extractor finds it."""
    return message
