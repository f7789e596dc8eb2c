"""Every class in which transformers saves a model of a known family: what is drawn is what that class computes."""

import importlib
import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from tests.tiny import far_from_uniform, matching_sizes, tiny_config
from tests.tokenizers_made import made
from viz.attention import AttentionResult, attend
from viz.lessons.inside.layer_steps import inside
from viz.models.card import LoadedModel
from viz.models.checkpoints.checkpoint import load_checkpoint, read_card
from viz.models.families.family import FAMILIES
from viz.models.families.projections import projections

TEXT = "The cat sat on the mat, and the dog slept."
LOOKING_BOTH_WAYS = (
    "bert",
    "roberta",
    "roberta-prelayernorm",
    "xlm-roberta",
    "camembert",
    "data2vec-text",
    "electra",
    "roformer",
    "ernie",
    "megatron-bert",
    "rembert",
)
LOOKING_BACK = ("gpt2", "gpt_neox", "bloom", "opt", "llama", "mistral", "qwen2", "qwen3")


def classes_of(family: str) -> list[Any]:
    """The classes of transformers that save a model of that family."""
    module = importlib.import_module(CONFIG_MAPPING[family].__module__.replace("configuration_", "modeling_"))
    public = [
        each for name, each in vars(module).items() if inspect.isclass(each) and hasattr(transformers, name)
    ]
    return [
        each
        for each in dict.fromkeys(public)
        if issubclass(each, transformers.PreTrainedModel)
        and each.__module__ == module.__name__
        and "pretrained" not in each.__name__.lower()
    ]


def saved(kind: Any, family: str, folder: Path, **changes: Any) -> Any:
    """A random model of that class, saved with a tokenizer as its authors would."""
    tokenizer, sizes = matching_sizes(family)
    torch.manual_seed(0)
    config = tiny_config(family, **{**sizes, **changes})
    model = far_from_uniform(kind._from_config(config, attn_implementation="eager"))
    model.save_pretrained(folder)
    made(tokenizer).save_pretrained(folder)
    return model


def loaded(folder: Path) -> LoadedModel:
    return load_checkpoint(folder, read_card(folder, "local:mine", "local"), "test")


def attended(model: LoadedModel) -> AttentionResult:
    return attend(model, TEXT, target="le chat dort" if "cross" in model.card.kinds else None)


def check_same(result: AttentionResult, original: Any) -> None:
    """The maps are those that the original gives by itself."""
    fed: dict[str, Any] = {"input_ids": torch.tensor([result.maps[0].queries.ids])}
    if result.card.kinds != ("encoder",):
        fed["use_cache"] = False  # made for as many layers as the encoder has
    names = {"encoder": "encoder_attentions", "decoder": "decoder_attentions", "cross": "cross_attentions"}
    if len(result.maps) == 3:
        fed["decoder_input_ids"] = torch.tensor([result.decoder.queries.ids])
    else:
        names = {result.maps[0].kind: "attentions"}
    with torch.inference_mode():
        output = original.base_model(**fed, output_attentions=True)
    for each in result.maps:
        expected = torch.cat(list(output[names[each.kind]])).numpy()
        np.testing.assert_allclose(each.weights, expected, atol=1e-6)
        assert each.weights.shape[:2] == result.card.shape(each.kind)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_every_class_of_a_family_is_drawn_as_it_computes(family: str, tmp_path: Path) -> None:
    kinds = set()
    for kind in classes_of(family):
        original = saved(kind, family, tmp_path / kind.__name__)
        model = loaded(tmp_path / kind.__name__)
        result = attended(model)
        check_same(result, original)
        alone = kind.__name__.endswith(("ForMaskedLM", "MaskedLM"))
        assert (model.predictor is not None) == (alone and model.card.kinds == ("encoder",)), kind.__name__
        kinds.add(model.card.kinds)
    assert FAMILIES[family].kinds in kinds
    # Of two parts, a family saves the encoder or the decoder alone as well.
    assert len(kinds) == (2 if "cross" in FAMILIES[family].kinds else 1)


@pytest.mark.parametrize(
    ("family", "name", "kind"),
    [
        ("t5", "T5EncoderModel", "encoder"),
        ("mt5", "MT5EncoderModel", "encoder"),
        ("t5", "T5ForTokenClassification", "encoder"),
        ("bart", "BartForCausalLM", "decoder"),
        ("marian", "MarianForCausalLM", "decoder"),
        ("pegasus", "PegasusForCausalLM", "decoder"),
    ],
)
def test_one_part_alone_is_taken_apart_as_well(family: str, name: str, kind: Any, tmp_path: Path) -> None:
    saved(getattr(transformers, name), family, tmp_path)
    model = loaded(tmp_path)
    assert model.card.kinds == (kind,)
    assert len(model.notes) == (kind == "decoder")  # its layers would read an encoder too
    assert len(projections(model)) == model.card.layers
    inside(model, attended(model), kind, 0)


@pytest.mark.parametrize("family", LOOKING_BOTH_WAYS)
def test_an_encoder_set_up_as_a_decoder_is_one(family: str, tmp_path: Path) -> None:
    original = saved(
        transformers.AutoModel._model_mapping[CONFIG_MAPPING[family]], family, tmp_path, is_decoder=True
    )
    model = loaded(tmp_path)
    assert model.card.kinds == ("decoder",)
    assert model.predictor is None
    check_same(attended(model), original)
    assert len(projections(model)) == model.card.layers
    inside(model, attended(model), "decoder", 0)


@pytest.mark.parametrize("family", ["distilbert", "albert", "mpnet", "deberta", "deberta-v2", "modernbert"])
def test_a_family_that_knows_no_decoder_stays_an_encoder(family: str, tmp_path: Path) -> None:
    original = saved(
        transformers.AutoModel._model_mapping[CONFIG_MAPPING[family]], family, tmp_path, is_decoder=True
    )
    model = loaded(tmp_path)
    assert model.card.kinds == ("encoder",)
    check_same(attended(model), original)


@pytest.mark.parametrize("family", LOOKING_BACK)
def test_a_decoder_set_up_to_look_both_ways_is_an_encoder(family: str, tmp_path: Path) -> None:
    original = saved(
        transformers.AutoModel._model_mapping[CONFIG_MAPPING[family]], family, tmp_path, is_causal=False
    )
    model = loaded(tmp_path)
    assert model.card.kinds == ("encoder",)
    check_same(attended(model), original)
    inside(model, attended(model), "encoder", 0)


def test_layers_that_would_read_an_encoder_too_are_noted(tmp_path: Path) -> None:
    original = saved(transformers.BertModel, "bert", tmp_path, is_decoder=True, add_cross_attention=True)
    model = loaded(tmp_path)
    (note,) = model.notes
    assert "an encoder's output" in str(note)
    check_same(attended(model), original)


def test_a_writer_without_the_head_that_chooses_words_is_noted(tmp_path: Path) -> None:
    original = saved(transformers.BartModel, "bart", tmp_path, tie_word_embeddings=False)
    model = loaded(tmp_path)
    (note,) = model.notes
    assert "what it writes by itself is chance" in str(note)
    check_same(attended(model), original)
