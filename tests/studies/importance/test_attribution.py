"""Gradient x input against captum, one number of the output at a time, and against finite differences."""

import threading
from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import InputXGradient
from scipy.stats import spearmanr

from tests.studies.importance.loaded import OTHER, TEXT, copied, with_head
from viz.attention import attend
from viz.errors import Cancelled, InputError, MetricError
from viz.inputs.text import encode
from viz.models import LoadedModel
from viz.models.forward import feed, reader
from viz.studies.importance import attribute, attribute_prediction, rank_agreement

pytestmark = pytest.mark.slow


def _by_captum(model: LoadedModel, text: str, query: int | None) -> np.ndarray:
    """||J x|| of one token's last hidden state, or of the sentence vector: gradient x input for each of its numbers."""
    encoding = encode(model, text)
    fed = dict(feed(model, [encoding.ids], [encoding.segments]))
    network = reader(model)
    words = network.get_input_embeddings()(fed.pop("input_ids")).detach()

    def output(given: torch.Tensor) -> torch.Tensor:
        rows = {name: each.expand(len(given), -1) for name, each in fed.items()}
        hidden: torch.Tensor = network(inputs_embeds=given, **rows).last_hidden_state
        return hidden.mean(dim=1) if query is None else hidden[:, query]

    width = model.model.config.hidden_size
    rows = words.expand(width, -1, -1).clone().requires_grad_()
    parts = InputXGradient(output).attribute(rows, target=list(range(width)))
    found: np.ndarray = parts.sum(dim=-1).norm(dim=0).detach().numpy()
    return found


def test_it_is_what_captum_finds_number_by_number(small: LoadedModel) -> None:
    attend(small, TEXT)
    found = attribute(small, TEXT)
    count = len(found.encoding)
    assert found.tokens.shape == (count, count)
    assert found.sentence.shape == (count,)
    for query in (0, count // 2, count - 1):
        expected = _by_captum(small, TEXT, query)
        np.testing.assert_allclose(found.tokens[query], expected, rtol=1e-3, atol=1e-5 * expected.max())
    np.testing.assert_allclose(found.sentence, _by_captum(small, TEXT, None), rtol=1e-3, atol=1e-6)
    for each in (found.tokens, found.sentence):
        assert each.dtype == np.float32
        assert not each.flags.writeable


def test_it_is_what_captum_finds_in_the_embedded_model(minilm: LoadedModel) -> None:
    found = attribute(minilm, "Dogs bark.")
    np.testing.assert_allclose(found.tokens[1], _by_captum(minilm, "Dogs bark.", 1), rtol=1e-3)
    np.testing.assert_allclose(found.sentence, _by_captum(minilm, "Dogs bark.", None), rtol=1e-3)


def test_rows_in_batches_of_any_size_and_two_texts(
    bert: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = attribute(bert, TEXT, OTHER)
    monkeypatch.setattr("viz.studies.importance.masked_runs._TOKENS_AT_ONCE", 1)
    alone = attribute(bert, TEXT, OTHER)
    np.testing.assert_allclose(alone.tokens, together.tokens, rtol=1e-3, atol=1e-6)
    assert together.encoding.pair == OTHER


def test_a_decoder_gives_nothing_to_tokens_that_come_later(tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.studies.importance.loaded import tiny

    found = attribute(tiny("gpt2", tmp_path_factory.mktemp("gpt2")), TEXT).tokens
    later = np.triu(np.ones(found.shape, dtype=bool), 1)
    assert not found[later].any()
    assert found[~later].min() > 0


def test_the_prediction_is_attributed_as_finite_differences_say(masked: tuple[LoadedModel, Any]) -> None:
    model, network = masked
    found = attribute_prediction(model, network, TEXT, 3)
    encoding = encode(model, TEXT)
    ids = encoding.ids
    ids[3] = model.tokenizer.mask_token_id
    fed = dict(feed(model, [ids], [encoding.segments]))
    exact = copied(model, torch.float64)  # only its embeddings are read
    words = exact.model.get_input_embeddings()(fed.pop("input_ids")).detach()
    network.double()
    try:
        with torch.inference_mode():
            plain = network(inputs_embeds=words, **fed).logits[0, 3]
            assert found.predicted.id == int(plain.argmax())
            for key in range(len(encoding)):
                ends = []
                for step in (1e-5, -1e-5):
                    moved = words.clone()
                    moved[0, key] *= 1 + step
                    ends.append(float(network(inputs_embeds=moved, **fed).logits[0, 3, found.predicted.id]))
                expected = (ends[0] - ends[1]) / 2e-5
                assert found.keys[key] == pytest.approx(expected, rel=1e-3, abs=1e-4)
    finally:
        network.float()
    assert found.position == 3
    assert np.abs(found.keys).max() > 0.01
    assert not found.keys.flags.writeable


def test_a_special_token_has_no_prediction(bert: LoadedModel) -> None:
    with pytest.raises(InputError, match="special"):
        attribute_prediction(*with_head(bert, "bert"), TEXT, 0)


def test_agreement_is_spearmans_for_each_query() -> None:
    draw = np.random.default_rng(1)
    one, other = draw.random((4, 9)).astype(np.float32), draw.random((4, 9)).astype(np.float32)
    one[2, :4] = 0.5  # ties
    expected = [spearmanr(a, b).statistic for a, b in zip(one, other, strict=True)]
    np.testing.assert_allclose(rank_agreement(one, other), expected, rtol=1e-6)
    np.testing.assert_allclose(rank_agreement(one[0], other[0]), expected[:1], rtol=1e-6)
    np.testing.assert_allclose(rank_agreement(one, one**3), 1, rtol=1e-6)
    hide = [True, False, False] * 3
    kept = ~np.array(hide)
    np.testing.assert_allclose(
        rank_agreement(one, other, hide)[0], spearmanr(one[0, kept], other[0, kept]).statistic, rtol=1e-6
    )


def test_there_is_no_agreement_where_nothing_can_be_ranked() -> None:
    causal = np.tril(np.random.default_rng(2).random((5, 5)).astype(np.float32) + 0.1)
    found = rank_agreement(causal, causal)
    assert np.isnan(found[:2]).all()
    np.testing.assert_allclose(found[2:], 1)
    assert np.isnan(rank_agreement(np.full(6, 0.2, np.float32), np.arange(1, 7, dtype=np.float32))).all()


def test_shapes_that_differ_are_refused() -> None:
    draw = np.ones((3, 4), dtype=np.float32)
    for other, hide in ((draw[:, :3], None), (draw[:2], None), (draw, [True])):
        with pytest.raises(MetricError, match="cannot be compared"):
            rank_agreement(draw, other, hide)


def test_attention_and_attribution_agree_in_part(minilm: LoadedModel) -> None:
    text = "The old keeper lit the lamp, and went to bed before the storm came."
    found = attribute(minilm, text)
    first = attend(minilm, text).encoder.weights[0].mean(axis=0)
    mean = float(np.nanmean(rank_agreement(first, found.tokens, found.encoding.special)))
    assert 0.1 < mean < 0.95


def test_progress_and_the_end_of_it(bert: LoadedModel) -> None:
    told: list[tuple[int, int]] = []
    attribute(bert, TEXT, progress=lambda done, total: told.append((done, total)))
    count = len(encode(bert, TEXT))
    assert told[-1] == (count, count)
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(Cancelled):
        attribute(bert, TEXT, cancelled=stopped)
    assert not bert.lock.locked()
