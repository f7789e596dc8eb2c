"""Weights that took time to convert, kept as a safetensors file in the user's cache folder.

The cache is never trusted: what is read must have the digest that the caller knows, else it counts as
absent. A file appears whole or not at all, so that two processes may write the same one at once.
"""

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

import platformdirs
import safetensors.torch
import torch
from safetensors import SafetensorError

from viz.errors import ModelFileError
from viz.language import _
from viz.models.settings import settings, variable

FOLDER_VARIABLE = variable("cache")
_HEADER_LIMIT = 1 << 20


def cache_folder() -> Path:
    """The folder that the settings name (ATTENTION_ATLAS_CACHE), else the user's own cache folder."""
    return settings().cache or Path(platformdirs.user_cache_dir("attention-atlas"))


def weights_digest(weights: Mapping[str, torch.Tensor]) -> str:
    """The sha256 of float32 tensors with their names and shapes, whatever file they came in."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(f"{name} {tuple(weights[name].shape)}\n".encode())
        digest.update(weights[name].numpy())
    return digest.hexdigest()


def read_weights(path: Path, size: int, digest: str) -> dict[str, torch.Tensor] | None:
    """The float32 tensors in `path` if they have `size` bytes and this digest, else None.

    Nothing that lies at `path` makes this fail: absent, truncated, altered and unreadable are all None.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or not size < status.st_size < size + _HEADER_LIMIT:
            return None
        # Mapped, not copied: a third of the time, and memory that processes share. Writers replace the
        # file and never change it in place, so what is mapped stays what was checked.
        weights = safetensors.torch.load_file(path, backend="mmap")
    except (OSError, SafetensorError, ValueError):
        return None
    if any(tensor.dtype != torch.float32 for tensor in weights.values()):
        return None
    return weights if weights_digest(weights) == digest else None


def write_weights(path: Path, weights: Mapping[str, torch.Tensor]) -> ModelFileError | None:
    """Write `path` in one step, its folder with it; None, or what kept it from being written.

    The error is returned and not raised since the weights at hand can be used all the same.
    """
    part = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=path.stem, suffix=".part", dir=path.parent)
        os.close(handle)
        safetensors.torch.save_file(dict(weights), part)
        os.replace(part, path)
    except (OSError, SafetensorError) as exc:
        return ModelFileError(
            _(
                "The cache folder {folder} cannot be written ({reason}), so this model is converted again at "
                "every start. Free it for writing, or set {variable} to a folder with 500 MB of space."
            ),
            folder=path.parent,
            reason=exc,
            variable=FOLDER_VARIABLE,
        )
    finally:
        if part is not None:
            with contextlib.suppress(OSError):  # a disk that has turned read-only
                Path(part).unlink(missing_ok=True)
    return None
