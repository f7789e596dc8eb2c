import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from viz.attention import AttentionMap, attend
from viz.attention.checks import check_rows
from viz.errors import AttentionError, MapNotFound, ModelRefused, NotEnoughMemory
from viz.models import LoadedModel

TEXTS = [("The cat sat on the mat.", None), ("Who is tired?", "The animal is."), ("猫坐在垫子上。", None)]


@pytest.mark.parametrize(("text", "pair"), TEXTS)
def test_weights_have_the_axes_and_rows_of_attention(
    minilm: LoadedModel, e5: LoadedModel, text: str, pair: str | None
) -> None:
    for model in (minilm, e5):
        found = attend(model, text, pair).encoder
        tokens = len(found.queries.tokens)
        assert found.weights.shape == (model.card.layers, model.card.heads, tokens, tokens)
        assert found.weights.dtype == np.float32
        assert not found.weights.flags.writeable
        np.testing.assert_allclose(found.weights.sum(axis=-1), 1, atol=1e-5)
        assert found.weights.min() >= 0


@pytest.mark.parametrize(("text", "pair"), TEXTS)
def test_weights_are_those_of_the_model(minilm: LoadedModel, text: str, pair: str | None) -> None:
    fed = (
        minilm.tokenizer(text, pair, return_tensors="pt")
        if pair
        else minilm.tokenizer(text, return_tensors="pt")
    )
    with torch.no_grad():
        expected = minilm.model(**fed, output_attentions=True).attentions
    found = attend(minilm, text, pair).encoder.weights
    np.testing.assert_allclose(found, torch.cat(expected).numpy(), atol=1e-6)


def test_two_runs_are_the_same_bit_for_bit(minilm: LoadedModel) -> None:
    first, second = (attend(minilm, "The same text.").encoder.weights for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_a_missing_kind_names_those_there_are(minilm: LoadedModel) -> None:
    result = attend(minilm, "Hello.")
    with pytest.raises(MapNotFound, match="no cross attention; it has: encoder"):
        _ = result.cross
    with pytest.raises(MapNotFound, match="no decoder attention"):
        _ = result.decoder


def test_rows_that_do_not_sum_to_one_are_refused() -> None:
    weights = np.full((2, 2, 3, 3), 1 / 3, dtype=np.float32)
    check_rows(weights)
    weights[1, 0, 2] = [0.5, 0.5, 0.5]
    with pytest.raises(AttentionError, match=r"Layer 2, head 1, query 3: the weights sum to 1\.5"):
        check_rows(weights)
    weights[1, 0, 2] = np.nan
    with pytest.raises(AttentionError):
        check_rows(weights)


def test_a_map_needs_weights_that_fit_its_tokens(minilm: LoadedModel) -> None:
    tokens = attend(minilm, "Hello.").encoder.queries
    with pytest.raises(AttentionError, match=r"\[layer, head, 4, 4\] was expected"):
        AttentionMap("encoder", np.zeros((1, 1, 3, 3), dtype=np.float32), tokens, tokens)


class _Failing(torch.nn.Module):
    device = torch.device("cpu")

    def __init__(self, config: Any, fault: Exception | None) -> None:
        super().__init__()
        self.config = config
        self.fault = fault

    def forward(self, **_: Any) -> Any:
        if self.fault:
            raise self.fault
        return type("Output", (), {"attentions": None})()


def test_a_failing_forward_is_a_clear_error(minilm: LoadedModel) -> None:
    broken = dataclasses.replace(minilm, model=_Failing(minilm.model.config, RuntimeError("out of memory")))
    with pytest.raises(NotEnoughMemory, match="not enough memory") as caught:
        attend(broken, "Hello.")
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert not broken.lock.locked()


def test_a_model_without_weights_is_refused(minilm: LoadedModel) -> None:
    with pytest.raises(ModelRefused, match="no attention weights"):
        attend(dataclasses.replace(minilm, model=_Failing(minilm.model.config, None)), "Hello.")
