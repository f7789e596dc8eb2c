"""Pictures of a page are drawn at the same time, shown in their places, and given up by whoever leaves."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from matplotlib.figure import Figure
from streamlit.testing.v1 import AppTest

from tests.pictures.figures.samples import attention_map
from viz.errors import Cancelled, InputError
from viz.pictures.figures import Style, heatmap
from viz.serving import queue
from viz.serving.queue import WorkPool
from viz.ui.exhibits.bitmaps.page_bitmaps import Soon
from viz.ui.progress import work
from viz.ui.progress.result import PICTURES

WITHIN_S = 30
MET = threading.Barrier(2)


@pytest.fixture(autouse=True)
def pool(monkeypatch: pytest.MonkeyPatch) -> WorkPool:
    made = WorkPool(2)
    monkeypatch.setattr(work, "_pool", lambda: made)
    MET.reset()
    return made


def ignored(_ahead: int) -> None:
    pass


def wait_until(true: Callable[[], bool]) -> None:
    latest = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < latest, "still not"
        time.sleep(0.005)


def small(_style: Style) -> Figure:
    return heatmap(attention_map(["a", "b"]), 0, 0)


def met(style: Style) -> Figure:
    """Drawn only where another picture is being drawn at the same time."""
    MET.wait(WITHIN_S)
    return small(style)


def fails(_style: Style) -> Figure:
    raise InputError("Received nothing.")


def beside() -> None:
    import streamlit as st

    from tests.ui.exhibits.bitmaps.test_page_bitmaps import met
    from viz.ui import session
    from viz.ui.exhibits import exhibit
    from viz.ui.exhibits.bitmaps import page_bitmaps

    session.begin()
    session.enter("")
    with page_bitmaps.together():
        for name in ("first", "second"):
            st.markdown(f"Before the {name}")
            exhibit.Exhibit(("beside", name), name, f"The {name}", met).show(saved=False)
        st.markdown("After both")


def faulty() -> None:
    import streamlit as st

    from tests.ui.exhibits.bitmaps.test_page_bitmaps import fails, small
    from viz.errors import VizError
    from viz.ui import session
    from viz.ui.exhibits import exhibit
    from viz.ui.exhibits.bitmaps import page_bitmaps

    session.begin()
    session.enter("")
    try:
        with page_bitmaps.together():
            exhibit.Exhibit(("faulty", 1), "one", "Good", small).show(saved=False)
            exhibit.Exhibit(("faulty", 2), "two", "Bad", fails).show(saved=False)
    except VizError as exc:
        st.error(type(exc).__name__)


def broken() -> None:
    import streamlit as st

    from tests.ui.exhibits.bitmaps.test_page_bitmaps import small
    from viz.ui import session
    from viz.ui.exhibits import exhibit
    from viz.ui.exhibits.bitmaps import page_bitmaps

    session.begin()
    session.enter("")
    try:
        with page_bitmaps.together():
            exhibit.Exhibit(("broken", 1), "one", "Before the fault", small).show(saved=False)
            raise ZeroDivisionError
    except ZeroDivisionError:
        st.error("broken")


def says(app: AppTest) -> list[str]:
    return [each.proto.imgs[0].alt for each in app.get("image")]


def order(app: AppTest) -> list[str]:
    """What stands on the page from its top to its end."""
    found = []

    def walk(block: Any) -> None:
        for child in block.children.values():
            if child.type == "image":
                found.append(child.proto.imgs[0].alt)
            elif child.type == "markdown":
                found.append(child.value)
            elif hasattr(child, "children"):
                walk(child)

    walk(app.main)
    return found


def test_two_pictures_are_drawn_at_the_same_time_and_shown_in_their_places() -> None:
    app = AppTest.from_function(beside, default_timeout=WITHIN_S).run()
    assert not app.exception
    expected = ["Before the first", "The first", "Before the second", "The second", "After both"]
    assert order(app) == expected
    app.run()  # from now on they are held, and nobody is there to meet
    assert order(app) == expected


def test_what_fails_is_told_after_the_others_are_shown() -> None:
    app = AppTest.from_function(faulty, default_timeout=WITHIN_S).run()
    assert says(app) == ["Good"]
    assert [each.value for each in app.error] == ["InputError"]


def test_a_fault_of_the_page_hides_no_picture_before_it() -> None:
    app = AppTest.from_function(broken, default_timeout=WITHIN_S).run()
    assert says(app) == ["Before the fault"]
    assert [each.value for each in app.error] == ["broken"]


def test_who_leaves_gives_up_the_pictures_that_have_not_begun(
    pool: WorkPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "UNSAID_S", 0.01)
    monkeypatch.setattr(queue, "_TELL_EVERY_S", 0.01)
    drawn: list[str] = []

    def draw(name: str) -> bytes:
        drawn.append(name)
        return b"picture"

    with pool.turn(PICTURES, ignored), pool.turn(PICTURES, ignored):
        left, stays = (Soon(("leaving", name), partial(draw, name)) for name in ("left", "stays"))
        wait_until(lambda: (left.ahead, stays.ahead) == (0, 1))
        assert left.result(0.01) is None
        left.leave()
        with pytest.raises(Cancelled):
            left.result(WITHIN_S)
        wait_until(lambda: stays.ahead == 0)
    assert stays.result(WITHIN_S) == b"picture"
    assert stays.ahead is None
    assert drawn == ["stays"]


def test_a_drawing_that_took_too_long_is_a_fault_and_not_waited_for_again() -> None:
    def late() -> bytes:
        raise TimeoutError("late")

    with pytest.raises(TimeoutError, match="late"):
        Soon(("late",), late).result(WITHIN_S)
