"""The frame of a lesson: its place on the path, what was set up in it, things to try, questions, the handout.

lesson.begin("by_hand")
example = lesson.settings(ByHand)             # what is set up, from the link
st.slider(tr("Dimensions"), 1, 512, **lesson.bound("d_k", example.d_k))
lesson.try_this(None, lambda: lesson.change_settings(d_k=512))
lesson.questions(lesson.question("divided", 0, keys=4), second, third)
lesson.end(lesson.Panel(tr("A row for each query."), draw), notes=points("To remember"))

Steps, questions and notes are sections of the lesson's prose (`lesson_prose.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import streamlit as st
from pydantic import TypeAdapter, ValidationError

from viz.lessons.lesson_list import LESSONS, Lesson, done, lesson_of
from viz.ui.lessons.handout_download import Panel, download
from viz.ui.lessons.lesson_prose import current_lesson, enter_lesson, points, section
from viz.ui.session import change, language, tr, view
from viz.ui.widgets.bound_widgets import Binding, binding
from viz.ui.wording.plain_text import uncoded
from viz.view.packed_parts import read_states, write_states

__all__ = [
    "Panel",
    "Question",
    "begin",
    "bound",
    "button",
    "change_settings",
    "end",
    "keep_settings",
    "question",
    "questions",
    "segments",
    "settings",
    "try_this",
]

T = TypeVar("T")

_KIND = "atlas_lesson_settings"  # the class of its settings
_QUESTIONS = "atlas_asked"  # its questions, for its handout


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
    enter_lesson(slug)
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
                icon=f":material/{'check_circle' if done(lesson, answered) else 'radio_button_unchecked'}:",
                width="content",
            )


def settings(kind: type[T]) -> T:
    """What is set up in the lesson on screen: a `kind`, a frozen pydantic dataclass whose fields have defaults.

    Where the link holds something else, a note says so, and the lesson is as it begins.
    """
    st.session_state[_KIND] = kind
    raw = read_states(view().lessons).get(current_lesson(), {})
    try:
        return TypeAdapter(kind).validate_python(raw)
    except ValidationError:
        st.info(
            tr("The link's settings for this lesson are not ones it knows. It begins as usual."),
            icon=":material/link_off:",
        )
        return kind()


def keep_settings(value: Any) -> None:
    """Set up the lesson on screen: `value` is of the kind given to `settings`. Call it in a widget's callback."""
    changed = TypeAdapter(type(value)).dump_python(value, mode="json", exclude_defaults=True)
    try:
        states = write_states({**read_states(view().lessons), current_lesson(): changed})
    except ValueError:  # a link may have filled the other lessons up to the limit
        states = write_states({current_lesson(): changed})
    change(lessons=states)


def change_settings(**changes: Any) -> None:
    """Change fields of what is set up in the lesson on screen, whose `settings` were read before."""
    keep_settings(replace(settings(st.session_state[_KIND]), **changes))


def bound(
    field: str,
    value: Any,
    change: Callable[..., None] = change_settings,
    suffix: object = "",
    empty: Any = None,
) -> Binding:
    """Bind a widget that shows `value`, and hands on what is chosen by `change(field=...)`.

    A widget with other options is another widget: `suffix` tells its key apart. Where nothing is chosen, it is
    `empty`; None changes nothing.
    """
    key = "_".join(str(part) for part in ("w", current_lesson(), field, suffix) if part != "")

    def take(choice: Any) -> None:
        chosen = empty if choice is None else choice
        if chosen is not None:
            change(**{field: chosen})

    return binding(key, value, take)


def button(
    label: str, icon: str, press: Callable[[], None] | None = None, name: str = "", **options: Any
) -> bool:
    """A button of the lesson on screen, and whether it was clicked; `name` tells it from others with its icon."""
    key = f"w_{current_lesson()}_{name or icon}"
    return st.button(label, key=key, icon=f":material/{icon}:", on_click=press, **options)


def try_this(*setters: Callable[[], None] | None, **values: object) -> None:
    """The points of the section "Try this", each with a button that sets it up, none where its setter is None.

    Nothing is shown where the view is presented.
    """
    if view().present:
        return
    st.header(tr("Try this"), anchor=False)
    for number, (text, sets) in enumerate(zip(points("Try this", **values), setters, strict=True), start=1):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{number}. {text}", width="stretch" if sets is None else "content")
            if sets is not None:
                button(tr("Set it up"), "play_arrow", sets, f"step_{number}", type="tertiary")


def segments(
    label: str,
    names: Mapping[Any, str],
    field: str,
    value: Any,
    change: Callable[..., None] = change_settings,
    **options: Any,
) -> None:
    """Buttons beside each other for a field of the lesson's settings, one for each of its values, by their `names`."""
    chosen = bound(field, value, change, language())
    st.segmented_control(label, list(names), format_func=names.__getitem__, **options, **chosen)


def question(
    name: str, right: int, options: Sequence[str] = (), explanation: int = 1, /, **values: object
) -> Question:
    """The question in a section: its first paragraph asks, the next explains, or that of the number `explanation`.

    The options are the points of the section; `options` are given where it has none. `right` is the index of one.
    """
    paragraphs = section(name).paragraphs(values)
    return Question(paragraphs[0], options or section(name).points(values), right, paragraphs[explanation])


def questions(*lesson_questions: Question) -> None:
    """The questions of the lesson: each is explained once an option was chosen, and ticked once that was right."""
    lesson = lesson_of(current_lesson())
    assert len(lesson_questions) == len(lesson.questions())
    st.session_state[_QUESTIONS] = lesson_questions
    st.header(tr("Check yourself"), anchor=False)
    for number, question in zip(lesson.questions(), lesson_questions, strict=True):
        _ask(number, question)
    known = [number for number in lesson.questions() if number in view().answered]
    if known and not view().present:
        button(tr("Ask me again"), "replay", lambda: _forget(lesson), "ask_again")


def end(
    *panels: Panel, notes: Sequence[str] = (), sentence: str | None = None, model: str | None = None
) -> None:
    """Draw what a lesson ends with: its handout, and the ways to the lesson before and the one after.

    The handout holds up to four `panels`, up to six `notes` to remember, and the view's text, or the lesson's own
    `sentence`; and the title of the view's model, or of the `model` that the lesson is about.
    """
    if view().present:
        return
    lesson = lesson_of(current_lesson())
    st.divider()
    if panels:
        without_answers = tuple(
            (uncoded(question.asks), tuple(map(uncoded, question.options)))
            for question in st.session_state.get(_QUESTIONS, ())
        )
        text = view().text if sentence is None else sentence
        download(lesson, panels, without_answers, tuple(notes), text, model)
    links = [("learn", tr("All lessons"), "school")]
    if lesson.number > 1:
        before = LESSONS[lesson.number - 2]
        links.insert(0, (before.slug, tr("Back: {title}", title=tr(before.title)), "arrow_back"))
    if lesson.number < len(LESSONS):
        after = LESSONS[lesson.number]
        links.append((after.slug, tr("Next: {title}", title=tr(after.title)), "arrow_forward"))
    with st.container(horizontal=True, gap="medium"):
        for slug, label, icon in links:
            st.page_link(f"pages/{slug}.py", label=label, icon=f":material/{icon}:", width="content")


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
