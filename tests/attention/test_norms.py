"""||alpha f(x)|| against the explicit tensor [head, query, key, dim], from the models' own matrices by name."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tests.studies.importance.loaded import tiny
from viz.attention import AttentionResult, attend
from viz.attention.norms import layer_norms, value_norms, weighted_norms
from viz.errors import MapNotFound, MetricError, ModelRefused
from viz.models import LoadedModel
from viz.models.card import Kind

TEXT, TARGET = "The cat sat on the mat.", "le chat dort"

Matrix = NDArray[np.float64]
# Of a layer: the module that reads x, W_V [in, head x dim], b_V, W_O [head x dim, hidden].
Read = Callable[[dict[str, Matrix], int], tuple[str, Matrix, Matrix | float, Matrix]]


def _bert(state: dict[str, Matrix], at: int) -> tuple[str, Matrix, Matrix | float, Matrix]:
    name = f"encoder.layer.{at}.attention."
    return (
        f"{name}self.value",
        state[f"{name}self.value.weight"].T,
        state[f"{name}self.value.bias"],
        state[f"{name}output.dense.weight"].T,
    )


def _gpt2(state: dict[str, Matrix], at: int) -> tuple[str, Matrix, Matrix | float, Matrix]:
    name = f"h.{at}.attn.c_attn"
    weight, bias = state[f"{name}.weight"], state[f"{name}.bias"]
    width = weight.shape[0]
    return name, weight[:, 2 * width :], bias[2 * width :], state[f"h.{at}.attn.c_proj.weight"]


def _llama(state: dict[str, Matrix], at: int) -> tuple[str, Matrix, Matrix | float, Matrix]:
    name = f"layers.{at}.self_attn."
    shared = state[f"{name}v_proj.weight"]  # two heads of 8, for four heads that ask
    own = np.concatenate([shared[8 * (head // 2) : 8 * (head // 2) + 8] for head in range(4)])
    return f"{name}v_proj", own.T, 0.0, state[f"{name}o_proj.weight"].T


def _modernbert(state: dict[str, Matrix], at: int) -> tuple[str, Matrix, Matrix | float, Matrix]:
    name = f"layers.{at}.attn."
    return f"{name}Wqkv", state[f"{name}Wqkv.weight"][64:].T, 0.0, state[f"{name}Wo.weight"].T


def _neox(state: dict[str, Matrix], at: int) -> tuple[str, Matrix, Matrix | float, Matrix]:
    name = f"layers.{at}.attention."
    rows = [24 * head + 16 + each for head in range(4) for each in range(8)]  # query, key, value of each head
    return (
        f"{name}query_key_value",
        state[f"{name}query_key_value.weight"][rows].T,
        state[f"{name}query_key_value.bias"][rows],
        state[f"{name}dense.weight"].T,
    )


def _t5(side: str, part: str) -> Read:
    def read(state: dict[str, Matrix], at: int) -> tuple[str, Matrix, Matrix | float, Matrix]:
        name = f"{side}.block.{at}.layer.{part}."
        return f"{name}v", state[f"{name}v.weight"].T, 0.0, state[f"{name}o.weight"].T

    return read


CASES: list[tuple[str, Kind, Read]] = [
    ("minilm", "encoder", _bert),
    ("e5", "encoder", _bert),
    ("bert", "encoder", _bert),
    ("roberta", "encoder", _bert),
    ("gpt2", "decoder", _gpt2),
    ("gpt_neox", "decoder", _neox),
    ("llama", "decoder", _llama),
    ("modernbert", "encoder", _modernbert),
    ("t5", "encoder", _t5("encoder", "0.SelfAttention")),
    ("t5", "decoder", _t5("decoder", "0.SelfAttention")),
    ("t5", "cross", _t5("decoder", "1.EncDecAttention")),
]


def _model(name: str, request: pytest.FixtureRequest, folder: Path) -> LoadedModel:
    if name in ("minilm", "e5"):
        found: LoadedModel = request.getfixturevalue(name)
        return found
    return tiny(name, folder)


@pytest.mark.parametrize(("name", "kind", "read"), CASES, ids=[f"{name}-{kind}" for name, kind, _ in CASES])
def test_norms_are_those_of_the_explicit_tensor(
    name: str, kind: Kind, read: Read, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    model = _model(name, request, tmp_path)
    inputs: dict[str, Matrix] = {}
    state = {name: value.double().numpy() for name, value in model.model.state_dict().items()}
    layers, heads = model.card.shape(kind)
    hooks = []
    for at in range(layers):
        module = read(state, at)[0]
        hooks.append(
            model.model.get_submodule(module).register_forward_pre_hook(
                lambda _module, given, module=module: inputs.update({module: given[0][0].double().numpy()})
            )
        )
    result = attend(model, TEXT, target=TARGET)
    for hook in hooks:
        hook.remove()
    weighted, whole, values = (
        each(model, result, kind) for each in (weighted_norms, layer_norms, value_norms)
    )
    weights = result.map(kind).weights
    assert weighted.shape == weights.shape
    for at in range(layers):
        module, value, bias, output = read(state, at)
        projected = inputs[module] @ value + bias  # [key, head x dim]
        parts = [
            each @ rows
            for each, rows in zip(np.split(projected, heads, 1), np.split(output, heads), strict=True)
        ]
        f = np.stack(parts)  # [head, key, hidden]
        explicit = weights[at].astype(np.float64)[..., None] * f[:, None]  # [head, query, key, hidden]
        np.testing.assert_allclose(weighted[at], np.linalg.norm(explicit, axis=-1), rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(
            whole[at], np.linalg.norm(explicit.sum(axis=0), axis=-1), rtol=1e-3, atol=1e-5
        )
        np.testing.assert_allclose(values[at], np.linalg.norm(f, axis=-1), rtol=1e-4)
    for each in (weighted, whole, values):
        assert each.dtype == np.float32
        assert not each.flags.writeable


def test_a_layer_brings_at_most_what_its_heads_do(minilm: LoadedModel) -> None:
    result = attend(minilm, TEXT)
    weighted, whole = weighted_norms(minilm, result), layer_norms(minilm, result)
    assert np.all(whole <= weighted.sum(axis=1) + 1e-5)
    assert whole.mean() < 0.9 * weighted.sum(axis=1).mean()


def test_a_second_text_is_read_as_the_second(minilm: LoadedModel) -> None:
    pair = attend(minilm, "The cat sat.", "It slept.")
    encoding = pair.encoder.queries
    found = value_norms(minilm, pair)
    assert 1 in encoding.segments
    first = replace(encoding, segments=(0,) * len(encoding))
    other = replace(pair, maps=(replace(pair.encoder, queries=first, keys=first),))
    assert not np.allclose(found, value_norms(minilm, other), rtol=1e-3)


def test_separators_get_weight_but_bring_little(minilm: LoadedModel) -> None:
    """The finding of the paper (section 4.2), on a model that is not the paper's."""
    result = attend(minilm, "The old keeper lit the lamp, and went to bed before the storm came.")
    special = np.array(result.encoder.queries.special)
    weights, norms = result.encoder.weights, weighted_norms(minilm, result)
    share = [each[..., special].sum() / each.sum() for each in (weights, norms)]
    assert share[1] < 0.75 * share[0]


