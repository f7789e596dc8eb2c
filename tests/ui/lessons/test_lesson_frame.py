"""The frame of a lesson, on a small page of its own: what is set up, questions, things to try, the handout."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import followed, press, run, view_of
from viz.lessons.lesson_list import LESSONS, done, lesson_of
from viz.view.packed_parts import LONGEST_STATES, write_states


def page() -> None:
    from typing import Annotated

    import streamlit as st
    from matplotlib.figure import Figure
    from pydantic import Field
    from pydantic.dataclasses import dataclass

    from viz.pictures.figures import Style
    from viz.ui.lessons import lesson_frame

    @dataclass(frozen=True)
    class Own:
        warmth: Annotated[float, Field(ge=0.1, le=5, allow_inf_nan=False)] = 1.0
        row: Annotated[int, Field(ge=0, le=3)] = 0

    def colder() -> None:
        lesson_frame.change_settings(warmth=0.5)

    def draw(style: Style) -> Figure:
        figure = Figure((3, 2))
        figure.add_axes((0, 0, 1, 1)).plot([0, 1], [0, 1])
        return figure

    lesson_frame.begin("by_hand")
    own = lesson_frame.settings(Own)
    st.text(f"warmth {own.warmth} row {own.row}")
    lesson_frame.try_this(None, colder, None, None, None, first="one", second="two", third="three")
    lesson_frame.questions(
        *(lesson_frame.Question(f"How many? {n}", ("one", "two"), n % 2, f"Because {n}.") for n in range(3))
    )
    lesson_frame.end(lesson_frame.Panel("It rises.", draw, "A line"), notes=["Rows sum to 1."])


def opened(**params: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    return followed(app, **params)


def said(app: AppTest, kind: str) -> list[Any]:
    return [getattr(element, "value", None) for element in app.get(kind)]


def test_what_is_set_up_is_in_the_view_and_what_is_as_usual_is_not() -> None:
    app = opened(lessons='{"inside":{"query":2}}')
    press(app, "Set it up")
    assert app.text[0].value == "warmth 0.5 row 0"
    assert view_of(app).lessons == '{"by_hand":{"warmth":0.5},"inside":{"query":2}}'


def test_what_a_link_filled_other_lessons_with_gives_way() -> None:
    app = opened(lessons=write_states({"why": {"x": "a" * (LONGEST_STATES - 20)}}))
    press(app, "Set it up")
    assert app.text[0].value == "warmth 0.5 row 0"
    assert view_of(app).lessons == '{"by_hand":{"warmth":0.5}}'


def test_a_link_sets_up_the_lesson() -> None:
    assert opened(lessons='{"by_hand":{"row":3}}').text[0].value == "warmth 1.0 row 3"


@pytest.mark.parametrize("state", ['{"row":9}', '{"row":"<b>"}', '{"warmth":null}'])
def test_a_bad_link_leaves_the_lesson_as_it_begins_and_says_so(state: str) -> None:
    app = opened(lessons=f'{{"by_hand":{state}}}')
    assert app.text[0].value == "warmth 1.0 row 0"
    assert "not ones it knows" in said(app, "info")[0]


def test_a_wrong_answer_gives_another_try_and_a_right_one_is_explained_and_kept() -> None:
    app = opened()
    assert said(app, "success") == said(app, "warning") == []
    app.radio[1].set_value(0)
    run(app)
    assert "choose another" in said(app, "warning")[0]
    assert view_of(app).answered == ()
    app.radio[1].set_value(1)
    run(app)
    assert said(app, "success") == ["Because 1."]
    assert view_of(app).answered == (5,)


def test_answers_come_back_with_the_link_and_can_be_forgotten() -> None:
    app = opened(answered="1.4.5.6")
    assert said(app, "success") == ["Because 0.", "Because 1.", "Because 2."]
    press(app, "Ask me again")
    assert view_of(app).answered == (1,)
    assert [radio.value for radio in app.radio] == [None, None, None]


def test_a_lesson_is_done_when_all_three_are_right() -> None:
    assert [lesson.number for lesson in LESSONS] == list(range(1, 8))
    assert done(lesson_of("by_hand"), (4, 5, 6))
    assert not done(lesson_of("by_hand"), (1, 2, 3, 4, 5))


def test_a_lesson_links_to_all_of_them_and_to_its_neighbours(linked: list[str]) -> None:
    opened()
    pages = [f"pages/{lesson.slug}.py" for lesson in LESSONS]
    assert linked == [*pages, "pages/why.py", "pages/learn.py", "pages/inside.py"]


def test_a_presented_lesson_shows_no_steps_and_no_way_on(linked: list[str]) -> None:
    app = opened(present="1")
    assert not app.button
    assert linked == []
