"""The names that other programs rely on: they stay importable, and give what they say."""

import numpy as np
import pytest

import viz.metrics
from viz.attention import AttentionResult, attend, weighted_norms
from viz.errors import VizError
from viz.metrics import attention_flow, entropy, js_distance, received, rollout
from viz.models import LoadedModel, list_models, load_model

LAYERS, HEADS = 6, 12
CARD_FIELDS = {"id", "title", "languages", "layers", "heads", "max_tokens", "licence", "source"}


@pytest.fixture(scope="module")
def result(minilm: LoadedModel) -> AttentionResult:
    return attend(minilm, "The cat sat.", pair=None)


def test_the_catalogue_says_what_a_model_is() -> None:
    cards = {card.id: card for card in list_models()}
    assert {"all-MiniLM-L6-v2", "multilingual-e5-small"} <= set(cards)
    for card in cards.values():
        assert all(hasattr(card, field) for field in CARD_FIELDS)


def test_a_name_gives_a_model_with_its_transformers_objects(minilm: LoadedModel) -> None:
    assert load_model("all-MiniLM-L6-v2").card == minilm.card
    assert minilm.tokenizer("The cat sat.").input_ids
    assert minilm.model.config.num_hidden_layers == LAYERS


def test_a_text_gives_weights_and_labelled_tokens(result: AttentionResult) -> None:
    weights, queries = result.encoder.weights, result.encoder.queries
    count = len(queries.ids)
    assert weights.shape == (LAYERS, HEADS, count, count)
    assert weights.dtype == np.float32
    assert not weights.flags.writeable
    assert queries.labels == queries.tokens == ["[CLS]", "the", "cat", "sat", ".", "[SEP]"]
    assert queries.ids == [101, 1996, 4937, 2938, 1012, 102]


@pytest.mark.parametrize("kind", ["cross", "decoder"])
def test_a_map_that_is_not_there_is_a_sentence(result: AttentionResult, kind: str) -> None:
    with pytest.raises(VizError, match="encoder"):
        getattr(result, kind)


def test_metrics_have_the_axes_they_say(minilm: LoadedModel, result: AttentionResult) -> None:
    weights = result.encoder.weights
    count = weights.shape[-1]
    shapes = {
        entropy: (LAYERS, HEADS, count),
        received: (LAYERS, HEADS, count),
        js_distance: (LAYERS * HEADS, LAYERS * HEADS),
        rollout: (LAYERS, count, count),
        attention_flow: (count, count),
    }
    assert {metric: metric(weights).shape for metric in shapes} == shapes
    assert weighted_norms(minilm, result).shape == weights.shape


def test_weighted_norms_stays_importable_from_the_metrics() -> None:
    assert viz.metrics.weighted_norms is weighted_norms
