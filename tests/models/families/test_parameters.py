"""The parts of a model's parameters: they sum to what the model says it has, in every family."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.tiny import tiny_model
from viz.lessons.why.published_sizes import PUBLISHED, published, times_a_year
from viz.models import LoadedModel
from viz.models.card import ModelCard
from viz.models.families.family import FAMILIES
from viz.models.families.parameters import ATTENTION, by_role, parameter_groups, total, width

# Projections between an embedding and a hidden state of another width.
WITH_OTHERS = {"albert", "electra", "rembert"}


def loaded(name: str, **changes: Any) -> LoadedModel:
    """A tiny model of that family, with no more of a tokenizer than what feeds it asks for."""
    card = ModelCard(name, name, ("en",), 2, 4, 32, "", "local", "", kinds=FAMILIES[name].kinds)
    model = tiny_model(name, **changes)
    return LoadedModel(card, model, SimpleNamespace(pad_token_id=model.config.pad_token_id), "test")


@pytest.mark.parametrize("name", list(FAMILIES))
def test_every_parameter_of_every_family_is_in_one_group(name: str) -> None:
    model = loaded(name)
    groups = parameter_groups(model)
    roles = by_role(groups)
    assert total(groups) == sum(roles.values()) == model.model.num_parameters()
    assert ("other" in roles) == (name in WITH_OTHERS)
    assert {*ATTENTION, "token", "feed_forward", "norm"} <= set(roles)
    assert width(model) == 32
    assert any(group.cross for group in groups) == ("cross" in FAMILIES[name].kinds)


def test_minilm_by_its_sizes(minilm: LoadedModel) -> None:
    d, ff, layers, vocabulary = 384, 1536, 6, 30522
    assert by_role(parameter_groups(minilm)) == {
        "token": vocabulary * d,
        "position": 512 * d,
        "segment": 2 * d,
        "query": layers * (d * d + d),
        "key": layers * (d * d + d),
        "value": layers * (d * d + d),
        "output": layers * (d * d + d),
        "feed_forward": layers * (2 * d * ff + ff + d),
        "norm": (2 * layers + 1) * 2 * d,
        "pooler": d * d + d,
    }


@pytest.mark.parametrize(
    ("name", "biases"), [("gpt2", 1), ("gpt_neox", 1), ("modernbert", 0), ("deberta", 0)]
)
def test_one_matrix_for_three_is_cut_in_thirds(name: str, biases: int) -> None:
    roles = by_role(parameter_groups(loaded(name)))
    assert roles["key"] == 2 * (32 * 32 + biases * 32)


def test_shared_key_value_heads_are_fewer_parameters() -> None:
    roles = by_role(parameter_groups(loaded("llama")))
    assert roles["query"] == roles["output"] == 2 * roles["key"] == 2 * roles["value"] == 2 * 32 * 32


def test_layers_that_share_their_weights_are_counted_once() -> None:
    two, four = (loaded("albert", num_hidden_layers=layers) for layers in (2, 4))
    assert total(parameter_groups(two)) == total(parameter_groups(four))


def test_an_encoder_and_a_decoder_are_told_apart() -> None:
    counts = {(g.stack, g.role, g.cross): g.count for g in parameter_groups(loaded("t5"))}
    assert counts["shared", "token", False] == 400 * 32
    assert counts["encoder", "query", False] == 2 * 32 * 32
    assert counts["decoder", "query", False] == counts["decoder", "query", True] == 3 * 32 * 32
    assert counts["encoder", "feed_forward", False] == 2 * 2 * 32 * 37


def test_what_papers_give_is_in_order_of_years_and_named() -> None:
    assert [each.year for each in PUBLISHED] == sorted(each.year for each in PUBLISHED)
    assert all(str(each.year) in each.source for each in PUBLISHED)
    assert published("GPT-3").parameters == 175 * 10**9
    assert times_a_year() ** 4 == pytest.approx(1571e9 / 213e6)
