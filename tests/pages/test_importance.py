"""Which heads matter: what the page shows is what the room of importance computes, and it is all in the link."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import spearmanr
from streamlit.testing.v1 import AppTest

from tests.apps import press, view_of
from tests.pages.opening import opened, pictures, written
from tests.pages.test_app import HOSTILE
from tests.tiny import made_for
from viz.attention import attend
from viz.errors import ModelRefused
from viz.metrics.rollout_and_flow import rollout
from viz.models import LoadedModel, load_model
from viz.models.settings import settings
from viz.studies.corpus.sample_sentences import ENGLISH
from viz.studies.importance import (
    ablate,
    attribute,
    importance_by_ablation,
    importance_by_gradient,
    importance_by_masked_loss,
    least_first,
    predictions,
    pruning_curve,
)
from viz.ui.progress.shared_results import residents

pytestmark = pytest.mark.slow

TEXT = "The cat sat on it."
LAST_LAYER = tuple((5, head) for head in range(12))


def finished(app: AppTest) -> AppTest:
    """The page once nothing is on its way any more."""
    for _attempt in range(300):
        if not app.get("progress"):
            assert not app.exception
            return app
        time.sleep(0.1)
        app.run()
    raise AssertionError("The page never came to an end")


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The first table that has this column."""
    found: pd.DataFrame = next(each.value for each in app.dataframe if column in each.value.columns)
    return found


def test_every_head_is_measured_with_no_click(minilm: LoadedModel) -> None:
    app = finished(opened("importance", text=TEXT))
    assert app.title[0].value == "Which heads matter?"
    assert not app.error
    assert not app.warning
    assert pictures(app) == 5  # by ablation, by gradient, both, pruning, sources
    assert app.metric[0].value == "1.0000"
    assert "All 72 heads are on." in written(app)

    ablation, gradient = importance_by_ablation(minilm, [TEXT]), importance_by_gradient(minilm, [TEXT])
    heads = table(app, "Left out")
    assert len(heads) == 72
    layer, head = np.unravel_index(int(ablation.argmax()), ablation.shape)
    assert heads["Head"].iloc[0] == f"Layer {layer + 1} · Head {head + 1}"
    np.testing.assert_allclose(heads["Left out"], np.sort(ablation, axis=None)[::-1], atol=1e-6)
    assert heads["Gradient"].iloc[0] == pytest.approx(float(gradient[layer, head]), abs=1e-5)
    same = spearmanr(ablation.ravel(), gradient.ravel()).statistic
    assert f"rank correlation: **{same:.2f}**" in written(app)

    curve = table(app, "Heads pruned")
    assert list(curve["Heads pruned"]) == list(range(0, 73, 6))
    expected = pruning_curve(minilm, [TEXT], least_first(ablation), range(0, 73, 6))
    np.testing.assert_allclose(curve["Left out"], expected.sentence, atol=1e-5)
    assert (curve["Lowest"] <= curve["Random"]).all()
    assert (curve["Random"] <= curve["Highest"]).all()


def test_where_the_sentence_vector_comes_from(minilm: LoadedModel) -> None:
    app = finished(opened("importance", text=TEXT))
    given, found = attribute(minilm, TEXT), attend(minilm, TEXT).encoder
    agree = table(app, "Spearman's rank correlation").set_index("Spearman's rank correlation")["This output"]
    rolled = rollout(found.weights)[-1].mean(axis=0)
    last, every = found.weights[-1].mean(axis=(0, 1)), found.weights.mean(axis=(0, 1, 2))
    for name, attention in (("rollout", rolled), (", last layer", last), (", all layers", every)):
        separator = " " if name == "rollout" else ""
        expected = spearmanr(attention, given.sentence).statistic
        assert agree[f"Attention{separator}{name}"] == pytest.approx(expected, abs=1e-6)
    shares = table(app, "Rollout")
    best = int(given.sentence.argmax())
    assert shares["Token"].iloc[0] == found.keys.labels[best]
    assert shares["Gradient"].sum() == pytest.approx(1, abs=1e-5)
    assert "**attention is not an explanation**" in written(app)


