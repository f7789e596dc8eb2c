"""Texts side by side give what each gives alone; what torch raises becomes one sentence."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.studies.importance.loaded import tiny
from viz.errors import VizError
from viz.inputs.text import encode
from viz.models import LoadedModel
from viz.models.forward import feed, last_hidden, mean_pooled, readable_errors, repeated

SHORT, LONG = "The cat sat.", "Nobody had seen the lighthouse since the winter storm, in which it burned."


def _check_padding(model: LoadedModel) -> None:
    both = [encode(model, SHORT), encode(model, LONG)]
    ids, segments = [each.ids for each in both], [each.segments for each in both]
    with torch.inference_mode():
        fed = feed(model, ids, segments)
        hidden = last_hidden(model, fed)
        pooled = mean_pooled(hidden, fed["attention_mask"])
        for row, encoding in enumerate(both):
            alone = last_hidden(model, feed(model, [encoding.ids], [encoding.segments]))[0]
            limit = 2e-5 * float(alone.abs().max())
            np.testing.assert_allclose(hidden[row, : len(encoding)], alone, atol=limit)
            np.testing.assert_allclose(pooled[row], alone.mean(dim=0), atol=limit)
    assert fed["input_ids"].shape == (2, len(both[1]))


@pytest.mark.parametrize("name", ["bert", "roberta", "modernbert", "gpt2", "llama", "bloom", "t5", "bart"])
def test_padding_changes_nothing(name: str, tmp_path: Path) -> None:
    _check_padding(tiny(name, tmp_path))


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_padding_changes_nothing_in_the_embedded_models(name: str, request: pytest.FixtureRequest) -> None:
    _check_padding(request.getfixturevalue(name))


def test_a_second_text_keeps_its_segment(minilm: LoadedModel) -> None:
    pair = encode(minilm, "One.", "Two.")
    fed = feed(minilm, [pair.ids, pair.ids[:3]], [pair.segments, pair.segments[:3]])
    assert fed["token_type_ids"].tolist() == [list(pair.segments), [0] * len(pair)]
    assert fed["attention_mask"].tolist() == [[1] * len(pair), [1] * 3 + [0] * (len(pair) - 3)]
    assert feed(minilm, [pair.ids])["token_type_ids"].tolist() == [[0] * len(pair)]


def test_copies_of_a_text_are_that_text(minilm: LoadedModel) -> None:
    fed = feed(minilm, [encode(minilm, SHORT).ids])
    for name, each in repeated(fed, 3).items():
        assert each.tolist() == fed[name].tolist() * 3


def test_errors_of_torch_are_one_sentence(minilm: LoadedModel) -> None:
    with (
        pytest.raises(VizError, match=r"failed on this text \(7 tokens\): too small"),
        readable_errors(minilm, 7),
    ):
        raise RuntimeError("too small")
