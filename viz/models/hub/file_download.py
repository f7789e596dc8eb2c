"""One file of the hub, fetched into a part that outlives a broken connection, and checked.

The hub client's own session, headers, errors and lock are used; the loop over the bytes is here. The client's
own download (huggingface_hub 2.4) removes what has arrived when it fails, compares no checksum, says how far it is
once in 10 MB, and can be stopped neither meanwhile nor while another program has the lock. Files come over plain
HTTP, of which any byte can be asked for again, and not through Xet.
"""

import contextlib
import hashlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
from filelock import FileLock, Timeout
from huggingface_hub import constants, get_session, hf_raise_for_status
from huggingface_hub.errors import HfHubHTTPError

from viz.models.hub.hub_errors import RETRIED

WAITS_S = (0.3, 1.0, 2.0, 4.0)
_LOOK_AGAIN_S = 0.2
_READ_BYTES = 1 << 20
_RANGE = re.compile(r"bytes (\d+)-")


@dataclass(frozen=True)
class PlannedFile:
    """A file to fetch: `size` in bytes, `sha256` where the hub keeps it as a large file.

    `etag` names the content, in the cache too: the sha256, else git's own sha1 of a blob.
    """

    name: str
    size: int
    sha256: str | None
    etag: str


class Stopped(Exception):
    """Whoever wanted the file does not want it any more."""


class Connection:
    """The connection of a download, which another thread can cut though it is waiting for bytes."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._socket: socket.socket | None = None

    @contextlib.contextmanager
    def held(self, response: httpx2.Response) -> Iterator[None]:
        """Meanwhile `cut` ends this response. Raises Stopped where that was called already."""
        stream = response.extensions.get("network_stream")
        self._socket = stream.get_extra_info("socket") if stream is not None else None
        try:
            self.check()
            yield
        finally:
            self._socket = None

    def cut(self) -> None:
        """Stop the download, whatever it is waiting for."""
        self.stopped.set()
        open_socket = self._socket
        if open_socket is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                open_socket.shutdown(socket.SHUT_RDWR)

    def check(self) -> None:
        """Raise Stopped after `cut`."""
        if self.stopped.is_set():
            raise Stopped

    def wait(self, seconds: float) -> None:
        """Sleep, and raise Stopped when `cut` is called meanwhile."""
        if self.stopped.wait(seconds):
            raise Stopped


class WrongContent(Exception):
    """What arrived is not what the hub's own checksum says; it is removed already."""


@dataclass(frozen=True)
class FileDownload:
    """A planned file on its way from `url` into `part`.

    `report` gets how many bytes are there, with each piece that arrives.
    """

    file: PlannedFile
    url: str
    headers: dict[str, str]
    part: Path
    connection: Connection
    report: Callable[[int], None]

    @property
    def nbytes(self) -> int:
        """How many bytes are there."""
        return self.part.stat().st_size if self.part.exists() else 0

    def run(self) -> None:
        """Fetch what `part` lacks of the file, and check it as a whole.

        A connection that breaks is taken up where it ended; it is given up after several that brought nothing. Raises
        Stopped, WrongContent, and what the last failure was: httpx2.TransportError, HfHubHTTPError or OSError.
        """
        self.part.touch()
        failures = 0
        while (before := self.nbytes) < self.file.size:
            failure: Exception = httpx2.RemoteProtocolError("The answer ended early.")
            try:
                self._stream(before)
            except (httpx2.TransportError, httpx2.DecodingError) as exc:
                failure = exc
            except HfHubHTTPError as exc:
                if exc.response.status_code == 416:  # the hub has fewer bytes than it stated
                    break
                if exc.response.status_code not in RETRIED:
                    raise
                failure = exc
            if self.nbytes >= self.file.size:
                break
            failures = 0 if self.nbytes > before else failures + 1
            if failures > len(WAITS_S):
                raise failure
            self.connection.wait(WAITS_S[max(failures - 1, 0)])
        if self.nbytes != self.file.size or self._checksum() != self.file.etag:
            self.part.unlink()
            raise WrongContent

    def _stream(self, before: int) -> None:
        headers = {**self.headers, "Accept-Encoding": "identity"}
        if before:
            headers["Range"] = f"bytes={before}-"
        timeout = constants.HF_HUB_DOWNLOAD_TIMEOUT
        with (
            get_session().stream(
                "GET", self.url, headers=headers, timeout=timeout, follow_redirects=True
            ) as response,
            self.connection.held(response),
        ):
            hf_raise_for_status(response)
            begin = _RANGE.match(response.headers.get("Content-Range", ""))
            start = int(begin[1]) if response.status_code == 206 and begin else 0
            if start not in (0, before):
                raise httpx2.RemoteProtocolError("Another range than the one asked for.")
            with self.part.open("r+b") as out:
                out.truncate(start)
                out.seek(start)
                # Without a size asked for: each piece at once as it arrives, so that progress moves on a slow line.
                for piece in response.iter_bytes():
                    self.connection.check()
                    start += len(piece)
                    out.write(piece)
                    self.report(start)
                    if start > self.file.size:
                        return  # no more than was planned; the check finds it

    def _checksum(self) -> str:
        digest = hashlib.sha256()
        if self.file.sha256 is None:  # as git names a blob
            digest = hashlib.sha1(f"blob {self.file.size}\0".encode(), usedforsecurity=False)
        with self.part.open("rb") as content:
            while piece := content.read(_READ_BYTES):
                self.connection.check()
                digest.update(piece)
        return digest.hexdigest()


@contextlib.contextmanager
def locked(lock: Path, connection: Connection, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the client's own lock of a file, against other threads and programs that fetch the same one.

    Calls `waiting` now and then while another has it. Raises Stopped.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    file_lock = FileLock(lock, mode=0o664)  # as the client makes it, so that users can share a cache
    while True:
        try:
            file_lock.acquire(timeout=0)
            break
        except Timeout:
            waiting()
            connection.wait(_LOOK_AGAIN_S)
        except NotImplementedError:  # a file system without locks: the checksum finds what two have mixed up
            break
    try:
        yield
    finally:
        file_lock.release()
