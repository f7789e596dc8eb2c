"""A model is fetched from a hub on loopback: whole, checked and resumed, whatever the connection does."""

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import huggingface_hub
import pytest
from huggingface_hub import constants

from tests.hub_models import tiny_bert
from tests.hub_server import HubServer, sha256, use_hub
from viz.errors import Cancelled, HubError, ModelError, ModelFileError
from viz.models.hub import Progress, Snapshot, cached_snapshot, fetch, file_download, plan
from viz.models.settings import settings

TINY = "someone/tiny-bert"
WEIGHTS = "model.safetensors"
ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 60


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "hub"


@pytest.fixture
def hub(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with use_hub(cache, monkeypatch) as server:
        yield server


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between attempts."""
    monkeypatch.setattr(file_download, "WAITS_S", (0.0, 0.0, 0.0, 0.0))


class Sent(NamedTuple):
    """What a request for the weights asked for and got."""

    range: str | None
    bytes: int


def sent_weights(hub: HubServer) -> list[Sent]:
    return [Sent(request.range, request.sent) for request in hub.requests if request.host == "cdn"]


def files_of(found: Snapshot) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in found.folder.iterdir()}


def wait_for_workers() -> None:
    """Until no download is on its way any more."""
    for thread in threading.enumerate():
        if thread.name.startswith("fetch "):
            thread.join(PATIENCE_S)
            assert not thread.is_alive()


def says(error: ModelError) -> str:
    """The message, in which there is neither an address nor a token."""
    message = str(error)
    assert "127.0.0.1" not in message
    assert "http" not in message
    assert "hf_" not in message
    assert "Signature" not in message
    return message


def test_what_is_fetched_is_what_the_hub_has(hub: HubServer) -> None:
    commit = hub.add(TINY, {**tiny_bert(), "README.md": b"# Tiny", "run.py": b"import os"})
    found = fetch(plan(TINY))
    assert found.revision == commit.id
    assert files_of(found) == tiny_bert()
    assert cached_snapshot(TINY) == found


def test_shards_are_fetched_with_their_index(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert(shards=True))
    assert files_of(fetch(plan(TINY))) == tiny_bert(shards=True)


def test_the_model_that_is_fetched_can_be_loaded(hub: HubServer) -> None:
    from transformers import AutoModel, AutoTokenizer

    hub.add(TINY, tiny_bert())
    folder = fetch(plan(TINY)).folder
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    assert tokenizer.tokenize("The cat sat. 我的猫") == ["the", "cat", "sat", ".", "我", "的", "猫"]
    assert AutoModel.from_pretrained(folder, local_files_only=True).config.num_hidden_layers == 2


def test_the_hubs_own_client_finds_it(hub: HubServer, cache: Path) -> None:
    hub.add(TINY, tiny_bert())
    found = fetch(plan(TINY))
    asked = len(hub.requests)
    theirs = huggingface_hub.hf_hub_download(TINY, WEIGHTS, local_files_only=True)
    assert theirs == str(found.folder / WEIGHTS)
    seen = huggingface_hub.scan_cache_dir(cache)
    assert seen.warnings == []
    assert [repo.repo_id for repo in seen.repos] == [TINY]
    assert {ref for repo in seen.repos for ref in repo.refs} == {"main"}
    assert len(hub.requests) == asked


def test_progress_never_goes_back_and_ends_at_the_total(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert())
    seen: list[Progress] = []
    threads = set()

    def watch(progress: Progress) -> None:
        seen.append(progress)
        threads.add(threading.current_thread())

    hub.faults.trickle = (10_000, 0.03)
    todo = plan(TINY)
    fetch(todo, watch)
    done = [progress.done for progress in seen]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, todo.nbytes)
    assert {progress.total for progress in seen} == {todo.nbytes}
    assert list(dict.fromkeys(progress.file for progress in seen)) == [file.name for file in todo.files]
    of_weights = [progress.done for progress in seen if progress.file == WEIGHTS]
    assert len(set(of_weights)) > 2, "it moves within a file"
    assert threads == {threading.current_thread()}


def test_what_is_here_is_not_fetched_again(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert())
    todo = plan(TINY)
    found = fetch(todo)
    asked = len(hub.requests)
    seen: list[Progress] = []
    assert todo.missing == 0
    assert fetch(todo, seen.append) == found
    assert len(hub.requests) == asked
    assert seen[-1].done == todo.nbytes


def test_a_new_revision_fetches_only_what_changed(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert())
    fetch(plan(TINY))
    commit = hub.add(TINY, {**tiny_bert(), "config.json": tiny_bert()["config.json"] + b" "})
    assert plan(TINY).missing == len(commit.files["config.json"])
    found = fetch(plan(TINY))
    assert found.revision == commit.id
    assert files_of(found) == commit.files
    assert len(sent_weights(hub)) == 1


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_that_is_cut_is_resumed(hub: HubServer, reset: bool) -> None:
    files = tiny_bert()
    hub.add(TINY, files)
    size = len(files[WEIGHTS])
    hub.faults.cut_at, hub.faults.reset = size // 2, reset
    if reset:  # a reset throws away what is under way; in pieces, most has arrived
        hub.faults.trickle = (10_000, 0.02)
    assert files_of(fetch(plan(TINY))) == files
    first, second = sent_weights(hub)
    assert first == Sent(None, size // 2)
    start = size - second.bytes
    assert second.range == f"bytes={start}-"
    assert 0 < start <= size // 2
    if not reset:
        assert start == size // 2, "no byte is sent twice"


@pytest.mark.usefixtures("at_once")
def test_a_download_that_failed_goes_on_where_it_ended(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = tiny_bert()
    hub.add(TINY, files)
    hub.faults.cut_at = 70_000
    todo = plan(TINY)
    monkeypatch.setattr(file_download.Connection, "wait", break_off(hub))
    with pytest.raises(HubError, match="trouble of its own") as error:
        fetch(todo)
    says(error.value)
    assert cached_snapshot(TINY) is None
    assert todo.missing == len(files[WEIGHTS]) - 70_000
    hub.faults.statuses.clear()
    assert files_of(fetch(todo)) == files
    assert sent_weights(hub)[-1] == Sent("bytes=70000-", len(files[WEIGHTS]) - 70_000)


def break_off(hub: HubServer) -> Callable[[file_download.Connection, float], None]:
    """In place of a pause between attempts: from the first one on, the host of large files is out of order."""

    def wait(connection: file_download.Connection, seconds: float) -> None:
        connection.check()
        hub.faults.statuses.setdefault("/", [503] * 99)

    return wait


def test_a_hub_that_ignores_ranges_sends_all_again(hub: HubServer) -> None:
    files = tiny_bert()
    hub.add(TINY, files)
    hub.faults.cut_at, hub.faults.ignore_ranges = 50_000, True
    seen: list[Progress] = []
    assert files_of(fetch(plan(TINY), seen.append)) == files
    assert [sent.bytes for sent in sent_weights(hub)] == [50_000, len(files[WEIGHTS])]
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)


@pytest.mark.usefixtures("at_once")
def test_a_host_that_goes_away_is_told(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add(TINY, tiny_bert())
    todo = plan(TINY)
    monkeypatch.setattr(constants, "HF_HUB_DOWNLOAD_TIMEOUT", 0.1)
    hub.faults.silent = True
    with pytest.raises(HubError, match=r"broke off.*config\.json") as error:
        fetch(todo)
    says(error.value)
    assert 1 < len(hub.of_files()) <= 1 + len(file_download.WAITS_S)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_that_passes_is_waited_for(hub: HubServer, status: int) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.statuses[f"/{TINY}/resolve"] = [status, status]
    assert files_of(fetch(plan(TINY))) == tiny_bert()


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("status", [429, 500])
def test_trouble_that_stays_is_told(hub: HubServer, status: int) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.statuses[f"/{TINY}/resolve"] = [status] * 99
    with pytest.raises(HubError) as error:
        fetch(plan(TINY))
    assert TINY in says(error.value)


def test_a_model_that_is_closed_after_the_plan_is_told(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert())
    todo = plan(TINY)
    hub.repos[TINY].gated = True
    with pytest.raises(HubError, match="HF_TOKEN") as error:
        fetch(todo)
    assert error.value.__cause__ is not None


def test_a_file_that_is_altered_on_the_way_is_refused_named_and_removed(hub: HubServer, cache: Path) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.corrupt = {WEIGHTS}
    with pytest.raises(ModelFileError, match=r"model\.safetensors") as error:
        fetch(plan(TINY))
    says(error.value)
    assert cached_snapshot(TINY) is None
    assert not list(cache.rglob(f"*{sha256(tiny_bert()[WEIGHTS])}*incomplete"))
    assert not list(cache.rglob(WEIGHTS))
    hub.faults.corrupt = set()
    assert files_of(fetch(plan(TINY))) == tiny_bert()


def test_small_files_are_checked_too(hub: HubServer, cache: Path) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.corrupt = {"tokenizer.json"}
    with pytest.raises(ModelFileError, match=r"tokenizer\.json"):
        fetch(plan(TINY))
    assert not list(cache.rglob("tokenizer.json"))


@pytest.mark.parametrize("off_by", [-1, 1, 1000])
def test_a_size_that_the_hub_misstates_is_found(hub: HubServer, off_by: int) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.sizes[WEIGHTS] = len(tiny_bert()[WEIGHTS]) + off_by
    with pytest.raises(ModelFileError, match=r"model\.safetensors"):
        fetch(plan(TINY))
    assert cached_snapshot(TINY) is None


def test_no_more_is_taken_than_was_planned(hub: HubServer, cache: Path) -> None:
    hub.add(TINY, tiny_bert(hidden=256))
    hub.faults.sizes[WEIGHTS] = 1000
    hub.faults.trickle = (2000, 0.01)
    with pytest.raises(ModelFileError):
        fetch(plan(TINY))
    assert max(sent.bytes for sent in sent_weights(hub)) < 1_000_000


def test_a_part_that_is_altered_on_the_disk_is_found(hub: HubServer, cache: Path) -> None:
    files = tiny_bert()
    hub.add(TINY, files)
    part = cache / "models--someone--tiny-bert" / "blobs" / f"{sha256(files[WEIGHTS])}.incomplete"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"\0" * 500)
    with pytest.raises(ModelFileError, match=r"model\.safetensors"):
        fetch(plan(TINY))
    assert files_of(fetch(plan(TINY))) == files


def test_an_index_that_names_a_shard_that_is_not_there_is_refused(hub: HubServer) -> None:
    files = tiny_bert(shards=True)
    shard = "model-00002-of-00003.safetensors"
    hub.add(TINY, {name: data for name, data in files.items() if name != shard})
    with pytest.raises(ModelFileError, match="model-00002-of-00003"):
        fetch(plan(TINY))
    assert sent_weights(hub) == [], "found before the weights are fetched"


def test_cancelling_a_slow_download_keeps_what_has_arrived(hub: HubServer) -> None:
    files = tiny_bert()
    hub.add(TINY, files)
    hub.faults.trickle = (1000, 0.05)
    cancelled = threading.Event()
    with pytest.raises(Cancelled) as error:
        fetch(plan(TINY), cancel_after(2000, cancelled), cancelled)
    says(error.value)
    wait_for_workers()
    assert cached_snapshot(TINY) is None
    assert 0 < sent_weights(hub)[0].bytes < len(files[WEIGHTS])
    hub.faults.trickle = None
    todo = plan(TINY)
    kept = todo.nbytes - todo.missing - sum(len(data) for name, data in files.items() if name != WEIGHTS)
    assert kept >= 2000
    assert files_of(fetch(todo)) == files
    assert sent_weights(hub)[-1] == Sent(f"bytes={kept}-", len(files[WEIGHTS]) - kept)


def cancel_after(nbytes: int, cancelled: threading.Event) -> Callable[[Progress], None]:
    """A watcher that cancels when so many bytes of the weights have arrived."""
    begun: list[int] = []

    def watch(progress: Progress) -> None:
        if progress.file == WEIGHTS:
            begun.append(progress.done)
            if progress.done - begun[0] >= nbytes:
                cancelled.set()

    return watch


def test_cancelling_a_download_that_stands_still(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    files = tiny_bert()
    hub.add(TINY, files)
    hub.faults.stall_at = 20_000  # until the end of the test
    monkeypatch.setattr(constants, "HF_HUB_DOWNLOAD_TIMEOUT", PATIENCE_S)
    cancelled = threading.Event()
    with pytest.raises(Cancelled):
        fetch(plan(TINY), cancel_after(0, cancelled), cancelled)
    hub.faults.stall_at = None
    assert files_of(fetch(plan(TINY))) == files, "nothing holds the file's lock any more"


def test_offline_mode_between_plan_and_download(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add(TINY, tiny_bert())
    todo = plan(TINY)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(HubError, match="HF_HUB_OFFLINE"):
        fetch(todo)
    assert hub.of_files() == []


def test_cancelled_before_it_began(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert())
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        fetch(plan(TINY), cancelled=cancelled)
    assert sent_weights(hub) == []


def test_a_watcher_that_fails_ends_the_download(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.trickle = (1000, 0.05)

    def watch(progress: Progress) -> None:
        raise RuntimeError("the page is gone")

    with pytest.raises(RuntimeError, match="the page is gone"):
        fetch(plan(TINY), watch)
    wait_for_workers()
    assert cached_snapshot(TINY) is None


def test_two_at_once_fetch_it_once(hub: HubServer) -> None:
    files = tiny_bert()
    hub.add(TINY, files)
    hub.faults.trickle = (10_000, 0.05)
    todo = plan(TINY)
    found: list[Snapshot] = []
    seen: list[list[Progress]] = [[], []]
    threads = [
        threading.Thread(target=lambda watch=watch.append: found.append(fetch(todo, watch))) for watch in seen
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert [files_of(one) for one in found] == [files, files]
    assert [sent.bytes for sent in sent_weights(hub)] == [len(files[WEIGHTS])]
    assert [progress[-1].done for progress in seen] == [todo.nbytes] * 2


def test_one_of_two_is_cancelled_and_the_other_gets_it(hub: HubServer) -> None:
    files = tiny_bert()
    hub.add(TINY, files)
    hub.faults.trickle = (5000, 0.05)
    cancelled, begun = threading.Event(), threading.Event()
    ends: list[object] = []

    def watch(progress: Progress) -> None:
        if progress.file == WEIGHTS:
            begun.set()

    def fetch_until_cancelled() -> None:
        try:
            ends.append(fetch(plan(TINY), watch, cancelled))
        except Cancelled as error:
            ends.append(error)

    def cancel_it(progress: Progress) -> None:
        if progress.file == WEIGHTS:
            cancelled.set()

    first = threading.Thread(target=fetch_until_cancelled)
    first.start()
    assert begun.wait(PATIENCE_S)
    assert files_of(fetch(plan(TINY), cancel_it)) == files
    first.join(PATIENCE_S)
    assert isinstance(ends[0], Cancelled)


def test_the_token_stays_with_the_hub(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add(TINY, tiny_bert(), gated=True)
    monkeypatch.setenv("HF_TOKEN", hub.token)
    fetch(plan(TINY))
    seen = {(request.host, request.authorization) for request in hub.requests}
    assert seen == {("hub", f"Bearer {hub.token}"), ("cdn", None)}
    assert all("attention-atlas" in request.user_agent for request in hub.requests)


def test_a_disk_that_is_too_small_is_found_before_the_download(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.sizes[WEIGHTS] = 1 << 49
    monkeypatch.setenv("ATTENTION_ATLAS_SIZE_LIMIT_MB", "1000000000")
    settings.cache_clear()
    with pytest.raises(ModelFileError, match="ATTENTION_ATLAS_CACHE") as error:
        fetch(plan(TINY))
    says(error.value)
    assert hub.of_files() == []


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "no space left"), (errno.EACCES, "writable")])
def test_a_disk_that_takes_no_more_is_told(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def fail(*args: object) -> None:
        raise OSError(number, os.strerror(number))

    hub.add(TINY, tiny_bert())
    monkeypatch.setattr(file_download.FileDownload, "_stream", fail)
    with pytest.raises(ModelFileError, match=words) as error:
        fetch(plan(TINY))
    says(error.value)


def test_a_cache_that_is_no_folder_is_told(hub: HubServer, cache: Path) -> None:
    hub.add(TINY, tiny_bert())
    cache.write_text("in the way")
    with pytest.raises(ModelFileError, match="cannot be kept"):
        fetch(plan(TINY))


def test_a_computer_without_links_keeps_copies(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(errno.EPERM, "A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", fail)
    hub.add(TINY, tiny_bert())
    found = fetch(plan(TINY))
    assert files_of(found) == tiny_bert()
    assert not any(path.is_symlink() for path in found.folder.iterdir())
    assert cached_snapshot(TINY) == found


def test_a_conversion_is_known_as_the_model_and_not_as_its_main_branch(hub: HubServer, cache: Path) -> None:
    hub.add(TINY, {"pytorch_model.bin": b"x", "config.json": b"{}"})
    commit = hub.add_pull_request(TINY, tiny_bert())
    found = fetch(plan(TINY))
    assert found.revision == commit.id
    assert cached_snapshot(TINY) == cached_snapshot(TINY, "main") == found
    assert not (cache / "models--someone--tiny-bert" / "refs" / "main").exists()


def test_a_pull_request_that_was_asked_for_is_not_taken_for_the_model(hub: HubServer) -> None:
    hub.add(TINY, {"pytorch_model.bin": b"x", "config.json": b"{}"})
    hub.add_pull_request(TINY, tiny_bert(), author="mallory")
    found = fetch(plan(TINY, "refs/pr/1"))
    assert cached_snapshot(TINY) is None
    assert cached_snapshot(TINY, "refs/pr/1") == cached_snapshot(TINY, found.revision) == found


PROGRAM = """
import sys
from viz.models.hub import cached_snapshot, fetch, plan
found = cached_snapshot(sys.argv[1]) if sys.argv[2] == "offline" else fetch(plan(sys.argv[1]))
print(found.revision, found.folder)
"""


def run(environment: dict[str, str], *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_clients_variables_count(hub: HubServer, tmp_path: Path) -> None:
    commit = hub.add(TINY, tiny_bert())
    environment = hub.environment(tmp_path / "home")
    fetched = run(environment, TINY, "online")
    assert fetched[0] == commit.id
    assert Path(fetched[1]).is_relative_to(tmp_path / "home")
    asked = len(hub.requests)
    assert run({**environment, "HF_HUB_OFFLINE": "1"}, TINY, "offline") == fetched
    assert len(hub.requests) == asked


def test_the_settings_folder_wins_and_a_proxy_is_used(hub: HubServer, tmp_path: Path) -> None:
    files = {name: data for name, data in tiny_bert(shards=True).items() if name != WEIGHTS}
    hub.add(TINY, files)
    environment = {
        **hub.environment(tmp_path / "home"),
        "HF_ENDPOINT": "http://hub.invalid",
        "HTTP_PROXY": hub.url,
        "http_proxy": hub.url,
        "ATTENTION_ATLAS_CACHE": str(tmp_path / "atlas"),
    }
    _, folder = run(environment, TINY, "online")
    assert Path(folder).is_relative_to(tmp_path / "atlas" / "hub")
    assert any(request.path.startswith("http://hub.invalid/api/") for request in hub.requests)
