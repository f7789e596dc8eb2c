"""What is kept for sessions that have left is let go of, some time after they have."""

import asyncio
import threading

import pytest
import streamlit as st

from tests.apps import complete
from tests.serving.test_memory import Clock
from viz.serving import memory
from viz.serving.weights_route import WeightsRoute
from viz.ui import housekeeping, server, streamlit_gaps


def test_what_is_kept_for_the_gone_is_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    forgotten: list[list[str]] = []
    sessions = memory.Sessions()
    monkeypatch.setattr(memory, "time", clock)
    monkeypatch.setattr(housekeeping, "_SESSIONS", sessions)
    monkeypatch.setattr(streamlit_gaps, "is_connected", lambda session: session == "here")
    assert st.get_option("server.disconnectedSessionTTL") == 60
    monkeypatch.setattr(streamlit_gaps, "forget", forgotten.append)
    sessions.note("here")
    sessions.note("gone")
    clock.now += 75
    housekeeping.forget_gone()  # no server
    assert forgotten == []
    monkeypatch.setattr(streamlit_gaps, "is_server", lambda: True)
    clock.now -= 10
    housekeeping.forget_gone()
    assert forgotten == []
    clock.now += 10
    housekeeping.forget_gone()
    housekeeping.forget_gone()
    assert forgotten == [["gone"]]


def test_a_run_notes_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = memory.Sessions()
    monkeypatch.setattr(housekeeping, "_SESSIONS", sessions)
    monkeypatch.setattr(streamlit_gaps, "session_id", lambda: "one")
    for _ in range(3):
        housekeeping.note_session()
    assert sessions.gone(lambda _session: False, 0) == ["one"]


def test_it_is_tidied_from_the_start_of_the_server_on_a_thread_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = threading.Event()
    threads: list[threading.Thread] = []

    def keep_tidy(*given: object) -> None:
        assert len(given) == 4
        threads.append(threading.current_thread())
        begun.set()

    async def start() -> None:
        async with server.lifespan(None):  # type: ignore[arg-type]
            assert await asyncio.to_thread(begun.wait, 10)

    monkeypatch.setattr(memory, "prepare", lambda: None)
    monkeypatch.setattr(streamlit_gaps, "ignore_folder_of_pages", lambda: None)
    monkeypatch.setattr(memory, "keep_tidy", keep_tidy)
    monkeypatch.setattr(server, "stop_all", lambda: None)
    weights = WeightsRoute()
    monkeypatch.setattr(server, "WEIGHTS", weights)
    complete(start())
    assert threads != [threading.main_thread()]
    assert threads[0].daemon
    assert weights.is_served
