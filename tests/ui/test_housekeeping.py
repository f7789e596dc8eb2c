"""What is kept for sessions that have left is let go of, some time after they have."""

import pytest

from tests.serving.test_memory import Clock
from viz.serving import memory
from viz.ui import housekeeping, streamlit_gaps


def test_what_is_kept_for_the_gone_is_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    forgotten: list[list[str]] = []
    sessions = memory.Sessions()
    monkeypatch.setattr(memory, "time", clock)
    monkeypatch.setattr(housekeeping, "_SESSIONS", sessions)
    monkeypatch.setattr(streamlit_gaps, "is_connected", lambda session: session == "here")
    monkeypatch.setattr(streamlit_gaps, "kept_for_s", lambda: 60.0)
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


def test_every_run_notes_its_session_and_the_first_one_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    sessions = memory.Sessions()
    monkeypatch.setattr(memory, "keep_tidy", lambda *given: begun.append(given))
    monkeypatch.setattr(housekeeping, "_SESSIONS", sessions)
    monkeypatch.setattr(streamlit_gaps, "session_id", lambda: "one")
    housekeeping._begin.cache_clear()
    try:
        for _ in range(3):
            housekeeping.note_session()
    finally:
        housekeeping._begin.cache_clear()
    assert len(begun) == 1
    assert sessions.gone(lambda _session: False, 0) == ["one"]
