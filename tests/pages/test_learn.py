"""The page of all lessons: each is there, how far one has come is counted, and all of it can be begun anew."""

from typing import Any
from urllib.parse import urlencode

from streamlit.testing.v1 import AppTest

from tests.apps import view_of
from tests.components import data_of
from tests.pages.opening import opened
from viz.lessons.lesson_list import ALL_QUESTIONS, LESSONS

LIMITS = '{"limits":{"window":3}}'


def told(app: AppTest) -> tuple[str, list[str]]:
    """What is said of all questions, and of those of each lesson."""
    bars: list[Any] = list(app.get("progress"))
    lessons = [caption.value for caption in app.caption if " questions · about " in caption.value]
    return bars[0].proto.text, [line.partition(" questions")[0] for line in lessons]


def begins_anew(app: AppTest) -> bool:
    """Whether the page has the button for it."""
    return any(button.label == "Start all lessons again" for button in app.button)


def test_every_lesson_is_linked_to_and_asks_what_it_is_about(linked: list[str]) -> None:
    app = opened("learn")
    assert linked == [f"pages/{lesson.slug}.py" for lesson in LESSONS]
    assert [caption.value for caption in app.caption if caption.value in {each.asks for each in LESSONS}] == [
        lesson.asks for lesson in LESSONS
    ]
    assert told(app) == (f"0 of {ALL_QUESTIONS} questions answered.", ["0 of 3"] * len(LESSONS))
    assert not begins_anew(app)


def test_what_was_answered_is_counted_lesson_by_lesson() -> None:
    app = opened("learn", answered="1.4.5.6")
    assert told(app) == ("4 of 21 questions answered.", ["1 of 3", "3 of 3", *["0 of 3"] * 5])


def test_all_lessons_are_begun_anew_with_the_text_kept() -> None:
    app = opened("learn", answered="1.4", lessons=LIMITS, text="Our own sentence.")
    assert app.text_area(key="w_text").value == "Our own sentence."
    app.button(key="w_begin_anew_en").click().run()
    assert not app.exception
    view = view_of(app)
    assert (view.answered, view.lessons, view.text) == ((), "", "Our own sentence.")
    assert told(app)[0].startswith("0 of ")
    assert not begins_anew(app)


def test_the_link_for_the_class_has_the_text_and_nothing_of_ones_own() -> None:
    app = opened("learn", answered="1.4", lessons=LIMITS, text="Our own sentence.")
    assert data_of(app, "copy_class_link")["query"] == urlencode({"text": "Our own sentence."})
    assert (view_of(app).answered, view_of(app).lessons) == ((1, 4), LIMITS)
    assert dict(app.query_params).keys() == {"answered", "lessons", "text"}


def test_what_was_set_up_alone_can_be_forgotten_too() -> None:
    assert begins_anew(opened("learn", lessons=LIMITS))


def test_presented_there_is_nothing_to_type_or_to_press() -> None:
    app = opened("learn", answered="1", present="1")
    assert not app.text_area
    assert not app.button
    assert told(app)[0].startswith("1 of ")
