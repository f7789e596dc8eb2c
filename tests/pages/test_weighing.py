"""Attention times the norms of the values on the pages that show weights: what is shown, said and refused."""

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import in_english, view_of
from tests.components import scrolled
from tests.pages import test_app
from tests.pages.opening import opened as opened_alone
from tests.pages.opening import pictures, written
from tests.pictures.explorer.messages import header_of
from viz.attention import AttentionResult, attend
from viz.attention.norms import as_norms
from viz.inputs.examples import FIRST
from viz.metrics.similarity import js_distance
from viz.models import LoadedModel
from viz.ui.exhibits.downloads import captioned
from viz.ui.progress.shared_results import key_of
from viz.ui.wording.names import stem
from viz.view.state import DEFAULT, FIRST_OTHER

pytestmark = pytest.mark.slow

PAGES = ("explore", "heads", "texts", "tokens")
EVERY_PAGE = pytest.mark.parametrize("page", PAGES)
LAYER, HEAD = FIRST.layer, FIRST.head


@pytest.fixture(scope="module")
def norms(minilm: LoadedModel) -> AttentionResult:
    return as_norms(minilm, attend(minilm, FIRST.text))


@pytest.fixture(scope="module")
def shares(norms: AttentionResult) -> np.ndarray:
    """The lengths with each row scaled to 1, written anew."""
    weights = norms.encoder.weights.astype(float)
    found: np.ndarray = weights / weights.sum(axis=-1, keepdims=True)
    return found


def opened(page: str, **params: str) -> AppTest:
    """A page; the first one, which links to others, with the app around it, and scrolled down."""
    if page != "explore":
        return opened_alone(page, **params)
    app = test_app.opened(**params)
    return app if "present" in params else scrolled(app)


def header(app: AppTest) -> dict[str, Any]:
    """The header of what the explorer is sent."""
    protos = [each.proto for each in app.main if each.type == "bidi_component"]
    (sent,) = [proto.bytes for proto in protos if proto.WhichOneof("data") == "bytes"]
    return header_of(sent)


@EVERY_PAGE
def test_the_switch_changes_the_view_and_says_what_is_shown(page: str) -> None:
    app = opened(page)
    assert "Kobayashi" not in written(app)
    drawn = pictures(app)
    app.segmented_control(key="w_weigh").set_value("norm").run()
    assert not app.exception
    assert not app.error
    assert view_of(app).weigh == "norm"
    assert "length of the vector that each key adds to a query" in written(app)
    assert "‖α f(x)‖" in written(app)
    assert pictures(app) == drawn
    app.segmented_control(key="w_weigh").set_value("attention").run()
    assert "Kobayashi" not in written(app)
    assert view_of(app).weigh == "attention"


@EVERY_PAGE
def test_presented_there_is_no_switch_but_it_is_said_what_is_shown(page: str) -> None:
    app = opened(page, weigh="norm", present="1")
    assert "w_weigh" not in app.session_state
    assert "length of the vector that each key adds to a query" in written(app)
    assert not app.expander


def test_the_explorer_is_sent_the_lengths(norms: AttentionResult) -> None:
    (sent,) = header(opened("explore", weigh="norm"))["maps"]
    assert (sent["quantity"], sent["decimals"]) == ("norm", 4)
    assert sent["top"] == pytest.approx(float(norms.encoder.weights.max()))
    (weights,) = header(opened("explore"))["maps"]
    assert (weights["quantity"], weights["top"]) == ("attention", 1)


def test_the_tables_of_the_first_page_are_of_the_lengths(norms: AttentionResult, shares: np.ndarray) -> None:
    app = opened("explore", weigh="norm")
    table = app.dataframe[0].value
    expected = shares[LAYER, HEAD].mean(axis=0)
    np.testing.assert_allclose(table["Share"], np.sort(expected)[::-1], atol=1e-5)
    assert "scaled to sum to 1" in written(app)
    app.toggle(key="w_numbers").set_value(True).run()
    numbers = app.dataframe[0].value
    np.testing.assert_allclose(numbers.to_numpy(), norms.encoder.weights[LAYER, HEAD], atol=1e-6)
    hidden = opened("explore", weigh="norm", specials="0")
    assert f"bring {expected[0] + expected[-1]:.1%} of the length" in written(hidden)


