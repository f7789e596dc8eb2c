"""Masks: padding on real and tiny models, and minus infinity before the softmax, by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import softmax

from tests.tiny import made_for
from viz.attention import attend
from viz.attention.checks import Array
from viz.errors import InputError
from viz.inputs.text import encode
from viz.lessons.limits.attention_masks import causal, scores_of, with_padding
from viz.models import LoadedModel
from viz.models.checkpoints.checkpoint import load_checkpoint, read_card

SQUARE = st.integers(1, 6).flatmap(
    lambda n: arrays(np.float32, (n, n), elements=st.floats(-20, 20, width=32))
)


def test_padding_gets_nothing_and_changes_nothing(minilm: LoadedModel) -> None:
    encoding = encode(minilm, "The cat sat.", None)
    found = with_padding(minilm, encoding, 4)
    count = len(encoding)
    assert found.tokens == count
    assert found.padded.shape == (6, 12, count + 4, count + 4)
    assert found.on_padding == 0.0
    assert not found.padded[..., count:].any()
    assert 0 <= found.difference < 1e-5
    np.testing.assert_array_equal(found.alone, attend(minilm, "The cat sat.").encoder.weights)
    np.testing.assert_allclose(found.padded[:, :, :count, :count], found.alone, atol=1e-5)
    np.testing.assert_allclose(found.padded.sum(axis=-1), 1, atol=1e-5)


@pytest.mark.parametrize("name", ["roberta", "gpt2", "t5", "modernbert", "deberta-v2"])
def test_so_it_is_in_other_families(name: str, tmp_path: Path) -> None:
    folder = made_for(name, tmp_path)
    model = load_checkpoint(folder, read_card(folder, f"local:{name}", "local"), "test")
    encoding = encode(model, "The cat sat on the mat.", None)
    found = with_padding(model, encoding, 3)
    assert found.on_padding == 0.0
    assert found.difference < 1e-5
    assert float(found.alone.std()) > 0.01


@pytest.mark.parametrize("extra", [0, -1, 512])
def test_there_has_to_be_room_for_padding(extra: int, minilm: LoadedModel) -> None:
    with pytest.raises(InputError, match="leaves room"):
        with_padding(minilm, encode(minilm, "The cat sat.", None), extra)


def test_the_causal_mask_of_three_tokens() -> None:
    off = -np.inf
    np.testing.assert_array_equal(causal(3), [[0, off, off], [0, 0, off], [0, 0, 0]])


def test_minus_infinity_before_the_softmax_by_hand() -> None:
    scores = np.log(np.array([[1, 1, 2], [1, 3, 4], [2, 2, 4]], dtype=np.float32))
    before = np.array([[1 / 4, 1 / 4, 1 / 2], [1 / 8, 3 / 8, 1 / 2], [1 / 4, 1 / 4, 1 / 2]])
    np.testing.assert_allclose(softmax(scores, axis=-1), before)
    found = softmax(scores + causal(3), axis=-1)
    after = np.array([[1, 0, 0], [1 / 4, 3 / 4, 0], [1 / 4, 1 / 4, 1 / 2]])
    np.testing.assert_allclose(found, after, atol=1e-7)
    assert not np.triu(found, 1).any()


@given(scores=SQUARE)
def test_masking_is_leaving_out_and_dividing_again(scores: Array) -> None:
    found = softmax(scores + causal(len(scores)), axis=-1)
    assert not np.triu(found, 1).any()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
    for query in range(len(scores)):
        seen = np.exp(scores[query, : query + 1].astype(np.float64) - scores[query, : query + 1].max())
        np.testing.assert_allclose(found[query, : query + 1], seen / seen.sum(), atol=1e-5)


@given(scores=SQUARE)
def test_scores_of_weights_give_them_back(scores: Array) -> None:
    weights = softmax(scores, axis=-1)
    found = scores_of(weights)
    assert (found.max(axis=1) == 0).all()
    np.testing.assert_allclose(softmax(found, axis=-1), weights, atol=1e-6)


def test_a_weight_of_nothing_is_minus_infinity() -> None:
    np.testing.assert_array_equal(scores_of(np.array([[1, 0]], dtype=np.float32)), [[0, -np.inf]])
