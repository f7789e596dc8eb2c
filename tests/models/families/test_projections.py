"""What a layer's attention gives is rebuilt from its weights, its values and its output projection."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.studies.importance.loaded import tiny
from viz.attention import attend
from viz.errors import ModelRefused
from viz.models import LoadedModel
from viz.models.families.family import FAMILIES
from viz.models.families.projections import projections

TEXT = "The cat sat on the mat. 猫坐在垫子上。"


def _check_rebuilt(model: LoadedModel) -> None:
    """In each layer, sum over heads of (weights x values) W_O, and b_O, is what the output projection gave."""
    given: list[torch.Tensor] = []
    got: list[torch.Tensor] = []
    for kind in model.card.kinds:
        layers = projections(model, kind)
        assert len(layers) == model.card.shape(kind)[0]
        given.clear()
        got.clear()
        hooks = [
            module.register_forward_hook(lambda _module, _inputs, output, into=into: into.append(output))
            for into, modules in (
                (given, dict.fromkeys(layer.value for layer in layers)),
                (got, dict.fromkeys(layer.output for layer in layers)),
            )
            for module in modules
        ]
        try:
            result = attend(model, TEXT, target="le chat dort")
        finally:
            for hook in hooks:
                hook.remove()
        weights = torch.tensor(result.map(kind).weights)
        for at, layer in enumerate(layers):
            values = layer.values(given[at])[0]
            assert values.shape == (layer.heads, weights.shape[3], layer.dim)
            assert layer.weight.shape[:2] == (layer.heads, layer.dim)
            rebuilt = torch.einsum("hqk,hkd,hdo->qo", weights[at], values, layer.weight)
            if layer.bias is not None:
                rebuilt = rebuilt + layer.bias
            np.testing.assert_allclose(rebuilt, got[at][0], atol=2e-5 * float(got[at].abs().max()))


@pytest.mark.parametrize("name", FAMILIES)
def test_what_attention_gives_is_rebuilt_in_every_family(name: str, tmp_path: Path) -> None:
    _check_rebuilt(tiny(name, tmp_path))


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_what_attention_gives_is_rebuilt_in_the_embedded_models(
    name: str, request: pytest.FixtureRequest
) -> None:
    _check_rebuilt(request.getfixturevalue(name))


def test_layers_of_albert_share_their_weights_in_groups(tmp_path: Path) -> None:
    model = tiny("albert", tmp_path, num_hidden_layers=4, num_hidden_groups=2)
    first, second, third, fourth = (layer.value for layer in projections(model))
    assert first is second
    assert third is fourth
    assert first is not third
    _check_rebuilt(model)


@pytest.mark.parametrize(
    ("name", "changes"), [("roformer", {"rotary_value": True}), ("albert", {"inner_group_num": 2})]
)
def test_values_that_are_changed_on_the_way_are_refused(
    name: str, changes: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(ModelRefused, match=r"value projections of .* cannot be found"):
        projections(tiny(name, tmp_path, **changes))


def test_a_family_that_is_not_known_is_refused(minilm: LoadedModel) -> None:
    class Strange:
        config = type("Config", (), {"model_type": "<b>new</b>"})()

    with pytest.raises(ModelRefused, match="cannot be found"):
        projections(replace(minilm, model=Strange()))


def test_a_kind_that_the_model_does_not_have_is_refused(minilm: LoadedModel) -> None:
    with pytest.raises(ModelRefused, match="cross"):
        projections(minilm, "cross")


def test_a_card_of_other_sizes_is_refused(minilm: LoadedModel) -> None:
    for layers, heads in ((7, 12), (5, 12), (6, 5), (6, 0)):
        card = replace(minilm.card, layers=layers, heads=heads)
        with pytest.raises(ModelRefused, match="cannot be found"):
            projections(replace(minilm, card=card))
