"""What reaches a token through the layers: every number on the page against the core's, and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from streamlit.testing.v1 import AppTest

from tests.apps import view_of
from tests.metrics.test_even_share import words
from tests.pages.opening import opened, pictures, written
from tests.pages.test_app import HOSTILE
from tests.tiny import made_for
from viz.attention import AttentionMap, attend
from viz.attention.merging import view_map
from viz.inputs.examples import FIRST
from viz.metrics.rollout_and_flow import attention_flow, mask_rollout, rollout
from viz.models import LoadedModel, load_model
from viz.models.settings import settings
from viz.ui.pages.flow import flow_numbers
from viz.ui.pages.flow.flow_words import of_reached
from viz.ui.progress.shared_results import residents
from viz.ui.wording.plain_text import code_span

pytestmark = pytest.mark.slow

IT = '{"tokens":[10]}'
LONG = "All work and no play makes Jack a dull boy. " * 12  # 134 tokens
SHARES = ["Rollout", "Attention flow", "Raw attention"]


@pytest.fixture
def found(minilm: LoadedModel) -> AttentionMap:
    return attend(minilm, FIRST.text).encoder


def numbers(app: AppTest) -> pd.DataFrame:
    """The table of the methods, by the tokens' names; shares from 0 to 1."""
    table: pd.DataFrame = app.dataframe[0].value.set_index("Token")
    shares = [name for name in SHARES if name in table.columns]
    return table.assign(**{name: table[name] / 100 for name in shares})


def finished(app: AppTest) -> AppTest:
    """The page once what it computes beside itself is there."""
    for _look in range(200):
        if "Computing the attention flow to every token" not in written(app):
            return app
        app.run()
    raise AssertionError("the flow to every token never came")


def expected(found: AttentionMap, values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=found.keys.labels)


def same(table: pd.Series, values: pd.Series) -> None:
    pd.testing.assert_series_equal(
        table.sort_index(), values.sort_index(), check_names=False, check_dtype=False, atol=2e-6, rtol=0
    )


def test_the_first_visit_tells_what_has_reached_the_first_token(found: AttentionMap) -> None:
    app = opened("flow")
    assert not app.error
    assert pictures(app) == 3
    table, flow = numbers(app), attention_flow(found.weights, [0])[0]
    rolled = rollout(found.weights)[-1][0]
    same(table["Rollout"], expected(found, rolled))
    same(table["Max. flow"], expected(found, flow))
    same(table["Attention flow"], expected(found, flow / flow.sum()))
    same(table["Raw attention"], expected(found, found.weights[-1, :, 0].mean(axis=0)))
    assert table["Rollout"].is_monotonic_decreasing
    said = written(app)
    assert "What has reached ` [CLS] ` after layer 6" in said
    assert f"{rolled[0]:.1%} of what ` [CLS] ` holds" in said
    assert f"{rolled[-1]:.1%} comes from special tokens other than itself" in said


def test_a_token_and_a_layer_of_the_link_are_what_every_number_is_of(found: AttentionMap) -> None:
    app = opened("flow", show=IT, depth="2")
    table, flow = numbers(app), attention_flow(found.weights[:2], [10])[0]
    same(table["Rollout"], expected(found, rollout(found.weights)[1][10]))
    same(table["Max. flow"], expected(found, flow))
    same(table["Raw attention"], expected(found, found.weights[1, :, 10].mean(axis=0)))
    assert "What has reached ` it ` after layer 2" in written(app)
    layers = app.dataframe[1].value
    for at, row in enumerate(rollout(found.weights)[:, 10]):
        assert layers["Most"].iloc[at] == f"{found.keys.labels[int(row.argmax())]}  {row.max():.1%}"


def test_the_methods_are_ranked_against_each_other(found: AttentionMap) -> None:
    rolled, flow = rollout(found.weights)[1][10], attention_flow(found.weights[:2], [10])[0]
    raw = found.weights[1, :, 10].mean(axis=0)
    said = written(opened("flow", show=IT, depth="2"))
    assert f"Rollout and Attention flow {spearmanr(rolled, flow).statistic:.2f}" in said
    assert f"Rollout and Raw attention {spearmanr(rolled, raw).statistic:.2f}" in said
    assert f"Attention flow and Raw attention {spearmanr(flow, raw).statistic:.2f}" in said


