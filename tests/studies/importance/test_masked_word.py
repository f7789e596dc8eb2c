"""Predictions for a masked token against a plain forward pass, with all heads and without some."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from tests.studies.importance.loaded import OTHER, TEXT, with_head
from viz.errors import InputError, MetricError, ModelRefused
from viz.inputs.text import encode
from viz.models import LoadedModel
from viz.models.forward import feed
from viz.studies.importance import can_predict, disable_heads, predictions


def _chances(
    model: LoadedModel, network: Any, position: int, off: list[tuple[int, int]], pair: str | None = None
) -> torch.Tensor:
    encoding = encode(model, TEXT, pair)
    ids = encoding.ids
    ids[position] = model.tokenizer.mask_token_id
    with disable_heads(model, off), torch.inference_mode():
        logits: torch.Tensor = network(**feed(model, [ids], [encoding.segments])).logits[0, position]
    return logits.softmax(dim=-1)


def test_the_likeliest_with_and_without_heads(masked: tuple[LoadedModel, Any]) -> None:
    model, network = masked
    assert can_predict(network)
    off = [(0, 0), (0, 1), (1, 2)]
    found = predictions(model, network, TEXT, 3, off, top=7)
    before, after = _chances(model, network, 3, []), _chances(model, network, 3, off)
    assert [each.id for each in found.before] == before.topk(7).indices.tolist()
    assert [each.id for each in found.after] == after.topk(7).indices.tolist()
    for each in (*found.before, *found.after, found.actual):
        assert each.before == pytest.approx(float(before[each.id]), rel=1e-3)
        assert each.after == pytest.approx(float(after[each.id]), rel=1e-3)
    assert found.actual.id == encode(model, TEXT).ids[3]
    assert found.position == 3
    assert abs(found.before[0].before - found.before[0].after) > 1e-3


def test_nothing_off_is_the_same_twice(masked: tuple[LoadedModel, Any]) -> None:
    found = predictions(*masked, TEXT, 2)
    assert found.before == found.after
    assert len(found.before) == 5
    assert all(each.before == each.after for each in found.before)


def test_a_candidate_reads_as_a_token_does(bert: LoadedModel) -> None:
    model, network = with_head(bert, "bert")
    encoding = encode(model, TEXT)
    found = predictions(model, network, TEXT, 2)
    assert found.actual.label == encoding.labels[2]


def test_the_second_text_is_read_too(bert: LoadedModel) -> None:
    model, network = with_head(bert, "bert")
    alone, both = (predictions(model, network, TEXT, 2, pair=pair) for pair in (None, OTHER))
    expected = _chances(model, network, 2, [], OTHER)
    assert both.before[0].before == pytest.approx(float(expected.max()), rel=1e-3)
    assert both.before[0].before != pytest.approx(alone.before[0].before, rel=1e-3)


def test_more_than_there_are_is_all(bert: LoadedModel) -> None:
    model, network = with_head(bert, "bert")
    found = predictions(model, network, TEXT, 2, top=10**9)
    assert len(found.before) == network.config.vocab_size
    assert sum(each.before for each in found.before) == pytest.approx(1)


def test_a_special_token_or_none_at_all_is_refused(bert: LoadedModel) -> None:
    model, network = with_head(bert, "bert")
    count = len(encode(model, TEXT))
    for position in (0, count - 1):
        with pytest.raises(InputError, match="special"):
            predictions(model, network, TEXT, position)
    for position in (-1, count):
        with pytest.raises(MetricError, match=f"tokens 1 to {count}"):
            predictions(model, network, TEXT, position)
    with pytest.raises(InputError, match="Layer 3"):
        predictions(model, network, TEXT, 2, [(2, 0)])


def test_models_without_a_head_or_a_mask_are_refused(minilm: LoadedModel, bert: LoadedModel) -> None:
    assert not can_predict(minilm.model)
    with pytest.raises(ModelRefused, match="no masked-language head"):
        predictions(minilm, minilm.model, TEXT, 2)
    model, network = with_head(bert, "bert")
    with pytest.raises(ModelRefused, match="no masked-language head"):
        predictions(bert, network, TEXT, 2)  # a head on another model
    blind: Any = SimpleNamespace(mask_token_id=None)
    with pytest.raises(ModelRefused, match="no token for a mask"):
        predictions(replace(model, tokenizer=blind), network, TEXT, 2)
