"""Which files are fetched: nothing that is code, nothing that is a path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.models.checkpoints.needed_files import has_tokenizer, has_weights, wanted, weights_not_read

PARTS = st.sampled_from(
    [
        "model",
        "pytorch_model",
        "tokenizer",
        "vocab",
        "config",
        "merges",
        "spm",
        ".",
        "..",
        "/",
        "\\",
        "\0",
        "-00001",
    ]
)
ENDS = st.sampled_from(
    [".safetensors", ".json", ".txt", ".model", ".spm", ".bin", ".py", ".index.json", "", "\n"]
)
NAMES = st.builds(lambda parts, end: "".join(parts) + end, st.lists(PARTS, max_size=4), ENDS) | st.text(
    max_size=120
)


@given(st.lists(NAMES, unique=True))
def test_only_plain_names_are_wanted_and_each_once(names: list[str]) -> None:
    found = wanted(names)
    assert set(found) <= set(names)
    assert len(set(found)) == len(found)
    for name in found:
        assert not set(name) & set("/\\\0\n")
        assert name not in (".", "..")
        assert name.endswith((".json", ".txt", ".model", ".spm", ".safetensors"))


def test_the_weights_come_last() -> None:
    names = ["model.safetensors", "vocab.txt", "config.json", "tokenizer.json"]
    assert wanted(names) == ("config.json", "tokenizer.json", "vocab.txt", "model.safetensors")


def test_shards_alone_are_no_weights() -> None:
    assert not has_weights(wanted(["config.json", "model-00001-of-00002.safetensors"]))


@pytest.mark.parametrize(
    "name", ["model.fp16.safetensors", "adapter_model.safetensors", "sub/model.safetensors"]
)
def test_other_safetensors_are_not_the_model(name: str) -> None:
    assert wanted([name]) == ()


def test_a_tokenizers_settings_alone_make_none() -> None:
    assert not has_tokenizer(["tokenizer_config.json", "special_tokens_map.json", "merges.txt"])


def test_weights_that_are_not_read_are_named() -> None:
    assert weights_not_read(["tf_model.h5", "config.json", "pytorch_model.bin"]) == (
        "pytorch_model.bin",
        "tf_model.h5",
    )
