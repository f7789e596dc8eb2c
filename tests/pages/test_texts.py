import numpy as np
import pytest

from tests.apps import view_of
from tests.pages.opening import opened, pictures, written
from tests.pages.test_app import HOSTILE
from viz.attention import attend
from viz.inputs.examples import FIRST, PAIRS
from viz.models import LoadedModel
from viz.view.state import FIRST_OTHER

pytestmark = pytest.mark.slow


def test_the_first_visit_compares_a_minimal_pair(minilm: LoadedModel) -> None:
    app = opened("texts")
    assert not app.error
    assert not app.warning
    assert pictures(app) == 3
    assert "15 places are the same, 1 is changed." in written(app)
    table = app.dataframe[0].value
    assert "tired → wide" in set(table["Key"])
    one = attend(minilm, FIRST.text).encoder.weights[3, 1]
    other = attend(minilm, FIRST_OTHER).encoder.weights[3, 1]
    assert abs(table["Difference"].iloc[0]) == pytest.approx(float(np.abs(one - other).max()), abs=1e-5)
    np.testing.assert_allclose(table["First"] - table["Second"], table["Difference"], atol=1e-6)


@pytest.mark.parametrize("found", PAIRS, ids=lambda found: found.id)
def test_every_minimal_pair_is_like_enough_to_be_compared(found: object) -> None:
    app = opened("texts")
    app.selectbox(key="w_minimal_en").select(found.id).run()  # type: ignore[attr-defined]
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert view_of(app).other == found.right  # type: ignore[attr-defined]
    assert pictures(app) == 3


def test_texts_with_little_in_common_are_not_trusted() -> None:
    app = opened("texts", other="Nobody knows what tomorrow brings, or does somebody?")
    assert "little in common" in app.warning[0].value
    assert pictures(app) == 3


def test_what_one_text_alone_has_is_counted_and_explained() -> None:
    app = opened("texts", text="The film was good.", other="The film was not good.")
    assert "7 places are the same, 1 stands in one text alone." in written(app)
    assert "Hatched" in written(app)


def test_what_is_cut_otherwise_is_compared_as_a_whole() -> None:
    pair = next(each for each in PAIRS if each.id == "zh-pronoun")
    app = opened("texts", text=pair.left, other=pair.right, model=pair.model, layer="12", head="12")
    assert "18 places are the same, 1 is changed." in written(app)


def test_two_models_are_compared_word_by_word() -> None:
    app = opened("texts", compare="models", text="Tokenization isn't easy.", layer2="3", head2="2")
    assert not app.error
    assert pictures(app) == 3
    assert {"Tokenization", "isn't", "easy", ".", "[CLS] / <s>"} >= set(app.dataframe[0].value["Key"])
    app.number_input(key="w_layer2").set_value(12).run()
    assert view_of(app).layer2 == 11
    app.selectbox(key="w_model2_en").select("all-MiniLM-L6-v2").run()
    assert view_of(app).layer2 == 5
    assert not app.exception


def test_a_model_that_cuts_the_text_otherwise_is_not_trusted() -> None:
    app = opened("texts", compare="models", text="研究生命的起源很有意思", layer2="3")
    assert "cut this text so differently" in app.warning[0].value


def test_the_same_text_differs_nowhere() -> None:
    app = opened("texts", other=FIRST.text)
    assert "differ nowhere" in written(app)
    assert len(app.dataframe[0].value) == 0


@pytest.mark.parametrize("text", HOSTILE[:4])
def test_hostile_text_is_shown_and_raises_nothing(text: str) -> None:
    app = opened("texts", text="See: " + text, other=text + " it")
    assert not app.error
    assert pictures(app) == 3
    assert text not in written(app)


def test_a_missing_text_is_a_hint() -> None:
    app = opened("texts", other=" ")
    assert "each box above" in app.info[0].value
    assert pictures(app) == 0


def test_words_in_place_of_tokens() -> None:
    app = opened("texts", text="Embeddings help.", other="Embeddings hurt.", show='{"unit":"words"}')
    assert "Embeddings" in set(app.dataframe[0].value["Key"]) | set(app.dataframe[0].value["Query"])
    app.segmented_control(key="w_unit").set_value("tokens").run()
    assert view_of(app).switches.unit == "tokens"
    assert "Embeddings" not in set(app.dataframe[0].value["Key"])
