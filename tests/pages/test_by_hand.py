"""Self-attention by hand: what is typed counts, is in the link, can be undone, and nothing that is typed is lost."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import run, view_of
from tests.pages.opening import opened, pictures, written
from tests.pages.test_app import HOSTILE
from viz.lessons.by_hand.small_example import ByHand, names_of, steps_of
from viz.ui.wording.plain_text import code_span, visible

pytestmark = pytest.mark.slow


def button(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return run(app)


def typed(app: AppTest, key: str, value: str) -> AppTest:
    app.text_input(key=key).set_value(value)
    return run(app)


def board(app: AppTest) -> list[dict[str, Any]]:
    """The steps as they are sent to the browser."""
    (component,) = app.get("bidi_component")
    found: list[dict[str, Any]] = json.loads(component.proto.json)["groups"]
    return found


def result(app: AppTest, step: str) -> dict[str, Any]:
    """The matrix that a step results in."""
    (equation,) = [each for group in board(app) for each in group["equations"] if each["id"] == step]
    found: dict[str, Any] = equation["parts"][-1]
    return found


def own(app: AppTest) -> dict[str, Any]:
    """What the link keeps of this lesson."""
    found: dict[str, Any] = json.loads(view_of(app).lessons or "{}").get("by_hand", {})
    return found


def linked_to(**state: Any) -> AppTest:
    return opened("by_hand", lessons=json.dumps({"by_hand": state}))


def test_every_step_is_there_with_no_click() -> None:
    app = opened("by_hand")
    assert not app.error
    assert not app.warning
    assert [group["title"][0] for group in board(app)] == ["1", "2", "3", "4", "5", "6"]
    assert result(app, "scores")["cells"][0] == ["1.00", "0.50", "1.50", "−0.75"]
    assert result(app, "scores")["rows"] == result(app, "scores")["columns"] == ["cat", "sat", "mat", "on"]
    expected = steps_of(ByHand())
    for step in ("q", "k", "v", "scores", "scaled", "weights", "output"):
        cells = result(app, step)["cells"]
        numbers = [[float(each.replace("−", "-")) for each in row] for row in cells]
        assert numbers == pytest.approx(getattr(expected, step), abs=0.0051), step
    said = "".join(text for line in result(app, "scores")["sums"][0][1] for text, _kind in line)
    assert said == "1.00 · 0.50 + 0.00 · 1.00 = 0.50"
    assert pictures(app) == 3
    assert len(app.radio) == 3


def test_what_is_typed_counts_is_in_the_link_and_can_be_undone() -> None:
    app = typed(opened("by_hand"), "w_by_hand_x_0_1", "0,5")
    assert own(app) == {"x": [[1.0, 0.5], [0.0, 1.0], [1.0, 1.0], [-1.0, 0.5]]}
    assert result(app, "q")["cells"][0] == ["1.25", "0.50"]
    app = typed(app, "w_by_hand_name_0", "dog")
    assert result(app, "scores")["rows"][0] == "dog"
    assert own(app)["tokens"] == ["dog", "sat", "mat", "on"]
    app = button(app, "w_by_hand_undo")
    assert "tokens" not in own(app)
    app = button(app, "w_by_hand_undo")
    assert own(app) == {}
    assert app.button(key="w_by_hand_undo").disabled


def test_what_is_no_number_stays_where_it_was_typed_and_is_explained() -> None:
    app = typed(opened("by_hand"), "w_by_hand_w_q_1_0", "half")
    assert app.text_input(key="w_by_hand_w_q_1_0").value == "half"
    assert "W_Q, row 2, column 1" in app.warning[0].value
    assert "Until then 0.5 counts." in app.warning[0].value
    assert own(app) == {}
    app = typed(app, "w_by_hand_x_0_0", "2")
    assert app.text_input(key="w_by_hand_w_q_1_0").value == "half"
    app = button(app, "w_by_hand_undo")
    assert app.text_input(key="w_by_hand_w_q_1_0").value == "0.5"
    assert not app.warning
    assert own(app)["x"][0] == [2.0, 0.0]
    app = typed(app, "w_by_hand_x_0_0", "")
    assert app.text_input(key="w_by_hand_x_0_0").value == "2"


def test_tokens_are_added_removed_and_taken_from_the_other_language() -> None:
    app = button(opened("by_hand"), "w_by_hand_add")
    app = button(app, "w_by_hand_add")
    assert len(result(app, "scores")["rows"]) == 6
    assert app.button(key="w_by_hand_add").disabled
    for _time in range(3):
        app = button(app, "w_by_hand_remove")
    assert app.button(key="w_by_hand_remove").disabled
    app = button(app, "w_by_hand_refresh")
    assert own(app) == {}
    app.segmented_control(key="w_by_hand_example").set_value("zh").run()
    assert result(app, "weights")["columns"] == ["猫", "坐在", "垫子", "上"]
    assert own(app) == {"tokens": ["猫", "坐在", "垫子", "上"]}


def test_one_goes_through_the_steps_one_by_one() -> None:
    app = opened("by_hand")
    for step in ("project", "scores", "scale", "mask", "softmax", "mix"):
        app = button(app, "w_by_hand_step_next")
        assert own(app) == {"part": step}
        assert len(board(app)) == 1
    assert app.button(key="w_by_hand_step_next").disabled
    assert button(app, "w_by_hand_step_before").session_state["w_by_hand_part_en"] == "softmax"


def test_the_mask_the_division_and_the_temperature_are_seen() -> None:
    app = linked_to(causal=True, scale=False, temperature=0.5)
    assert result(app, "masked")["cells"][0][1:] == ["−∞"] * 3
    assert result(app, "weights")["cells"][0] == ["1.00", "0.00", "0.00", "0.00"]
    assert result(app, "scaled")["cells"][0][0] == "2.00"
    app.toggle(key="w_by_hand_causal").set_value(False).run()
    app.toggle(key="w_by_hand_scale").set_value(True).run()
    app.slider(key="w_by_hand_temperature").set_value(1.0).run()
    assert own(app) == {}


def test_each_thing_to_try_sets_up_what_it_says() -> None:
    app = opened("by_hand")
    changes: list[dict[str, Any]] = []
    for number in range(1, 6):
        changes.append(own(button(app, f"w_by_hand_step_{number}")))
        app = button(app, "w_by_hand_refresh")
    same, cold, causal, zeros, wide = changes
    assert same["x"][0] == same["x"][1]
    assert cold == {"temperature": 0.1}
    assert causal == {"causal": True}
    assert zeros == {"w_q": [[0.0, 0.0], [0.0, 0.0]]}
    assert wide == {"d_k": 512}


def test_the_second_part_follows_its_sliders() -> None:
    app = linked_to(d_k=512, keys=4)
    assert "d_k = 512" in written(app)
    assert "400 draws, for 4 keys" in written(app)
    before = list(app.dataframe[0].value["Score"])
    assert len(before) == 4
    assert list(button(app, "w_by_hand_draw").dataframe[0].value["Score"]) != before
    table = app.dataframe[1].value
    assert list(table["d_k"]) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert table["Entropy, divided"].iloc[-1] > 3 * table["Entropy, not divided"].iloc[-1]


def test_presented_it_can_still_be_walked_through() -> None:
    app = opened("by_hand", present="1")
    assert not app.text_input
    assert len(board(button(app, "w_by_hand_step_next"))) == 1


def test_a_hostile_name_or_state_is_only_shown() -> None:
    tokens = [text[:20] for text in HOSTILE[:4]]
    app = linked_to(tokens=tokens)
    assert not app.error
    shown = [
        code_span(visible(name)) for name in names_of(ByHand(tokens=tuple(tokens)), ("a", "b", "c", "d"))
    ]
    assert shown[1] in app.radio[0].label
    assert shown[2] in app.radio[0].label
    assert app.radio[1].options == shown
    for bad in ({"x": [[1e9, 0]] * 4}, {"x": "x"}, {"tokens": [["a"]]}):
        app = linked_to(**bad)
        assert result(app, "scores")["cells"][0][0] == "1.00"
