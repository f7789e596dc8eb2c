"""Saving views, and stepping through them: as a page, with the keys of its bar sent as a browser would."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import followed, press, view_of
from tests.components import data_of, triggered
from viz.view.link import to_params
from viz.view.saved_views import save
from viz.view.state import DEFAULT, MOST_SAVED, ViewState

FIRST = replace(DEFAULT, layer=0, head=4)
SECOND = replace(DEFAULT, text="Another text.", specials=False)
WALK = save(replace(SECOND, saved=save(FIRST, "heads")), "guide")


def page() -> None:
    import streamlit as st

    from viz.ui import session
    from viz.ui.shell import presentation

    st.session_state.setdefault("here", "heads")
    session.begin()
    session.enter(st.session_state["here"])
    if (wanted := presentation.wanted_page()) is not None:
        st.session_state["here"] = wanted
        st.rerun()
    if session.view().present:
        presentation.bar(st.session_state["here"], ["", "heads", "guide"])
    else:
        presentation.sidebar(st.session_state["here"])


def opened(view: ViewState = DEFAULT, here: str = "heads") -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["here"] = here
    return followed(app, **to_params(view))


def step(app: AppTest, by: Any) -> AppTest:
    return triggered(app, "present", "step", by)


def test_views_are_saved_one_by_one_and_the_last_can_be_removed() -> None:
    app = opened(FIRST)
    assert [button.label for button in app.button] == ["Save this view", "Start presenting"]
    press(app, "Save this view")
    assert view_of(app).saved == save(FIRST, "heads")
    press(app, "Save this view")
    assert "Saved views: 2" in [each.value for each in app.markdown]
    press(press(app, "Remove the last saved view"), "Remove the last saved view")
    assert view_of(app) == FIRST
    assert len(app.button) == 2


def test_no_more_views_are_saved_than_a_link_carries() -> None:
    view = FIRST
    for _ in range(MOST_SAVED):
        view = replace(view, saved=save(view, ""))
    assert opened(view).button[0].disabled
    assert not opened(replace(view, saved=view.saved[1:])).button[0].disabled


def test_presenting_begins_with_a_click_and_is_in_the_link() -> None:
    app = press(opened(FIRST), "Start presenting")
    assert view_of(app) == replace(FIRST, present=True)
    assert app.query_params["present"]
    assert not app.button


def test_one_steps_on_and_back_to_the_ends_of_the_walk() -> None:
    app = opened(replace(FIRST, saved=WALK, present=True))
    assert data_of(app, "present")["position"] == "1 of 2"
    for by, number, here, view in (
        (1, 2, "guide", SECOND),
        (1, 2, "guide", SECOND),
        (-1, 1, "heads", FIRST),
        (-1, 1, "heads", FIRST),
    ):
        step(app, by)
        assert app.session_state["here"] == here
        assert view_of(app) == replace(view, saved=WALK, present=True)
        shown = data_of(app, "present")
        assert shown["position"] == f"{number} of 2"
        assert (shown["can_go_back"], shown["can_go_on"]) == (number == 2, number == 1)


@pytest.mark.parametrize(("by", "view"), [(1, FIRST), (-1, SECOND)])
def test_from_a_view_that_is_not_saved_one_comes_to_the_first_or_the_last(by: int, view: ViewState) -> None:
    app = opened(replace(DEFAULT, layer=2, saved=WALK, present=True))
    assert data_of(app, "present")["position"] == ""
    assert view_of(step(app, by)) == replace(view, saved=WALK, present=True)


def test_leaving_keeps_the_view_and_the_walk() -> None:
    app = step(opened(replace(FIRST, saved=WALK, present=True)), 0)
    assert view_of(app) == replace(FIRST, saved=WALK)
    assert len(app.button) == 3


@pytest.mark.parametrize("by", [2, "1", True, None, 0.5, [1], {"step": 1}])
def test_what_is_no_step_changes_nothing(by: object) -> None:
    view = replace(FIRST, saved=WALK, present=True)
    app = step(opened(view), by)
    assert view_of(app) == view
    assert app.session_state["here"] == "heads"