def test_before_the_layer_of_the_chosen_head_no_token_has_anything_of_another() -> None:
    app = opened("flow", through="chosen", depth="2", show='{"heads":[[3,1]]}')
    assert "Nothing: no token has anything of another one." in [each.value for each in app.caption]
    assert all(len(each.value) for each in app.dataframe)


def test_chosen_heads_alone_are_followed(found: AttentionMap) -> None:
    heads = [(0, 1), (2, 3), (5, 3)]
    app = opened("flow", through="chosen", depth="3", show='{"heads":[[0,1],[5,3],[2,3]]}')
    assert not app.error
    table = numbers(app)
    same(table["Rollout"], expected(found, rollout(found.weights, heads)[2][0]))
    same(table["Max. flow"], expected(found, attention_flow(found.weights[:3], [0], heads[:2])[0]))
    same(table["Raw attention"], expected(found, found.weights[2, 3, 0]))
    assert "through Layer 1 · Head 2, Layer 3 · Head 4, Layer 6 · Head 4" in written(app)

    app.slider(key="w_depth").set_value(2).run()
    assert "Raw attention" not in numbers(app)
    assert "No head is selected in layer 2" in written(app)
    app.multiselect(key="w_flow_heads_en").set_value([(1, 0)]).run()
    assert view_of(app).switches.heads == ((1, 0),)
    same(numbers(app)["Raw attention"], expected(found, found.weights[1, 0, 0]))


def test_the_head_in_hand_is_followed_where_none_is_chosen(found: AttentionMap) -> None:
    app = opened("flow", layer="2", head="5")
    app.segmented_control(key="w_through").set_value("chosen").run()
    assert app.multiselect(key="w_flow_heads_en").value == [(1, 4)]
    same(numbers(app)["Rollout"], expected(found, rollout(found.weights, [(1, 4)])[-1][0]))


def test_words_add_up_the_rollout_of_their_tokens_and_have_no_flow(minilm: LoadedModel) -> None:
    whole = attend(minilm, "Embeddings help.").encoder
    rolled = rollout(whole.weights)[-1]
    pieces = len(whole.keys) - 4  # but [CLS], "help", "." and [SEP]
    app = opened("flow", text="Embeddings help.", show='{"unit":"words","tokens":[2]}', flow="flow")
    assert not app.error
    table = numbers(app)
    assert list(table.columns) == ["Rollout", "Raw attention"]
    rows = rolled[1 : 1 + pieces].mean(axis=0)
    assert table["Rollout"]["Embeddings"] == pytest.approx(rows[1 : 1 + pieces].sum(), abs=1e-6)
    assert table["Rollout"]["[SEP]"] == pytest.approx(rows[-1], abs=1e-6)
    assert app.segmented_control(key="w_flow").options == ["Rollout", "Raw attention", "Side by side"]
    assert "the largest flow to a word is not the sum" in written(app)


def test_hidden_special_tokens_are_counted_and_the_rest_is_scaled_only_when_asked(
    found: AttentionMap,
) -> None:
    rolled = rollout(found.weights)[-1][10]
    flow = attention_flow(found.weights, [10])[0]
    app = opened("flow", specials="0", show=IT)
    table = numbers(app)
    assert not {"[CLS]", "[SEP]"} & set(table.index)
    same(table["Rollout"], expected(found, rolled).drop(["[CLS]", "[SEP]"]))
    same(table["Attention flow"], expected(found, flow / flow.sum()).drop(["[CLS]", "[SEP]"]))
    assert f"{rolled[0] + rolled[-1]:.1%} of the rollout lies with special tokens" in written(app)
    app.toggle(key="w_renormalise").set_value(True).run()
    assert numbers(app)[SHARES].sum().tolist() == pytest.approx([1, 1, 1], abs=1e-5)
    same(numbers(app)["Max. flow"], expected(found, flow).drop(["[CLS]", "[SEP]"]))
    assert "scaled to 1" in written(app)


