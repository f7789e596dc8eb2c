"""The diagram's parts hold what a model has, and the well-known models have what their papers say."""

import pytest

from tests.models.families.test_parameters import loaded
from viz.lessons.why.transformer_parts import BY_NAME, KNOWN, PARTS, parts_of
from viz.models import LoadedModel
from viz.models.families.family import FAMILIES
from viz.models.families.parameters import parameter_groups, total

ENCODER = {"token_in", "position_in", "self_attention", "norm_in", "feed_in"}
DECODER = {"token_out", "position_out", "masked_attention", "norm_out", "feed_out"}


def test_minilm_is_an_encoder_with_nothing_but_its_pooler_outside(minilm: LoadedModel) -> None:
    groups = parameter_groups(minilm)
    assert set(parts_of(groups)) == ENCODER
    inside = sum(part.count(groups) for part in PARTS)
    assert inside == total(groups) - (384 * 384 + 384)
    assert BY_NAME["self_attention"].count(groups) == 6 * 4 * (384 * 384 + 384)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("gpt2", DECODER),
        ("llama", DECODER - {"position_out"}),
        ("bart", ENCODER | DECODER | {"cross_attention"}),
        ("t5", ENCODER | DECODER | {"cross_attention"}),
    ],
)
def test_a_family_has_the_parts_of_its_stacks(name: str, parts: set[str]) -> None:
    assert set(parts_of(parameter_groups(loaded(name)))) == parts


@pytest.mark.parametrize("name", list(FAMILIES))
def test_no_parameter_is_lost_or_counted_twice(name: str) -> None:
    groups = parameter_groups(loaded(name))
    outside = sum(group.count for group in groups if group.role in ("pooler", "other"))
    shared = sum(group.count for group in groups if group.stack == "shared" and group.role == "token")
    assert sum(part.count(groups) for part in PARTS) == total(groups) - outside + shared


def test_well_known_models_stand_where_their_papers_put_them() -> None:
    parts = {model.id: set(model.parts) for model in KNOWN}
    assert parts["bert"] == parts["vit"] == ENCODER
    assert parts["gpt"] == DECODER | {"head"}
    assert parts["t5"] == set(BY_NAME) - {"position_in", "position_out"}
    assert parts["whisper"] == set(BY_NAME) - {"token_in"}
    assert "cross_attention" not in parts["clip"]
    assert {"self_attention", "masked_attention"} <= parts["clip"]
    assert all(len(model.parts) == len(set(model.parts)) for model in KNOWN)
