"""The long prose of the lesson on screen: sections of its file in the session's language, their slots filled.

    say("distance")                              # the section, drawn
    st.caption(prose("cost", n=count))           # as a string
    notes=points("To remember", n=count)         # a section that is a list, a string a point

What a person typed goes into a slot as `code_span` writes it. Where a slot has no value, the page shows its name; the
warning of it is an error in the tests.
"""

import streamlit as st

from viz.language.sections import Section, prose_of
from viz.ui.session import language

_LESSON = "atlas_lesson"  # the slug of the lesson on screen


def enter_lesson(slug: str) -> None:
    """Let this lesson be the one on screen."""
    st.session_state[_LESSON] = slug


def current_lesson() -> str:
    """The slug of the lesson on screen."""
    slug: str = st.session_state[_LESSON]
    return slug


def section(name: str) -> Section:
    """A section of the lesson on screen."""
    return prose_of(current_lesson(), language())[name]


def prose(name: str, /, **values: object) -> str:
    """A section as Markdown."""
    return section(name).filled(values)


def say(name: str, /, **values: object) -> None:
    """Draw a section."""
    st.markdown(prose(name, **values))


def points(name: str, /, **values: object) -> list[str]:
    """The points of a section that is a list."""
    return section(name).points(values)
