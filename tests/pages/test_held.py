"""No session holds on to the weights of its text: they are the shared cache's alone, which has a budget."""

import gc

import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import run
from tests.components import scrolled
from tests.offered import offered_files
from tests.pages.opening import opened, with_boxes_open
from tests.pages.test_downloads import PAGES
from viz.attention import AttentionMap, AttentionResult
from viz.lessons.lesson_list import LESSONS
from viz.pictures.explorer.payload import Payload
from viz.ui.progress.shared_results import shared

pytestmark = pytest.mark.slow

TEXT = "She saw the old dog that her sister had found in the park."


def held() -> list[object]:
    """What there is of the text's weights, whoever holds on to it."""
    gc.collect()
    every = gc.get_objects()
    # Not isinstance: it asks some of torch's objects for what they warn of.
    found = [each for each in every if type(each) in (AttentionMap, AttentionResult, Payload)]
    return [each for each in found if any(of.queries.text == TEXT for of in _maps(each))]


def _maps(found: AttentionMap | AttentionResult | Payload) -> list[AttentionMap]:
    maps = (found,) if isinstance(found, AttentionMap) else found.maps
    # One head in the place of all is no more than one.
    return [each for each in maps if each.weights.strides[0]]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_holds_on_to_no_weights(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files = offered_files(monkeypatch)  # and what the server would make them of
    app = opened(page, text=TEXT)
    if page == "explore":
        scrolled(app)
    if page == "heads":
        with_boxes_open(app)
    shared().make_room(MemoryError())  # all that is shared goes
    run(AppTest.from_string("pass"))  # a page stays as `__main__` until the next one is run
    assert held() == []
    assert app.get("markdown")  # the session is there, and what it offers
    # Lessons offer their handouts; the others only what is in a box that is open.
    assert bool(files) == (page in {lesson.slug for lesson in LESSONS})
