"""A folder's tokenizer reads a text as the folder's own files say, or the folder is refused."""

import json
import shutil
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from tests.tiny import VOCABULARY, made_for, tiny_model
from tests.tokenizers_made import BYTES, FALLBACK, NAMES, PYTHON, UNIGRAM, WORDPIECE, made
from viz.attention import attend
from viz.errors import ModelFileError
from viz.models import LoadedModel
from viz.models.checkpoints.checkpoint import load_checkpoint, read_card
from viz.models.checkpoints.tokenizer_probe import read_tokenizer, reads_as_its_file
from viz.models.families.family import FAMILIES

TEXT = "the cats sat on the mat, did they? the weather today is good"
SAVED = [name for name in NAMES if name not in (*PYTHON, "roformer")]


def load(folder: Path) -> LoadedModel:
    return load_checkpoint(folder, read_card(folder, "local:mine", "local"), "test")


def beside(family: str, name: str, folder: Path, *, only: str | None = None) -> Path:
    """A tiny model of a family with the tokenizer of another kind beside it, or with one file of it."""
    size = max(VOCABULARY, *made(name).get_vocab().values()) + 8
    tiny_model(family, vocab_size=size).save_pretrained(folder)
    made(name).save_pretrained(folder / "tokenizer")
    for path in (folder / "tokenizer").iterdir():
        if only in (None, path.name):
            shutil.copy(path, folder)
    return folder


@pytest.mark.parametrize("only", [None, "tokenizer.json"])
@pytest.mark.parametrize("name", ["bert", "gpt2", "xlm-roberta", "llama-old"])
@pytest.mark.parametrize("family", ["qwen2", "roberta", "bert"])
def test_a_tokenizer_of_another_kind_reads_as_its_own_file_says(
    family: str, name: str, only: str | None, tmp_path: Path
) -> None:
    model = load(beside(family, name, tmp_path, only=only))
    own = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    for text in (TEXT, "a a a a. a", "今天天气很好。 <mask> [MASK]"):
        assert model.tokenizer(text, add_special_tokens=False)["input_ids"] == (
            own.encode(text, add_special_tokens=False).ids
        )
    assert attend(model, TEXT).maps[0].queries.text == TEXT


@pytest.mark.parametrize("name", SAVED)
def test_a_tokenizer_as_it_was_saved_keeps_its_class(name: str, tmp_path: Path) -> None:
    made(name).save_pretrained(tmp_path)
    assert reads_as_its_file(tmp_path / "tokenizer.json", made(name))
    found = read_tokenizer(tmp_path, "mine")
    assert found(TEXT, "the mat")["input_ids"] == made(name)(TEXT, "the mat")["input_ids"]
    assert found.all_special_tokens == made(name).all_special_tokens


@pytest.mark.parametrize("family", FAMILIES)
def test_every_familys_own_tokenizer_is_taken(family: str, tmp_path: Path) -> None:
    made_for(family, tmp_path)
    assert read_tokenizer(tmp_path, "mine")(TEXT)["input_ids"]


def test_the_packaged_tokenizer_reads_as_its_file_says(minilm: LoadedModel, tmp_path: Path) -> None:
    minilm.tokenizer.save_pretrained(tmp_path)
    assert reads_as_its_file(tmp_path / "tokenizer.json", minilm.tokenizer)


def write_vocabulary(folder: Path, name: str, *files: str) -> None:
    """A tokenizer's vocabulary in the files of older days."""
    vocabulary = made(name).get_vocab()
    model = json.loads(made(name).backend_tokenizer.to_str())["model"]
    texts = {
        "vocab.txt": "\n".join(sorted(vocabulary, key=vocabulary.__getitem__)),
        "vocab.json": json.dumps(vocabulary),
        "merges.txt": "#version: 0.2\n" + "\n".join(" ".join(pair) for pair in model.get("merges", [])),
    }
    for file in files:
        (folder / file).write_text(texts[file], encoding="utf-8")


@pytest.mark.parametrize(
    "family", ["t5", "bart", "gpt2", "xlm-roberta", "albert", "deberta-v2", "mt5", "roberta"]
)
def test_a_vocabulary_that_the_models_class_does_not_read_is_refused(family: str, tmp_path: Path) -> None:
    tiny_model(family).save_pretrained(tmp_path)
    write_vocabulary(tmp_path, "bert", "vocab.txt")
    with pytest.raises(ModelFileError, match=r"does not fit.*entries of its .*vocab.txt"):
        load(tmp_path)


@pytest.mark.parametrize("family", ["bert", "electra", "xlm-roberta", "t5"])
def test_a_vocabulary_of_bytes_beside_another_class_is_refused(family: str, tmp_path: Path) -> None:
    tiny_model(family, vocab_size=500).save_pretrained(tmp_path)
    write_vocabulary(tmp_path, "gpt2", "vocab.json", "merges.txt")
    with pytest.raises(ModelFileError, match="does not fit"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("family", "name", "files"),
    [
        ("bert", "bert", ("vocab.txt",)),
        ("electra", "bert", ("vocab.txt",)),
        ("mpnet", "mpnet", ("vocab.txt",)),
        ("gpt2", "gpt2", ("vocab.json", "merges.txt")),
        ("roberta", "roberta", ("vocab.json", "merges.txt")),
        ("qwen2", "qwen2", ("vocab.json", "merges.txt")),
    ],
)
def test_a_vocabulary_of_the_models_own_class_is_read(
    family: str, name: str, files: tuple[str, ...], tmp_path: Path
) -> None:
    tiny_model(family, vocab_size=500).save_pretrained(tmp_path)
    write_vocabulary(tmp_path, name, *files)
    ids = made(name)(TEXT, add_special_tokens=False)["input_ids"]
    assert load(tmp_path).tokenizer(TEXT, add_special_tokens=False)["input_ids"] == ids


@pytest.mark.parametrize("family", ["bert", "t5", "xlm-roberta"])
def test_a_sentencepiece_model_is_held_against_the_class_too(family: str, tmp_path: Path) -> None:
    made("marian").save_pretrained(tmp_path / "marian")
    tiny_model(family).save_pretrained(tmp_path)
    shutil.copy(tmp_path / "marian" / "source.spm", tmp_path / "foreign.model")
    with pytest.raises(ModelFileError, match=r"does not fit.*foreign.model"):
        load(tmp_path)


def test_a_damaged_tokenizer_file_is_one_clear_error(tmp_path: Path) -> None:
    made_for("bert", tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelFileError, match="its tokenizer cannot be used here"):
        load(tmp_path)


def test_every_kind_of_tokenizer_is_among_these() -> None:
    assert {*WORDPIECE, *BYTES, *UNIGRAM, *FALLBACK} - {"roformer"} == set(SAVED)
