from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.studies.corpus.made import made_encodings, made_model
from viz.attention import attend
from viz.errors import ModelRefused, VizError
from viz.inputs.text import Encoding, encode
from viz.models import LoadedModel
from viz.models.families.family import FAMILIES
from viz.studies.corpus.batches import LayerReader, batch_by_length
from viz.studies.corpus.survey import prefetch

LENGTHS = (9, 4, 13, 2, 9)


def alone(model: LoadedModel, given_text: Encoding) -> list[np.ndarray]:
    """What the model itself gives for one text, [head, query, key] a layer."""
    stack = model.model.get_encoder() if "cross" in model.card.kinds else model.model
    inputs = {"input_ids": torch.tensor([given_text.ids]), "attention_mask": torch.ones(1, len(given_text))}
    with torch.inference_mode():
        found = stack(**inputs, output_attentions=True).attentions
    return [layer[0].numpy() for layer in found]


def read(reader: LayerReader, given_texts: list[Encoding]) -> list[np.ndarray]:
    """All layers of one batch, [text, head, query, key] each."""
    kept: list[np.ndarray] = []
    numbers: list[int] = []

    def keep(layer: int, weights: torch.Tensor) -> None:
        numbers.append(layer)
        kept.append(weights.clone().numpy())

    reader.read(given_texts, keep)
    assert numbers == list(range(len(kept)))
    return kept


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_text_gives_the_same_among_others_as_alone(family: str) -> None:
    model = made_model(family)
    texts = made_encodings(LENGTHS)
    reader = LayerReader(model)
    assert reader.by_layer
    assert reader.padded
    layers = read(reader, texts)
    assert len(layers) == model.card.layers
    for row, text in enumerate(texts):
        for found, expected in zip(layers, alone(model, text), strict=True):
            own = len(text)
            np.testing.assert_allclose(found[row, :, :own, :own], expected, atol=1e-5)
            assert not found[row, :, :own, own:].any()  # exactly 0


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_a_real_text_gives_the_same_among_others_as_alone(name: str, request: pytest.FixtureRequest) -> None:
    model: LoadedModel = request.getfixturevalue(name)
    texts = ["A cat.", "The old teacher wrote a long letter to her friend, but nobody answered.", "Why?"]
    layers = read(LayerReader(model), [encode(model, text) for text in texts])
    for row, text in enumerate(texts):
        expected = attend(model, text).encoder.weights
        own = expected.shape[-1]
        np.testing.assert_allclose(
            np.stack([layer[row, :, :own, :own] for layer in layers]), expected, atol=1e-5
        )


def test_no_more_than_one_layer_is_kept() -> None:
    model = made_model("bert")
    reader = LayerReader(model)
    given_back: list[Any] = []
    original = model.model.forward

    def watched(*arguments: object, **named: object) -> Any:
        given_back.append(original(*arguments, **named))
        return given_back[-1]

    model.model.forward = watched
    try:
        reader.read(made_encodings(LENGTHS), lambda _layer, _weights: None)
    finally:
        model.model.forward = original
    (output,) = given_back
    assert len(output.attentions) == model.card.layers
    assert [weights.numel() for weights in output.attentions] == [0] * model.card.layers


def test_nothing_of_the_reader_stays_on_the_model(minilm: LoadedModel) -> None:
    before = attend(minilm, "The cat sat.").encoder.weights  # transformers' own hooks are there from now on
    hooks = sum(len(module._forward_hooks) for module in minilm.model.modules())
    reader = LayerReader(minilm)
    text = [encode(minilm, "The cat sat.")]
    reader.read(text, lambda _layer, weights: weights.zero_())

    def fail(_layer: int, _weights: torch.Tensor) -> None:
        raise KeyError("gone")

    with pytest.raises(KeyError):
        reader.read(text, fail)
    assert sum(len(module._forward_hooks) for module in minilm.model.modules()) == hooks
    assert not minilm.lock.locked()
    np.testing.assert_array_equal(attend(minilm, "The cat sat.").encoder.weights, before)


