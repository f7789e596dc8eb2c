"""The cache of converted weights: whole or absent, and never trusted."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import safetensors.torch
import torch

from viz.errors import ModelFileError
from viz.models.packaged.e5 import cache_folder, read_weights, weights_digest, write_weights
from viz.models.settings import Settings

WEIGHTS = {"b": torch.arange(6, dtype=torch.float32).reshape(2, 3), "a": torch.tensor([1.5, -2.0])}
SIZE = 4 * 8
DIGEST = weights_digest(WEIGHTS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "tiny.safetensors"


def test_what_is_written_is_read_back(path: Path) -> None:
    assert write_weights(path, WEIGHTS) is None
    read = read_weights(path, SIZE, DIGEST)
    assert read is not None
    assert read.keys() == WEIGHTS.keys()
    assert all(torch.equal(read[name], WEIGHTS[name]) for name in WEIGHTS)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_the_digest_covers_names_shapes_and_values() -> None:
    assert weights_digest(dict(reversed(WEIGHTS.items()))) == DIGEST
    changed = [
        {"c": WEIGHTS["b"], "a": WEIGHTS["a"]},
        {"b": WEIGHTS["b"].reshape(3, 2), "a": WEIGHTS["a"]},
        {"b": WEIGHTS["b"] + 1e-7, "a": WEIGHTS["a"]},
        {"b": WEIGHTS["b"]},
    ]
    assert len({DIGEST, *map(weights_digest, changed)}) == 5


def _flip_last_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "absent": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "one byte altered": _flip_last_byte,
    "header cut": lambda path: path.write_bytes(path.read_bytes()[:20]),
    "not safetensors": lambda path: path.write_bytes(b"\xff" * 100),
    "header of a false length": lambda path: path.write_bytes(b"\xff" * 7 + b"\x7f" + path.read_bytes()[8:]),
    "other weights": lambda path: safetensors.torch.save_file({"a": torch.ones(8)}, path),
    "weights of another kind": lambda path: safetensors.torch.save_file(
        {name: tensor.bfloat16().repeat(2) for name, tensor in {"a": torch.ones(8)}.items()}, path
    ),
    "far too large": lambda path: os.truncate(path, 1 << 40),
    "a folder": _as_folder,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_anything_but_the_right_weights_counts_as_absent(
    path: Path, damage: Callable[[Path], object]
) -> None:
    write_weights(path, WEIGHTS)
    damage(path)
    assert read_weights(path, SIZE, DIGEST) is None


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name != "a folder"])
def test_a_damaged_file_is_replaced(path: Path, damage: str) -> None:
    write_weights(path, WEIGHTS)
    DAMAGES[damage](path)
    assert write_weights(path, WEIGHTS) is None
    assert read_weights(path, SIZE, DIGEST) is not None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_does_not_hang(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    assert read_weights(path, SIZE, DIGEST) is None


def test_writers_and_a_reader_at_once_never_see_a_part(path: Path) -> None:
    large = {"a": torch.arange(200_000, dtype=torch.float32)}
    digest = weights_digest(large)
    assert write_weights(path, large) is None
    problems: list[ModelFileError | None] = []

    def write() -> None:
        problems.extend(write_weights(path, large) for _round in range(20))

    writers = [threading.Thread(target=write) for _writer in range(3)]
    for writer in writers:
        writer.start()
    seen = []
    while any(writer.is_alive() for writer in writers):
        seen.append(read_weights(path, 800_000, digest) is not None)
    for writer in writers:
        writer.join()
    assert seen
    assert all(seen)
    assert problems == [None] * 60
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_folder_that_cannot_be_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    problem = write_weights(tmp_path / "cache" / "tiny.safetensors", WEIGHTS)
    assert isinstance(problem, ModelFileError)
    assert str(tmp_path / "cache") in str(problem.values["folder"])
    assert "ATTENTION_ATLAS_CACHE" in str(problem)


def test_a_write_that_fails_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_weights(path, WEIGHTS)
    before = path.read_bytes()

    def fail(_weights: object, part: str) -> None:
        Path(part).write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("safetensors.torch.save_file", fail)
    problem = write_weights(path, {"a": torch.ones(3)})
    assert "No space left on device" in str(problem)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_the_folder_comes_from_the_settings_else_from_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.models.packaged.e5.settings", lambda: Settings(cache=Path("somewhere/else")))
    assert cache_folder() == Path("somewhere/else")
    monkeypatch.setattr("viz.models.packaged.e5.settings", lambda: Settings(cache=None))
    assert cache_folder().is_absolute()
    assert "attention-atlas" in cache_folder().parts
