"""What nobody uses any more is let go of, and the process gets smaller by it."""

import gc
import weakref
from types import SimpleNamespace
from urllib.parse import urlsplit

import numpy as np
import pytest

from benchmarks.memory import resident
from viz.serving import memory
from viz.serving.store import QUICKLY_MADE, Shared


class Circle:
    """Refers to itself, as figures do."""

    def __init__(self) -> None:
        self.itself = self


def test_what_refers_to_itself_is_let_go_of() -> None:
    gc.disable()
    try:
        gone = weakref.ref(Circle())
        assert gone() is not None
        memory.tidy_up()
        assert gone() is None
    finally:
        gc.enable()
        gc.unfreeze()


def test_what_was_there_with_a_model_is_not_looked_at_until_the_models_change() -> None:
    gc.disable()
    try:
        there = Circle()
        memory.tidy_up()
        assert gc.get_freeze_count() > 10_000
        gone, later = weakref.ref(there), weakref.ref(Circle())
        del there
        memory.tidy_up(all_of_it=False)
        assert later() is None
        assert gone() is not None
        # A count would be off by what other threads let go of. What lies frozen is not among these.
        assert not any(each is gone() for each in gc.get_objects())
        memory.tidy_up()
        assert gone() is None
    finally:
        gc.enable()
        gc.unfreeze()


def test_pictures_are_not_kept_as_addresses() -> None:
    picture = "data:image/webp;base64," + "A" * 64_000
    assert urlsplit(picture).scheme == "data"
    memory.tidy_up()
    assert memory._ADDRESSES.cache_info().currsize == 0
    gc.unfreeze()


@pytest.mark.skipif(memory._of_the_c_library("malloc_trim") is None, reason="only glibc gives back")
def test_what_was_freed_goes_back_to_the_system() -> None:
    # In pieces that the C library keeps for itself, with a small one kept between them.
    pieces = [np.ones(12_000) for _ in range(1_000)]
    kept = pieces[::50]
    full = resident()
    del pieces
    memory.tidy_up()
    assert full - resident() > 50e6
    assert len(kept) == 20


def test_it_looks_for_circles_less_often_and_has_one_heap(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int, int]] = []

    def of_the_c_library(name: str) -> object:
        return lambda option, value: asked.append((name, option, value))

    # The heaps of this process stay as they are.
    monkeypatch.setattr(memory, "_of_the_c_library", of_the_c_library)
    usual = gc.get_threshold()
    try:
        memory.prepare()
        assert gc.get_threshold() == (20_000, 10, 10)
    finally:
        gc.set_threshold(*usual)
    assert asked == [("mallopt", -8, 1)]


def nothing() -> None:
    """What has nothing to let go of."""


class EnoughError(Exception):
    """Ends what else would go on to the end of the process."""


def test_all_of_it_is_looked_at_only_where_the_models_have_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    there = iter([(), ("a",), ("a",), ("b", "a"), ("a", "b"), ("b",)])
    looked: list[bool] = []

    def tidy_up(all_of_it: bool) -> None:
        looked.append(all_of_it)
        if len(looked) == 6:
            raise EnoughError

    monkeypatch.setattr(memory, "_EVERY_S", 0.0)
    monkeypatch.setattr(memory, "tidy_up", tidy_up)
    with pytest.raises(EnoughError):
        memory.keep_tidy(nothing, lambda: False, nothing, lambda: next(there))
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
    monkeypatch.setattr(memory, "_EVERY_S", 0.0)
    monkeypatch.setattr(memory, "tidy_up", looked.append)
    with pytest.raises(EnoughError):
        memory.keep_tidy(nothing, look, lambda: store.let_go(QUICKLY_MADE), tuple)
    assert looked == [False, False, False, False, True, True, True]
    assert held == [58, 58, 58, 58, 58, 8, 8, 8]
    assert store.peek(("work", ("roles", "m"))) == "long"


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
    monkeypatch.setattr(memory, "time", clock)
    sessions = memory.Sessions()
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


def test_another_system_or_c_library_gives_nothing_back_and_that_is_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = memory._of_the_c_library.__wrapped__
    assert asked("no_function_of_any_c_library") is None
    monkeypatch.setattr(memory, "sys", SimpleNamespace(platform="darwin"))
    assert asked("free") is None