def test_nothing_stays_hooked_and_nothing_is_changed(minilm: LoadedModel) -> None:
    result = attend(minilm, TEXT)
    before = {name: value.clone() for name, value in minilm.model.state_dict().items() if "layer.3" in name}
    hooks = sum(
        len(module._forward_hooks) for module in minilm.model.modules()
    )  # those of transformers itself
    weighted_norms(minilm, result)
    assert sum(len(module._forward_hooks) for module in minilm.model.modules()) == hooks
    assert not minilm.lock.locked()
    after = minilm.model.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())


def test_a_result_of_another_model_is_refused(minilm: LoadedModel, e5: LoadedModel) -> None:
    with pytest.raises(MetricError, match="6 layers of 12 heads"):
        weighted_norms(e5, attend(minilm, TEXT))


def test_a_kind_that_is_not_there_is_refused(minilm: LoadedModel) -> None:
    with pytest.raises(MapNotFound, match="cross"):
        weighted_norms(minilm, attend(minilm, TEXT), "cross")


def test_a_family_without_known_values_is_refused(minilm: LoadedModel) -> None:
    class Strange:
        config: Any = type("Config", (), {"model_type": "new"})()

    result: AttentionResult = attend(minilm, TEXT)
    with pytest.raises(ModelRefused, match="cannot be found"):
        weighted_norms(replace(minilm, model=Strange()), result)
