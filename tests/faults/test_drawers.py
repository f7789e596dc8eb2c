"""A server whose drawing processes are killed goes on drawing, and has new ones."""

import time
from pathlib import Path

import psutil
import pytest

from tests.harness.client import client
from tests.harness.server import ROOT, running
from viz.models.settings import Settings

pytestmark = pytest.mark.server

WITHIN_S = 60


def test_a_server_draws_on_when_its_drawing_processes_are_killed(tmp_path: Path) -> None:
    with running(ROOT / "app.py", tmp_path / "log.txt") as server, client(server.url) as person:

        def pictures(layer: int) -> list[str]:
            person.open("", f"layer={layer}")
            found = person.scroll()
            return [image.alt for each in found if each.HasField("imgs") for image in each.imgs.imgs]

        def drawers() -> set[psutil.Process]:
            return set(psutil.Process(server.process.pid).children())

        assert any("Layer 1" in picture for picture in pictures(1))
        killed = drawers()
        assert len(killed) == Settings().draw_processes
        for each in killed:
            each.kill()
        for layer in (2, 3, 4):
            person.open("heads", f"layer={layer}")  # draws what is kept of no other picture
            assert any(f"Layer {layer}" in picture for picture in pictures(layer))
        latest = time.monotonic() + WITHIN_S
        while len(drawers() - killed) < len(killed):
            assert time.monotonic() < latest, server.printed()
            time.sleep(0.1)
        assert "Traceback" not in server.printed()
