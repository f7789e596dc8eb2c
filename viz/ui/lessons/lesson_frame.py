"""The frame of a lesson: its place on the path, what was set up in it, things to try, questions, the handout.

lesson.begin("by_hand")
now = lesson.own(ByHand)                     # what was set up, from the link
...
lesson.try_this(lesson.Step(tr("Set the temperature to 0.1."), sets=lambda: lesson.keep_own(colder)))
lesson.questions(first, second, third)
lesson.end(lesson.Panel(tr("The weights"), draw, says), notes=[tr("A row sums to 1.")])
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st
from pydantic import TypeAdapter, ValidationError

from viz.lessons.lesson_list import LESSONS, Lesson, done, lesson_of
from viz.ui.lessons.handout_download import Panel, download
from viz.ui.session import change, language, tr, view
from viz.ui.wording.plain_text import uncoded
from viz.view.lesson_states import read_states, write_states

__all__ = ["Panel", "Question", "Step", "begin", "end", "keep_own", "own", "questions", "try_this"]

T = TypeVar("T")

_HERE = "atlas_lesson"
_ASKED = "atlas_asked"  # the questions of the lesson on screen, for its handout


@dataclass(frozen=True)
class Step:
    """Something to try, translated; with `sets`, a button beside it sets it up."""

    text: str
    sets: Callable[[], None] | None = None


@dataclass(frozen=True)
class Question:
    """A question with its options, all translated; `right` is the index of the right one, `explains` says why."""

    asks: str
    options: Sequence[str]
    right: int
    explains: str


def begin(slug: str) -> None:
    """Draw what a lesson begins with: its title, its place on the path, what it is about."""
    lesson = lesson_of(slug)
    st.session_state[_HERE] = slug
    st.title(tr(lesson.title), anchor=False)
    st.markdown(f"**{tr(lesson.asks)}**")
    if not view().present:
        path()


def path() -> None:
    """Every lesson as a link, in order, with a tick where all its questions were answered right."""
    answered = view().answered
    with st.container(horizontal=True, gap="small", key="lesson_path"):
        for lesson in LESSONS:
            st.page_link(
                f"pages/{lesson.slug}.py",
                label=f"{lesson.number}. {tr(lesson.title)}",
                icon=_mark(done(lesson, answered)),
                width="content",
            )


def own(kind: type[T]) -> T:
    """What was set up in the lesson on screen: a `kind`, a frozen pydantic dataclass whose fields have defaults.

    Where the link holds something else, it is said so, and the lesson is as it begins.
    """
    raw = read_states(view().lessons).get(_slug(), {})
    try:
        return TypeAdapter(kind).validate_python(raw)
    except ValidationError:
        st.info(
            tr("The link's settings for this lesson are not ones it knows. It begins as usual."),
            icon=":material/link_off:",
        )
        return kind()


def keep_own(value: Any) -> None:
    """Set up the lesson on screen: `value` is of the kind given to `own`. Call it in a widget's callback."""
    kind = type(value)
    now, usual = (TypeAdapter(kind).dump_python(each, mode="json") for each in (value, kind()))
    changed = {name: each for name, each in now.items() if each != usual[name]}
    try:
        states = write_states({**read_states(view().lessons), _slug(): changed})
    except ValueError:  # a link may have filled the other lessons up to the limit
        states = write_states({_slug(): changed})
    change(lessons=states)


def try_this(*steps: Step) -> None:
    """Things to try, numbered; not where the view is presented."""
    if view().present:
        return
    st.header(tr("Try this"), anchor=False)
    for number, step in enumerate(steps, start=1):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{number}. {step.text}", width="stretch" if step.sets is None else "content")
            if step.sets is not None:
                st.button(
                    tr("Set it up"),
                    key=f"w_step_{_slug()}_{number}_{language()}",
                    icon=":material/play_arrow:",
                    on_click=step.sets,
                    type="tertiary",
                )


def questions(*asked: Question) -> None:
    """The questions of the lesson: each is explained once an option was chosen, and ticked once that was right."""
    lesson = lesson_of(_slug())
    assert len(asked) == len(lesson.questions())
    st.session_state[_ASKED] = asked
    st.header(tr("Check yourself"), anchor=False)
    for number, question in zip(lesson.questions(), asked, strict=True):
        _ask(number, question)
    known = [number for number in lesson.questions() if number in view().answered]
    if known and not view().present:
        st.button(
            tr("Ask me again"),
            key=f"w_ask_again_{language()}",
            icon=":material/replay:",
            on_click=_forget,
            args=(lesson,),
        )


def end(
    *panels: Panel, notes: Sequence[str] = (), sentence: str | None = None, model: str | None = None
) -> None:
    """Draw what a lesson ends with: its handout, and the ways to the lesson before and the one after.

    The handout holds up to four `panels`, up to six `notes` to remember, and the view's text, or the lesson's own
    `sentence`; and the title of the view's model, or of the `model` that the lesson is about.
    """
    if view().present:
        return
    lesson = lesson_of(_slug())
    st.divider()
    if panels:
        asked = tuple(
            (uncoded(each.asks), tuple(map(uncoded, each.options)))
            for each in st.session_state.get(_ASKED, ())
        )
        download(lesson, panels, asked, tuple(notes), view().text if sentence is None else sentence, model)
    with st.container(horizontal=True, gap="medium"):
        if lesson.number > 1:
            before = LESSONS[lesson.number - 2]
            st.page_link(
                f"pages/{before.slug}.py",
                label=tr("Back: {title}", title=tr(before.title)),
                icon=":material/arrow_back:",
                width="content",
            )
        st.page_link("pages/learn.py", label=tr("All lessons"), icon=":material/school:", width="content")
        if lesson.number < len(LESSONS):
            after = LESSONS[lesson.number]
            st.page_link(
                f"pages/{after.slug}.py",
                label=tr("Next: {title}", title=tr(after.title)),
                icon=":material/arrow_forward:",
                width="content",
            )


def _mark(is_done: bool) -> str:
    return ":material/check_circle:" if is_done else ":material/radio_button_unchecked:"


def _slug() -> str:
    slug: str = st.session_state[_HERE]
    return slug


def _ask(number: int, question: Question) -> None:
    key = f"w_question_{number}_{language()}"
    knows = number in view().answered
    if knows:
        st.session_state[key] = question.right
    elif st.session_state.get(key) is not None and st.session_state[key] >= len(question.options):
        st.session_state[key] = None
    chosen = st.radio(
        question.asks,
        range(len(question.options)),
        index=None,
        format_func=lambda option: question.options[option],
        key=key,
        on_change=_answer,
        args=(key, number, question.right),
        disabled=knows,
    )
    if chosen is None:
        return
    if chosen == question.right:
        st.success(question.explains, icon=":material/check:")
    else:
        st.warning(tr("Not this one. Look again, and choose another."), icon=":material/close:")


def _answer(key: str, number: int, right: int) -> None:
    if st.session_state.get(key) == right:
        change(answered=tuple(sorted({*view().answered, number})))


def _forget(lesson: Lesson) -> None:
    for number in lesson.questions():
        st.session_state.pop(f"w_question_{number}_{language()}", None)
    change(answered=tuple(number for number in view().answered if number not in lesson.questions()))
