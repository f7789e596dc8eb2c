"""The path through the lessons as a page of its own."""

import streamlit as st

from viz.lessons.lesson_list import ALL_QUESTIONS, LESSONS, Lesson, done
from viz.ui.session import change, language, tr, trn, view
from viz.ui.shell import guard
from viz.ui.shell.share import copy_button
from viz.ui.widgets import text_boxes
from viz.view.link import for_others
from viz.view.packed_parts import read_states


def overview() -> None:
    """Every lesson with what it is about and whether it is done; the text they use; and the way to begin anew."""
    state = view()
    guard.link_notes()
    count = len(state.answered)
    st.progress(
        count / ALL_QUESTIONS,
        text=trn(
            "{count} of {total} questions answered.",
            "{count} of {total} questions answered.",
            count,
            total=ALL_QUESTIONS,
        ),
    )
    for lesson in LESSONS:
        _card(lesson)
    st.header(tr("Your class's own sentence"), anchor=False)
    st.caption(
        tr(
            "The lessons about real models read this text. The address bar is your own link: it also keeps your "
            "answers and what you set up in each lesson, so open it again tomorrow. The link for the class has the "
            "text and none of these."
        )
    )
    if not state.present:
        text_boxes.texts()
        copy_button(for_others(state), tr("Copy the link for the class"), "copy_class_link")
        if state.answered or read_states(state.lessons):
            st.button(
                tr("Start all lessons again"),
                key=f"w_begin_anew_{language()}",
                icon=":material/replay:",
                on_click=lambda: change(answered=(), lessons=""),
                help=tr("Forgets the answers and what was set up. The text stays."),
            )


def _card(lesson: Lesson) -> None:
    answered = view().answered
    right = sum(number in answered for number in lesson.questions())
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="xsmall"):
        with st.container(width="stretch", gap=None):
            st.page_link(
                f"pages/{lesson.slug}.py",
                label=f"**{lesson.number}. {tr(lesson.title)}**",
                icon=":material/check_circle:" if done(lesson, answered) else ":material/school:",
            )
            st.caption(tr(lesson.asks))
        st.caption(
            tr(
                "{right} of {total} questions · about {minutes} minutes",
                right=right,
                total=len(lesson.questions()),
                minutes=lesson.minutes,
            ),
            width="content",
        )
