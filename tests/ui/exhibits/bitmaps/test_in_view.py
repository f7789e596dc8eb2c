"""What is made only once its place has come into view: the browser tells, and is believed one word."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import followed, run, view_of
from tests.components import component, data_of, stated, triggered

pytestmark = pytest.mark.slow

HOSTILE = [
    *(
        {"seen": value}
        for value in (1, 0, "true", "True", [True], {"seen": True}, None, False, 1.0, "x" * 10_000)
    ),
    {},
    {"Seen": True},
    [True],
    [["seen", True]],
    "seen",
    True,
    3,
    None,
]


def page() -> None:
    import streamlit as st

    from viz.ui import session
    from viz.ui.exhibits.bitmaps import in_view

    session.begin()
    session.enter("")
    st.number_input(
        "Head", 1, 12, key="w_head", on_change=lambda: session.change(head=st.session_state["w_head"] - 1)
    )
    st.markdown("seen" if in_view.seen("mark", below="top") else "not yet")


def opened(**params: str) -> AppTest:
    return followed(AppTest.from_function(page), **params)


def says(app: AppTest) -> str:
    return str(app.markdown[-1].value)


def test_it_is_seen_once_the_browser_says_so_and_stays_so() -> None:
    app = opened()
    assert (says(app), data_of(app, "mark")) == ("not yet", {"seen": False, "below": "top"})
    stated(app, "mark", seen=True)
    assert (says(app), data_of(app, "mark")) == ("seen", {"seen": True, "below": "top"})
    run(app)
    assert (says(app), data_of(app, "mark")) == ("seen", {"seen": True, "below": "top"})


@pytest.mark.parametrize("sent", HOSTILE, ids=lambda sent: str(sent)[:30])
def test_nothing_but_true_is_believed(sent: Any) -> None:
    app = opened()
    states = app._tree.get_widget_states()
    states.widgets.add(id=component(app, "mark").id, json_value=json.dumps(sent))
    app._run(states)
    assert not app.exception
    assert (says(app), data_of(app, "mark")) == ("not yet", {"seen": False, "below": "top"})


@pytest.mark.parametrize("sent", [1, "true", [True], None, {"seen": True}])
def test_no_event_but_true_is_believed(sent: Any) -> None:
    assert says(triggered(opened(), "mark", "seen", sent)) == "not yet"


def test_the_address_that_comes_with_it_may_be_late() -> None:
    app = opened(head="3")
    app.number_input(key="w_head").set_value(9)
    run(app)
    assert app.query_params["head"] in ("9", ["9"])
    app.query_params["head"] = "3"
    stated(app, "mark", seen=True)
    assert (says(app), view_of(app).head) == ("seen", 8)
    assert app.query_params["head"] in ("9", ["9"])
