"""A bound widget shows a field of the view, and what is chosen there becomes it."""

from streamlit.testing.v1 import AppTest

from viz.view.state import ViewState


def page() -> None:
    import streamlit as st

    from viz.ui import session
    from viz.ui.session import view
    from viz.ui.widgets.bound_widgets import bind, choice_box, segments

    session.begin()
    session.enter("page")
    st.toggle("Special tokens", **bind("specials", "w_specials"))
    st.number_input("Depth", 1, 6, **bind("depth", "w_depth", view().depth or 6, lambda depth: depth % 6))
    segments("Count by", {"tokens": "Tokens", "words": "Words"}, "switches.unit", "w_unit")
    choice_box("Number", {"first": "First", "distance": "Distance"}, "measure", "w_measure")


def state(app: AppTest) -> ViewState:
    now: ViewState = app.session_state["atlas_view"]
    return now


def test_widgets_show_the_view_and_change_it() -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.number_input(key="w_depth").value == 6
    assert app.button_group(key="w_unit").value == state(app).switches.unit

    app.toggle(key="w_specials").set_value(not state(app).specials)
    app.number_input(key="w_depth").set_value(2)
    app.button_group(key="w_unit").set_value("words")
    app.selectbox(key="w_measure_en").set_value("distance").run()
    now = state(app)
    assert (now.specials, now.depth, now.switches.unit, now.measure) == (
        not ViewState().specials,
        2,
        "words",
        "distance",
    )


def test_the_last_layer_is_written_as_it_was_asked_for() -> None:
    app = AppTest.from_function(page).run()
    app.number_input(key="w_depth").set_value(2).run()
    app.number_input(key="w_depth").set_value(6).run()
    assert state(app).depth == 0
    assert app.number_input(key="w_depth").value == 6


def test_a_choice_that_is_taken_back_leaves_the_view_as_it_is() -> None:
    app = AppTest.from_function(page).run()
    before = state(app)
    app.button_group(key="w_unit").set_value(None).run()
    assert state(app) == before
    assert app.button_group(key="w_unit").value == before.switches.unit
