"""A model hub on loopback: the endpoints that huggingface_hub calls, and faults that can be switched on.

    with HubServer() as hub:
        hub.add("someone/tiny-bert", tiny_bert())
        hub.faults.cut_at = 5000            # the next large file breaks off after 5000 bytes, once
        subprocess.run([...], env={**os.environ, **hub.environment(tmp_path)})
        hub.requests                        # what was asked for, with ranges and the bytes that were sent

Large files (weights, SentencePiece) are stored as the real hub stores them: named by their sha256, and
given by a redirect to another host (here: another port). The answers, their headers and error codes are those
that huggingface_hub 2.4 reads in hf_api.py, file_download.py and utils/_http.py.
"""

import contextlib
import hashlib
import json
import os
import re
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

import huggingface_hub
import pytest
from huggingface_hub import constants

from viz.models.settings import settings

LARGE = (".safetensors", ".bin", ".h5", ".msgpack", ".model", ".spm")
CONVERSION = "Adding `safetensors` variant of this model"
CONVERTER = "SFconvertbot"
_PIECE = 16_384


@dataclass(frozen=True)
class Commit:
    """The files of a repository at one commit."""

    id: str
    files: Mapping[str, bytes]
    parent: str = ""


@dataclass
class Repo:
    """Branches and pull requests by name, and the pull requests as the discussions list shows them."""

    id: str
    revisions: dict[str, Commit] = field(default_factory=dict)
    discussions: list[dict[str, Any]] = field(default_factory=list)
    gated: bool = False

    def find(self, revision: str) -> Commit | None:
        by_id = {commit.id: commit for commit in self.revisions.values()}
        return self.revisions.get(revision) or by_id.get(revision)


@dataclass
class Faults:
    """What goes wrong; nothing at first. Change it before or while requests come in."""

    # Statuses given before the right answer, by the beginning of a path: {"/api/": [503, 503]}.
    statuses: dict[str, list[int]] = field(default_factory=dict)
    # A transfer of a large file ends after so many bytes, once; `reset` makes it a reset connection.
    cut_at: int | None = None
    reset: bool = False
    # Files that arrive with other bytes than the checksum's, and sizes that the metadata state.
    corrupt: set[str] = field(default_factory=set)
    sizes: dict[str, int] = field(default_factory=dict)
    # Large files come in pieces of so many bytes with a pause of so many seconds, or stall after so many bytes.
    trickle: tuple[int, float] | None = None
    stall_at: int | None = None
    ignore_ranges: bool = False
    not_json: bool = False
    # Connections are taken and never answered.
    silent: bool = False


@dataclass
class Request:
    """One request as it came in, and how many bytes of content were given to go out."""

    host: Literal["hub", "cdn"]
    method: str
    path: str
    range: str | None
    authorization: str | None
    user_agent: str
    status: int = 0
    sent: int = 0


