"""Roles of heads: what each head does, over the text in hand or over many, with the evidence."""

import streamlit as st

from viz.errors import VizError
from viz.ui.pages.roles import corpus_choice, grammar_heads, role_tables, role_words
from viz.ui.pages.roles.role_measurement import Measured, over_text, over_texts, said_of
from viz.ui.pages.roles.role_words import measured_on, sources
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.result import analysed
from viz.ui.session import tr, view
from viz.ui.shell import guard
from viz.ui.widgets import text_boxes, view_switches
from viz.ui.wording.plain_text import show_error

st.title(tr("What does each head do?"), anchor=False)
guard.link_notes()
if not view().present:
    corpus_choice.choose()
over = view().over
corpus = corpus_choice.chosen()
measurement: Measured | None = None
model = None

if over == "text":
    if not view().present:
        text_boxes.texts()
    result = analysed()
    if result is not None:
        view_switches.kind(result)
        model = loaded_model(view().model)
        try:
            measurement = over_text(result, view())
        except VizError as error:
            show_error(error)
elif corpus is not None:
    model = loaded_model(view().model)
    if model is not None:
        measurement = over_texts(model, corpus, corpus.name or sources()[over])
else:
    st.info(tr("Paste some texts or upload a file, then measure."), icon=":material/edit:")

if measurement is not None and model is not None:
    state = view()
    st.caption(measured_on(measurement.measures))
    if measurement.halves is not None:
        said_of(measurement.halves)
    else:
        st.caption(tr("This is what heads do in this text; over many, a head's role may be another."))
    role_tables.roles(measurement, state)
    st.header(tr("The numbers behind the roles"), anchor=False)
    role_tables.one_measure(measurement, state)
    st.header(tr("Heads that follow the grammar"), anchor=False)
    grammar_heads.show(model, corpus, state)
role_words.explain()
