"""Roles of heads: what each head does, over the text in hand or over many, with the evidence."""

import streamlit as st

from viz.errors import VizError
from viz.ui import roles_corpus, roles_explained, roles_syntax, roles_view, session
from viz.ui.progress.model_loading import ready
from viz.ui.progress.result import analysed
from viz.ui.roles_measured import Measured, over_text, over_texts, said_of
from viz.ui.roles_words import measured_on, sources
from viz.ui.session import tr, view
from viz.ui.shell import guard
from viz.ui.widgets import map_kind, text_boxes
from viz.ui.wording.plain_text import show_error

session.require_app()
st.title(tr("What does each head do?"), anchor=False)
guard.link_notes()
if not view().present:
    roles_corpus.choose()
over = view().over
corpus = roles_corpus.chosen()
found: Measured | None = None
model = None

if over == "text":
    if not view().present:
        text_boxes.texts()
    result = analysed()
    if result is not None:
        map_kind.kind(result)
        model = ready(view().model)
        try:
            found = over_text(result, view())
        except VizError as error:
            show_error(error)
elif corpus is not None:
    model = ready(view().model)
    if model is not None:
        found = over_texts(model, corpus, corpus.name or sources()[over])
else:
    st.info(tr("Paste some texts or upload a file, then measure."), icon=":material/edit:")

if found is not None and model is not None:
    now = view()
    st.caption(measured_on(found.measures))
    if found.halves is not None:
        said_of(found.halves)
    else:
        st.caption(tr("This is what heads do in this text; over many, a head's role may be another."))
    roles_view.roles(found, now)
    st.header(tr("The numbers behind the roles"), anchor=False)
    roles_view.numbers(found, now)
    st.header(tr("Heads that follow the grammar"), anchor=False)
    roles_syntax.show(model, corpus, now)
roles_explained.show()
