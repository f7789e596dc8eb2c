"""What fails on a page becomes a sentence: its own where it was foreseen, else one with a number for the log."""

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import run


def page() -> None:
    import streamlit as st

    from viz.errors import InputError
    from viz.ui.shell.guard import guarded

    def fails() -> None:
        if st.session_state.get("foreseen"):
            raise InputError("The text is empty. Please type one.")
        raise ZeroDivisionError("secret")

    with guarded():
        fails()
    st.markdown("goes on")


@pytest.mark.parametrize("foreseen", [True, False])
def test_what_fails_becomes_a_sentence(foreseen: bool, caplog: pytest.LogCaptureFixture) -> None:
    app = AppTest.from_function(page)
    app.session_state["foreseen"] = foreseen
    with caplog.at_level(logging.ERROR, "viz.ui.progress.result"):
        run(app)
    assert app.markdown[-1].value == "goes on"
    said = app.error[0].value
    if foreseen:
        assert "The text is empty" in said
        return
    assert "secret" not in said
    number = re.search(r"number ([0-9a-f]{8})", said)
    assert number is not None
    assert f"Unforeseen error {number[1]}" in caplog.text