def test_with_special_tokens_hidden_the_first_word_is_asked_about() -> None:
    assert "What has reached ` the₂ `" in written(opened("flow", specials="0", show='{"tokens":[0]}'))


def test_what_is_chosen_goes_to_the_link() -> None:
    app = opened("flow")
    app.slider(key="w_depth").set_value(4).run()
    app.segmented_control(key="w_flow").set_value("raw").run()
    app.toggle(key="w_flow_stretch").set_value(True).run()
    now = view_of(app)
    assert (now.depth, now.flow, now.stretch) == (4, "raw", True)
    app.slider(key="w_depth").set_value(6).run()
    assert view_of(app).depth == 0


def test_the_map_is_of_the_chosen_method(found: AttentionMap) -> None:
    whole = {
        "raw": found.weights[-1].mean(axis=0),
        "rollout": rollout(found.weights)[-1],
        "flow": attention_flow(found.weights),
    }
    for method, values in whole.items():
        app = finished(opened("flow", flow=method))
        assert pictures(app) == 3
        table = app.dataframe[2].value.set_index("Token")
        assert len(table) == len(found.keys)
        others = values.copy()
        np.fill_diagonal(others, -1)
        others[:, [0, -1]] = -1
        for at, label in enumerate(found.keys.labels):
            assert table["Most from"][label] == found.keys.labels[int(others[at].argmax())]
            assert table.iloc[at, 1] == pytest.approx(others[at].max(), abs=1e-6)
            assert table["Itself"][label] == pytest.approx(values[at, at], abs=1e-6)


def test_all_methods_beside_each_other() -> None:
    assert pictures(finished(opened("flow", flow="beside"))) == 5
    assert pictures(opened("flow", flow="beside", show='{"unit":"words"}')) == 4


def test_a_long_flow_begins_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_numbers, "_QUICK", 0)
    app = opened("flow", flow="flow", text="It takes long.")
    (button,) = [each for each in app.button if each.label.startswith("Compute the attention flow")]
    assert "about 1 second" in button.label
    assert "Maximum flow" not in app.dataframe[2].value
    finished(button.click().run())
    assert not app.exception
    assert "Maximum flow" in app.dataframe[2].value
    assert not [each for each in app.button if each.label.startswith("Compute the attention flow")]


def test_a_text_too_long_for_the_flow_keeps_its_rollout(minilm: LoadedModel) -> None:
    whole = attend(minilm, LONG).encoder
    app = opened("flow", text=LONG, flow="flow")
    assert not app.error
    assert f"The text has {len(whole.keys)} tokens; attention flow is computed for at most 128" in written(
        app
    )
    table = numbers(app)
    assert list(table.columns) == ["Rollout", "Raw attention"]
    same(table["Rollout"], expected(whole, rollout(whole.weights)[-1][0]))
    assert pictures(app) == 3


def test_it_is_said_where_all_tokens_have_become_the_same() -> None:
    assert "So by now rollout says almost the same" in written(opened("flow"))
    assert "So by now rollout says almost the same" not in written(opened("flow", depth="1"))


def test_presented_there_are_no_controls() -> None:
    app = opened("flow", present="1")
    assert pictures(app) == 3
    for kind in ("segmented_control", "toggle", "slider", "multiselect", "button", "expander"):
        assert not app.get(kind), kind


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_raises_nothing(text: str) -> None:
    app = opened("flow", text="See: " + text)
    assert not app.error
    assert pictures(app) == 3
    assert text not in written(app)


def test_no_text_is_a_hint() -> None:
    app = opened("flow", text=" ")
    assert "Type or paste a text" in app.info[0].value
    assert pictures(app) == 0


def test_a_token_that_is_not_there_is_no_error() -> None:
    app = opened("flow", show='{"tokens":[4000],"heads":[[200,200]]}', through="chosen")
    assert not app.error
    assert "What has reached ` [CLS] `" in written(app)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("models")
    for family in ("t5", "gpt2"):
        made_for(family, found / family)
    return found


