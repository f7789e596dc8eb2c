"""What nobody uses any more is let go of, and the process gets smaller by it."""

import gc
import threading
import weakref
from types import SimpleNamespace
from urllib.parse import urlsplit

import numpy as np
import pytest
from streamlit.runtime.runtime import RuntimeState

from benchmarks.memory import resident
from viz.ui import tidying
from viz.ui.cache import QUICKLY_MADE, Shared


class Circle:
    """Refers to itself, as figures do."""

    def __init__(self) -> None:
        self.itself = self


def test_what_refers_to_itself_is_let_go_of() -> None:
    gc.disable()
    try:
        gone = weakref.ref(Circle())
        assert gone() is not None
        tidying.tidy_up()
        assert gone() is None
    finally:
        gc.enable()
        gc.unfreeze()


def test_what_was_there_with_a_model_is_not_looked_at_until_the_models_change() -> None:
    gc.disable()
    try:
        there = Circle()
        tidying.tidy_up()
        assert gc.get_freeze_count() > 10_000
        gone, later = weakref.ref(there), weakref.ref(Circle())
        del there
        tidying.tidy_up(all_of_it=False)
        assert later() is None
        assert gone() is not None
        # A count would be off by what other threads let go of. What lies frozen is not among these.
        assert not any(each is gone() for each in gc.get_objects())
        tidying.tidy_up()
        assert gone() is None
    finally:
        gc.enable()
        gc.unfreeze()


def test_pictures_are_not_kept_as_addresses() -> None:
    picture = "data:image/webp;base64," + "A" * 64_000
    assert urlsplit(picture).scheme == "data"
    tidying.tidy_up()
    assert tidying._ADDRESSES.cache_info().currsize == 0
    gc.unfreeze()


@pytest.mark.skipif(tidying._of_the_c_library("malloc_trim") is None, reason="only glibc gives back")
def test_what_was_freed_goes_back_to_the_system() -> None:
    # In pieces that the C library keeps for itself, with a small one kept between them.
    pieces = [np.ones(12_000) for _ in range(1_000)]
    kept = pieces[::50]
    full = resident()
    del pieces
    tidying.tidy_up()
    assert full - resident() > 50e6
    assert len(kept) == 20


def test_it_is_begun_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int, int]] = []

    def of_the_c_library(name: str) -> object:
        return lambda option, value: asked.append((name, option, value))

    monkeypatch.setattr(
        tidying, "_of_the_c_library", of_the_c_library
    )  # the heaps of this process stay as they are
    monkeypatch.setattr(tidying, "_now_and_then", threading.Event().wait)
    tidying.keep_tidy.cache_clear()
    before = {thread for thread in threading.enumerate() if thread.name == "tidy"}
    usual = gc.get_threshold()
    try:
        for _ in range(3):
            tidying.keep_tidy()
        assert gc.get_threshold() == (20_000, 10, 10)
    finally:
        gc.set_threshold(*usual)
    assert len({thread for thread in threading.enumerate() if thread.name == "tidy"} - before) == 1
    assert asked == [("mallopt", -8, 1)]


class EnoughError(Exception):
    """Ends what else would go on to the end of the process."""


def test_all_of_it_is_looked_at_only_where_the_models_have_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    there = iter([(), ("a",), ("a",), ("b", "a"), ("a", "b"), ("b",)])
    looked: list[bool] = []

    def tidy_up(all_of_it: bool) -> None:
        looked.append(all_of_it)
        if len(looked) == 6:
            raise EnoughError

    monkeypatch.setattr(tidying, "_EVERY_S", 0.0)
    monkeypatch.setattr(tidying, "residents", lambda: SimpleNamespace(ids=next(there)))
    monkeypatch.setattr(tidying, "tidy_up", tidy_up)
    with pytest.raises(EnoughError):
        tidying._now_and_then()
    assert looked == [False, True, False, True, False, True]


