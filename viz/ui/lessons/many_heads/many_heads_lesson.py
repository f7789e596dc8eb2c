"""The lesson on many heads: a width is split, costs are counted, and the real heads are looked at one by one."""

from dataclasses import replace

import streamlit as st

from viz.errors import VizError
from viz.lessons.many_heads.width_split import Own, nearest_heads
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.many_heads import (
    fewer_heads,
    head_costs,
    heads_by_role,
    many_heads_questions,
    width_choice,
)
from viz.ui.pages.importance.importance_subject import subject
from viz.ui.progress.model_loading import ready
from viz.ui.progress.result import analysed, token_count
from viz.ui.progress.shared_results import residents
from viz.ui.session import tr, view
from viz.ui.widgets import text_boxes
from viz.ui.wording.plain_text import show_error


def show() -> None:
    """The whole lesson below its title."""
    now = lesson_frame.own(Own)
    st.markdown(
        tr(
            "One head makes one pattern of attention: one mix for each token. A layer needs several, so its d_model "
            "numbers are shared by h heads. Each compares and mixes vectors of d_k = d_model / h numbers, and W_O "
            "joins what they found."
        )
    )
    st.header(tr("1 · One width, split into heads"), anchor=False)
    width_choice.show(now, residents().get(view().model))
    st.header(tr("2 · What it costs"), anchor=False)
    head_costs.book(now)
    own_cost = st.container()
    st.header(tr("3 · The heads of a real model, on your sentence"), anchor=False)
    if not view().present:
        text_boxes.texts()
    result = analysed()
    model = ready(view().model) if result is not None else residents().get(view().model)
    if model is not None:
        with own_cost:
            head_costs.counted(model)
    found = None
    if result is not None and model is not None:
        token_count(result)
        of = subject(model, result, replace(view(), over="text"))
        try:
            found = heads_by_role.measured(of)
            heads_by_role.show(of, found)
        except VizError as error:
            show_error(error)
    st.header(tr("4 · More heads, or fewer?"), anchor=False)
    head_costs.compared(now, result)
    panels = [width_choice.panel(fitting(now))]
    if result is not None and model is not None:
        st.header(tr("5 · Not all of them are needed"), anchor=False)
        fewer_heads.show(of, now)
    many_heads_questions.tries(now)
    many_heads_questions.ask(fitting(now), result, found)
    if found is not None:
        panels += heads_by_role.panels(of, found)
    lesson_frame.end(*panels, notes=many_heads_questions.notes(fitting(now)))


def fitting(now: Own) -> Own:
    """What is set, or with the nearest number of heads where that does not divide d_model."""
    return replace(now, heads=nearest_heads(now.width, now.heads)[0])
