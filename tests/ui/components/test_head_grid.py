from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.components import data_of, triggered
from viz.ui.components.head_grid import toggled_heads


def test_what_is_off_after_a_click_in_order_and_once() -> None:
    assert toggled_heads({"count": 3, "off": [71, 0, 5, 0]}, 72) == (3, (0, 5, 71))
    assert toggled_heads({"count": 0, "off": []}, 72) == (0, ())


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        {},
        [1],
        {"count": 1},
        {"off": [1]},
        {"count": "1", "off": [1]},
        {"count": True, "off": [1]},
        {"count": -1, "off": [1]},
        {"count": 1, "off": "1"},
        {"count": 1, "off": [72]},
        {"count": 1, "off": [-1]},
        {"count": 1, "off": [1.0]},
        {"count": 1, "off": ["<b>"]},
        {"count": 1, "off": [0] * 73},
    ],
)
def test_anything_else_changes_nothing(value: object) -> None:
    assert toggled_heads(value, 72) is None


def page() -> None:
    import streamlit as st

    from viz.ui.components.head_grid import head_grid

    def off(heads: tuple[tuple[int, int], ...]) -> None:
        st.session_state["off"] = heads

    head_grid((2, 3), st.session_state.get("off", ((1, 2),)), [0.5] * 6, [], "Heads", "grid", off)


def test_a_click_switches_heads_and_says_which_click_was_heard() -> None:
    app = AppTest.from_function(page).run()
    shown = data_of(app, "grid")
    assert (shown["heads"], shown["off"], shown["heard"]) == (3, [5], 0)
    assert shown["names"][4] == "Layer 2 · Head 2"
    triggered(app, "grid", "toggled", {"count": 7, "off": [5, 0]})
    assert app.session_state["off"] == ((0, 0), (1, 2))
    nonsense: list[Any] = [None, 3, {"count": 8, "off": [6]}, {"count": "8", "off": []}]
    for value in nonsense:
        triggered(app, "grid", "toggled", value)
    shown = data_of(app, "grid")
    assert (shown["off"], shown["heard"]) == ([0, 5], 7)