class HubServer:
    """The hub and the host of its large files, each on a port of its own; a context manager."""

    def __init__(self) -> None:
        self.repos: dict[str, Repo] = {}
        self.renamed: dict[str, str] = {}
        self.faults = Faults()
        self.requests: list[Request] = []
        self.token = "hf_right"
        self.closing = threading.Event()
        self.large_files: dict[str, tuple[str, bytes]] = {}
        self._servers = [_Server(self, _Hub), _Server(self, _Cdn)]
        self.url, self.cdn_url = (f"http://127.0.0.1:{server.server_port}" for server in self._servers)

    def __enter__(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def add(
        self,
        model_id: str,
        files: Mapping[str, bytes],
        revision: str = "main",
        parent: str = "",
        gated: bool = False,
    ) -> Commit:
        """Put files under a revision of a model; the commit is made from what they hold."""
        content = [(name, hashlib.sha1(data).hexdigest()) for name, data in sorted(files.items())]  # noqa: S324
        commit_id = hashlib.sha1(json.dumps([model_id, parent, content]).encode()).hexdigest()  # noqa: S324
        repo = self.repos.setdefault(model_id, Repo(model_id))
        repo.revisions[revision] = commit = Commit(commit_id, dict(files), parent)
        repo.gated = repo.gated or gated
        self.large_files.update(
            {sha256(data): (name, data) for name, data in files.items() if is_large(name)}
        )
        return commit

    def add_pull_request(
        self,
        model_id: str,
        files: Mapping[str, bytes],
        number: int = 1,
        author: str = CONVERTER,
        title: str = CONVERSION,
        status: str = "open",
        parent: str | None = None,
    ) -> Commit:
        """A pull request, by default one of the bot that converts to safetensors, on top of main."""
        repo = self.repos[model_id]
        base = repo.revisions["main"].id if parent is None else parent
        repo.discussions.append(
            {
                "num": number,
                "title": title,
                "author": {"name": author},
                "createdAt": "2024-01-01T00:00:00.000Z",
                "status": status,
                "isPullRequest": True,
                "repo": {"name": model_id, "type": "model"},
            }
        )
        return self.add(model_id, files, revision=f"refs/pr/{number}", parent=base)

    def environment(self, home: Path) -> dict[str, str]:
        """Variables for a program of its own that shall use this hub, and a cache in `home`."""
        return {
            "HF_ENDPOINT": self.url,
            "HF_HOME": str(home),
            "HF_HUB_CACHE": str(home / "hub"),
            "HF_HUB_OFFLINE": "0",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def of_files(self, method: str = "GET") -> list[Request]:
        """The requests for contents of files, small and large, redirects left out."""
        return [
            request
            for request in self.requests
            if request.method == method and not request.path.startswith("/api/") and request.status < 300
        ]


@contextlib.contextmanager
def use_hub(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A hub that this process's client uses, with a cache of its own; the settings are otherwise the defaults."""
    with HubServer() as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        monkeypatch.setattr(
            constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub.url + "/{repo_id}/resolve/{revision}/{filename}"
        )
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(cache.parent / "no-token"))
        for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "127.0.0.1")
        for name in [name for name in os.environ if name.startswith("ATTENTION_ATLAS_")]:
            monkeypatch.delenv(name)
        settings.cache_clear()
        huggingface_hub.close_session()  # it keeps the proxies of the time when it was made
        yield hub
    huggingface_hub.close_session()
    settings.cache_clear()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, hub: HubServer, handler: type["_Handler"]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.hub = hub

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no error here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    host: Literal["hub", "cdn"]

    def do_GET(self) -> None:
        hub = self.server.hub
        self.record = Request(
            self.host,
            self.command,
            self.path,
            self.headers.get("Range"),
            self.headers.get("Authorization"),
            self.headers.get("User-Agent", ""),
        )
        hub.requests.append(self.record)
        if hub.faults.silent:
            hub.closing.wait()
            self.close_connection = True
            return
        for beginning, statuses in hub.faults.statuses.items():
            if self.path.startswith(beginning) and statuses:
                self.answer_error(statuses.pop(0), "", "Trouble made on purpose")
                return
        self.answer(unquote(urlsplit(self.path).path), parse_qs(urlsplit(self.path).query))

    def do_HEAD(self) -> None:
        self.do_GET()

    def answer(self, path: str, query: dict[str, list[str]]) -> None:
        raise NotImplementedError

    def answer_bytes(self, data: bytes, headers: Mapping[str, str] | None = None, status: int = 200) -> None:
        self.record.status = status
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.send_pieces(data)

    def answer_json(self, value: object, status: int = 200) -> None:
        data = json.dumps(value).encode()
        self.answer_bytes(data, {"Content-Type": "application/json; charset=utf-8"}, status)

    def answer_error(self, status: int, code: str, message: str) -> None:
        data = json.dumps({"error": message}).encode()
        headers = {"Content-Type": "application/json", "X-Error-Message": message}
        if code:
            headers["X-Error-Code"] = code
        self.answer_bytes(data, headers, status)

    def answer_content(self, name: str, data: bytes, headers: Mapping[str, str]) -> None:
        """A file, whole or from the byte that was asked for."""
        faults = self.server.hub.faults
        if name in faults.corrupt:
            data = data[:-1] + bytes([data[-1] ^ 255])
        asked = re.fullmatch(r"bytes=(\d+)-", self.record.range or "")
        if not asked or faults.ignore_ranges:
            self.answer_bytes(data, headers)
        elif int(asked[1]) >= len(data):
            self.answer_bytes(b"", {"Content-Range": f"bytes */{len(data)}"}, 416)
        else:
            start = int(asked[1])
            whole = f"bytes {start}-{len(data) - 1}/{len(data)}"
            self.answer_bytes(data[start:], {**headers, "Content-Range": whole}, 206)

    def send_pieces(self, data: bytes) -> None:
        hub, faults = self.server.hub, self.server.hub.faults
        of_large_file = self.host == "cdn"
        cut = len(data) + 1
        if of_large_file and faults.cut_at is not None:
            cut, faults.cut_at = faults.cut_at, None
        size, pause = faults.trickle if faults.trickle and of_large_file else (_PIECE, 0.0)
        while self.record.sent < min(cut, len(data)) and not hub.closing.is_set():
            if of_large_file and faults.stall_at is not None and self.record.sent >= faults.stall_at:
                hub.closing.wait()
                break
            piece = data[self.record.sent : min(self.record.sent + size, cut)]
            self.record.sent += len(piece)  # first: with the last bytes the client goes on, and may look
            self.wfile.write(piece)
            hub.closing.wait(pause)
        if self.record.sent < len(data):
            self.close_connection = True
            if faults.reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class _Hub(_Handler):
    host = "hub"

    def answer(self, path: str, query: dict[str, list[str]]) -> None:
        hub = self.server.hub
        for old, new in hub.renamed.items():
            for beginning in (f"/api/models/{old}", f"/{old}/resolve"):
                if path == beginning or path.startswith(f"{beginning}/"):
                    there = hub.url + self.path.replace(old, new, 1)
                    self.answer_bytes(b"", {"Location": there}, 307)
                    return
        api = re.fullmatch(r"/api/models/((?:[^/]+/)?[^/]+?)(?:/(revision|tree|commits)/(.+))?", path)
        more = re.fullmatch(r"/api/models/((?:[^/]+/)?[^/]+)/(discussions|auth-check)", path)
        file = re.fullmatch(r"/((?:[^/]+/)?[^/]+)/resolve/(refs/pr/\d+|[^/]+)/(.+)", path)
        found = more or api or file
        repo = hub.repos.get(found[1]) if found else None
        if found is None or repo is None:
            self.answer_error(404, "RepoNotFound", "Repository not found")
        elif more:
            self.answer_about(repo, found[2])
        elif repo.find(found[3 if api else 2] or "main") is None:
            self.answer_error(404, "RevisionNotFound", "Invalid rev id")
        elif api:
            self.answer_api(repo, found[2] or "revision", found[3] or "main", "blobs" in query)
        else:
            self.answer_file(repo, found[2], found[3])

    def answer_about(self, repo: Repo, what: str) -> None:
        if what == "discussions":
            found = repo.discussions
            self.answer_json({"discussions": found, "count": len(found), "start": 0})
        elif self.is_allowed(repo):
            self.answer_json({})
        else:
            self.answer_error(403, "GatedRepo", "Access to this model is restricted")

    def answer_api(self, repo: Repo, what: str, revision: str, blobs: bool) -> None:
        commit = repo.find(revision)
        assert commit is not None
        faults = self.server.hub.faults
        if faults.not_json:
            self.answer_bytes(b"<html>Sign in to the network first</html>", {"Content-Type": "text/html"})
        elif what == "tree":
            self.answer_json([self.tree_entry(name, data) for name, data in commit.files.items()])
        elif what == "commits":
            signed = {"authors": [], "date": "2024-01-01T00:00:00.000Z", "title": "", "message": ""}
            self.answer_json([{"id": id_, **signed} for id_ in (commit.id, commit.parent) if id_])
        else:
            siblings = [self.sibling(name, data, blobs) for name, data in commit.files.items()]
            gated = "manual" if repo.gated else False
            about: dict[str, Any] = {
                "id": repo.id,
                "modelId": repo.id,
                "private": False,
                "gated": gated,
                "tags": [],
            }
            self.answer_json({**about, "sha": commit.id, "siblings": siblings})

    def sibling(self, name: str, data: bytes, blobs: bool) -> dict[str, Any]:
        if not blobs:
            return {"rfilename": name}
        entry = self.tree_entry(name, data)
        found = {"rfilename": name, "size": entry["size"], "blobId": entry["oid"]}
        if "lfs" in entry:
            lfs = entry["lfs"]
            found["lfs"] = {"sha256": lfs["oid"], "size": lfs["size"], "pointerSize": lfs["pointerSize"]}
        return found

    def tree_entry(self, name: str, data: bytes) -> dict[str, Any]:
        size = self.server.hub.faults.sizes.get(name, len(data))
        entry: dict[str, Any] = {"type": "file", "path": name, "size": size, "oid": git_sha1(data)}
        if is_large(name):
            entry["lfs"] = {"oid": sha256(data), "size": size, "pointerSize": 134}
        return entry

    def answer_file(self, repo: Repo, revision: str, name: str) -> None:
        commit = repo.find(revision)
        assert commit is not None
        headers = {"X-Repo-Commit": commit.id}
        if not self.is_allowed(repo):
            self.answer_error(403, "GatedRepo", "Access to this model is restricted")
        elif name not in commit.files:
            self.answer_error(404, "EntryNotFound", "Entry not found")
        elif is_large(name):
            data = commit.files[name]
            linked = {"X-Linked-Size": str(len(data)), "X-Linked-Etag": f'"{sha256(data)}"'}
            there = f"{self.server.hub.cdn_url}/{sha256(data)}?Expires=1&Signature=secret"
            self.answer_bytes(b"", {**headers, **linked, "Location": there}, 302)
        else:
            data = commit.files[name]
            self.answer_content(name, data, {**headers, "ETag": f'"{git_sha1(data)}"'})

    def is_allowed(self, repo: Repo) -> bool:
        return not repo.gated or self.headers.get("Authorization") == f"Bearer {self.server.hub.token}"

    def log_message(self, format: str, *args: object) -> None:
        """The requests are kept in a list."""


class _Cdn(_Handler):
    host = "cdn"

    def answer(self, path: str, query: dict[str, list[str]]) -> None:
        name, data = self.server.hub.large_files[path.strip("/")]
        self.answer_content(name, data, {"ETag": f'"{sha256(data)[:32]}"', "Accept-Ranges": "bytes"})

    def log_message(self, format: str, *args: object) -> None:
        """The requests are kept in a list."""


def is_large(name: str) -> bool:
    """Whether the hub keeps such a file apart, by its sha256."""
    return name.endswith(LARGE)


def sha256(data: bytes) -> str:
    """What a large file is known by."""
    return hashlib.sha256(data).hexdigest()


def git_sha1(data: bytes) -> str:
    """What a small file is known by: git's own name of a blob."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()  # noqa: S324
