"""The parameters of one attention layer: equal to the book, or to the sizes of the family, in every family."""

import pytest

from tests.models.families.test_parameters import loaded
from viz.lessons.many_heads.attention_parameters import Counted, Why, attention_parameters
from viz.models import LoadedModel
from viz.models.families.family import FAMILIES
from viz.models.families.parameters import ATTENTION, by_role, parameter_groups

DIFFER: dict[str, tuple[Why, ...]] = {
    "deberta": ("some_biases", "positions"),
    "deberta-v2": ("positions",),
    "modernbert": ("no_biases",),
    "gpt_neo": ("some_biases",),
    "llama": ("grouped", "no_biases"),
    "mistral": ("grouped", "no_biases"),
    "qwen2": ("grouped", "some_biases"),
    "qwen3": ("grouped", "no_biases", "norms"),
    "t5": ("no_biases", "positions"),
    "mt5": ("no_biases", "positions"),
}


@pytest.mark.parametrize("name", list(FAMILIES))
def test_one_layer_of_every_family_is_the_book_or_says_why_not(name: str) -> None:
    found = attention_parameters(loaded(name))
    assert found.whys == DIFFER.get(name, ())
    assert (found.width, found.heads, found.dim) == (32, 4, 8)
    # Two matrices of d_model x h d_k, two of d_model x g d_k.
    assert found.weights == 2 * found.width * found.dim * (found.heads + found.groups)
    assert [part.role for part in found.parts] == list(ATTENTION)
    sums = {"no_biases", "some_biases", "grouped"} & set(found.whys)
    assert (found.total == found.by_the_book) == (not sums)
    assert found.by_the_book == 4 * 32**2 + 4 * 32


@pytest.mark.parametrize("name", [name for name in FAMILIES if "cross" not in FAMILIES[name].kinds])
def test_all_layers_together_are_what_the_model_has(name: str) -> None:
    """Against the other way to count, by the names of all tensors; layers that share theirs count once."""
    model = loaded(name)
    layers = [attention_parameters(model, layer=at) for at in range(2)]
    counted = by_role(parameter_groups(model))
    for at, role in enumerate(ATTENTION):
        parts = [each.parts[at].weights + each.parts[at].biases for each in layers]
        assert counted[role] == (parts[0] if layers[0].shared else sum(parts))
    assert layers[0].shared == (name == "albert")


def test_heads_need_not_fill_the_width() -> None:
    found = attention_parameters(loaded("t5", d_kv=16), "encoder", 1)
    assert (found.dim, found.whys) == (16, ("inner", "no_biases"))
    assert found.total == found.weights == 4 * 32 * 64 != found.by_the_book


def test_grouped_heads_are_counted_as_they_are() -> None:
    found = attention_parameters(loaded("llama"))
    assert (found.heads, found.groups) == (4, 2)
    assert [part.weights for part in found.parts] == [1024, 512, 512, 1024]


def test_the_norm_behind_the_attention_is_not_of_it_even_of_one_head() -> None:
    """A head as wide as the layer: its norms must not be taken for those of queries and keys."""
    found = attention_parameters(_alone())
    assert (found.heads, found.dim, found.beside, found.whys) == (1, 32, (), ())
    assert found.total == found.by_the_book


def _alone() -> LoadedModel:
    from dataclasses import replace

    model = loaded("bert", num_attention_heads=1)
    return replace(model, card=replace(model.card, heads=1))


def test_the_embedded_models_are_by_the_book(minilm: LoadedModel, e5: LoadedModel) -> None:
    for model in (minilm, e5):
        found: Counted = attention_parameters(model, layer=3)
        assert (found.width, found.heads, found.dim) == (384, 12, 32)
        assert found.total == found.by_the_book == 4 * 384**2 + 4 * 384 == 591_360
        layer = model.model.encoder.layer[3].attention
        modules = (layer.self.query, layer.self.key, layer.self.value, layer.output.dense)
        held = [sum(each.numel() for each in module.parameters()) for module in modules]
        assert [part.weights + part.biases for part in found.parts] == held
