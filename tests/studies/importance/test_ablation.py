"""Leaving heads out, against copies of the weights that were changed by hand."""

import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import cosine_similarity

from tests.studies.importance.loaded import OTHER, TEXT, hidden_of, tiny, without_by_hand
from viz.errors import Cancelled, InputError, ModelRefused
from viz.models import LoadedModel
from viz.studies.importance import ablate, importance_by_ablation

pytestmark = pytest.mark.slow


def _cosine_by_hand(model: LoadedModel, layer: int, head: int, text: str) -> tuple[np.ndarray, float]:
    with_all, without = hidden_of(model, text), hidden_of(without_by_hand(model, layer, head), text)
    sentence = cosine_similarity(with_all.mean(dim=0).double(), without.mean(dim=0).double(), dim=0)
    return cosine_similarity(with_all.double(), without.double(), dim=1).numpy(), float(sentence)


def test_cosines_are_those_of_weights_zeroed_by_hand(model: LoadedModel) -> None:
    found = ablate(model, TEXT, disabled=[(1, 2)])
    tokens, sentence = _cosine_by_hand(model, 1, 2, TEXT)
    np.testing.assert_allclose(found.tokens, tokens, atol=1e-6)
    assert found.sentence == pytest.approx(sentence, abs=1e-6)
    assert len(found.tokens) == len(found.encoding)
    assert found.disabled == ((1, 2),)
    assert found.sentence < 1 - 1e-6
    assert found.tokens.dtype == np.float32
    assert not found.tokens.flags.writeable


def test_nothing_off_changes_nothing(small: LoadedModel) -> None:
    found = ablate(small, TEXT)
    np.testing.assert_allclose(found.tokens, 1, atol=1e-7)
    assert found.sentence == pytest.approx(1, abs=1e-9)


def test_several_heads_and_two_texts(bert: LoadedModel) -> None:
    one = ablate(bert, TEXT, OTHER, disabled={(0, 1)})
    more = ablate(bert, TEXT, OTHER, disabled={(0, 1), (0, 2), (1, 0), (1, 3)})
    assert one.encoding.pair == OTHER
    assert more.disabled == ((0, 1), (0, 2), (1, 0), (1, 3))
    assert more.sentence < one.sentence < 1


def test_importance_is_one_minus_the_cosine_and_the_mean_over_texts(model: LoadedModel) -> None:
    found = importance_by_ablation(model, [TEXT, OTHER])
    layers, heads = model.card.shape(model.card.kinds[0])
    assert found.shape == (layers, heads)
    assert found.dtype == np.float32
    assert not found.flags.writeable
    for layer, head in ((0, 0), (1, 2), (layers - 1, heads - 1)):
        expected = np.mean([1 - _cosine_by_hand(model, layer, head, text)[1] for text in (TEXT, OTHER)])
        # The copy's own last digits are worth so much; the values are a hundred times larger.
        assert found[layer, head] == pytest.approx(expected, rel=1e-2, abs=1e-7)


def test_every_head_is_told_apart_in_batches_of_any_size(
    small: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = importance_by_ablation(small, [TEXT])
    monkeypatch.setattr("viz.studies.importance.masked_runs._TOKENS_AT_ONCE", 1)
    np.testing.assert_allclose(importance_by_ablation(small, [TEXT]), together, rtol=1e-3, atol=1e-7)
    assert len(np.unique(together)) == together.size


def test_a_pair_of_texts_is_read_as_one(bert: LoadedModel) -> None:
    found = importance_by_ablation(bert, [(TEXT, OTHER)])
    expected = 1 - ablate(bert, TEXT, OTHER, disabled=[(1, 1)]).sentence
    assert found[1, 1] == pytest.approx(expected, rel=1e-3)


def test_a_head_without_an_output_is_of_no_importance(tmp_path: Path) -> None:
    model = tiny("bert", tmp_path)
    with torch.no_grad():
        model.model.encoder.layer[1].attention.output.dense.weight[:, 8:16] = 0
    found = importance_by_ablation(model, [TEXT])
    assert found[1, 1] == pytest.approx(0, abs=1e-12)
    assert np.delete(found.ravel(), 5).min() > 1e-5


def test_progress_counts_every_head_of_every_text(bert: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.studies.importance.masked_runs._TOKENS_AT_ONCE", 40)
    told: list[tuple[int, int]] = []
    importance_by_ablation(bert, [TEXT, OTHER], lambda done, total: told.append((done, total)))
    done = [each for each, _total in told]
    assert done == sorted(set(done))
    assert len(done) > 2
    assert told[-1] == (16, 16)
    assert {total for _done, total in told} == {16}


def test_it_stops_when_it_is_told_to(bert: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.studies.importance.masked_runs._TOKENS_AT_ONCE", 1)
    cancelled = threading.Event()
    told: list[int] = []

    def after_three(done: int, _total: int) -> None:
        told.append(done)
        if done == 3:
            cancelled.set()

    with pytest.raises(Cancelled):
        importance_by_ablation(bert, [TEXT], after_three, cancelled)
    assert told == [1, 2, 3]
    assert not bert.lock.locked()


def test_texts_and_heads_that_are_none_are_refused(bert: LoadedModel) -> None:
    with pytest.raises(InputError, match="no text"):
        importance_by_ablation(bert, [])
    with pytest.raises(InputError, match="empty"):
        importance_by_ablation(bert, [TEXT, "  "])
    with pytest.raises(InputError, match="Layer 3, head 1"):
        ablate(bert, TEXT, disabled=[(2, 0)])


def test_a_model_whose_projections_are_not_known_is_refused(tmp_path: Path) -> None:
    model = tiny("roformer", tmp_path, rotary_value=True)
    with pytest.raises(ModelRefused, match="cannot be found"):
        importance_by_ablation(model, [TEXT])
