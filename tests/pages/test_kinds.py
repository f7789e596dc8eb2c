"""Models with a decoder on the pages: which map is shown, and the text that the decoder reads."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.apps import in_english, view_of
from tests.pages.opening import opened, pictures, with_boxes_open, written
from tests.tiny import made_for
from viz.attention import attend
from viz.metrics.measures import even_map, even_share
from viz.models import LoadedModel, load_model
from viz.models.settings import settings
from viz.ui.progress.shared_results import key_of, residents
from viz.ui.wording.names import measure_names
from viz.view.state import DEFAULT

pytestmark = pytest.mark.slow

TEXT, TARGET = "The cat sat on the mat.", "It did not go."
CROSS = '{"kind":"cross"}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("models")
    for family in ("t5", "gpt2"):
        made_for(family, found / family)
    return found


@pytest.fixture(autouse=True)
def local(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ATTENTION_ATLAS_LOCAL_MODELS", str(folder))
    settings.cache_clear()
    residents.clear()
    yield
    settings.cache_clear()
    residents.clear()


@pytest.fixture
def t5(local: None) -> LoadedModel:
    return load_model("local:t5")


def test_one_map_needs_no_choice_and_no_target() -> None:
    app = opened("heads")
    assert "w_kind" not in app.session_state
    assert "w_target" not in app.session_state
    app = opened("heads", model="local:t5", text=TEXT)
    assert "w_kind" in app.session_state
    assert "w_target" in app.session_state


def test_a_chosen_kind_is_what_every_number_is_of(t5: LoadedModel) -> None:
    app = opened("tokens", model="local:t5", text=TEXT, target=TARGET, layer="3", head="1")
    result = attend(t5, TEXT, None, TARGET)
    for kind, found in (("encoder", result.encoder), ("decoder", result.decoder), ("cross", result.cross)):
        app.segmented_control(key="w_kind").set_value(kind).run()
        assert not app.exception
        assert not app.error
        now = view_of(app)
        expected = found.weights[now.layer, now.head].mean(axis=0)
        order = np.argsort(-(expected - even_share(even_map(found))), kind="stable")
        np.testing.assert_allclose(app.dataframe[0].value["Share"], expected[order], atol=1e-6)
        assert ("Even share" in app.dataframe[0].value) is (kind == "decoder")
        assert now.layer == (1 if kind == "encoder" else now.layer)
    assert "only the target text looks" in written(app)


def test_a_decoder_is_not_said_to_look_at_tokens_that_it_lacks() -> None:
    app = opened("tokens", model="local:gpt2", text=TEXT, scope="model")
    found = attend(load_model("local:gpt2"), TEXT).decoder
    expected = dict(zip(found.keys.labels, even_share(even_map(found)), strict=True))
    table = app.dataframe[0].value.set_index("Token")["Even share"]
    assert dict(table) == pytest.approx(expected, abs=1e-6)
    assert table.max() == table[found.keys.labels[0]]
    said = written(app)
    assert "In a decoder the first tokens are seen by more tokens" in said
    assert not any(
        mark in said for mark in ("[CLS]", "[SEP]", "opening token", "closing", "special tokens, `")
    )
    names = in_english(measure_names)
    assert app.selectbox(key="w_measure_en").options[:2] == [names["punctuation"], names["sink"]]


def test_places_are_measured_only_where_there_are_any() -> None:
    app = opened("tokens", model="local:t5", text=TEXT, target=TARGET, show=CROSS, measure="distance")
    assert not app.error
    names = in_english(measure_names)
    without = [names[name] for name in ("closing", "punctuation", "entropy")]
    assert app.selectbox(key="w_measure_en").options == without
    assert "places away" not in written(app)


@pytest.mark.parametrize("kind", ["encoder", "decoder", "cross"])
def test_heads_are_compared_in_each_kind(kind: str) -> None:
    app = opened("heads", model="local:t5", text=TEXT, target=TARGET, show=f'{{"kind":"{kind}"}}', layer="3")
    assert not app.error
    assert pictures(with_boxes_open(app)) == 5
    assert len(app.multiselect(key="w_heads_en").options) == (8 if kind == "encoder" else 12)


def test_an_empty_target_is_written_by_the_model_and_said_so(t5: LoadedModel) -> None:
    app = opened("tokens", model="local:t5", text=TEXT)
    assert "Written by the model (greedy generation)" in written(app)
    assert attend(t5, TEXT).generated
    app.text_area(key="w_target").set_value(TARGET).run()
    assert view_of(app).target == TARGET
    assert "Written by the model" not in written(app)


def test_two_texts_are_compared_where_places_can_be() -> None:
    app = opened("texts", model="local:t5", show=CROSS, target=TARGET)
    assert not app.error
    assert app.segmented_control(key="w_kind").options == ["Encoder", "Decoder"]
    assert app.segmented_control(key="w_kind").value == "encoder"
    app.segmented_control(key="w_kind").set_value("decoder").run()
    assert not app.exception
    assert view_of(app).switches.kind == "decoder"
    assert pictures(app) == 3


def test_a_decoder_is_compared_with_an_encoder() -> None:
    app = opened("texts", compare="models", text=TEXT, model2="local:gpt2", layer2="2", head2="4")
    assert not app.error
    assert pictures(app) == 3


def test_a_decoder_knows_no_pairs_and_says_so() -> None:
    app = opened("heads", model="local:gpt2", text=TEXT, pair="It was happy.")
    assert "knows no pairs" in written(app)
    assert not app.error
    assert "knows no pairs" not in written(opened("heads", text=TEXT, pair="It was happy."))


def test_bertviz_draws_the_chosen_kind() -> None:
    app = opened("bertviz", model="local:t5", text=TEXT, target=TARGET, show=CROSS)
    assert not app.error
    assert app.segmented_control(key="w_kind").value == "cross"


def test_pictures_of_two_kinds_or_targets_are_not_the_same(t5: LoadedModel) -> None:
    result = attend(t5, TEXT, None, TARGET)
    keys = {
        key_of(result, DEFAULT),
        key_of(result, type(DEFAULT)(target=TARGET)),
        key_of(result, type(DEFAULT)(switches=type(DEFAULT.switches)(kind="cross"))),
    }
    assert len(keys) == 3
