"""The models of the hub that are on this computer already. Asks no network.

The folder is laid out as the hub's own client lays it out, and shared with it: blobs/ by their checksum,
snapshots/ by commit with links into blobs/, refs/ with the commit of a branch. So what other programs
have fetched can be used here, and the other way round.
https://huggingface.co/docs/huggingface_hub/guides/manage-cache
"""

import contextlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import constants

from viz.errors import ModelNotFound
from viz.language import _
from viz.models.checkpoints.local import local_names
from viz.models.checkpoints.needed_files import is_complete
from viz.models.model_name import EMBEDDED, LOCAL, ModelName, parse_name
from viz.models.settings import settings

MAIN = "main"
# Where the main branch has no safetensors: the commit of the pull request that converts them.
CONVERTED = "main.safetensors"
COMMIT = re.compile(r"[0-9a-f]{40}")

_PREFIX = "models--"
_MOST_CHARACTERS = 110


@dataclass(frozen=True)
class Snapshot:
    """A model's files as they were at one commit (`revision`, 40 hexadecimal digits)."""

    folder: Path
    revision: str


def usable_ids() -> str:
    """The models that can be used with nothing to download, as many as fit into a message, joined by commas."""
    ids = [*EMBEDDED, *(LOCAL + name for name in local_names()), *cached_ids()]
    count = 1
    while count < len(ids) and len(", ".join(ids[: count + 1])) <= _MOST_CHARACTERS:
        count += 1
    return ", ".join(ids[:count]) + (", …" if count < len(ids) else "")


def cached_snapshot(model_id: str, revision: str | None = None) -> Snapshot | None:
    """The model if it is in the cache with all its files, else None. Takes milliseconds and no network.

    Raises ModelNotFound for what cannot be a name or a revision.
    """
    name = hub_name(model_id, revision)
    for ref in _refs(name.revision):
        commit = ref if COMMIT.fullmatch(ref) else _read_ref(storage(name.id) / "refs" / ref)
        folder = storage(name.id) / "snapshots" / (commit or "-")
        if commit and is_complete(folder):
            return Snapshot(folder, commit)
    return None


def cached_ids() -> tuple[str, ...]:
    """The ids of all models in the cache of which the newest revision is complete, sorted. No network."""
    try:
        folders = os.listdir(cache_folder())
    except OSError:
        return ()
    ids = (
        folder.removeprefix(_PREFIX).replace("--", "/") for folder in folders if folder.startswith(_PREFIX)
    )
    return tuple(sorted(model_id for model_id in ids if _is_here(model_id)))


def hub_name(model_id: str, revision: str | None = None) -> ModelName:
    """The name, checked: no part of it leads out of a folder. Raises ModelNotFound."""
    name = parse_name(model_id if revision is None else f"{model_id}@{revision}")
    if name.source != "hub":
        raise ModelNotFound(
            _("{received} is not a model of the hub. Expected is a name such as {example}."),
            received=str(name),
            example="bert-base-uncased",
        )
    return name


def cache_folder() -> Path:
    """Where the hub's files lie: the folder of the settings, else the hub client's own (HF_HOME, HF_HUB_CACHE)."""
    return settings().hub_cache or Path(constants.HF_HUB_CACHE)


def storage(model_id: str) -> Path:
    """The folder of one model in the cache."""
    return cache_folder() / (_PREFIX + model_id.replace("/", "--"))


def place(blob: Path, pointer: Path) -> None:
    """Put a fetched file into its snapshot: as a relative link, or as a copy where links cannot be made."""
    with _replacing(pointer) as temporary:
        try:
            temporary.symlink_to(os.path.relpath(blob, pointer.parent))
        except OSError:
            shutil.copyfile(blob, temporary)


def write_ref(model_id: str, ref: str, commit: str) -> None:
    """Record which commit a branch or tag stands for; a commit needs no record."""
    if not COMMIT.fullmatch(ref):
        with _replacing(storage(model_id) / "refs" / ref) as temporary:
            temporary.write_text(commit, encoding="ascii")


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A free name beside `path`; what the block writes there takes the place of `path` in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{uuid.uuid4().hex}.new")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _refs(revision: str | None) -> tuple[str, ...]:
    return (MAIN, CONVERTED) if revision in (None, MAIN) else (str(revision),)


def _read_ref(path: Path) -> str | None:
    with contextlib.suppress(OSError, ValueError), path.open(encoding="ascii") as file:
        commit = file.read(41).strip()
        return commit if COMMIT.fullmatch(commit) else None
    return None


def _is_here(model_id: str) -> bool:
    try:
        return parse_name(model_id).source == "hub" and cached_snapshot(model_id) is not None
    except ModelNotFound:
        return False
