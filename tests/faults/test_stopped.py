"""The server told to stop (SIGTERM) while it works: it ends by itself, at once, and without a crash."""

import json
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.harness.client import Client, client
from tests.harness.server import ROOT, running
from viz.models.settings import Settings
from viz.view.link_values import pack_text

pytestmark = pytest.mark.server

SLOW = {"training": {"task": "brackets", "length": 12, "layers": 3, "heads": 4}}
# It is to end within 5 s, and takes less than 3; a busy machine is given more. Without being told to stop, the works
# here take minutes.
ENDS_WITHIN_S = 20
CRASHES = ("terminate called", "Traceback", "Fatal Python error", "Segmentation", "Aborted", "core dumped")


def a_training(person: Client) -> None:
    person.open("training", f"lessons={pack_text(json.dumps(SLOW))}")
    person.press("Start")
    assert person.has_button("Stop training")


def a_survey(person: Client) -> None:
    person.open("roles", "over=grammar")
    assert person.has_button("Cancel")


def a_load(person: Client) -> None:
    person.open("", "model=multilingual-e5-small", until=lambda element: "Loading" in element.spinner.text)


def test_a_stop_during_a_training_a_survey_and_a_load_is_a_clean_end(tmp_path: Path) -> None:
    with running(ROOT / "app.py", tmp_path / "log.txt") as server, ExitStack() as stack:
        for work in (a_training, a_survey, a_load):
            work(stack.enter_context(client(server.url)))
        drawers = psutil.Process(server.process.pid).children()
        server.process.send_signal(signal.SIGTERM)
        try:
            status = server.process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            pytest.fail(f"It has not ended after {ENDS_WITHIN_S} s. It printed:\n{server.printed()}")
    assert status in (0, -signal.SIGTERM), server.printed()
    assert len(drawers) == Settings().draw_processes
    _ended, left = psutil.wait_procs(drawers, ENDS_WITHIN_S)
    assert not left
    assert not [crash for crash in CRASHES if crash in server.printed()], server.printed()


@pytest.mark.parametrize("after_s", [0.2, 1.5, 3.0])
def test_a_stop_while_a_model_is_converted_leaves_no_part_of_a_file(tmp_path: Path, after_s: float) -> None:
    cache = tmp_path / "cache"
    environment = {"ATTENTION_ATLAS_CACHE": str(cache)}
    with running(ROOT / "app.py", tmp_path / "log.txt", environment=environment) as server:
        with client(server.url) as survey, client(server.url) as load:
            a_survey(survey)
            a_load(load)
            time.sleep(after_s)
            server.process.send_signal(signal.SIGTERM)
            status = server.process.wait(ENDS_WITHIN_S)
        assert status == -signal.SIGTERM, server.printed()
        assert "still work" not in server.printed()
    assert [each.name for each in cache.rglob("*.part")] == []


def test_a_server_that_cannot_start_says_so_by_its_status(tmp_path: Path) -> None:
    with running(ROOT / "app.py", tmp_path / "log.txt") as server:
        port = server.url.rpartition(":")[2]
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", port]
        again = subprocess.run(
            [*command, "--server.address", "127.0.0.1", "--server.headless", "true"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert again.returncode == 1
    assert f"Port {port} is not available" in again.stderr + again.stdout