def test_a_token_of_the_link_is_asked_about(minilm: LoadedModel) -> None:
    app = finished(opened("importance", text=TEXT, show='{"tokens":[2]}'))
    assert "Where does the output of ` cat ` come from?" in written(app)
    given = attribute(minilm, TEXT).tokens[2]
    np.testing.assert_allclose(
        table(app, "Rollout")["Gradient"], np.sort(given / given.sum())[::-1], atol=1e-5
    )
    app = finished(opened("importance", text=TEXT, show='{"tokens":[4000]}'))
    assert "Where does the sentence vector come from?" in written(app)


def test_heads_of_the_link_are_off(minilm: LoadedModel) -> None:
    app = finished(opened("importance", text=TEXT, off="6.1-12"))
    expected = ablate(minilm, TEXT, disabled=LAST_LAYER)
    assert app.metric[0].value == f"{expected.sentence:.4f}"
    assert "12 of 72 heads are off." in written(app)
    assert pictures(app) == 6
    cosines = table(app, "Cosine")
    np.testing.assert_allclose(cosines["Cosine"], np.sort(expected.tokens), atol=1e-6)
    labels = expected.encoding.labels
    assert cosines["Token"].iloc[0] == labels[int(expected.tokens.argmin())]


def test_heads_are_switched_by_layers_halves_and_all(minilm: LoadedModel) -> None:
    app = finished(opened("importance", text=TEXT, layer="6", head="1"))
    assert next(each for each in app.button if each.label == "All on").disabled
    press(app, "Layer 6 off")
    assert view_of(app).off == LAST_LAYER
    press(app, "All on")
    assert view_of(app).off == ()
    order = least_first(importance_by_ablation(minilm, [TEXT]))
    press(app, "The less important half off")
    assert set(view_of(app).off) == set(order[:36])
    half = float(app.metric[0].value)
    press(app, "The 5 most important off")
    assert set(view_of(app).off) == set(order[-5:])
    assert float(app.metric[0].value) < half


def other_model() -> None:
    import streamlit as st

    from viz.ui.session import change, view

    change(off=((0, 1),))
    change(layer=2, text="Another text.")
    st.text(view().off)
    change(model="multilingual-e5-small")
    st.text(view().off)


def test_another_model_has_all_its_heads_on() -> None:
    app = AppTest.from_function(other_model).run()
    assert [each.value for each in app.text] == ["((0, 1),)", "()"]


def test_what_takes_long_waits_for_a_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.ui.pages.importance.importance_subject._FEW", 0.0)
    app = opened("importance", text="A long one, say.")
    assert not app.get("progress")
    assert pictures(app) == 0
    finished(press(app, "Measure every head"))
    assert pictures(app) == 4
    finished(press(app, "Compute gradient × input"))
    assert pictures(app) == 5
    assert "Measure every head" not in [each.label for each in app.button]


def test_sample_sentences_are_measured_on_demand(
    minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viz.ui.pages.importance.importance_subject._MOST_SAMPLES", 2)
    app = finished(opened("importance", text=TEXT, over="english"))
    assert pictures(app) == 1
    finished(press(app, "Measure every head"))
    heads = table(app, "Left out")
    expected = importance_by_ablation(minilm, ENGLISH[:2])
    np.testing.assert_allclose(heads["Left out"], np.sort(expected, axis=None)[::-1], atol=1e-6)
    finished(app.segmented_control(key="w_importance_over").set_value("text").run())
    assert view_of(app).over == "text"
    alone = importance_by_ablation(minilm, [TEXT])
    assert table(app, "Left out")["Left out"].iloc[0] == pytest.approx(float(alone.max()), abs=1e-6)


def test_a_model_whose_heads_cannot_be_found_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_anything: object) -> None:
        raise ModelRefused("The heads of {model} cannot be found.", model="this")

    monkeypatch.setattr("viz.ui.pages.importance.head_switches.ablate", refuse)
    app = finished(opened("importance", text="No heads here."))
    assert app.error[0].value == "The heads of ` this ` cannot be found."
    assert "How important is each head?" not in [each.value for each in app.header]
    assert pictures(app) == 1