def test_differences_of_heads_are_those_of_the_lengths(norms: AttentionResult, shares: np.ndarray) -> None:
    app = opened("heads", weigh="norm")
    first, second = (LAYER, HEAD), (LAYER, HEAD + 1)
    one, other = norms.encoder.weights[first], norms.encoder.weights[second]
    found = app.dataframe[0].value
    query, key = np.unravel_index(np.abs(one - other).argmax(), one.shape)
    assert found["First"].iloc[0] == pytest.approx(float(one[query, key]), abs=1e-5)
    assert found["Second"].iloc[0] == pytest.approx(float(other[query, key]), abs=1e-5)
    moved = np.abs(shares[first] - shares[second]).sum(axis=-1).mean() / 2
    assert f"On average {moved:.1%} of what a token takes" in written(app)
    assert "The largest difference: ` it ` takes a length of" in written(app)
    distances = js_distance(shares.astype(np.float32))[LAYER * 12 + HEAD]
    table = app.dataframe[1].value
    np.testing.assert_allclose(table["Distance"], np.sort(distances)[1:9], atol=1e-3)


def test_two_texts_are_compared_by_their_lengths(minilm: LoadedModel, norms: AttentionResult) -> None:
    other = as_norms(minilm, attend(minilm, FIRST_OTHER)).encoder.weights[LAYER, HEAD]
    one = norms.encoder.weights[LAYER, HEAD]
    found = opened("texts", weigh="norm").dataframe[0].value
    query, key = np.unravel_index(np.abs(one - other).argmax(), one.shape)
    assert found["Difference"].iloc[0] == pytest.approx(float(one[query, key] - other[query, key]), abs=1e-5)


def test_two_models_are_compared_by_attention_alone() -> None:
    app = opened("texts", weigh="norm", compare="models")
    assert not app.error
    assert "units of their own" in written(app)
    assert "w_weigh" not in app.session_state
    weights = opened("texts", compare="models")
    assert "units of their own" not in written(weights)
    assert app.dataframe[0].value.equals(weights.dataframe[0].value)


def test_the_ranking_is_of_shares_and_words_are_not_offered(shares: np.ndarray) -> None:
    app = opened("tokens", weigh="norm", show=json.dumps({"unit": "words"}), measure="entropy")
    assert not app.error
    expected = shares[LAYER, HEAD].mean(axis=0)
    np.testing.assert_allclose(app.dataframe[0].value["Share"], np.sort(expected)[::-1], atol=1e-5)
    assert "w_unit" not in app.session_state
    said = written(app)
    assert "Words are not shown" in said
    assert f"Where the length comes from: the opening token ` [CLS] ` {expected[0]:.1%}, " in said
    assert "receives the most attention" not in said
    assert "Entropy (nats)" not in app.selectbox(key="w_measure_en").options
    assert view_of(app).switches.unit == "words"


def test_special_tokens_are_looked_at_more_than_they_bring() -> None:
    """What the two views are for, on the first example: over all heads of the model."""
    tables = [
        opened("tokens", scope="model", **given).dataframe[0].value for given in ({}, {"weigh": "norm"})
    ]
    looked, brought = (float(table.set_index("Token")["Share"][["[CLS]", "[SEP]"]].sum()) for table in tables)
    assert looked > 3 * brought


def whole_layer() -> None:
    from viz.ui.pages.explore import printed_maps
    from viz.ui.progress.result import analysed
    from viz.ui.session import view
    from viz.ui.widgets import view_switches

    result = analysed()
    assert result is not None
    (result,) = view_switches.weighed(result)
    printed_maps.layer_lengths(result, view())


def test_a_whole_layer_is_shown_where_lengths_are() -> None:
    app = AppTest.from_function(whole_layer, default_timeout=120).run()
    assert not app.exception
    assert pictures(app) == 0
    app.segmented_control(key="w_weigh").set_value("norm").run()
    assert not app.exception
    assert pictures(app) == 1
    assert "less than the sum of their lengths" in written(app)


def test_files_and_captions_say_what_they_show(minilm: LoadedModel, norms: AttentionResult) -> None:
    weights = attend(minilm, FIRST.text)
    assert (stem(weights), stem(norms)) == ("all-MiniLM-L6-v2", "all-MiniLM-L6-v2-norm")
    captions = in_english(lambda: [captioned(each, DEFAULT, "Layer 1") for each in (weights, norms)])
    assert "norm" not in captions[0]
    assert "· Attention × value norm · Layer 1 ·" in captions[1]
    assert key_of(weights, DEFAULT) != key_of(norms, DEFAULT)


def test_where_the_values_are_not_known_attention_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.models.families.projections._PATHS", {})
    app = opened("tokens", weigh="norm", text="A text that nobody has weighed.")
    assert not app.error
    assert "cannot be found" in written(app)
    assert "receives the most attention" in written(app)
    assert view_of(app).weigh == "norm"
