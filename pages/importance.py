"""Importance: heads switched off live, how important each is, and where an output comes from."""

import streamlit as st

from viz.errors import ModelRefused
from viz.ui.pages.importance import (
    head_importance,
    head_switches,
    importance_subject,
    token_sources,
    word_predictions,
)
from viz.ui.progress.result import token_count
from viz.ui.session import tr, view
from viz.ui.shell import guard
from viz.ui.wording.plain_text import show_error

st.title(tr("Which heads matter?"), anchor=False)
if (asked := guard.model_and_result()) is not None:
    model, result = asked
    page_subject = importance_subject.subject(model, result, view())
    token_count(result)
    if len(result.maps) > 1:
        st.caption(tr("Of this model the encoder's heads are switched off here, and its outputs compared."))

    st.header(tr("Switch heads off"), anchor=False)
    try:
        head_switches.show(page_subject, head_importance.known(page_subject))
    except ModelRefused as error:
        show_error(error)
    else:
        st.header(tr("Mask a token"), anchor=False)
        word_predictions.show(page_subject)
        st.header(tr("How important is each head?"), anchor=False)
        head_importance.show(page_subject)

    st.header(tr("Is attention an explanation?"), anchor=False)
    token_sources.show(page_subject)
    if not page_subject.state.present:
        importance_subject.explain()