def test_a_model_without_derivatives_has_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_model: object) -> None:
        raise ModelRefused("No derivatives.")

    monkeypatch.setattr("viz.ui.pages.importance.head_importance.check_derivatives", refuse)
    monkeypatch.setattr("viz.ui.pages.importance.token_sources.check_derivatives", refuse)
    app = finished(opened("importance", text="No slope here."))
    assert [each.value for each in app.error] == ["No derivatives."] * 2
    assert pictures(app) == 2
    assert "Gradient" not in table(app, "Heads pruned").columns


def test_without_a_head_for_words_it_is_said() -> None:
    assert "has no masked-language head" in written(finished(opened("importance", text=TEXT)))


@pytest.fixture
def local(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("models")
    monkeypatch.setenv("ATTENTION_ATLAS_LOCAL_MODELS", str(folder))
    settings.cache_clear()
    residents.clear()
    yield folder
    settings.cache_clear()
    residents.clear()


def test_a_masked_word_is_predicted_with_and_without_heads(local: Path) -> None:
    from transformers import BertForMaskedLM

    folder = made_for("bert", local / "bert")
    torch.manual_seed(5)
    network = BertForMaskedLM(BertForMaskedLM.config_class.from_pretrained(folder))
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() > 1:
                parameter.normal_(std=0.25)
    network.save_pretrained(folder)

    model = load_model("local:bert")
    for token, off in ((None, ()), (2, ((0, 1), (1, 0), (1, 1)))):
        link = {"off": "1.2_2.1-2", "show": f'{{"tokens":[{token}]}}'} if off else {}
        app = finished(opened("importance", model="local:bert", text=TEXT, **link))
        assert not app.error
        assert not app.warning
        labels = attend(model, TEXT).encoder.keys.labels
        at = token or 1  # "The" is the first of the longest
        expected = predictions(model, model.predictor, TEXT, at, off)
        rows = table(app, "Some off").set_index("Token")
        for each in (*expected.before, *expected.after, expected.actual):
            shown = rows.loc[[each.label]].iloc[0]
            assert shown["All heads"] == pytest.approx(each.before, abs=1e-6)
            assert shown["Some off"] == pytest.approx(each.after, abs=1e-6)
        assert f"` {labels[at]} ` is masked." in written(app)
        heads = table(app, "Left out")
        slopes = importance_by_masked_loss(model, model.predictor, [TEXT])
        np.testing.assert_allclose(np.sort(heads["Gradient"]), np.sort(slopes, axis=None), atol=1e-5)
        assert (rows["All heads"] != rows["Some off"]).any() == bool(off)


def test_of_two_stacks_it_is_the_encoders(local: Path) -> None:
    made_for("t5", local / "t5")
    app = finished(
        opened(
            "importance", model="local:t5", text=TEXT, target="It did.", show='{"kind":"cross"}', off="1.1"
        )
    )
    assert not app.error
    assert "the encoder's heads are switched off" in written(app)
    assert "1 of 8 heads is off." in written(app)
    assert len(table(app, "Left out")) == 8


@pytest.mark.parametrize("text", [HOSTILE[0], HOSTILE[2]])
def test_hostile_text_is_shown_and_raises_nothing(text: str) -> None:
    app = finished(opened("importance", text="See: " + text, off="1.1"))
    assert not app.error
    assert pictures(app) == 6
    assert text not in written(app)


def test_presented_there_are_no_controls() -> None:
    app = finished(opened("importance", text=TEXT, present="1"))
    assert not app.button
    assert not app.text_area
    assert pictures(app) == 5


def test_no_text_is_a_hint() -> None:
    app = opened("importance", text=" ")
    assert "Type or paste a text" in app.info[0].value
    assert pictures(app) == 0