@pytest.fixture
def local(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ATTENTION_ATLAS_LOCAL_MODELS", str(folder))
    settings.cache_clear()
    residents.clear()
    yield
    settings.cache_clear()
    residents.clear()


def test_through_cross_attention_nothing_flows_and_it_is_said(local: None) -> None:
    text, target = "The cat sat on the mat.", "It did not go."
    result = attend(load_model("local:t5"), text, None, target)
    app = opened("flow", model="local:t5", text=text, target=target, show='{"kind":"cross"}')
    assert not app.error
    assert "from layer to layer there is no way" in written(app)
    assert app.segmented_control(key="w_kind").options == ["Encoder", "Decoder"]
    same(numbers(app)["Rollout"], expected(result.encoder, rollout(result.encoder.weights)[-1][0]))
    app.segmented_control(key="w_kind").set_value("decoder").run()
    assert "is not counted here" in written(app)
    same(numbers(app)["Rollout"], expected(result.decoder, rollout(result.decoder.weights)[-1][-1]))


def test_to_a_decoders_token_nothing_comes_from_later_ones(local: None) -> None:
    text = "The cat sat on the mat."
    only = attend(load_model("local:gpt2"), text).decoder
    last = len(only.keys) - 1
    assert f"What has reached ` {only.keys.labels[last].strip()} `" in written(
        opened("flow", model="local:gpt2", text=text)
    )
    table = numbers(opened("flow", model="local:gpt2", text=text, show='{"tokens":[2]}'))
    later = table.loc[only.keys.labels[3:]]
    assert not later.to_numpy().any()
    assert (table.loc[only.keys.labels[:3], "Rollout"] > 0).all()


def test_beside_a_decoders_rollout_stands_that_of_its_mask(local: None) -> None:
    text = "The cat sat on the mat."
    only = attend(load_model("local:gpt2"), text).decoder
    rolled, mask = rollout(only.weights)[-1], mask_rollout(only)[-1]
    app = opened("flow", model="local:gpt2", text=text)
    table = app.dataframe[0].value.set_index("Token")
    assert list(table.columns[:2]) == ["Rollout", "Mask alone"]
    same(table["Mask alone"] / 100, expected(only, mask[-1]))
    said, labels = written(app), [code_span(label) for label in only.keys.labels]
    assert "But a decoder's first tokens have most whatever its heads do" in said
    assert f"the most would come from {labels[0]} ({mask[-1, 0]:.1%})" in said
    best = int((rolled - mask)[-1, :-1].argmax())
    if rolled[-1, best] - mask[-1, best] >= 0.0005:
        beyond = f"{labels[best]} ({rolled[-1, best]:.1%}, by the mask alone {mask[-1, best]:.1%})"
        assert f"Most beyond that comes from {beyond}" in said
    every = app.dataframe[2].value.set_index("Token")
    for at, label in enumerate(only.keys.labels[1:], start=1):
        others = np.delete(rolled[at], at)
        key = int(others.argmax()) + int(others.argmax() >= at)
        assert every["Mask alone"][label] == pytest.approx(mask[at, key], abs=1e-6)
    assert "By the mask alone it would be" in said
    assert "Mask alone" not in opened("flow").dataframe[0].value


@pytest.mark.usefixtures("english")
def test_of_a_uniform_causal_map_nothing_is_said_to_stand_out() -> None:
    count = 7
    rows = np.tri(count) / np.arange(1, count + 1)[:, None]
    weights = np.broadcast_to(rows, (6, 2, count, count)).astype(np.float32)
    uniform = words(count)
    uniform = AttentionMap("decoder", weights, uniform.queries, uniform.keys)
    rolled, mask = rollout(weights)[-1], mask_rollout(uniform)[-1]
    seen = view_map(AttentionMap("decoder", rolled[None, None], uniform.queries, uniform.keys))
    sentences = of_reached(seen, count - 1, {"rollout": rolled[-1]}, 6, mask[-1])
    assert "the most would come from ` w0 ` (55.5%), ` w1 ` (18.4%), ` w2 ` (9.8%)" in sentences[-1]
    assert sentences[-1].endswith("No other token has more than that.")
