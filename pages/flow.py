"""Flow through layers: what has reached a token by rollout, by attention flow, and by raw attention."""

import streamlit as st

from viz.ui.pages.flow import flow_matrices, flow_numbers, flow_words, inflow_pictures, method_controls
from viz.ui.pages.flow.flow_numbers import reached
from viz.ui.progress.result import token_count
from viz.ui.session import tr, view
from viz.ui.shell import guard

st.title(tr("What flows through the layers?"), anchor=False)
result = guard.analysed_text()
if result is not None:
    token_count(result)
    path = flow_numbers.flow_path(result, view())
    method_controls.show(result, path)
    inflow = reached(path)

    st.header(inflow_pictures.about(inflow, path), anchor=False)
    method_controls.method(path)
    inflow_pictures.text(inflow, path)
    inflow_pictures.by_method(result, inflow, path)

    st.header(tr("Layer by layer"), anchor=False)
    inflow_pictures.layer_by_layer(result, inflow, path)

    st.header(tr("Every token at once"), anchor=False)
    flow_matrices.show(result, path)
    if not view().present:
        flow_words.how()
