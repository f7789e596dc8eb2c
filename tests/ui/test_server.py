"""The server around the app: its headers, its last net, and another way to start it."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest
from streamlit.proto.Element_pb2 import Element

from tests.harness.client import client
from tests.harness.server import UNCAUGHT, Server, running, running_by_uvicorn
from tests.pictures.explorer.messages import header_of
from tests.scripts import ROOT
from viz.errors import ModelFileError
from viz.inputs.examples import FIRST
from viz.models.settings import settings
from viz.pictures.bertviz_scripts import script_hashes
from viz.serving.security_headers import headers, policy
from viz.ui import server as around

pytestmark = pytest.mark.server

FAILS = """
import streamlit as st

if __name__ != "__main__":
    from viz.ui import server

    app = st.App(
        __file__, routes=server.routes(), middleware=server.middleware(), on_script_error=server.say_error
    )
else:
    def fail():
        raise ValueError("a secret of the server")

    st.button("Press", on_click=fail)
    if st.query_params.get("whole"):
        fail()
"""


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("failing")
    (folder / "app.py").write_text(FAILS, encoding="utf-8")
    with running(folder / "app.py", folder / "log.txt", environment={"PYTHONPATH": str(ROOT)}) as started:
        yield started


@pytest.mark.parametrize(
    "path", ["/", "/a_page", "/_stcore/health", "/media/gone.png", "/static/gone.js", "/weights/gone"]
)
def test_every_answer_has_the_headers(failing: Server, path: str) -> None:
    try:
        found = build_opener(ProxyHandler({})).open(failing.url + path).headers
    except HTTPError as refused:
        found = refused.headers
    for name, value in headers(policy(script_hashes())).items():
        assert found.get_all(name) == [value]


@pytest.mark.parametrize("whole", [True, False])
def test_a_failure_of_a_whole_run_is_told_in_a_sentence_and_logged(failing: Server, whole: bool) -> None:
    with client(failing.url) as person:
        drawn = person.open("", "whole=1" if whole else "")
        if not whole:
            drawn = person.press("Press")
    [said] = [each.alert.body for each in drawn if each.HasField("alert")]
    assert said.startswith("Something went wrong here")
    assert not [each for each in drawn if each.HasField("exception")]
    assert "secret" not in str(drawn)
    assert UNCAUGHT in failing.printed()
    assert "ValueError: a secret of the server" in failing.printed()


def test_the_policy_is_the_one_that_is_explained() -> None:
    page = (ROOT / "docs" / "security-headers.md").read_text(encoding="utf-8")
    written = re.search(r"```text\n(.+?)\n```", page)
    assert written is not None
    assert written[1] == policy(script_hashes())
    for name in headers(""):
        assert name in page


def test_a_policy_names_who_may_frame_the_app() -> None:
    assert policy().endswith("frame-ancestors 'self'; object-src 'none'")
    assert "frame-ancestors 'none';" in policy(framed_by=[])
    assert "frame-ancestors https://a.example https://b.example;" in policy(
        framed_by=["https://a.example", "https://b.example"]
    )


def test_a_setting_that_cannot_be_used_ends_the_start_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ATTENTION_ATLAS_FRAMED_BY", "https://a.example; script-src *")
    settings.cache_clear()
    try:
        with pytest.raises(SystemExit, match=r"ATTENTION_ATLAS_FRAMED_BY is .* Expected: sites such as"):
            around.middleware()
        monkeypatch.setenv("ATTENTION_ATLAS_FRAMED_BY", "https://a.example")
        settings.cache_clear()
        [only] = around.middleware()
        assert "frame-ancestors 'self' https://a.example;" in str(only.kwargs["headers"])
    finally:
        settings.cache_clear()


def test_without_the_files_of_bertviz_the_server_starts_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing() -> list[str]:
        raise ModelFileError("A file is missing.")

    monkeypatch.setattr(around, "script_hashes", missing)
    [only] = around.middleware()
    assert only.kwargs["headers"] == headers(policy())
    assert "A file is missing." in caplog.text


def address_in(elements: list[Element]) -> str:
    """Where the page has the browser fetch the explorer's weights."""
    parts = [each.bidi_component for each in elements if each.HasField("bidi_component")]
    sent = [json.loads(part.json) for part in parts if part.WhichOneof("data") == "json"]
    [address] = [data["address"] for data in sent if isinstance(data, dict) and "address" in data]
    return str(address)


def fetched(server: Server, address: str) -> bytes:
    with build_opener(ProxyHandler({})).open(f"{server.url}/{address}") as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Encoding"] == "identity"
        body: bytes = answer.read()
    return body


def test_uvicorn_serves_the_app_with_its_settings_and_its_end(tmp_path: Path) -> None:
    with running_by_uvicorn(tmp_path / "log.txt") as server:
        answer = build_opener(ProxyHandler({})).open(server.url)
        assert answer.headers["Content-Security-Policy"] == policy(script_hashes())
        with client(server.url) as person:
            drawn = person.open("guide")
            assert [each for each in drawn if each.HasField("heading")]
        with client(server.url) as person, client(server.url) as another:
            address = address_in(person.open(""))
            assert address_in(another.open("")) == address
        first = header_of(fetched(server, address))  # both have left
        assert first["texts"][0]["text"] == FIRST.text
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) in (0, -signal.SIGTERM)
        assert "Traceback" not in server.printed()