class _Reworked(torch.nn.Module):
    """A model that returns copies of its weights, so that nothing tells where they come from."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner
        self.config = inner.config
        self.device = inner.device

    def get_input_embeddings(self) -> Any:
        return self.inner.get_input_embeddings()

    def set_attn_implementation(self, name: str) -> None:
        self.inner.set_attn_implementation(name)

    def forward(self, **inputs: Any) -> Any:
        layers = self.inner(**inputs).attentions
        return SimpleNamespace(attentions=tuple(layer.clone() for layer in layers))


def test_a_model_whose_weights_cannot_be_tapped_is_read_all_the_same() -> None:
    plain = made_model("bert")
    reworked = made_model("bert", _Reworked(plain.model))
    reader = LayerReader(reworked)
    assert not reader.by_layer
    texts = made_encodings(LENGTHS)
    for found, expected in zip(read(reader, texts), read(LayerReader(plain), texts), strict=True):
        np.testing.assert_array_equal(found, expected)


class _Neighbourly(torch.nn.Module):
    """A model in which each token is changed by the one after it, padding or not, as MobileBERT's are."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner
        self.config = inner.config
        self.device = inner.device

    def get_input_embeddings(self) -> Any:
        return self.inner.get_input_embeddings()

    def set_attn_implementation(self, name: str) -> None:
        self.inner.set_attn_implementation(name)

    def forward(self, input_ids: torch.Tensor, **inputs: Any) -> Any:
        embedded = self.get_input_embeddings()(input_ids)
        embedded = embedded + torch.nn.functional.pad(embedded[:, 1:], (0, 0, 0, 1))
        return self.inner(inputs_embeds=embedded, **inputs)


def test_where_padding_changes_a_text_only_those_of_one_length_go_together() -> None:
    plain = made_model("bert")
    assert plain.model.get_input_embeddings().weight[0].any()  # what stands for padding is not nothing
    reader = LayerReader(made_model("bert", _Neighbourly(plain.model)))
    assert not reader.padded
    assert sorted(sorted(batch) for batch in reader.in_batches(made_encodings(LENGTHS))) == [
        [0, 4],
        [1],
        [2],
        [3],
    ]
    assert len(list(LayerReader(plain).in_batches(made_encodings(LENGTHS)))) == 1


def test_a_model_that_fails_says_so_in_a_sentence() -> None:
    model = made_model("bert")
    reader = LayerReader(model)
    with pytest.raises(VizError, match="bert failed on a batch of 2 texts, the longest of 90 tokens"):
        reader.read(made_encodings((90, 3)), lambda _layer, _weights: None)
    assert not model.lock.locked()


def test_another_number_of_layers_than_was_promised_is_refused() -> None:
    model = made_model("bert")
    reader = LayerReader(model)
    object.__setattr__(model.card, "layers", 5)
    with pytest.raises(ModelRefused, match="2 layers; 5 were expected"):
        reader.read(made_encodings((3,)), lambda _layer, _weights: None)


@given(st.lists(st.integers(1, 40), max_size=40), st.integers(1, 100), st.booleans())
def test_batches_hold_each_text_once_and_no_more_than_they_may(
    lengths: list[int], most: int, padded: bool
) -> None:
    batches = list(batch_by_length(lengths, most, padded))
    assert sorted(place for batch in batches for place in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[place] for place in batch)
        assert len(batch) == 1 or longest * len(batch) <= most
        assert padded or {lengths[place] for place in batch} == {longest}
    order = [lengths[place] for batch in batches for place in batch]
    assert order == sorted(order)


def test_what_is_made_ahead_comes_in_order_and_with_its_errors() -> None:
    def parts() -> Iterator[int]:
        yield from range(3)
        raise KeyError("gone")

    found = prefetch(parts())
    assert [next(found) for _at in range(3)] == [0, 1, 2]
    with pytest.raises(KeyError, match="gone"):
        next(found)
    assert list(prefetch(iter([]))) == []
