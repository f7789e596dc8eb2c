"""A layer computed again from its own q, k and v is what the model gave, in every family that the app reads."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.studies.importance.loaded import tiny
from viz.attention import attend
from viz.errors import MapNotFound, MetricError, ModelRefused
from viz.lessons.inside.layer_steps import asked, heads_parts, inside, telling
from viz.models import LoadedModel
from viz.models.families.family import FAMILIES

pytestmark = pytest.mark.slow

TEXT = "The cat sat on the mat. 猫坐在垫子上。"
EXTRAS = {
    "mpnet": {"distance"},
    "t5": {"distance", "unscaled"},
    "deberta": {"disentangled"},
    "deberta-v2": {"disentangled"},
    "roformer": {"turned"},
    "modernbert": {"turned", "hidden"},
    "gpt2": {"hidden"},
    "gpt_neo": {"hidden", "unscaled"},
    "bloom": {"slope", "hidden"},
    "llama": {"turned", "hidden", "shared"},
    "qwen3": {"normed", "turned", "hidden", "shared"},
}


def check(model: LoadedModel, text: str = TEXT) -> None:
    result = attend(model, text, target="le chat dort")
    for kind in model.card.kinds:
        layers, heads = model.card.shape(kind)
        theirs = result.map(kind).weights
        for layer in sorted({0, layers - 1}):
            found = inside(model, result, kind, layer)
            assert found.weights_off <= 1e-5
            every = [
                [asked(found, head, at).weights for at in range(theirs.shape[2])] for head in range(heads)
            ]
            np.testing.assert_allclose(every, theirs[layer], atol=1e-5)
            query = theirs.shape[2] - 2
            one = asked(found, heads - 1, query)
            np.testing.assert_allclose(one.weights, theirs[layer, -1, query], atol=1e-5)
            np.testing.assert_allclose(one.raw, one.keys @ one.query, rtol=1e-4, atol=1e-5)
            np.testing.assert_allclose(one.scaled, one.raw * found.factor, rtol=1e-5, atol=1e-6)
            np.testing.assert_allclose(one.out, theirs[layer, -1, query] @ one.values, atol=1e-5)
            np.testing.assert_allclose(one.out, found.joined[query, -one.out.size :], atol=1e-5)
            added = heads_parts(model, found, query)
            assert added.shape == (heads, found.output.shape[1])
            whole = added.sum(axis=0) + (0 if found.bias is None else found.bias)
            np.testing.assert_allclose(whole, found.output[query], atol=1e-5 * max(1, np.abs(whole).max()))
            for array in (found.queries, one.products, added):
                assert array.dtype == np.float32
                assert not array.flags.writeable


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_is_computed_again_to_1e_5(name: str, tmp_path: Path) -> None:
    model = tiny(name, tmp_path)
    check(model)
    if name in EXTRAS:
        layer = model.card.layers - 1
        found = inside(model, attend(model, TEXT), model.card.kinds[0], layer)
        assert set(found.extras) == EXTRAS[name]


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_the_embedded_models_are_computed_again_to_1e_5(name: str, request: pytest.FixtureRequest) -> None:
    check(request.getfixturevalue(name))


def test_the_steps_are_those_of_the_paper_written_out(minilm: LoadedModel) -> None:
    """From the hidden states and the matrices by their names, with none of the app's own code."""
    result = attend(minilm, TEXT)
    layer, head, query, dim = 3, 5, 2, 32
    state = {name: value.double().numpy() for name, value in minilm.model.state_dict().items()}
    with torch.inference_mode():
        x = minilm.model(torch.tensor([result.encoder.queries.ids]), output_hidden_states=True).hidden_states[
            layer
        ]
    x = x[0].double().numpy()
    rows = slice(head * dim, head * dim + dim)
    q, k, v = (
        x @ state[f"encoder.layer.{layer}.attention.self.{name}.weight"][rows].T
        + state[f"encoder.layer.{layer}.attention.self.{name}.bias"][rows]
        for name in ("query", "key", "value")
    )
    scores = q[query] @ k.T / np.sqrt(dim)
    weights = np.exp(scores) / np.exp(scores).sum()
    found = inside(minilm, result, "encoder", layer)
    one = asked(found, head, query)
    assert found.extras == ()
    assert found.before is None
    for mine, theirs in (
        (one.query, q[query]),
        (one.keys, k),
        (one.products, q[query] * k),
        (one.scores, scores),
        (one.weights, weights),
        (one.weighted, weights[:, None] * v),
        (one.out, weights @ v),
        (
            heads_parts(minilm, found, query)[head],
            state[f"encoder.layer.{layer}.attention.output.dense.weight"][:, rows] @ (weights @ v),
        ),
    ):
        np.testing.assert_allclose(mine, theirs, atol=2e-5)


def test_what_is_hidden_has_no_weight_and_no_score(tmp_path: Path) -> None:
    model = tiny("gpt2", tmp_path)
    one = asked(inside(model, attend(model, TEXT), "decoder", 1), 0, 3)
    assert np.isneginf(one.scores[4:]).all()
    assert np.isfinite(one.scores[:4]).all()
    assert (one.weights[4:] == 0).all()
    assert one.weights.sum() == pytest.approx(1, abs=1e-6)


def test_layers_that_share_their_weights_are_told_apart(tmp_path: Path) -> None:
    model = tiny("albert", tmp_path)
    result = attend(model, TEXT)
    first, second = (inside(model, result, "encoder", layer) for layer in (0, 1))
    assert not np.allclose(first.queries, second.queries, atol=1e-2)


def test_what_does_not_come_out_as_the_models_own_is_refused(
    minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = attend(minilm, TEXT)
    monkeypatch.setattr("viz.models.families.scores._factor", lambda *_anything: 0.2)
    with pytest.raises(ModelRefused, match=r"not what .* gave: the weights differ by up to 0\.\d"):
        inside(minilm, result, "encoder", 0)


def test_heads_that_are_mixed_are_refused(tmp_path: Path) -> None:
    result = attend(tiny("deberta", tmp_path / "plain"), TEXT)
    mixed = tiny("deberta", tmp_path / "mixed", talking_head=True)
    with pytest.raises(ModelRefused, match="nothing is drawn rather than"):
        inside(mixed, result, "encoder", 0)


def test_nothing_stays_hooked_or_locked(minilm: LoadedModel) -> None:
    result = attend(minilm, TEXT)
    hooks = sum(len(module._forward_hooks) for module in minilm.model.modules())
    inside(minilm, result, "encoder", 2)
    assert sum(len(module._forward_hooks) for module in minilm.model.modules()) == hooks
    assert not minilm.lock.locked()


def test_tokens_kinds_and_heads_that_are_not_there_are_refused(minilm: LoadedModel) -> None:
    result = attend(minilm, "A cat.")
    with pytest.raises((MapNotFound, ModelRefused)):
        inside(minilm, result, "cross", 0)
    found = inside(minilm, result, "encoder", 0)
    for head, query in ((0, 99), (12, 0), (-1, 0)):
        with pytest.raises(MetricError):
            asked(found, head, query)


def test_the_first_query_looks_hard_at_another_word() -> None:
    weights = np.array(
        [[0.0, 1.0, 0.0, 0.0], [0.1, 0.8, 0.1, 0.0], [0.5, 0.4, 0.1, 0.0], [0.0, 0.0, 1.0, 0.0]], np.float32
    )
    special = (True, False, False, True)
    assert telling(weights, special, special) == 2  # row 0 is special, row 1 looks at itself
    everything = (True,) * 4
    assert telling(weights, everything, everything) in range(4)
    assert telling(weights[:2], special[:2], special) == 1
