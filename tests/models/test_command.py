"""`python -m viz.models`: fetch ahead, list, and an exit status that scripts can rely on."""

import io
import json
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.hub_models import tiny_bert
from tests.hub_server import HubServer
from viz.errors import HubError, ModelNotFound
from viz.models import hub
from viz.models.__main__ import main
from viz.models.settings import Settings, settings, variable

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CONFIG = {
    "model_type": "bert",
    "vocab_size": 100,
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "max_position_embeddings": 64,
}

_USES_SETTINGS = (
    "catalogue",
    "model_name",
    "checkpoints.local",
    "checkpoints.checkpoint",
    "loading",
    "__main__",
)


@dataclass
class FakeHub:
    """A hub in memory: what it has is written into a folder when it is fetched."""

    folder: Path
    has: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    interrupt: bool = False

    def plan(self, model_id: str, revision: str | None = None) -> hub.Plan:
        self.asked.append(model_id)
        if model_id not in self.has:
            raise ModelNotFound("The hub has no {model}\x1b[31m.", model=model_id)
        file = hub.PlannedFile("model.safetensors", len(self.has[model_id]), None, "0" * 40)
        return hub.Plan(model_id, COMMIT, (file,), "main")

    def fetch(
        self, todo: hub.Plan, progress: Callable[[hub.Progress], None] | None = None, cancelled: object = None
    ) -> hub.Snapshot:
        assert progress is not None
        progress(hub.Progress("model.safetensors", todo.nbytes // 2, todo.nbytes))
        if self.interrupt:
            raise KeyboardInterrupt
        folder = self.folder / todo.id
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
        (folder / "model.safetensors").write_bytes(self.has[todo.id])
        progress(hub.Progress("model.safetensors", todo.nbytes, todo.nbytes))
        return hub.Snapshot(folder, COMMIT)

    def cached_snapshot(self, model_id: str, revision: str | None = None) -> hub.Snapshot | None:
        folder = self.folder / model_id
        return hub.Snapshot(folder, COMMIT) if folder.is_dir() else None

    def cached_ids(self) -> tuple[str, ...]:
        return tuple(sorted(model_id for model_id in self.has if self.cached_snapshot(model_id)))


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHub:
    fake = FakeHub(tmp_path / "cache", {"a/small": b"x" * 2_000_000, "gpt2": b"x" * 12_000_000})
    for name in ("plan", "fetch", "cached_snapshot", "cached_ids"):
        monkeypatch.setattr(hub, name, getattr(fake, name))
    configure(monkeypatch)
    return fake


def configure(monkeypatch: pytest.MonkeyPatch, **values: object) -> None:
    made = Settings(**values)  # type: ignore[arg-type]
    for module in _USES_SETTINGS:
        monkeypatch.setattr(f"viz.models.{module}.settings", lambda: made)


def table(text: str) -> dict[str, list[str]]:
    """The rows of a printed table by their first cell."""
    rows = [line.split("  ") for line in text.splitlines()]
    return {row[0]: [cell.strip() for cell in row[1:] if cell.strip()] for row in rows}


def test_fetch_says_what_it_fetched_a_line_a_model(fake: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "a/small", "gpt2"]) == 0
    out, err = capsys.readouterr()
    assert out == f"a/small  {COMMIT}  2.0 MB\ngpt2  {COMMIT}  12 MB\n"
    assert fake.asked == ["a/small", "gpt2"]
    assert "a/small:" in err
    assert "2.00M/2.00M" in err
    assert "model.safetensors" in err


def test_what_is_here_already_is_not_asked_for_again(
    fake: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fetch", "gpt2", "gpt2"]) == 0
    first = capsys.readouterr().out
    assert main(["fetch", "gpt2"]) == 0
    assert capsys.readouterr().out == first
    assert fake.asked == ["gpt2"]


def test_one_failure_does_not_keep_the_others(fake: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "no/such", "../x", "gpt2", "local:none"]) == 1
    out, err = capsys.readouterr()
    assert out == f"gpt2  {COMMIT}  12 MB\n"
    assert "Error: The hub has no no/such?[31m." in err
    assert "Error: ../x cannot be the name of a model." in err
    assert "ATTENTION_ATLAS_LOCAL_MODELS" in err
    assert "Traceback" not in err
    assert fake.asked == ["no/such", "gpt2"]


def test_a_model_that_is_not_allowed_is_not_asked_for(
    fake: FakeHub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(monkeypatch, allowed_models=("a/*",))
    assert main(["fetch", "gpt2"]) == 1
    assert "gpt2 is not among the models that may be loaded here" in capsys.readouterr().err
    assert fake.asked == []


@pytest.mark.usefixtures("fake")
def test_an_embedded_model_needs_no_fetching(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "all-MiniLM-L6-v2"]) == 0
    assert capsys.readouterr().out == "all-MiniLM-L6-v2  comes with the app\n"


def test_ctrl_c_ends_with_a_sentence(fake: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    fake.interrupt = True
    assert main(["fetch", "a/small", "gpt2"]) == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert "Stopped. What was fetched is kept" in err
    assert "Traceback" not in err
    assert fake.asked == ["a/small"]


def test_list_says_where_each_model_is(
    fake: FakeHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local = tmp_path / "models" / "mine"
    local.mkdir(parents=True)
    (local / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    configure(monkeypatch, local_models=tmp_path / "models")
    main(["fetch", "gpt2", "a/small"])
    capsys.readouterr()
    assert main(["list"]) == 0
    rows = table(capsys.readouterr().out)
    assert rows["id"] == ["where", "size", "layers x heads", "languages"]
    assert rows["all-MiniLM-L6-v2"] == ["embedded", "-", "6 x 12", "en"]
    assert rows["local:mine"][0] == "local"
    assert rows["gpt2"] == ["here", "12 MB", "12 x 12", "en"]
    assert rows["a/small"] == ["here", "2.0 MB", "3 x 4", "-"]
    assert rows["facebook/bart-base"] == ["hub", "558 MB", "6 x 12 + 6 x 12", "en"]
    assert main(["list", "--here"]) == 0
    assert list(table(capsys.readouterr().out)) == [
        "id",
        "all-MiniLM-L6-v2",
        "multilingual-e5-small",
        "local:mine",
        "gpt2",
        "a/small",
    ]


def test_a_table_has_straight_columns(fake: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    main(["list"])
    head, *lines = capsys.readouterr().out.splitlines()
    for title in ("where", "size", "layers x heads", "languages"):
        column = head.index(title)
        assert all(line[column - 2 : column] == "  " and line[column] != " " for line in lines)
    assert fake.asked == []


def test_an_embedded_model_that_is_not_installed_is_said_to_be_missing(
    fake: FakeHub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("viz.models.__main__.availability", lambda _id: HubError("Not here."))
    main(["list"])
    assert table(capsys.readouterr().out)["all-MiniLM-L6-v2"][0] == "missing"
    assert main(["fetch", "all-MiniLM-L6-v2"]) == 1
    assert capsys.readouterr().err == "Error: Not here.\n"
    assert fake.asked == []


@pytest.mark.parametrize("arguments", [[], ["fetch"], ["delete", "gpt2"], ["list", "gpt2"]])
def test_wrong_arguments_end_with_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "usage: python -m viz.models" in capsys.readouterr().err


def test_wrong_settings_end_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable("device"), "abacus")
    settings.cache_clear()
    assert main(["list"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Error: ATTENTION_ATLAS_DEVICE is 'abacus'.")
    monkeypatch.undo()
    settings.cache_clear()


def test_a_name_that_a_terminal_has_no_letters_for_is_listed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = tmp_path / "模型"
    local.mkdir()
    (local / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    configure(monkeypatch, local_models=tmp_path, cache=tmp_path / "cache")
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "argv", ["python -m viz.models", "list", "--here"])
    monkeypatch.delitem(sys.modules, "viz.models.__main__")  # run anew, as the shell would
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("viz.models", run_name="__main__")
    assert ended.value.code == 0
    terminal.seek(0)
    assert table(terminal.read())["local:??"][0] == "local"


@pytest.fixture
def server() -> Iterator[HubServer]:
    with HubServer() as server:
        server.add("someone/tiny-bert", tiny_bert())
        server.add("someone/small-bert", tiny_bert(hidden=256, seed=1))
        yield server


def environment(server: HubServer, home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATTENTION_ATLAS_")}
    return {**kept, **server.environment(home), "PYTHONIOENCODING": "ascii", **more}


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-W", "error", "-m", "viz.models", *arguments]


def test_as_a_program_it_fetches_and_lists(server: HubServer, tmp_path: Path) -> None:
    fetching = subprocess.run(
        program("fetch", "someone/tiny-bert", "no/such", "someone/small-bert"),
        capture_output=True,
        text=True,
        check=False,
        env=environment(server, tmp_path),
    )
    commits = [repo.revisions["main"].id for repo in server.repos.values()]
    assert fetching.returncode == 1
    assert [line.split("  ")[:2] for line in fetching.stdout.splitlines()] == [
        ["someone/tiny-bert", commits[0]],
        ["someone/small-bert", commits[1]],
    ]
    assert "Error: " in fetching.stderr
    assert "no/such" in fetching.stderr
    assert "100%" in fetching.stderr
    assert "Traceback" not in fetching.stderr

    asked = len(server.requests)
    listing = subprocess.run(
        program("list", "--here"),
        capture_output=True,
        text=True,
        check=False,
        env=environment(server, tmp_path, HF_HUB_OFFLINE="1"),
    )
    assert (listing.returncode, listing.stderr) == (0, "")
    assert {name: row[2:] for name, row in table(listing.stdout).items()} == {
        "id": ["layers x heads", "languages"],
        "all-MiniLM-L6-v2": ["6 x 12", "en"],
        "multilingual-e5-small": ["12 x 12", "mul"],
        "someone/small-bert": ["2 x 4", "-"],
        "someone/tiny-bert": ["2 x 4", "-"],
    }
    assert len(server.requests) == asked


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C is sent in another way there")
def test_ctrl_c_in_the_middle_is_tidy_and_a_second_run_goes_on(server: HubServer, tmp_path: Path) -> None:
    server.faults.stall_at = 500_000
    fetching = subprocess.Popen(
        program("fetch", "someone/small-bert"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(server, tmp_path),
        # Whoever runs the tests in the background ignores Ctrl+C, and a child would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    end = time.monotonic() + 60
    while not any(request.sent >= 400_000 for request in server.requests):
        assert fetching.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)
    fetching.send_signal(signal.SIGINT)
    out, err = fetching.communicate(timeout=60)
    assert (fetching.returncode, out) == (130, "")
    assert "Stopped. What was fetched is kept" in err
    assert "Traceback" not in err

    server.faults.stall_at = None
    again = subprocess.run(
        program("fetch", "someone/small-bert"),
        capture_output=True,
        text=True,
        check=False,
        env=environment(server, tmp_path),
    )
    assert (again.returncode, again.stdout.split("  ")[0]) == (0, "someone/small-bert")
    assert any(request.range for request in server.requests)
