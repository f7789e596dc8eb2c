"""Derivatives against finite differences, in double precision and without the code under test."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from torch.nn.functional import normalize

from tests.studies.importance.loaded import OTHER, TEXT, copied, tiny, with_head
from viz.attention import attend
from viz.errors import Cancelled, InputError, ModelRefused
from viz.inputs.text import encode
from viz.models import LoadedModel
from viz.models.families.family import FAMILIES
from viz.models.forward import feed, last_hidden
from viz.studies.importance import (
    attribute,
    importance_by_ablation,
    importance_by_gradient,
    importance_by_masked_loss,
    scale_heads,
    scale_layers,
)
from viz.studies.importance.masked_runs import derivatives

pytestmark = pytest.mark.slow

STEP = 1e-4


def _sentence(model: LoadedModel, text: str, mask: torch.Tensor) -> torch.Tensor:
    encoding = encode(model, text)
    with scale_heads(model, mask), torch.inference_mode():
        hidden = last_hidden(model, feed(model, [encoding.ids], [encoding.segments]))
    return normalize(hidden[0].mean(dim=0), dim=0)


def _some(model: LoadedModel) -> list[tuple[int, int]]:
    layers, heads = model.card.shape(model.card.kinds[0])
    return [(0, 0), (0, heads - 1), (1, 2), (layers - 1, 1)]


def test_the_derivative_is_that_of_finite_differences(model: LoadedModel) -> None:
    attend(model, TEXT)  # what a forward pass without derivatives leaves behind must not be in the way
    found = importance_by_gradient(model, [TEXT])
    layers, heads = model.card.shape(model.card.kinds[0])
    exact = copied(model, torch.float64)
    for layer, head in _some(model):
        step = torch.zeros(layers, heads, dtype=torch.float64)
        step[layer, head] = STEP
        up, down = _sentence(exact, TEXT, 1 + step), _sentence(exact, TEXT, 1 - step)
        expected = float((up - down).norm()) / (2 * STEP)
        assert found[layer, head] == pytest.approx(expected, rel=1e-3)
        # L has its kink at 1: to one side, too, it grows by as much.
        one_side = float((_sentence(exact, TEXT, torch.ones_like(step)) - down).norm()) / STEP
        assert found[layer, head] == pytest.approx(one_side, rel=1e-2)
    assert found.dtype == np.float32
    assert not found.flags.writeable


def test_the_derivative_is_the_mean_over_texts(small: LoadedModel) -> None:
    one, other = (importance_by_gradient(small, [text]) for text in (TEXT, OTHER))
    both = importance_by_gradient(small, [TEXT, OTHER])
    np.testing.assert_allclose(both, (one + other) / 2, rtol=1e-4)
    assert not np.allclose(one, other, rtol=1e-2)


def test_it_ranks_heads_much_as_ablation_does(minilm: LoadedModel) -> None:
    text = "The old keeper lit the lamp, and went to bed before the storm came."
    slope, step = importance_by_gradient(minilm, [text]), importance_by_ablation(minilm, [text])
    assert spearmanr(slope, step, axis=None).statistic > 0.9


def _masked_loss(model: LoadedModel, network: Any, text: str, mask: torch.Tensor) -> float:
    encoding = encode(model, text)
    losses = []
    for at, (wanted, special) in enumerate(zip(encoding.ids, encoding.special, strict=True)):
        if special:
            continue
        ids = [
            model.tokenizer.mask_token_id if each == at else number
            for each, number in enumerate(encoding.ids)
        ]
        with scale_heads(model, mask), torch.inference_mode():
            logits = network(**feed(model, [ids], [encoding.segments])).logits[0, at]
        losses.append(float(-logits.log_softmax(dim=-1)[wanted]))
    return float(np.mean(losses))


def test_the_slope_of_the_masked_loss_is_that_of_finite_differences(masked: tuple[LoadedModel, Any]) -> None:
    model, network = masked
    found = importance_by_masked_loss(model, network, [TEXT, OTHER])
    layers, heads = model.card.shape("encoder")
    network.double()
    try:
        for layer in range(layers):
            for head in range(heads):
                step = torch.zeros(layers, heads, dtype=torch.float64)
                step[layer, head] = STEP
                slopes = [
                    (
                        _masked_loss(model, network, text, 1 + step)
                        - _masked_loss(model, network, text, 1 - step)
                    )
                    / (2 * STEP)
                    for text in (TEXT, OTHER)
                ]
                # The absolute value of each example's, and then the mean: not the other way round.
                assert found[layer, head] == pytest.approx(np.mean(np.abs(slopes)), rel=1e-3, abs=1e-4)
    finally:
        network.float()
    assert found.max() > 0.01
    assert not found.flags.writeable


def test_masked_tokens_in_batches_of_any_size(bert: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    model, network = with_head(bert, "bert")
    together = importance_by_masked_loss(model, network, [TEXT])
    monkeypatch.setattr("viz.studies.importance.masked_runs._TOKENS_AT_ONCE", 1)
    alone = importance_by_masked_loss(model, network, [TEXT])
    np.testing.assert_allclose(alone, together, rtol=1e-3)


def test_each_layer_is_scaled_to_a_norm_of_one() -> None:
    found = scale_layers(np.array([[3, 4], [0, 0], [1, 0]], dtype=np.float32))
    np.testing.assert_allclose(found, [[0.6, 0.8], [0.0, 0.0], [1.0, 0.0]], rtol=1e-6)
    assert not found.flags.writeable


def test_without_a_head_there_is_no_masked_loss(minilm: LoadedModel, bert: LoadedModel) -> None:
    with pytest.raises(ModelRefused, match="no masked-language head"):
        importance_by_masked_loss(minilm, minilm.model, [TEXT])
    _model, network = with_head(bert, "bert")
    with pytest.raises(ModelRefused, match="no masked-language head"):
        importance_by_masked_loss(bert, network, [TEXT])  # a head on another model


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_has_a_derivative_or_is_refused_in_words(name: str, tmp_path: Path) -> None:
    model = tiny(name, tmp_path)
    step = importance_by_ablation(model, [TEXT])
    assert step.min() > 0
    if name == "bloom":
        for each in (lambda: importance_by_gradient(model, [TEXT]), lambda: attribute(model, TEXT)):
            with pytest.raises(ModelRefused, match="derivative cannot be computed"):
                each()
        return
    slope = importance_by_gradient(model, [TEXT])
    assert slope.shape == step.shape
    assert np.isfinite(slope).all()
    assert slope.min() > 0
    assert attribute(model, TEXT).sentence.min() > 0


def test_two_sessions_take_derivatives_one_after_the_other(bert: LoadedModel) -> None:
    found: list[Any] = []
    other = threading.Thread(target=lambda: found.append(importance_by_gradient(bert, [TEXT])))

    def cubed(point: torch.Tensor) -> torch.Tensor:
        if not other.ident:  # within a derivative of this session, another one asks for its own
            other.start()
            other.join(0.2)
            assert other.is_alive()
        return point**3

    slopes = derivatives(cubed, torch.tensor([2.0, 3.0]), torch.eye(2))
    np.testing.assert_allclose(slopes, [[12.0, 0.0], [0.0, 27.0]])
    other.join()
    np.testing.assert_array_equal(found[0], importance_by_gradient(bert, [TEXT]))


def test_two_kinds_of_derivatives_of_one_model_do_not_wait_for_each_other(
    bert: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viz.studies.importance.masked_runs._TOKENS_AT_ONCE", 1)
    tasks = (
        lambda: importance_by_gradient(bert, [TEXT] * 4),
        lambda: [attribute(bert, TEXT) for _ in range(4)],
    )
    sessions = [threading.Thread(target=task, daemon=True) for task in tasks]
    for each in sessions:
        each.start()
    for each in sessions:
        each.join(60)
    assert not any(each.is_alive() for each in sessions)


def test_progress_and_the_end_of_it(bert: LoadedModel) -> None:
    told: list[tuple[int, int]] = []
    importance_by_gradient(bert, [TEXT, OTHER], lambda done, total: told.append((done, total)))
    assert told[-1] == (16, 16)
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(Cancelled):
        importance_by_gradient(bert, [TEXT], cancelled=stopped)
    model, network = with_head(bert, "bert")
    with pytest.raises(Cancelled):
        importance_by_masked_loss(model, network, [TEXT], cancelled=stopped)
    with pytest.raises(InputError, match="no text"):
        importance_by_gradient(bert, [])
