"""The prose of a lesson on a page: in the session's language, its slots filled, and never a page that stops."""

import warnings

import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import run
from viz.language import Language


def page() -> None:
    import streamlit as st

    from viz.ui.lessons import lesson_prose

    lesson_prose.enter_lesson("by_hand")
    lesson_prose.say("Many draws", **st.session_state["values"])


def opened(values: dict[str, object], language: Language = "en") -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["atlas_language"] = language
    app.session_state["values"] = values
    return app


@pytest.mark.parametrize(
    ("language", "begins"), [("en", "The means of 400 draws, for 12 keys"), ("zh", "400 次")]
)
def test_a_section_is_said_in_the_language_of_the_session(language: Language, begins: str) -> None:
    assert begins in run(opened({"keys": 12}, language)).markdown[0].value


@pytest.mark.parametrize("values", [{}, {"key": 12}, {"keys": 12, "more": 1}])
def test_a_slot_that_is_not_filled_is_an_error_here(values: dict[str, object]) -> None:
    assert opened(values).run().exception


def test_and_a_page_that_goes_on_for_a_person() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert "for {keys} keys" in run(opened({})).markdown[0].value
