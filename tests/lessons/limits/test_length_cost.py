"""What a text costs: counted by what torch itself counts, fitted on known powers, measured without a clock's word."""

import threading
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from tests.models.families.test_parameters import loaded
from viz.attention import attend
from viz.errors import Cancelled, MetricError
from viz.lessons.limits import length_cost
from viz.lessons.limits.length_cost import exponent, lengths_for, long_end, measure, sizes_of
from viz.lessons.why.path_lengths import layer_costs
from viz.models import LoadedModel


@pytest.mark.parametrize("name", ["bert", "gpt2", "albert", "t5"])
@pytest.mark.parametrize("tokens", [5, 12])
def test_multiplications_are_those_that_torch_counts(name: str, tokens: int) -> None:
    changes: dict[str, Any] = {} if name in ("t5", "gpt2") else {"intermediate_size": 40}
    model = loaded(name, **changes)
    sizes = sizes_of(model)
    network = model.model.get_encoder() if name == "t5" else model.model
    network.set_attn_implementation("eager")
    ids = torch.arange(5, 5 + tokens)[None]
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(input_ids=ids)
    # torch counts a multiplication and an addition as two. Biases add, and pooler and projections come besides.
    counted = sum(
        flops for operation, flops in counter.get_flop_counts()["Global"].items() if "bmm" in str(operation)
    )
    assert counted == 2 * sizes.attention_work(tokens)
    others = sum(flops for flops in counter.get_flop_counts()["Global"].values()) - counted
    assert 2 * sizes.other_work(tokens) == pytest.approx(others, rel=0.08)


def test_memory_is_that_of_the_weights(minilm: LoadedModel) -> None:
    text = "The cat sat on the mat."
    found = attend(minilm, text).encoder
    assert sizes_of(minilm).attention_bytes(len(found.queries)) == found.weights.nbytes


def test_both_lessons_count_the_same(minilm: LoadedModel) -> None:
    """2 n^2 d between tokens, and 4 d^2 of the 12 d^2 weights a layer, for the start sentence."""
    sizes, n, d = sizes_of(minilm), 16, 384
    attention = layer_costs(n, d)[0]
    assert attention.pairs * sizes.layers == sizes.attention_work(n) == 2 * n * n * d * 6
    assert attention.matrices == 4 * n * d * d
    assert attention.matrices * sizes.layers * 3 == pytest.approx(sizes.other_work(n), rel=2e-3)


def test_where_attention_becomes_the_larger_part(minilm: LoadedModel) -> None:
    sizes = sizes_of(minilm)
    at = sizes.crossover
    assert sizes.attention_work(at) >= sizes.other_work(at)
    assert sizes.attention_work(at - 1) < sizes.other_work(at - 1)
    # 4 d^2 + 2 d (4 d) = 12 d^2 a layer, against 2 n d: n = 6 d, and a little for the biases.
    assert at == pytest.approx(6 * 384, abs=10)


@given(power=st.floats(0.2, 3), scale=st.floats(1e-6, 10))
def test_a_power_is_found_again(power: float, scale: float) -> None:
    tokens = [32, 64, 100, 512]
    assert exponent(tokens, [scale * n**power for n in tokens]) == pytest.approx(power, abs=1e-9)


def test_what_is_no_power_is_fitted_as_numpy_does() -> None:
    tokens, seconds = [10, 20, 40], [1.0, 5.0, 9.0]
    assert exponent(tokens, seconds) == pytest.approx(np.polyfit(np.log(tokens), np.log(seconds), 1)[0])


@pytest.mark.parametrize(("tokens", "seconds"), [([8], [1.0]), ([8, 16], [0.0, 1.0]), ([8, 16], [1.0])])
def test_an_exponent_needs_times(tokens: list[int], seconds: list[float]) -> None:
    with pytest.raises(MetricError, match="two lengths"):
        exponent(tokens, seconds)


def test_lengths_double_up_to_the_limit() -> None:
    assert lengths_for(512) == (32, 64, 128, 256, 512)
    assert lengths_for(100_000) == (32, 64, 128, 256, 512)
    assert lengths_for(64) == (8, 16, 32, 64)
    assert lengths_for(4) == (4,)


def test_each_length_is_timed_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(length_cost, "_SECONDS", 0.0)
    told: list[tuple[int, int]] = []
    found = measure(loaded("bert"), lambda *count: told.append(count), threading.Event())
    assert [each.tokens for each in found] == [8, 16, 32]
    assert all(each.attention > 0 and each.whole > 0 for each in found)
    assert told == [(0, 10), (1, 10), (2, 10), (10, 10)]
    assert [each.tokens for each in long_end(found[:1] + found)] == [8, 16, 32]


def test_it_stops_when_it_is_told_to() -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        measure(loaded("bert"), lambda *_count: None, cancelled)


@pytest.mark.parametrize("name", ["gpt2", "t5", "roberta"])
def test_every_kind_of_model_can_be_timed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(length_cost, "_SECONDS", 0.0)
    assert len(measure(loaded(name), lambda *_count: None, threading.Event())) == 3
