"""The lesson inside the model: its numbers are those of the model, and what it asks has the right answers."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import press, view_of
from tests.pages.opening import opened, pictures, written
from tests.pages.test_app import HOSTILE
from tests.pages.test_importance import table
from tests.tiny import made_for
from viz.attention import attend
from viz.errors import ModelRefused
from viz.lessons.inside.layer_steps import asked, inside, telling
from viz.lessons.inside.word_order import swapped
from viz.models import LoadedModel
from viz.models.settings import settings
from viz.ui.progress.shared_results import residents

pytestmark = pytest.mark.slow

TEXT = "The cat sat on it."
NO_WORD = (True, False, False, False, False, False, True, True)  # [CLS], the full stop, [SEP]


@cache
def first() -> AppTest:
    """The page as it opens, for the tests that only read it."""
    return opened("inside", text=TEXT, layer="2", head="3")


def test_every_step_is_the_models_own(minilm: LoadedModel) -> None:
    app = first()
    assert app.title[0].value == "The same, inside the model"
    assert not app.error
    assert not app.warning
    assert pictures(app) == 6
    result = attend(minilm, TEXT)
    weights = result.encoder.weights[1, 2]
    query = telling(weights, NO_WORD, NO_WORD)
    assert f"` {result.encoder.queries.labels[query]} ` is the query." in written(app)
    one = asked(inside(minilm, result, "encoder", 1), 2, query)
    steps: pd.DataFrame = table(app, "q · k")
    assert list(steps["Key"]) == result.encoder.keys.labels
    np.testing.assert_allclose(steps["q · k"], one.raw, atol=1e-5)
    np.testing.assert_allclose(steps["q · k / √32"], one.raw / np.sqrt(32), atol=1e-5)
    np.testing.assert_allclose(steps["Weight"], steps["The model's"], atol=1e-5)
    np.testing.assert_allclose(steps["The model's"], weights[query], atol=1e-6)
    heads: pd.DataFrame = table(app, "Share of the sum")
    assert heads["Share of the sum"].sum() == pytest.approx(1, abs=1e-4)
    vectors: pd.DataFrame = table(app, "Vector")
    np.testing.assert_allclose(
        vectors[vectors["Vector"] == "q × k"].iloc[:, 2:].sum(axis=1), one.raw, atol=1e-4
    )
    said = [each.value for each in app.success]
    assert len(said) == 3
    assert all("Equal to the model's" in each for each in said[:2])


def test_the_questions_have_the_answers_that_the_numbers_give(minilm: LoadedModel) -> None:
    app = first()
    assert len(app.radio) == 3
    result = attend(minilm, TEXT)
    weights = result.encoder.weights[1, 2]
    query = telling(weights, NO_WORD, NO_WORD)
    best = np.sort(weights[query])[::-1]
    assert float(app.radio[0].options[1]) == pytest.approx(best[0] / best[1], abs=0.01)
    for radio, right in zip(app.radio, (1, 0, 1), strict=True):
        radio.set_value(right).run()
    assert view_of(app).answered == (7, 8, 9)
    first.cache_clear()


def test_position_is_switched_off_for_both_orders(minilm: LoadedModel) -> None:
    app = first()
    found = swapped(minilm, "the dog bites the man", "the man bites the dog").differs.max(axis=1)
    assert app.metric[0].value == f"{found[0]:.3f}"
    assert float(app.metric[1].value) <= 1e-5
    assert "only permuted" in app.success[2].value
    assert list(table(app, "With position")["Layer"]) == list(range(1, 7))


def test_other_sentences_of_the_link_and_other_words() -> None:
    app = opened(
        "inside", text=TEXT, lessons='{"inside":{"one":"cats eat mice","other":"mice eat dogs","off":"same"}}'
    )
    assert [each.value for each in app.text_input] == ["cats eat mice", "mice eat dogs"]
    assert "cats, dogs" in app.error[0].value
    assert len(app.radio) == 3
    assert "How long is their sum?" in app.radio[2].label
    press(app, "the dog bites the man")
    assert not app.error
    assert app.metric[1].value.endswith(("e-06", "e-07"))


def test_another_token_and_key_of_the_link() -> None:
    app = opened("inside", text=TEXT, show='{"tokens":[2]}', lessons='{"inside":{"key":1}}')
    assert "` cat ` is the query." in written(app)
    assert "**Written out for ` The `:**" in written(app) or "**Written out for ` the `:**" in written(app)
    app = opened("inside", text=TEXT, show='{"tokens":[4000]}', lessons='{"inside":{"key":4000}}')
    assert not app.error
    assert "Written out for" in written(app)


@pytest.fixture
def local(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("models")
    monkeypatch.setenv("ATTENTION_ATLAS_LOCAL_MODELS", str(folder))
    settings.cache_clear()
    residents.clear()
    return folder


@pytest.mark.parametrize(
    ("name", "says", "left"),
    [
        (
            "llama",
            ("rotary embedding", "2 heads share one set", "Some keys are hidden"),
            "tells the order, even",
        ),
        ("mpnet", ("a learned number for the distance",), "only permuted"),
        ("gpt2", ("Some keys are hidden",), "tells the order, even"),
        ("qwen2", ("rotary embedding",), "tells the order, even"),
        ("opt", ("Some keys are hidden",), "tells the order, even"),
        ("bart", (), "only permuted"),
        ("modernbert", ("rotary embedding",), ""),
    ],
)
def test_what_other_families_do_besides_is_said(
    name: str, says: tuple[str, ...], left: str, local: Path
) -> None:
    made_for(name, local / name)
    app = opened("inside", model=f"local:{name}", text=TEXT, layer="2", head="2")
    assert not app.error
    said = "\n".join([written(app), *(each.value for each in app.success)])
    for each in (*says, left, "Equal to the model's"):
        assert each in said
    residents.clear()


def test_of_cross_attention_the_decoder_asks(local: Path) -> None:
    made_for("t5", local / "t5")
    app = opened("inside", model="local:t5", text=TEXT, target="It did.", show='{"kind":"cross"}')
    assert not app.error
    assert "does not divide by" in written(app)
    steps = table(app, "q · k")
    np.testing.assert_allclose(steps["Weight"], steps["The model's"], atol=1e-5)
    residents.clear()


def test_a_model_that_cannot_be_computed_again_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_anything: object) -> None:
        raise ModelRefused("The scores of {model} are not known.", model="this")

    monkeypatch.setattr("viz.ui.lessons.inside.inside_subject.inside", refuse)
    app = opened("inside", text="Nothing to compute.")
    assert app.error[0].value == "The scores of ` this ` are not known."
    assert pictures(app) == 0


@pytest.mark.parametrize("text", [HOSTILE[0], HOSTILE[2]])
def test_hostile_text_is_shown_and_raises_nothing(text: str) -> None:
    app = opened("inside", text="See: " + text)
    assert not app.error
    assert pictures(app) == 6
    assert text not in written(app)


def test_no_text_is_a_hint() -> None:
    app = opened("inside", text=" ")
    assert "Type or paste a text" in app.info[0].value
    assert pictures(app) == 0


def test_presented_there_are_no_controls() -> None:
    app = opened("inside", text=TEXT, present="1")
    assert not app.button
    assert not app.text_area
    assert not app.text_input
    assert pictures(app) == 6
