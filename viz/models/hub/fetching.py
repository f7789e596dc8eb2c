"""A planned download: all files of a model into the cache, with progress, resumed and checked, or stopped."""

import queue
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
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
from viz.models.hub.cache import Snapshot, cache_folder, place, storage, write_ref
from viz.models.hub.download_plan import LIBRARY, Plan, in_background
from viz.models.hub.file_download import Connection, FileDownload, PlannedFile, WrongContent, locked

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
    planned: Plan,
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
    work = _Work(planned)
    try:
        while True:
            try:
                message = work.messages.get(timeout=_LOOK_EVERY_S)
            except queue.Empty:
                message = None
            if cancelled is not None and cancelled.is_set():
                raise Cancelled(
                    _(
                        "The download of {model} was stopped. What has arrived is kept: the next download goes on "
                        "from there."
                    ),
                    model=planned.id,
                )
            if isinstance(message, Future):
                return message.result()
            if message is not None and progress is not None:
                progress(message)
    finally:
        work.connection.cut()
        wait([work.snapshot], _PATIENCE_S)


class _Work:
    """A download on a thread of its own, which is left alone when a connection keeps it from stopping."""

    def __init__(self, planned: Plan) -> None:
        self.planned = planned
        self.messages: queue.SimpleQueue[Progress | Future[Snapshot]] = queue.SimpleQueue()
        self.connection = Connection()
        self._done = 0
        self._reported_s = 0.0
        self.snapshot = in_background(self._fetch_all, f"fetch {planned.id}")
        self.snapshot.add_done_callback(self.messages.put)

    def _fetch_all(self) -> Snapshot:
        planned, before = self.planned, 0
        folder = storage(planned.id) / "snapshots" / planned.revision
        try:
            self._check_space()
            for file in planned.files:
                self._report(file.name, before, always=True)
                self._fetch_file(file, folder, before)
                before += file.size
                if file.name == INDEX:
                    self._check_shards(folder)
            write_ref(planned.id, planned.ref, planned.revision)
        except OfflineModeIsEnabled as exc:
            raise hub_errors.hub_error("offline", planned.id) from exc
        except HfHubHTTPError as exc:  # an OSError too, so it comes first
            raise hub_errors.status_error(exc, planned.id, planned.revision) from exc
        except OSError as exc:
            raise hub_errors.disk_error(exc, planned.id, cache_folder()) from exc
        if not is_complete(folder):
            raise ModelFileError(
                _(
                    "{model} is not complete in {folder} after its download. Remove that folder and try again."
                ),
                model=planned.id,
                folder=folder,
            )
        self._report(planned.files[-1].name, planned.nbytes, always=True)
        return Snapshot(folder, planned.revision)

    def _fetch_file(self, file: PlannedFile, folder: Path, before: int) -> None:
        model, pointer = self.planned.id, folder / file.name
        if _has_size(pointer, file.size):
            return
        blob = storage(model) / "blobs" / file.etag
        blob.parent.mkdir(parents=True, exist_ok=True)
        download = FileDownload(
            file,
            hf_hub_url(model, file.name, revision=self.planned.revision),
            build_hf_headers(library_name=LIBRARY),
            blob.with_name(f"{file.etag}.incomplete"),
            self.connection,
            lambda nbytes: self._report(file.name, before + min(nbytes, file.size)),
        )
        lock = cache_folder() / ".locks" / storage(model).name / f"{file.etag}.lock"
        try:
            with locked(lock, self.connection, lambda: download.report(download.nbytes)):
                if not _has_size(blob, file.size):
                    download.run()
                    download.part.replace(blob)
                place(blob, pointer)
        except httpx2.RequestError as exc:
            raise hub_errors.hub_error("broken off", model, file.name) from exc
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
        missing = shards_of(folder / INDEX) - {file.name for file in self.planned.files}
        if missing:
            raise ModelFileError(
                _("{model} lacks {missing}, which its own index of weights names. Choose another model."),
                model=self.planned.id,
                missing=", ".join(sorted(missing)),
            )

    def _check_space(self) -> None:
        folder, missing = cache_folder(), self.planned.missing
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
        if free < missing:
            raise ModelFileError(
                _(
                    "{model} needs {needed} MB more, and {folder} has {free} MB left. Free some space, or set "
                    "{variable} to another folder."
                ),
                model=self.planned.id,
                needed=-(-missing // 1_000_000),
                folder=folder,
                free=free // 1_000_000,
                variable="ATTENTION_ATLAS_CACHE",
            )

    def _report(self, file: str, done: int, always: bool = False) -> None:
        self._done = max(self._done, done)
        time_s = time.monotonic()
        if always or time_s - self._reported_s >= _REPORT_EVERY_S:
            self._reported_s = time_s
            self.messages.put(Progress(file, self._done, self.planned.nbytes))


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
