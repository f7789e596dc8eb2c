"""The lesson on encoder and decoder: what it shows is what the translator computes, and any text leaves it whole."""

import json
from functools import cache

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import press, view_of
from tests.pages.opening import opened, pictures, written
from viz.lessons.translator.translation import EXAMPLES, FOLDER, Translating, translate, translator
from viz.lessons.translator.translator_facts import read_facts
from viz.ui.lessons.translator.translator_questions import turning
from viz.view.packed_parts import read_states

pytestmark = pytest.mark.slow


@cache
def first() -> AppTest:
    """The page as it opens, for the tests that only read it."""
    return opened("translator")


@pytest.fixture
def page() -> AppTest:
    return first()


def state(**own: object) -> str:
    return json.dumps({"translator": own})


def own(app: AppTest) -> Translating:
    return Translating(**read_states(view_of(app).lessons).get("translator", {}))


def test_it_opens_at_a_word_that_changes_places(page: AppTest) -> None:
    found = translate(translator(), EXAMPLES[0])
    said = written(page)
    assert "Step 6 of 8" in said
    share = found.cross[-1].mean(axis=0)[5].max()
    assert f"The decoder attends most to ` noir ` ({share:.0%}) and outputs ` black `" in said
    assert pictures(page) == 4
    assert not page.error


def test_the_numbers_beside_the_pictures_are_the_models(page: AppTest) -> None:
    found = translate(translator(), EXAMPLES[0])
    candidates, weights = (each.value for each in page.dataframe)
    assert list(candidates["Word"]) == [each.word for each in found.steps[5].candidates]
    np.testing.assert_allclose(
        candidates["Probability"], [each.probability for each in found.steps[5].candidates], rtol=1e-5
    )
    np.testing.assert_allclose(weights.to_numpy(), found.cross[-1].mean(axis=0), atol=1e-6)
    assert list(weights.columns) == found.source.labels
    assert list(weights.index) == ["I", "do", "not", "see", "the", "black", "cat", "</s>"]


def test_the_facts_of_the_training_are_told(page: AppTest) -> None:
    facts = read_facts(FOLDER)
    said = written(page)
    assert f"{facts.weights:,} weights" in said
    assert f"{facts.exact:.1%} come out word for word" in said
    assert f"Mean of all heads: {facts.pointing_held_out[-1, -1]:.0%}" in said


def test_the_questions_are_answered_by_the_sentence(page: AppTest) -> None:
    found = translate(translator(), EXAMPLES[0])
    where, how_many, _runs = [each for each in page.radio if (each.key or "").startswith("w_question_")]
    at = turning(found)
    assert found.steps[at].word == "black"
    assert "“black”" in where.label
    assert "noir" in where.options
    assert str(at + 1) in how_many.options


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_turning_point_of_any_sentence_is_one_of_its_steps(text: str) -> None:
    found = translate(translator(), text)
    assert 0 <= turning(found) < len(found.steps)


def test_step_by_step_to_the_end_and_back() -> None:
    app = opened("translator", lessons=state(sentence="je suis étudiant", step=1))
    for at in range(2, 6):
        press(app, "Next word")
        assert own(app).step == at
        assert f"Step {at} of 5" in written(app)
    assert next(each for each in app.button if each.label == "Next word").disabled
    press(app, "Back")
    assert own(app).step == 4
    press(app, "From the start")
    assert own(app).step == 1
    press(app, "All words")
    assert own(app).step == 5
    app.slider[0].set_value(3).run()
    assert own(app).step == 3
    assert "Step 3 of 5" in written(app)


def test_a_sentence_of_ones_own_begins_at_its_first_word() -> None:
    app = opened("translator")
    app.text_input[0].set_value("Une maison blanche.").run()
    assert not app.exception
    assert own(app).sentence == "Une maison blanche."
    assert own(app).step == 1
    assert "` une `" in written(app).lower()
    assert app.selectbox[0].value is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("le tigre dort", "does not know the word ` tigre `"),
        ("<script>alert(1)</script>", "does not know the word ` < `"),
        ("", "There is no sentence"),
        ("...", "Nothing in this text"),
        ("](x) `le`", "does not know the word ` ] `"),
    ],
)
def test_what_it_cannot_translate_is_told_and_stays(text: str, says: str) -> None:
    app = opened("translator", lessons=state(sentence=text))
    assert says in app.error[0].value
    assert app.text_input[0].value == text
    assert pictures(app) == 0
    press(app, "Set it up")
    assert not app.error
    assert pictures(app) == 4


def test_a_head_and_a_map_are_kept_in_the_link() -> None:
    app = opened("translator", lessons=state(head=2, map="encoder", layer=2))
    found = translate(translator(), EXAMPLES[0])
    np.testing.assert_allclose(app.dataframe[1].value.to_numpy(), found.encoder[1, 1], atol=1e-6)
    app = opened("translator", lessons=state(head=2, map="decoder"))
    np.testing.assert_allclose(app.dataframe[1].value.to_numpy(), found.own[-1, 1], atol=1e-6)


@pytest.mark.parametrize(
    "own_state", [{"step": 99, "head": 64, "layer": 64, "map": "encoder"}, {"step": 0}, {"map": "x"}]
)
def test_any_link_opens(own_state: dict[str, object]) -> None:
    app = opened("translator", lessons=state(**own_state))
    assert pictures(app) == 4
    assert not app.error


def test_present_mode_keeps_the_steps_and_hides_the_rest() -> None:
    app = opened("translator", present="1")
    assert not app.text_input
    assert not app.selectbox
    assert pictures(app) == 4
    press(app, "Next word")
    assert own(app).step == 7