def test_what_is_quickly_made_goes_once_nobody_has_been_there_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nobody = iter([False, True, False, True, True, True, True])
    store = Shared(100)
    held: list[int] = []
    looked: list[bool] = []

    def look() -> bool:
        held.append(store.nbytes)
        try:
            return next(nobody)
        except StopIteration:
            raise EnoughError from None

    for number, kind in enumerate(sorted(QUICKLY_MADE)):
        store.put((kind, number), number, 10)
    store.put(("work", ("roles", "m")), "long", 7)
    store.put("another", "no tuple", 1)
    monkeypatch.setattr(tidying, "_EVERY_S", 0.0)
    monkeypatch.setattr(tidying, "_nobody_is_there", look)
    monkeypatch.setattr(tidying, "shared", lambda: store)
    monkeypatch.setattr(tidying, "residents", lambda: SimpleNamespace(ids=()))
    monkeypatch.setattr(tidying, "tidy_up", looked.append)
    with pytest.raises(EnoughError):
        tidying._now_and_then()
    assert looked == [False, False, False, False, True, True, True]
    assert held == [58, 58, 58, 58, 58, 8, 8, 8]
    assert store.peek(("work", ("roles", "m"))) == "long"


@pytest.mark.parametrize(
    ("state", "nobody"),
    [
        (RuntimeState.INITIAL, True),
        (RuntimeState.NO_SESSIONS_CONNECTED, True),
        (RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED, False),
    ],
)
def test_a_server_knows_whether_somebody_is_there(
    state: RuntimeState, nobody: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not tidying._nobody_is_there()  # no server
    server = SimpleNamespace(exists=lambda: True, get_instance=lambda: SimpleNamespace(state=state))
    monkeypatch.setattr(tidying, "runtime", server)
    assert tidying._nobody_is_there() is nobody


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


def test_a_session_is_gone_once_it_has_not_been_connected_for_so_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    monkeypatch.setattr(tidying, "time", clock)
    sessions = tidying.Sessions()
    connected = {"stays", "leaves", "comes back"}
    for session in connected:
        sessions.note(session)
    clock.now += 500
    assert sessions.gone(connected.__contains__, 100) == []
    connected -= {"leaves", "comes back"}
    clock.now += 60
    assert sessions.gone(connected.__contains__, 100) == []
    connected.add("comes back")
    clock.now += 60
    assert sessions.gone(connected.__contains__, 100) == ["leaves"]
    clock.now += 500
    assert sessions.gone(connected.__contains__, 100) == []


def test_what_streamlit_keeps_for_the_gone_is_taken_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    done: list[str] = []
    files = SimpleNamespace(
        clear_session_refs=lambda session: done.append(f"clear {session}"),
        remove_orphaned_files=lambda: done.append("remove"),
    )
    server = SimpleNamespace(
        is_active_session=lambda session: session == "here",
        media_file_mgr=files,
        _session_mgr=SimpleNamespace(list_sessions=lambda: done.append("list")),
    )
    sessions = tidying.Sessions()
    monkeypatch.setattr(tidying, "time", clock)
    monkeypatch.setattr(tidying, "SESSIONS", sessions)
    sessions.note("here")
    sessions.note("gone")
    clock.now += 65  # Streamlit is told to keep it for 60
    tidying.let_go_of_the_gone()  # no server
    there = SimpleNamespace(exists=lambda: True, get_instance=lambda: server)
    monkeypatch.setattr(tidying, "runtime", there)
    tidying.let_go_of_the_gone()
    assert done == []
    clock.now += 10
    tidying.let_go_of_the_gone()
    tidying.let_go_of_the_gone()
    assert done == ["clear gone", "remove", "list"]


def test_another_system_or_c_library_gives_nothing_back_and_that_is_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = tidying._of_the_c_library.__wrapped__
    assert asked("no_function_of_any_c_library") is None
    monkeypatch.setattr(tidying, "sys", SimpleNamespace(platform="darwin"))
    assert asked("free") is None
