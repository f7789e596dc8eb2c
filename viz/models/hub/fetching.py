"""Models of the hub: what would be fetched, fetching it, and what is here already.

    found = at_hand("bert-base-uncased")           # a Snapshot, or None; no network
    todo = plan("bert-base-uncased")               # asks the hub: files, sizes, checksums, the exact commit
    found = fetch(todo, progress, cancelled)       # resumable, checked; a Snapshot

HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE, HF_TOKEN and proxies count as they do for the hub's client.
"""

import queue
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx2
from huggingface_hub import hf_hub_url
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

from viz.errors import Cancelled, ModelFileError
from viz.language import _
from viz.models.checkpoints.needed_files import INDEX, is_complete, shards_of
from viz.models.hub import hub_errors
from viz.models.hub.cache import (
    Snapshot,
    Usable,
    at_hand,
    cache_folder,
    cached_ids,
    place,
    storage,
    write_ref,
)
from viz.models.hub.download_plan import LIBRARY, Plan, plan
from viz.models.hub.file_download import Line, PlannedFile, WrongContent, alone, fill

__all__ = [
    "Plan",
    "PlannedFile",
    "Progress",
    "Snapshot",
    "Usable",
    "at_hand",
    "cached_ids",
    "fetch",
    "plan",
]

_REPORT_EVERY_S = 0.1
_LOOK_EVERY_S = 0.1
_PATIENCE_S = 0.5


@dataclass(frozen=True)
class Progress:
    """How far a download is: `done` of `total` bytes over all files, and the file that is on its way."""

    file: str
    done: int
    total: int


def fetch(
    todo: Plan,
    progress: Callable[[Progress], None] | None = None,
    cancelled: threading.Event | None = None,
) -> Snapshot:
    """Fetch what is planned and not here yet; `fetch(plan("bert-base-uncased"))`.

    `progress` is called on the caller's thread, up to ten times a second and for each file; `done` never goes back
    and ends at `total`. Setting `cancelled` ends the call at once, whatever the connection does; what has arrived is
    kept, and the next call goes on from there. Several calls at once, also of other programs, wait for each other.

    Raises Cancelled, HubError when the hub fails or the connection breaks off, ModelFileError for a file with a wrong
    checksum (which is removed) and for a cache that cannot be written.
    """
    work = _Work(todo)
    try:
        while True:
            try:
                news = work.news.get(timeout=_LOOK_EVERY_S)
            except queue.Empty:
                news = None
            if cancelled is not None and cancelled.is_set():
                raise Cancelled(
                    _(
                        "The download of {model} was stopped. What has arrived is kept: the next download goes on "
                        "from there."
                    ),
                    model=todo.id,
                )
            if isinstance(news, Progress) and progress is not None:
                progress(news)
            elif isinstance(news, Snapshot):
                return news
            elif isinstance(news, BaseException):
                raise news
    finally:
        work.line.cut()
        work.thread.join(_PATIENCE_S)


class _Work:
    """A download on a thread of its own, which is left alone when a connection keeps it from stopping."""

    def __init__(self, todo: Plan) -> None:
        self.todo = todo
        self.news: queue.SimpleQueue[Progress | Snapshot | BaseException] = queue.SimpleQueue()
        self.line = Line()
        self._done = 0
        self._reported = 0.0
        self.thread = threading.Thread(target=self._run, name=f"fetch {todo.id}", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.news.put(self._fetch_all())
        except BaseException as exc:  # noqa: BLE001 - handed to the thread that waits for it
            self.news.put(exc)

    def _fetch_all(self) -> Snapshot:
        todo, before = self.todo, 0
        folder = storage(todo.id) / "snapshots" / todo.revision
        try:
            self._check_space()
            for file in todo.files:
                self._tell(file.name, before, always=True)
                self._fetch_file(file, folder, before)
                before += file.size
                if file.name == INDEX:
                    self._check_shards(folder)
            write_ref(todo.id, todo.ref, todo.revision)
        except OfflineModeIsEnabled as exc:
            raise hub_errors.offline(todo.id) from exc
        except HfHubHTTPError as exc:  # an OSError too, so it comes first
            raise hub_errors.of_status(exc, todo.id, todo.revision) from exc
        except OSError as exc:
            raise hub_errors.of_disk(exc, todo.id, cache_folder()) from exc
        if not is_complete(folder):
            raise ModelFileError(
                _(
                    "{model} is not complete in {folder} after its download. Remove that folder and try again."
                ),
                model=todo.id,
                folder=folder,
            )
        self._tell(todo.files[-1].name, todo.nbytes, always=True)
        return Snapshot(folder, todo.revision)

    def _fetch_file(self, file: PlannedFile, folder: Path, before: int) -> None:
        model, pointer = self.todo.id, folder / file.name
        if _has_size(pointer, file.size):
            return
        blob = storage(model) / "blobs" / file.etag
        part = blob.with_name(f"{file.etag}.incomplete")
        blob.parent.mkdir(parents=True, exist_ok=True)

        def report(have: int) -> None:
            self._tell(file.name, before + min(have, file.size))

        lock = cache_folder() / ".locks" / storage(model).name / f"{file.etag}.lock"
        try:
            with alone(lock, self.line, lambda: report(part.stat().st_size if part.exists() else 0)):
                if not _has_size(blob, file.size):
                    url = hf_hub_url(model, file.name, revision=self.todo.revision)
                    fill(part, file, url, build_hf_headers(library_name=LIBRARY), self.line, report)
                    part.replace(blob)
                place(blob, pointer)
        except httpx2.RequestError as exc:
            raise hub_errors.broken_off(model, file.name) from exc
        except WrongContent as exc:
            raise ModelFileError(
                _(
                    "{file} of {model} arrived altered: it does not have the size and checksum that the hub "
                    "states. It was removed; try again, or choose another model."
                ),
                file=file.name,
                model=model,
            ) from exc

    def _check_shards(self, folder: Path) -> None:
        missing = shards_of(folder / INDEX) - {file.name for file in self.todo.files}
        if missing:
            raise ModelFileError(
                _("{model} lacks {missing}, which its own index of weights names. Choose another model."),
                model=self.todo.id,
                missing=", ".join(sorted(missing)),
            )

    def _check_space(self) -> None:
        folder, missing = cache_folder(), self.todo.missing
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
        if free < missing:
            raise ModelFileError(
                _(
                    "{model} needs {needed} MB more, and {folder} has {free} MB left. Free some space, or set "
                    "{variable} to another folder."
                ),
                model=self.todo.id,
                needed=-(-missing // 1_000_000),
                folder=folder,
                free=free // 1_000_000,
                variable="ATTENTION_ATLAS_CACHE",
            )

    def _tell(self, file: str, done: int, always: bool = False) -> None:
        self._done = max(self._done, done)
        now = time.monotonic()
        if always or now - self._reported >= _REPORT_EVERY_S:
            self._reported = now
            self.news.put(Progress(file, self._done, self.todo.nbytes))


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
