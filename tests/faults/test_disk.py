"""The disk is full, or the cache folder may not be written: it is said what to do, and what can be used still is."""

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from safetensors import SafetensorError

from viz.errors import ModelFileError
from viz.models.hub.hub_errors import disk_error
from viz.models.loading import load_model
from viz.models.packaged import e5
from viz.models.packaged.e5 import read_weights, weights_digest, write_weights

WEIGHTS = {"w": torch.arange(12, dtype=torch.float32)}
FULL = [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EACCES, errno.EIO]
EVERY_FAULT = pytest.mark.parametrize("number", FULL, ids=lambda number: errno.errorcode[number])


def failing(number: int) -> Callable[..., Any]:
    def fail(*_given: object, **_named: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@EVERY_FAULT
@pytest.mark.parametrize(
    ("owner", "name"),
    [(Path, "mkdir"), (tempfile, "mkstemp"), (safetensors.torch, "save_file"), (os, "replace")],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_weights_that_cannot_be_kept_are_told_and_leave_nothing(
    number: int, owner: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, failing(number))
        problem = write_weights(tmp_path / "cache" / "w.safetensors", WEIGHTS)
    assert isinstance(problem, ModelFileError)
    assert os.strerror(number) in str(problem)
    assert e5.FOLDER_VARIABLE in str(problem)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert write_weights(tmp_path / "cache" / "w.safetensors", WEIGHTS) is None


def test_a_folder_that_turns_read_only_in_the_middle_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then what was begun cannot be removed either."""
    monkeypatch.setattr(safetensors.torch, "save_file", failing(errno.EROFS))
    monkeypatch.setattr(Path, "unlink", failing(errno.EROFS))
    problem = write_weights(tmp_path / "w.safetensors", WEIGHTS)
    assert isinstance(problem, ModelFileError)
    assert "Read-only" in str(problem)


def test_a_file_cut_short_by_a_full_disk_counts_as_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(_weights: object, path: str) -> None:
        Path(path).write_bytes(b"\x10")
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(safetensors.torch, "save_file", half)
    path = tmp_path / "w.safetensors"
    assert write_weights(path, WEIGHTS) is not None
    assert read_weights(path, 48, weights_digest(WEIGHTS)) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS], ids=lambda number: errno.errorcode[number])
def test_what_the_hub_gives_and_the_disk_does_not_take_names_what_to_do(number: int, tmp_path: Path) -> None:
    said = str(disk_error(OSError(number, os.strerror(number)), "someone/model", tmp_path))
    assert "someone/model" in said
    assert str(tmp_path)[-40:] in said or "…" in said
    assert "ATTENTION_ATLAS_CACHE" in said


def test_the_first_model_needs_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name in ((Path, "mkdir"), (tempfile, "mkstemp"), (os, "replace")):
        monkeypatch.setattr(owner, name, failing(errno.ENOSPC))
    assert load_model("all-MiniLM-L6-v2").notes == ()
