import numpy as np
import pytest

from tests.apps import in_english, view_of
from tests.pages.opening import opened, pictures, written
from tests.pages.test_app import HOSTILE
from viz.attention import attend
from viz.inputs.examples import FIRST
from viz.metrics.measures import measure_heads
from viz.models import LoadedModel
from viz.ui.wording.names import measure_names

pytestmark = pytest.mark.slow


def test_the_first_visit_ranks_the_tokens_of_a_head(minilm: LoadedModel) -> None:
    app = opened("tokens")
    assert not app.error
    assert pictures(app) == 4
    found = attend(minilm, FIRST.text).encoder
    table = app.dataframe[0].value
    expected = found.weights[3, 1].mean(axis=0)
    np.testing.assert_allclose(table["Share"], np.sort(expected)[::-1], atol=1e-6)
    assert table["Share"].sum() == pytest.approx(1, abs=1e-4)
    assert table["Position"].iloc[0] == int(expected.argmax()) + 1
    said = written(app)
    assert f"the opening token ` [CLS] ` {expected[0]:.1%}, the closing ` [SEP] ` {expected[-1]:.1%}" in said
    content = max(range(1, 15), key=lambda at: float(expected[at]))
    assert f"` {found.keys.labels[content]} ` receives the most attention: {expected[content]:.1%}" in said


def test_every_scope_sums_to_one_and_is_told() -> None:
    for scope, title in (("layer", "Layer 4, every head"), ("model", "All heads of the model")):
        app = opened("tokens", scope=scope)
        assert app.dataframe[0].value["Share"].sum() == pytest.approx(1, abs=1e-4)
        assert title in [each.value for each in app.header]


def test_hidden_special_tokens_are_counted_and_the_rest_is_scaled_only_when_asked(
    minilm: LoadedModel,
) -> None:
    weights = attend(minilm, FIRST.text).encoder.weights[3, 1]
    left = float(weights[1:-1, 1:-1].sum(axis=1).mean())
    app = opened("tokens", specials="0")
    assert app.dataframe[0].value["Share"].sum() == pytest.approx(left, abs=1e-4)
    assert f"give {1 - left:.1%} of their attention to special tokens" in written(app)
    app.toggle(key="w_renormalise").set_value(True).run()
    assert app.dataframe[0].value["Share"].sum() == pytest.approx(1, abs=1e-4)
    assert "scaled to 1" in written(app)
    assert view_of(app).switches.renormalise


def test_words_take_what_their_tokens_have() -> None:
    tokens = opened("tokens", text="Embeddings help.").dataframe[0].value.set_index("Token")["Share"]
    words = opened("tokens", text="Embeddings help.", show='{"unit":"words"}').dataframe[0].value
    pieces = tokens.drop(["[CLS]", "[SEP]", "help", "."])
    assert len(pieces) > 1
    assert set(words["Token"]) == {"[CLS]", "Embeddings", "help", ".", "[SEP]"}
    assert len(opened("tokens", text="Embeddings help.", show='{"unit":"words"}').dataframe[0].value) == 5


def test_a_token_of_the_link_is_asked_about(minilm: LoadedModel) -> None:
    app = opened("tokens", show='{"tokens":[10]}')
    found = attend(minilm, FIRST.text).encoder
    assert "About ` it `" in [each.value for each in app.header]
    to_it = found.weights[..., 10].mean(axis=-1)
    layer, head = np.unravel_index(int(to_it.argmax()), to_it.shape)
    heads = app.dataframe[1].value
    assert heads["Head"].iloc[0] == f"Layer {layer + 1} · Head {head + 1}"
    assert heads["Share"].iloc[0] == pytest.approx(float(to_it.max()), abs=1e-6)
    layers = app.dataframe[2].value
    for at, row in enumerate(found.weights[:, :, 10].mean(axis=1)):
        best = int(row.argmax())
        assert layers["Most"].iloc[at] == f"{found.keys.labels[best]}  {row[best]:.1%}"


@pytest.mark.parametrize("measure", ["first", "itself", "distance", "entropy"])
def test_every_head_in_one_picture(measure: str, minilm: LoadedModel) -> None:
    app = opened("tokens", measure=measure)
    values = measure_heads(attend(minilm, FIRST.text).encoder, measure)  # type: ignore[arg-type]
    table = app.dataframe[3].value
    assert len(table) == 72
    layer, head = np.unravel_index(int(values.argmax()), values.shape)
    assert table["Head"].iloc[0] == f"Layer {layer + 1} · Head {head + 1}"
    assert table.columns[1] == in_english(measure_names)[measure]  # type: ignore[index]
    number = float(values.max())
    assert table.iloc[0, 1] == (f"{number:.2f}" if measure in ("distance", "entropy") else f"{number:.1%}")


def test_the_measure_goes_to_the_link() -> None:
    app = opened("tokens")
    app.selectbox(key="w_measure_en").select("entropy").run()
    assert view_of(app).measure == "entropy"


def test_a_token_that_is_not_there_is_no_error() -> None:
    app = opened("tokens", show='{"tokens":[4000]}')
    assert not app.error
    assert pictures(app) == 4
    app = opened("tokens", show='{"tokens":[0]}', specials="0")
    assert "About ` [CLS] `" not in [each.value for each in app.header]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_raises_nothing(text: str) -> None:
    app = opened("tokens", text="See: " + text)
    assert not app.error
    assert pictures(app) == 4
    assert text not in written(app)


def test_no_text_is_a_hint() -> None:
    app = opened("tokens", text=" ")
    assert "Type or paste a text" in app.info[0].value
    assert pictures(app) == 0
