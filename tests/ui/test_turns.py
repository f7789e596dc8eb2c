"""Over its capacity the app says which number one is, and goes on by itself."""

import threading
import time

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from viz.serving import queue
from viz.serving.queue import WorkPool
from viz.serving.store import Shared
from viz.ui.exhibits.bitmaps import page_bitmaps
from viz.ui.exhibits.bitmaps.page_bitmaps import drawn_in_turn
from viz.ui.progress import work
from viz.ui.progress.result import PICTURES, TEXTS


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> WorkPool:
    """A pool with one place, so that a single one at work is over capacity."""
    made = WorkPool(most=1)
    monkeypatch.setattr(work, "_pool", lambda: made)
    monkeypatch.setattr(queue, "_TELL_EVERY_S", 0.02)
    return made


def page() -> None:
    import streamlit as st

    from viz.ui.progress.result import TEXTS, in_turn
    from viz.ui.session import set_language

    set_language(st.session_state["language"])
    with in_turn(TEXTS):
        st.success("Computed")


class Said:
    """What pages say while they wait, in the order said; each saying is `heard`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sentences: list[str] = []
        self.heard = threading.Condition()
        info = DeltaGenerator.info

        def listen(place: DeltaGenerator, body: str, **options: str) -> DeltaGenerator:
            with self.heard:
                self.sentences.append(body)
                self.heard.notify_all()
            return info(place, body, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(DeltaGenerator, "info", listen)

    def wait_for(self, sentence: str) -> None:
        with self.heard:
            assert self.heard.wait_for(lambda: sentence in self.sentences, 10)


def opened(language: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["language"] = language
    return app


@pytest.mark.usefixtures("pool")
def test_where_a_place_is_free_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Said(monkeypatch)
    app = opened("en").run()
    assert app.success[0].value == "Computed"
    assert len(app.main.children) == 1
    assert said.sentences == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This server is busy: you are number {}. It goes on by itself."),
        ("zh", "服务器正忙：您排在第 {} 位。轮到时会自动继续。"),
    ],
)
def test_over_capacity_the_page_says_the_number_and_then_goes_on(
    pool: WorkPool, monkeypatch: pytest.MonkeyPatch, language: str, sentence: str
) -> None:
    said = Said(monkeypatch)
    ends = [threading.Event(), threading.Event()]
    for at, end in enumerate(ends):
        job = pool.join(at, lambda _report, _cancelled, end=end: end.wait(20), at, lane=TEXTS)  # type: ignore[misc]
        while job.progress is None and pool.ahead(job) is None:
            assert not job.wait(0.01)

    def end_them() -> None:
        for number, end in ((2, ends[0]), (1, ends[1])):
            said.wait_for(sentence.format(number))
            end.set()

    other = threading.Thread(target=end_them)
    other.start()
    app = opened(language).run()
    other.join(10)
    assert list(dict.fromkeys(said.sentences)) == [sentence.format(2), sentence.format(1)]
    assert app.success[0].value == "Computed"
    assert not app.info
    assert not app.exception


def test_a_short_wait_is_not_mentioned(pool: WorkPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "UNSAID_S", 20)
    said = Said(monkeypatch)
    end = threading.Event()
    job = pool.join("k", lambda _report, _cancelled: end.wait(20), "who", lane=TEXTS)
    while job.progress is None:
        assert not job.wait(0.01)
    other = threading.Timer(0.2, end.set)
    other.start()
    app = opened("en").run()
    assert app.success[0].value == "Computed"
    assert said.sentences == []


def test_one_picture_is_drawn_once_and_then_waits_for_nobody(
    pool: WorkPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Shared(1000)
    monkeypatch.setattr(page_bitmaps, "shared", lambda: store)
    monkeypatch.setattr(page_bitmaps, "shared_bytes", lambda key, make: store.get(("bytes", key), make, len))
    made: list[int] = []

    def draw() -> bytes:
        made.append(1)
        time.sleep(0.05)
        return b"picture"

    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(drawn_in_turn("k", draw))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert found == [b"picture"] * 8
    assert made == [1]
    with pool.turn(PICTURES, lambda _ahead: None):  # the only place is taken
        assert drawn_in_turn("k", draw) == b"picture"


def test_who_comes_over_capacity_and_leaves_holds_up_nobody(
    pool: WorkPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is left is ended by Streamlit at the next thing it draws; here by a failure in its place."""
    monkeypatch.setattr(queue, "UNSAID_S", 0.01)

    class Left(Exception):
        pass

    def ended(_place: DeltaGenerator, _body: str, **_options: str) -> DeltaGenerator:
        raise Left

    monkeypatch.setattr(DeltaGenerator, "info", ended)
    with pool.turn(TEXTS, lambda _ahead: None):
        app = opened("en").run()
        assert not app.success
        assert len(app.exception) == 1
    assert opened("en").run().success[0].value == "Computed"
