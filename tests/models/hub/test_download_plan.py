"""What the hub is asked before anything is fetched, and each way in which that goes wrong."""

import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import constants
from huggingface_hub.errors import HfHubHTTPError

from tests.hub_models import pickled, shards_of, tiny_bert
from tests.hub_server import HubServer, use_hub
from viz.errors import HubError, ModelError, ModelNotFound, ModelRefused
from viz.models.hub import download_plan
from viz.models.hub.download_plan import plan
from viz.models.settings import settings

TINY = "someone/tiny-bert"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with use_hub(tmp_path / "hub", monkeypatch) as server:
        yield server


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between attempts."""
    monkeypatch.setattr(download_plan, "WAITS_S", (0.0, 0.0, 0.0))


def says(error: ModelError) -> str:
    """The message, in which there is neither an address nor a token."""
    message = str(error)
    assert "127.0.0.1" not in message
    assert "http" not in message.replace("HF_ENDPOINT", "")
    assert "hf_" not in message
    assert message.endswith(".")
    return message


def test_the_plan_is_what_the_repository_holds(hub: HubServer) -> None:
    files = tiny_bert()
    commit = hub.add(TINY, {**files, "README.md": b"# Tiny", "modeling.py": b"import os"})
    todo = plan(TINY)
    assert (todo.id, todo.revision, todo.ref) == (TINY, commit.id, "main")
    assert {file.name: file.size for file in todo.files} == {name: len(data) for name, data in files.items()}
    assert todo.nbytes == todo.missing == sum(map(len, files.values()))
    weights = todo.files[-1]
    assert weights.name == "model.safetensors"
    assert weights.sha256 == weights.etag == hashlib.sha256(files["model.safetensors"]).hexdigest()
    assert [file.sha256 for file in todo.files[:-1]] == [None] * (len(files) - 1)


def test_nothing_is_fetched_for_a_plan(hub: HubServer, tmp_path: Path) -> None:
    hub.add(TINY, tiny_bert())
    plan(TINY)
    assert [request.path.partition("?")[0] for request in hub.requests] == [f"/api/models/{TINY}"]
    assert not (tmp_path / "hub").exists()


def test_pickles_code_and_sub_folders_are_never_wanted(hub: HubServer) -> None:
    more = {
        "pytorch_model.bin": b"x",
        "model.pt": b"x",
        "run.py": b"x",
        "onnx/model.onnx": b"x",
        "tf_model.h5": b"x",
    }
    inside = {"sub/model.safetensors": b"x", "sub/tokenizer.json": b"x", "model.fp16.safetensors": b"x"}
    hub.add(TINY, {**tiny_bert(), **more, **inside})
    assert {file.name for file in plan(TINY).files} == set(tiny_bert())


@pytest.mark.parametrize(
    "name", ["../tokenizer.json", "/tokenizer.json", "a\\tokenizer.json", "..", "..spm/"]
)
def test_names_that_are_paths_are_left_out(hub: HubServer, name: str) -> None:
    hub.add(TINY, {**tiny_bert(), name: b"x"})
    assert name not in {file.name for file in plan(TINY).files}


def test_shards_come_with_their_index_first(hub: HubServer) -> None:
    files = tiny_bert(shards=True)
    hub.add(TINY, files)
    names = [file.name for file in plan(TINY).files]
    assert len(shards_of(files)) > 1
    assert names[-1 - len(shards_of(files)) :] == ["model.safetensors.index.json", *shards_of(files)]


def test_one_file_is_preferred_to_shards(hub: HubServer) -> None:
    hub.add(TINY, {**tiny_bert(shards=True), **tiny_bert()})
    assert {file.name for file in plan(TINY).files} == set(tiny_bert())


@pytest.mark.parametrize(
    ("name", "large"),
    [("spm.model", True), ("sentencepiece.bpe.model", True), ("source.spm", True), ("merges.txt", False)],
)
def test_tokenizers_of_all_kinds_are_wanted(hub: HubServer, name: str, large: bool) -> None:
    hub.add(TINY, {**tiny_bert(), name: b"pieces"})
    found = {file.name: file for file in plan(TINY).files}[name]
    assert (found.size, found.sha256 is not None) == (6, large)


def test_a_revision_is_found_and_becomes_a_commit(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert())
    other = hub.add(TINY, tiny_bert(seed=1), revision="refs/pr/7")
    todo = plan(TINY, "refs/pr/7")
    assert (todo.revision, todo.ref) == (other.id, "refs/pr/7")
    assert plan(TINY, other.id).revision == other.id


def test_a_renamed_model_is_found_under_its_old_name(hub: HubServer) -> None:
    commit = hub.add("google-bert/tiny", tiny_bert())
    hub.renamed["tiny"] = "google-bert/tiny"
    todo = plan("tiny")
    assert (todo.id, todo.revision) == ("tiny", commit.id)


def test_a_model_that_is_not_there_is_said_not_to_be_there(hub: HubServer) -> None:
    with pytest.raises(ModelNotFound) as error:
        plan("nobody/nothing")
    assert "nobody/nothing" in says(error.value)
    assert isinstance(error.value.__cause__, HfHubHTTPError)


def test_a_401_reads_like_a_model_that_is_not_there(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.statuses["/api/"] = [401]
    with pytest.raises(ModelNotFound) as error:
        plan(TINY)
    assert "HF_TOKEN" in says(error.value)


def test_a_revision_that_is_not_there_is_named(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert())
    with pytest.raises(ModelNotFound) as error:
        plan(TINY, "v9")
    assert "v9" in says(error.value)


def test_a_gated_model_is_refused_before_the_download(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert(), gated=True)
    with pytest.raises(HubError) as error:
        plan(TINY)
    assert "HF_TOKEN" in says(error.value)
    assert hub.of_files() == []


def test_a_gated_model_is_given_to_whom_the_hub_knows(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add(TINY, tiny_bert(), gated=True)
    monkeypatch.setenv("HF_TOKEN", hub.token)
    assert plan(TINY).id == TINY


def test_a_wrong_token_does_not_show_in_the_message(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add(TINY, tiny_bert(), gated=True)
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    with pytest.raises(HubError) as error:
        plan(TINY)
    assert hub.requests[-1].authorization == "Bearer hf_wrong"
    assert "hf_wrong" not in says(error.value)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_trouble_that_passes_is_waited_for(hub: HubServer, status: int) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.statuses["/api/"] = [status, status]
    assert plan(TINY).id == TINY
    assert len(hub.requests) == 3


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("status", [500, 503, 429])
def test_trouble_that_stays_is_told(hub: HubServer, status: int) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.statuses["/api/"] = [status] * 99
    with pytest.raises(HubError) as error:
        plan(TINY)
    assert "again" in says(error.value)
    assert len(hub.requests) == 1 + len(download_plan.WAITS_S)


def test_what_is_forbidden_is_not_asked_for_again(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.statuses["/api/"] = [403] * 99
    with pytest.raises(HubError) as error:
        plan(TINY)
    says(error.value)
    assert len(hub.requests) == 1


def test_an_answer_that_is_no_hubs_is_called_so(hub: HubServer) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.not_json = True
    with pytest.raises(HubError, match="cannot be understood") as error:
        plan(TINY)
    says(error.value)


@pytest.mark.parametrize("size", [-1, 1.5, None, "9", True])
def test_sizes_that_are_none_are_not_believed(
    hub: HubServer, size: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add(TINY, tiny_bert())
    monkeypatch.setitem(hub.faults.sizes, "model.safetensors", size)
    with pytest.raises(HubError, match="cannot be understood"):
        plan(TINY)


def test_a_model_above_the_limit_is_refused_with_both_sizes(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add(TINY, tiny_bert())
    hub.faults.sizes["model.safetensors"] = 7_000_000_000
    monkeypatch.setenv("ATTENTION_ATLAS_SIZE_LIMIT_MB", "1234")
    settings.cache_clear()
    with pytest.raises(ModelRefused, match=r"7001 MB.*1234 MB") as error:
        plan(TINY)
    assert "ATTENTION_ATLAS_SIZE_LIMIT_MB" in says(error.value)
    assert hub.of_files() == []


def test_the_limit_itself_is_allowed(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = sum(len(data) for name, data in tiny_bert().items() if name != "model.safetensors")
    hub.add(TINY, tiny_bert())
    monkeypatch.setenv("ATTENTION_ATLAS_SIZE_LIMIT_MB", "3")
    settings.cache_clear()
    hub.faults.sizes["model.safetensors"] = 3_000_000 - rest
    assert plan(TINY).nbytes == 3_000_000
    hub.faults.sizes["model.safetensors"] += 1
    with pytest.raises(ModelRefused):
        plan(TINY)


def test_a_pickle_is_refused_by_name(hub: HubServer) -> None:
    hub.add(TINY, pickled(tiny_bert()))
    with pytest.raises(ModelRefused, match=r"pytorch_model\.bin.*can run code") as error:
        plan(TINY)
    says(error.value)


def test_other_weights_are_refused_by_name(hub: HubServer) -> None:
    files = {name: data for name, data in tiny_bert().items() if name != "model.safetensors"}
    hub.add(TINY, {**files, "tf_model.h5": b"x"})
    with pytest.raises(ModelRefused, match=r"tf_model\.h5") as error:
        plan(TINY)
    says(error.value)


@pytest.mark.parametrize("lacking", ["config.json", "tokenizer.json"])
def test_a_model_without_its_description_is_refused(hub: HubServer, lacking: str) -> None:
    hub.add(TINY, {name: data for name, data in tiny_bert().items() if name != lacking})
    with pytest.raises(ModelRefused) as error:
        plan(TINY)
    says(error.value)


def test_the_bots_conversion_is_taken_where_main_has_pickles(hub: HubServer) -> None:
    hub.add(TINY, pickled(tiny_bert()))
    converted = hub.add_pull_request(TINY, {**pickled(tiny_bert()), **tiny_bert()}, number=3)
    todo = plan(TINY)
    assert (todo.revision, todo.ref) == (converted.id, "main.safetensors")
    assert {file.name for file in todo.files} == set(tiny_bert())


@pytest.mark.parametrize(
    "wrong",
    [
        {"author": "mallory"},
        {"title": "Adding better weights"},
        {"status": "closed"},
        {"parent": "0" * 40},
    ],
)
def test_no_other_pull_request_is_taken(hub: HubServer, wrong: dict[str, str]) -> None:
    hub.add(TINY, pickled(tiny_bert()))
    hub.add_pull_request(TINY, {**pickled(tiny_bert()), **tiny_bert()}, **wrong)  # type: ignore[arg-type]
    with pytest.raises(ModelRefused, match="can run code"):
        plan(TINY)


def test_a_mirror_without_pull_requests_is_a_hub_all_the_same(hub: HubServer) -> None:
    hub.add(TINY, pickled(tiny_bert()))
    hub.faults.statuses[f"/api/models/{TINY}/discussions"] = [404]
    with pytest.raises(ModelRefused, match="can run code"):
        plan(TINY)


def test_a_revision_that_was_asked_for_is_not_replaced(hub: HubServer) -> None:
    main = hub.add(TINY, pickled(tiny_bert()))
    hub.add_pull_request(TINY, {**pickled(tiny_bert()), **tiny_bert()})
    with pytest.raises(ModelRefused, match="can run code"):
        plan(TINY, main.id)


def test_a_hub_that_is_switched_off_is_not_asked(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add(TINY, tiny_bert())
    monkeypatch.setenv("ATTENTION_ATLAS_HUB", "0")
    settings.cache_clear()
    with pytest.raises(HubError, match=r"may not fetch models.*all-MiniLM-L6-v2") as error:
        plan(TINY)
    says(error.value)
    assert hub.requests == []


def test_the_clients_offline_mode_is_respected(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(HubError, match=r"HF_HUB_OFFLINE.*all-MiniLM-L6-v2"):
        plan(TINY)
    assert hub.requests == []


def test_a_refused_connection_is_offline(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{port}")
    with pytest.raises(
        HubError, match=r"cannot be reached.*all-MiniLM-L6-v2, multilingual-e5-small"
    ) as error:
        plan(TINY)
    says(error.value)
    assert isinstance(error.value.__cause__, httpx2.TransportError)


def test_a_name_that_cannot_be_looked_up_is_offline(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(HubError, match="cannot be reached"):
        plan(TINY)


def test_a_hub_that_never_answers_is_offline(hub: HubServer) -> None:
    hub.faults.silent = True  # until the end of the test: only a limit of our own ends the wait
    with pytest.raises(HubError, match="cannot be reached"):
        plan(TINY)


def test_a_name_server_that_hangs_is_offline(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*args: object, **kwargs: object) -> None:
        hub.closing.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with pytest.raises(HubError, match="cannot be reached"):
        plan(TINY)


def test_the_limit_for_offline_is_below_three_seconds() -> None:
    assert download_plan.FIRST_ANSWER_S < 3


@pytest.mark.parametrize(
    "name", ["../x", "/etc", "a/b/c", "local:x", "all-MiniLM-L6-v2", "https://x/y", "a\0b"]
)
def test_what_is_no_name_is_not_asked_for(hub: HubServer, name: str) -> None:
    with pytest.raises(ModelNotFound):
        plan(name)
    assert hub.requests == []
