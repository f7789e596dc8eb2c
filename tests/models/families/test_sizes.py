"""Sizes are what the config class of transformers reads, under each name it knows; a stranger's end in one error."""

import copy
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from tests.tiny import made_for, tiny_config
from viz.attention import AttentionResult, attend
from viz.errors import ModelError, ModelFileError, ModelRefused
from viz.models.checkpoints.checkpoint import load_checkpoint, read_card
from viz.models.families.family import FAMILIES, family_of
from viz.models.families.sizes import config_of, shape_of, stated_shape

SIZES = ("num_hidden_layers", "num_attention_heads", "hidden_size", "max_position_embeddings")
RENAMED = [name for name in FAMILIES if CONFIG_MAPPING[name].attribute_map]


def change(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def drawn(folder: Path) -> AttentionResult:
    model = load_checkpoint(folder, read_card(folder, "local:mine", "local"), "test")
    return attend(model, "The cat sat.", target="le chat" if "cross" in model.card.kinds else None)


@pytest.mark.parametrize("name", FAMILIES)
def test_what_is_known_of_a_family_is_what_its_class_says(name: str) -> None:
    family, kind = FAMILIES[name], CONFIG_MAPPING[name]
    assert family.names == {size: own for size, own in kind.attribute_map.items() if size in SIZES}
    assert family.limited == hasattr(kind, kind.attribute_map.get(SIZES[-1], SIZES[-1]))
    if family.kinds == ("encoder",):
        assert ("is_decoder" in family.settings) == hasattr(kind, "is_decoder")


@pytest.mark.parametrize("name", FAMILIES)
def test_what_is_stated_is_what_the_class_reads(name: str) -> None:
    raw = tiny_config(name).to_dict()
    expected = shape_of(config_of(raw, "some/model"), "some/model")
    assert stated_shape(raw, "some/model") == expected
    for size, own in CONFIG_MAPPING[name].attribute_map.items():
        if own in raw:
            raw[size] = raw.pop(own)
            assert stated_shape(raw, "some/model") == expected
            assert shape_of(config_of(raw, "some/model"), "some/model") == expected
    # Nothing but the family's name: the defaults of its class.
    bare = {"model_type": name}
    assert stated_shape(bare, "some/model") == shape_of(CONFIG_MAPPING[name](), "some/model")


@pytest.mark.parametrize("name", RENAMED)
def test_a_model_is_the_same_under_each_name_of_its_sizes(name: str, tmp_path: Path) -> None:
    folder = made_for(name, tmp_path)
    expected = drawn(folder)
    raw = json.loads((folder / "config.json").read_text())
    for size, own in CONFIG_MAPPING[name].attribute_map.items():
        if own in raw:
            raw[size] = raw.pop(own)
    (folder / "config.json").write_text(json.dumps(raw))
    for before, after in zip(expected.maps, drawn(folder).maps, strict=True):
        np.testing.assert_array_equal(before.weights, after.weights)


def test_bloom_is_read_as_its_public_files_name_its_sizes(tmp_path: Path) -> None:
    folder = made_for("bloom", tmp_path)
    raw = json.loads((folder / "config.json").read_text())
    raw["n_embed"], raw["num_attention_heads"] = raw.pop("hidden_size"), raw.pop("n_head")
    (folder / "config.json").write_text(json.dumps(raw))
    assert drawn(folder).decoder.weights.shape[:2] == (2, 4)


@pytest.mark.parametrize(
    "changes",
    [
        {"_attn_implementation": "sdpa"},
        {"_attn_implementation": "flash_attention_2"},
        {"attn_implementation": "sdpa"},
        {"_attn_implementation_internal": "sdpa"},
        {"_attn_implementation": {"": "sdpa"}},
        {"return_dict": False},
        {"use_return_dict": False},
        {"output_attentions": False, "output_hidden_states": True},
        {"torch_dtype": "float16"},
        {"dtype": "nonsense"},
        {"num_labels": 10**12},
        {"id2label": {"x": "y"}},
        {"problem_type": "nonsense"},
        {"transformers_weights": "../other.safetensors"},
        {"to_dict": 1, "get_text_config": None, "validate": "x", "attribute_map": {"hidden_size": "x"}},
        {"__class__": "x", "__dict__": {}},
        {"use_cache": True, "torchscript": False, "gradient_checkpointing": True},
        {"quantization_config": {"quant_method": "bitsandbytes", "load_in_8bit": True}},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["bert", "llama"])
def test_no_setting_changes_how_a_model_is_loaded(name: str, changes: dict[str, Any], tmp_path: Path) -> None:
    folder = made_for(name, tmp_path)
    expected = drawn(folder).maps[0].weights
    change(folder, **changes)
    model = load_checkpoint(folder, read_card(folder, "local:mine", "local"), "test")
    assert model.model.config._attn_implementation == "eager"
    np.testing.assert_array_equal(attend(model, "The cat sat.").maps[0].weights, expected)


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("bert", {"num_hidden_layers": 10**12}, "num_hidden_layers as 1000000000000"),
        ("bert", {"num_hidden_layers": -1}, "num_hidden_layers as -1"),
        ("bert", {"num_attention_heads": "4"}, "num_attention_heads"),
        ("modernbert", {"num_hidden_layers": 10**9, "layer_types": None}, "num_hidden_layers"),
        ("qwen2", {"num_hidden_layers": 10**9, "layer_types": None}, "num_hidden_layers"),
        ("gpt2", {"n_layer": 10**9}, "n_layer"),
        ("gpt_neo", {"attention_types": [[["global", "local"], 10**12]]}, "attention_types as 2000000000000"),
        ("gpt_neo", {"attention_types": [[["global"] * 99, 9999]] * 9}, "attention_types"),
        ("gpt_neo", {"attention_types": 7}, "attention_types"),
        ("albert", {"num_hidden_groups": 10**9}, "num_hidden_groups"),
        ("albert", {"inner_group_num": 10**9}, "inner_group_num"),
        ("t5", {"num_decoder_layers": 10**9}, "num_decoder_layers"),
        ("bart", {"decoder_attention_heads": 10**9}, "decoder_attention_heads"),
        ("t5", {"feed_forward_proj": 7}, "feed_forward_proj"),
        ("bert", {"vocab_size": 2_000_000, "hidden_size": 32_768}, "its config.json describes"),
        ("bert", {"intermediate_size": 10**10}, "its config.json describes"),
        ("gpt2", {"n_positions": 1_000_000}, "its config.json describes"),
        ("roformer", {"max_position_embeddings": 10_000_000}, "its config.json describes"),
        ("marian", {"max_position_embeddings": 10_000_000}, "its config.json describes"),
        ("bert", {"type_vocab_size": 10**9}, "its config.json describes"),
    ],
)
def test_sizes_that_would_fill_the_memory_are_refused_at_once(
    name: str, changes: dict[str, Any], words: str, tmp_path: Path
) -> None:
    folder = made_for(name, tmp_path)
    change(folder, **changes)
    begun = time.process_time()
    with pytest.raises(ModelFileError, match=words):
        drawn(folder)
    assert time.process_time() - begun < 10


_JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([0, 1, 2, 10**9, 10**30]),
        st.floats(),
        st.text(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("name", FAMILIES)
def test_whatever_a_stranger_writes_it_is_a_shape_or_one_of_our_errors(name: str) -> None:
    plain = tiny_config(name).to_dict()
    known = {*plain, *dir(CONFIG_MAPPING[name]), "rope_scaling", "n_embed", "is_causal", "architectures"}

    @settings(max_examples=15, deadline=None)
    @given(st.dictionaries(st.sampled_from(sorted(known)), _JUNK, min_size=1, max_size=4))
    def check(changes: dict[str, Any]) -> None:
        raw = {**copy.deepcopy(plain), **changes, "model_type": name}
        for read in (stated_shape, lambda raw, model: shape_of(config_of(raw, model), model)):
            try:
                shape = read(raw, "some/model")
            except ModelError:
                continue
            assert 1 <= shape.layers <= 256
            assert 1 <= shape.heads <= 256
            assert 0 <= shape.positions <= 10_000_000

    check()


@pytest.mark.parametrize("received", ["relative_key", "relative_key_query", 7, ["x"]])
def test_positions_that_are_not_computed_are_refused(received: object) -> None:
    raw = tiny_config("bert").to_dict() | {"position_embedding_type": received}
    for read in (stated_shape, config_of):
        with pytest.raises(ModelRefused, match="only absolute ones are"):
            read(raw, "some/model")


def test_the_list_of_families_is_whole() -> None:
    with pytest.raises(ModelRefused) as caught:
        family_of({"model_type": "vit"}, "some/model")
    listed = str(caught.value).partition("one of these: ")[2].rstrip(".").split(", ")
    assert listed == [family.title for family in FAMILIES.values()]
    shown = caught.value.render(show="<{}>".format)
    assert "<mT5>" in shown
