"""Watch it learn: begun, stopped, gone on with, brought back, and asked; what is typed stays."""

import json
import time
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import press, run, view_of
from tests.pages.opening import opened, pictures, written
from tests.pages.test_app import HOSTILE
from viz.lessons.training.learner import Setting
from viz.ui.lessons.training import shared_training
from viz.ui.progress import work

pytestmark = pytest.mark.slow

SHORT: dict[str, Any] = {"task": "copy", "length": 4}


@pytest.fixture(autouse=True)
def _no_longer_than_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_training, "_LOOK_S", 0.0)


def linked_to(**state: Any) -> AppTest:
    return opened("training", lessons=json.dumps({"training": state}))


def own(app: AppTest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(view_of(app).lessons or "{}").get("training", {})
    return found


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def ended(app: AppTest, setting: Setting) -> AppTest:
    if job := work._pool().running(shared_training.key_of(setting)):
        assert job.wait(60)
    return run(app)


def test_before_the_start_it_shows_what_random_weights_do() -> None:
    app = opened("training")
    assert not app.error
    assert not app.warning
    assert "Start" in labels(app)
    assert pictures(app) == 1
    assert len(app.radio) == 3
    assert "35,466 weights" in written(app)
    assert "After 0 steps" in written(app)
    assert "0.0%" in [metric.value for metric in app.metric]


def test_it_learns_and_every_look_can_be_brought_back(monkeypatch: pytest.MonkeyPatch) -> None:
    app = press(linked_to(**SHORT), "Start")
    assert "Start" not in labels(app)
    app = ended(app, Setting("copy", 4))
    assert app.success[0].value.startswith("Learned. At step ")
    assert pictures(app) == 2
    assert "every place is right" in written(app)
    assert float(app.metric[2].value.rstrip("%")) >= 99
    (slider,) = app.select_slider
    assert str(slider.value) == slider.options[-1]
    slider.set_value(10).run()
    assert app.metric[0].value == "10"
    assert float(app.metric[2].value.rstrip("%")) < 99
    assert own(app) == SHORT
    monkeypatch.setattr(shared_training, "_LOOK_S", 30.0)
    app = press(app, "Train it again")  # for this session alone: what others look at stays
    assert not app.success
    assert shared_training.reached(shared_training.key_of(Setting("copy", 4))) is not None
    app = press(app, "Stop training")
    assert "Go on" in labels(app)


def test_stopped_it_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_training, "_LOOK_S", 30.0)
    setting = Setting("sort", 4)
    app = press(linked_to(task="sort", length=4), "Start")
    end = time.monotonic() + 30
    while (state := shared_training.reached(shared_training.key_of(setting))) is None or state.step < 5:
        assert time.monotonic() < end
        time.sleep(0.02)
    app = press(app, "Stop training")
    assert app.info[-1].value == "Stopped. What is done so far is kept: it can go on from there."
    assert app.metric[0].value == "5"
    assert "Start" not in labels(app)
    monkeypatch.setattr(shared_training, "_LOOK_S", 0.0)
    app = ended(press(app, "Go on"), setting)
    assert app.success[0].value.startswith("Learned.")
    assert app.select_slider[0].options[:3] == ["0", "5", "10"]


def test_another_setting_stops_what_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_training, "_LOOK_S", 30.0)
    app = press(linked_to(**SHORT, seed=7), "Start")
    before = work._pool().running(shared_training.key_of(Setting("copy", 4, seed=7)))
    assert before is not None
    app.segmented_control(key="w_training_heads").set_value(4).run()
    assert not app.exception
    assert before.cancelled
    assert own(app) == {**SHORT, "seed": 7, "heads": 4}
    assert "Start" in labels(app)


def test_a_step_sets_up_what_it_speaks_of() -> None:
    app = opened("training")
    app.button(key="w_training_step_5").click().run()
    assert own(app) == {"task": "brackets"}
    assert "Say for each bracket" in written(app)


def test_ones_own_sequence_is_answered_and_stays_when_it_cannot_be() -> None:
    app = opened("training")
    app.text_input(key="w_training_typed").set_value("3 1 4 1 5 9 2 6").run()
    assert [line.split("   ") for line in app.code[0].value.split("\n")][::2] == [
        ["3 1 4 1 5 9 2 6", "given"],
        ["6 2 9 5 1 4 1 3", "right"],
    ]
    app.text_input(key="w_training_typed").set_value("3141").run()
    assert "You gave 4 signs; this model reads exactly 8" in app.warning[0].value
    assert app.text_input(key="w_training_typed").value == "3141"
    assert own(app) == {"typed": "3141"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_a_sentence(text: str) -> None:
    app = linked_to(typed=text[:60])
    assert not app.error
    assert "none of the signs" in app.warning[0].value
    assert text not in written(app)


def test_a_link_with_settings_that_cannot_be_begins_as_usual() -> None:
    app = linked_to(heads=3, length=400)
    assert "begins as usual" in app.info[0].value
    assert "Start" in labels(app)


def test_presented_there_is_nothing_to_set_but_it_can_be_started() -> None:
    app = opened("training", present="1")
    assert pictures(app) == 1
    assert labels(app) == ["Start"]
    assert not app.text_input
    assert not app.segmented_control


def test_the_questions_are_about_what_is_set() -> None:
    """Each answer against plain Python: the task, the odds of a guess, an even share."""
    app = linked_to(task="sort", length=5)
    asked = list(app.radio)
    given = app.text_input(key="w_training_typed").placeholder.split("such as ")[1].split(" ")
    assert " ".join(given) in asked[0].label
    assert "place 2?" in asked[0].label
    for radio, right in zip(asked, (sorted(given)[1], f"1 in {10**5:,}", None), strict=True):
        if right is not None:
            radio.set_value(radio.options.index(right)).run()
    said = [each.value for each in app.success]
    assert said[0] == f"The whole answer is ` {' '.join(sorted(given))} `."
    assert said[1].startswith("10 possible answers at each of 5 places")
    assert view_of(app).answered == (16, 17)
