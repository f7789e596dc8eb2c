"""The lesson on many heads: a width is split, costs are counted, and the real heads are looked at one by one."""

from dataclasses import replace

import streamlit as st

from viz.errors import VizError
from viz.lessons.many_heads.width_split import ManyHeads, nearest_heads
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.lesson_prose import say
from viz.ui.lessons.many_heads import (
    fewer_heads,
    head_costs,
    heads_by_role,
    many_heads_questions,
    width_choice,
)
from viz.ui.pages.importance import importance_subject
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.result import analysed, token_count
from viz.ui.progress.shared_results import residents
from viz.ui.session import tr, view
from viz.ui.widgets import text_boxes
from viz.ui.wording.plain_text import show_error


def show() -> None:
    """The whole lesson below its title."""
    setup = lesson_frame.settings(ManyHeads)
    say("Beginning")
    st.header(tr("1 · One width, split into heads"), anchor=False)
    width_choice.show(setup, residents().get(view().model))
    st.header(tr("2 · What it costs"), anchor=False)
    head_costs.book(setup)
    own_cost = st.container()
    st.header(tr("3 · The heads of a real model, on your sentence"), anchor=False)
    if not view().present:
        text_boxes.texts()
    result = analysed()
    model = loaded_model(view().model) if result is not None else residents().get(view().model)
    if model is not None:
        with own_cost:
            head_costs.counted(model)
    roles = None
    if result is not None and model is not None:
        token_count(result)
        subject = importance_subject.subject(model, result, replace(view(), over="text"))
        try:
            roles = heads_by_role.measured(subject)
            heads_by_role.show(subject, roles)
        except VizError as error:
            show_error(error)
    st.header(tr("4 · More heads, or fewer?"), anchor=False)
    head_costs.compared(setup, result)
    panels = [width_choice.panel(fitting(setup))]
    if result is not None and model is not None:
        st.header(tr("5 · Not all of them are needed"), anchor=False)
        fewer_heads.show(subject, setup)
    many_heads_questions.tries()
    many_heads_questions.ask(fitting(setup), result, roles)
    if roles is not None:
        panels += heads_by_role.panels(subject, roles)
    lesson_frame.end(*panels, notes=many_heads_questions.notes(fitting(setup)))


def fitting(setup: ManyHeads) -> ManyHeads:
    """What is set, or with the nearest number of heads where that does not divide d_model."""
    return replace(setup, heads=nearest_heads(setup.width, setup.heads)[0])
