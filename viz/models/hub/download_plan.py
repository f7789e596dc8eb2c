"""What the hub says about a model, before anything is fetched: files, sizes, checksums and the exact commit."""

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

import httpx2
from huggingface_hub import constants
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.hf_api import HfApi, ModelInfo, RepoSibling

from viz.errors import ModelNotFound, ModelRefused
from viz.language import _
from viz.models.checkpoints.needed_files import CONFIG, has_tokenizer, has_weights, wanted, weights_not_read
from viz.models.hub import hub_errors
from viz.models.hub.cache import COMMIT, CONVERTED, MAIN, hub_name, storage
from viz.models.hub.file_download import PlannedFile
from viz.models.settings import settings, variable

LIBRARY = "attention-atlas"

# Who does not answer the first question in time counts as unreachable; later ones may take longer.
FIRST_ANSWER_S = 2.5
LATER_ANSWERS_S = 10.0
WAITS_S = (0.3, 1.0, 2.0)

_CONVERTER = "SFconvertbot"
_CONVERSION = "Adding `safetensors` variant of this model"
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_ETAG = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

T = TypeVar("T")


@dataclass(frozen=True)
class Plan:
    """A model of the hub, ready to be fetched.

    `revision` is the commit, `ref` the name under which the cache will know it. `files` are in the order in which
    they are fetched, weights last.
    """

    id: str
    revision: str
    files: tuple[PlannedFile, ...]
    ref: str

    @property
    def nbytes(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def missing(self) -> int:
        """Bytes that are not in the cache yet; what a broken download has left there counts as there."""
        folder = storage(self.id)
        missing = 0
        for file in self.files:
            blob = folder / "blobs" / file.etag
            if not blob.exists() and not (folder / "snapshots" / self.revision / file.name).exists():
                part = blob.with_name(f"{file.etag}.incomplete")
                missing += max(0, file.size - (part.stat().st_size if part.exists() else 0))
        return missing


def plan(model_id: str, revision: str | None = None) -> Plan:
    """What would have to be fetched; `plan("bert-base-uncased")`, `plan("hfl/rbt3", "refs/pr/1")`.

    Where the main branch has no safetensors, the pull request by which the hub's own bot converts them is taken, if
    it was made from what the branch holds now.

    Raises ModelNotFound for a model or revision that the hub does not have or show, ModelRefused for one without
    safetensors, config.json or tokenizer and for one above the size limit, HubError where fetching is switched off
    and where the hub cannot be reached (known after at most 3 s), does not give the model, or talks nonsense.
    """
    name = hub_name(model_id, revision)
    if not settings().hub:
        raise hub_errors.hub_error("switched off", str(name))
    if constants.is_offline_mode():
        raise hub_errors.hub_error("offline", str(name))
    hub = _Hub(name.id, name.revision)
    info = hub.ask(lambda: hub.info(name.revision, FIRST_ANSWER_S), FIRST_ANSWER_S)
    ref, names = name.revision or MAIN, _names(info)
    if not has_weights(names) and ref == MAIN:
        converted = None
        with contextlib.suppress(ModelNotFound):  # a mirror that has no pull requests
            converted = hub.ask(lambda: hub.conversion(str(info.sha)), LATER_ANSWERS_S)
        if converted is not None:
            info, ref, names = converted, CONVERTED, _names(converted)
    if not has_weights(names):
        raise _without_weights(name.id, names)
    if CONFIG not in names or not has_tokenizer(names):
        raise ModelRefused(
            _(
                "{model} cannot be used: expected are a config.json and a tokenizer's files, found are {found}."
            ),
            model=name.id,
            found=", ".join(names),
        )
    if info.gated:
        hub.ask(lambda: hub.api.auth_check(name.id), LATER_ANSWERS_S)
    result = _planned(name.id, info, ref)
    if result.nbytes > settings().size_limit:
        raise ModelRefused(
            _(
                "{model} is a download of {size} MB, and at most {limit} MB are allowed here. Choose a smaller model, "
                "or have the host of this app raise {variable}."
            ),
            model=name.id,
            size=-(-result.nbytes // 1_000_000),
            limit=settings().size_limit // 1_000_000,
            variable=variable("size_limit_mb"),
        )
    return result


class _Hub:
    """The hub's client, for questions about one model; what goes wrong becomes a sentence in `ask`."""

    def __init__(self, model_id: str, revision: str | None) -> None:
        self.model_id = model_id
        self.revision = revision
        self.api = HfApi(endpoint=constants.ENDPOINT, library_name=LIBRARY)

    def info(self, revision: str | None, seconds: float) -> ModelInfo:
        """Files with their sizes and checksums, and the commit."""
        return self.api.model_info(self.model_id, revision=revision, files_metadata=True, timeout=seconds)

    def conversion(self, main: str) -> ModelInfo | None:
        """The open pull request of the converting bot that adds one commit to `main`, or None."""
        for request in self.api.get_repo_discussions(
            self.model_id, author=_CONVERTER, discussion_type="pull_request", discussion_status="open"
        ):
            found = (request.author, request.title, request.status, request.is_pull_request)
            if found != (_CONVERTER, _CONVERSION, "open", True) or not request.git_reference:
                continue
            commits = self.api.list_repo_commits(self.model_id, revision=request.git_reference)
            if len(commits) > 1 and commits[1].commit_id == main:
                return self.info(request.git_reference, LATER_ANSWERS_S)
        return None

    def ask(self, question: Callable[[], T], seconds: float) -> T:
        """The answer; asked again where the hub says that it has trouble. Raises HubError and its like."""
        for wait in (*WAITS_S, None):
            try:
                # A name server or a connection that hangs is left behind on its own thread.
                return in_background(question, "ask the hub").result(timeout=seconds)
            except (httpx2.HTTPError, OSError, ValueError, TypeError, LookupError, AttributeError) as exc:
                passing = isinstance(exc, HfHubHTTPError) and exc.response.status_code in hub_errors.RETRIED
                if wait is None or not passing:
                    raise hub_errors.question_error(exc, self.model_id, self.revision) from exc
                time.sleep(wait)
        raise AssertionError("unreachable")


def in_background(work: Callable[[], T], title: str) -> Future[T]:
    """What `work` gives or raises, from a thread of its own which the program does not wait for when it ends.

    An executor would wait.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as exc:  # noqa: BLE001 - handed to the thread that waits for it
            future.set_exception(exc)

    threading.Thread(target=run, name=title, daemon=True).start()
    return future


def _names(info: ModelInfo) -> tuple[str, ...]:
    return tuple(sibling.rfilename for sibling in info.siblings or ())


def _planned(model_id: str, info: ModelInfo, ref: str) -> Plan:
    by_name = {sibling.rfilename: sibling for sibling in info.siblings or ()}
    files = tuple(_planned_file(by_name[name]) for name in wanted(by_name))
    if None in files or not COMMIT.fullmatch(str(info.sha)):
        raise hub_errors.hub_error("not understood", model_id)
    return Plan(model_id, str(info.sha), tuple(file for file in files if file is not None), ref)


def _planned_file(sibling: RepoSibling) -> PlannedFile | None:
    sha256 = sibling.lfs.sha256 if sibling.lfs else None
    size = sibling.lfs.size if sibling.lfs else sibling.size
    etag = str(sha256 or sibling.blob_id)
    is_size = type(size) is int and size >= 0
    if not is_size or len(etag) != (64 if sha256 else 40) or not _ETAG.fullmatch(etag):
        return None
    return PlannedFile(sibling.rfilename, size or 0, sha256, etag)


def _without_weights(model_id: str, names: Iterable[str]) -> ModelRefused:
    others = weights_not_read(names)
    sentence = _(
        "{model} has no weights that this app can read: expected is model.safetensors, found is {found}."
    )
    if any(name.endswith(_PICKLES) for name in others):
        sentence = _(
            "{model} has its weights only as {found}. Such files are not read, since opening one can run code "
            "that is hidden in it. Choose a model with model.safetensors."
        )
    return ModelRefused(sentence, model=model_id, found=", ".join(others) or "–")
