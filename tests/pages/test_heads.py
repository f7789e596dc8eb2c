import numpy as np
import pytest

from tests.apps import press, view_of
from tests.pages.opening import opened, pictures, with_boxes_open, written
from tests.pages.test_app import HOSTILE
from viz.attention import attend
from viz.inputs.examples import FIRST
from viz.metrics.similarity import js_distance, nearest_heads
from viz.models import LoadedModel


def test_the_first_visit_compares_two_heads_and_places_all(minilm: LoadedModel) -> None:
    app = opened("heads")
    assert app.title[0].value == "How do heads differ?"
    assert not app.error
    assert not app.warning
    assert app.multiselect(key="w_heads_en").value == [(3, 1), (3, 2)]
    assert pictures(app) == 2  # beside each other, difference
    assert len(app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")) == 1

    weights = attend(minilm, FIRST.text).encoder.weights
    table = app.dataframe[0].value
    difference = weights[3, 1] - weights[3, 2]
    assert table["Difference"].iloc[0] == pytest.approx(
        float(difference.flat[np.abs(difference).argmax()]), abs=1e-5
    )
    np.testing.assert_allclose(table["First"] - table["Second"], table["Difference"], atol=1e-6)
    near = app.dataframe[1].value
    expected = nearest_heads(js_distance(weights), 3 * 12 + 1, 8)
    assert list(near["Most alike heads"]) == [f"Layer {at // 12 + 1} · Head {at % 12 + 1}" for at in expected]


def test_heads_are_chosen_swapped_and_kept_in_the_link() -> None:
    app = opened("heads")
    app.multiselect(key="w_heads_en").set_value([(0, 0), (5, 11), (2, 3)]).run()
    assert view_of(app).switches.heads == ((0, 0), (5, 11), (2, 3))
    before = app.dataframe[0].value
    press(app, "Swap")
    assert view_of(app).switches.heads == ((5, 11), (0, 0), (2, 3))
    after = app.dataframe[0].value
    np.testing.assert_allclose(after["Difference"], -before["Difference"], atol=1e-6)
    app.selectbox(key="w_pair_0_en").set_value((2, 3)).run()
    assert view_of(app).switches.heads == ((2, 3), (0, 0), (5, 11))
    press(app, "Only the first two")
    assert view_of(app).switches.heads == ((2, 3), (0, 0))


def test_a_whole_layer_is_one_click() -> None:
    app = opened("heads", layer="6")
    press(app, "All heads of layer 6")
    assert app.multiselect(key="w_heads_en").value == [(5, head) for head in range(12)]


def test_heads_that_another_model_does_not_have_are_left_out() -> None:
    app = opened("heads", show='{"heads":[[11,11],[10,0],[1,1],[2,2]]}')
    assert app.multiselect(key="w_heads_en").value == [(1, 1), (2, 2)]
    app = opened("heads", show='{"heads":[[11,11]]}', layer="6", head="12")
    assert app.multiselect(key="w_heads_en").value == [(5, 11), (0, 0)]


def test_what_is_in_closed_boxes_is_drawn_once_they_are_open() -> None:
    app = opened("heads")
    assert [box.label for box in app.expander] == [
        "All distances, and the points for print",
        "All heads of layer 4",
    ]
    assert pictures(app) == 2
    app = with_boxes_open(app)
    assert pictures(app) == 5  # distances, plane, layer
    assert not app.error


def test_stretched_colours_go_to_the_link() -> None:
    app = opened("heads")
    app.toggle(key="w_stretch").set_value(True).run()
    assert view_of(app).stretch
    assert not app.exception


@pytest.mark.parametrize("text", HOSTILE[:4])
def test_hostile_text_is_shown_and_raises_nothing(text: str) -> None:
    app = opened("heads", text="See: " + text)
    assert not app.error
    assert pictures(with_boxes_open(app)) == 5
    assert text not in written(app)


def test_no_text_is_a_hint() -> None:
    app = opened("heads", text=" ")
    assert "Type or paste a text" in app.info[0].value
    assert pictures(app) == 0
