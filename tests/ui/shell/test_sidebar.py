from streamlit.testing.v1 import AppTest

from tests.apps import followed, view_of, went
from viz.view.state import ViewState


def _sidebar() -> None:
    from viz.ui import session
    from viz.ui.shell import sidebar
    from viz.ui.widgets import text_boxes

    session.begin()
    session.enter("explore")
    sidebar.sidebar()
    text_boxes.texts()


def opened(**params: str) -> AppTest:
    app = AppTest.from_function(_sidebar, default_timeout=60)
    return followed(app, **params)


def test_layer_and_head_count_from_one_and_go_to_the_link() -> None:
    app = opened()
    app.number_input(key="w_layer").set_value(6).run()
    app.number_input(key="w_head").set_value(12).run()
    assert (view_of(app).layer, view_of(app).head) == (5, 11)
    assert app.query_params["layer"] == "6"
    assert app.query_params["head"] == "12"


def test_another_model_keeps_the_text_and_bounds_the_layer() -> None:
    app = opened(model="multilingual-e5-small", layer="12", text="猫坐在垫子上。")
    assert view_of(app).layer == 11
    app.selectbox(key="w_model_en").select("all-MiniLM-L6-v2").run()
    assert not app.exception
    assert view_of(app).layer == 5
    assert app.text_area(key="w_text").value == "猫坐在垫子上。"


def test_the_weights_note_stands_wherever_the_model_is_chosen() -> None:
    app = opened()
    assert "multilingual-e5-small (4-bit weights)" in app.selectbox(key="w_model_en").options


def test_the_language_can_be_switched_and_goes_to_the_link() -> None:
    app = opened(lang="zh")
    assert app.number_input(key="w_layer").label == "层"
    app.segmented_control(key="w_language").set_value("en").run()
    assert app.number_input(key="w_layer").label == "Layer"
    assert app.query_params["lang"] == "en"


def test_a_late_link_does_not_undo_a_click() -> None:
    """A browser may send a click with the address of before the last click."""
    app = opened()
    app.number_input(key="w_layer").set_value(6).run()
    app.query_params.clear()
    app.number_input(key="w_layer").set_value(5).run()
    assert view_of(app).layer == 4


def test_back_and_forward_read_the_link_anew() -> None:
    app = opened()
    assert view_of(went(app, layer="2")).layer == 1
    assert app.number_input(key="w_layer").value == 2
    assert view_of(went(app)) == ViewState()


def test_a_run_with_another_address_is_no_way_back() -> None:
    app = followed(opened(layer="2"), layer="5", lang="zh")
    assert view_of(app) == ViewState(layer=1)
    assert dict(app.query_params) == {"layer": "2"}


def test_an_example_brings_its_model_and_head() -> None:
    app = opened()
    app.selectbox(key="w_example_en").select("zh-cat").run()
    assert view_of(app).model == "multilingual-e5-small"
    assert "猫" in str(app.text_area(key="w_text").value)
    assert app.number_input(key="w_layer").value == view_of(app).layer + 1
