from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.components import component as mounted
from viz.ui.components import component


@pytest.mark.parametrize("state", [None, {}, {"picked": None}, {"other": 3}, 3, "picked", [3]])
def test_a_state_without_the_event_holds_nothing(monkeypatch: pytest.MonkeyPatch, state: object) -> None:
    monkeypatch.setattr(st, "session_state", {"key": state})
    assert component.sent("key", "picked") is None
    assert component.sent("missing", "picked") is None


def test_what_was_sent_comes_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"key": {"picked": ["<b>"]}})
    assert component.sent("key", "picked") == ["<b>"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, True), (2, True), (3, False), (-1, False), (True, False), (1.0, False), ("1", False)],
)
def test_an_index_is_a_whole_number_in_its_range(value: Any, expected: bool) -> None:
    assert component.is_index(value, 3) is expected


def page() -> None:
    from viz.ui.components.sandboxed import sandboxed

    sandboxed("<p>", width=0, height=10, title="A document", key="frame")


def test_a_component_is_its_script_behind_the_shared_one() -> None:
    app = AppTest.from_function(page).run()
    assert mounted(app, "frame").component_name == "attention_atlas_sandboxed"
    folder = Path(component.__file__).parent
    script = component._script(folder / "sandboxed.js")
    assert script == (folder / "shared.js").read_text("utf-8") + (folder / "sandboxed.js").read_text("utf-8")
