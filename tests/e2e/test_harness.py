"""The harness itself: it blocks and reports what it is there to report, and waits as long as it must."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import take_shot
from tests.harness import server as servers
from tests.harness.client import client
from tests.harness.settle import listen, settled
from tests.harness.watch import Watch

SLOW_APP = """
import time
import streamlit as st
pressed = st.button("Press")
time.sleep(1.2)
st.write("drawn after a press" if pressed else "drawn at first")
st.container(height=2000, border=True).write("far down")
"""


@pytest.fixture
def other_host() -> Iterator[tuple[int, list[str]]]:
    """A server that any page may ask: its port, and the paths it was asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as listening:
        Thread(target=listening.serve_forever).start()
        yield listening.server_port, asked
        listening.shutdown()


def test_a_request_to_another_host_is_blocked_and_reported(
    browser: Browser, other_host: tuple[int, list[str]]
) -> None:
    port, asked = other_host
    context = browser.new_context()
    watch = Watch(context, f"127.0.0.1:{port}")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/allowed")
    answer = page.evaluate(f"fetch('http://localhost:{port}/foreign').then(() => 'came', () => 'blocked')")
    context.close()
    assert answer == "blocked"
    assert "/allowed" in asked
    assert "/foreign" not in asked
    assert watch.foreign == [f"http://localhost:{port}/foreign"]
    with pytest.raises(AssertionError, match="asked other hosts"):
        watch.check()


def test_a_socket_to_another_host_is_reported(browser: Browser) -> None:
    context = browser.new_context()
    watch = Watch(context, "127.0.0.1:1")
    page = context.new_page()
    with page.expect_event("websocket"):
        page.evaluate("void new WebSocket('ws://example.invalid/x')")
    context.close()
    assert watch.foreign == ["ws://example.invalid/x"]


def test_an_error_of_the_page_is_reported(browser: Browser) -> None:
    context = browser.new_context()
    watch = Watch(context, "127.0.0.1:1")
    page = context.new_page()
    page.set_content("<script>throw new Error('on purpose')</script>")
    context.close()
    with pytest.raises(AssertionError, match="on purpose"):
        watch.check()


def test_an_error_on_the_console_is_reported(browser: Browser) -> None:
    context = browser.new_context()
    watch = Watch(context, "127.0.0.1:1")
    context.new_page().set_content("<script>console.warn('a hint'); console.error('caught')</script>")
    context.close()
    assert watch.errors == ["caught"]


def test_a_page_that_asks_nobody_passes(browser: Browser) -> None:
    context = browser.new_context()
    watch = Watch(context, "127.0.0.1:1")
    context.new_page().set_content("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='><p>here</p>")
    context.close()
    watch.check()


def test_a_server_that_cannot_start_says_what_it_printed(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match=r"nothing\.py"),
        servers.running(tmp_path / "nothing.py", tmp_path / "log"),
    ):
        pass


def test_settled_waits_for_a_slow_script_and_for_the_run_after_a_press(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "slow.py"
    script.write_text(SLOW_APP, encoding="utf-8")
    monkeypatch.setattr("tests.e2e.conftest.SCREENSHOTS", tmp_path)
    with servers.running(script, tmp_path / "log") as server:
        context = browser.new_context(viewport={"width": 800, "height": 600})
        page: Page = context.new_page()
        listen(page)
        page.goto(server.url)
        assert settled(page).get_by_text("drawn at first").is_visible()
        page.get_by_role("button", name="Press").click()
        assert settled(page).get_by_text("drawn after a press").is_visible()
        assert png_height(take_shot("slow", page)) > 2000
        assert page.viewport_size == {"width": 800, "height": 600}
        context.close()


def png_height(path: Path) -> int:
    """A PNG's height in pixels: bytes 20 to 24 of its header."""
    return int.from_bytes(path.read_bytes()[20:24], "big")


def test_a_client_stays_on_its_page_in_every_session(server: servers.Server) -> None:
    for _session in range(2):  # in a server's first one Streamlit names the page, in later ones the app
        with client(server.url) as person:
            person.open("training")
            assert person.has_button("Start")
            person.press("Set it up")
            assert person.has_button("Set it up")
