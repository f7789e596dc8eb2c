"""Flow through layers: what has reached a token by rollout, by attention flow, and by raw attention."""

import streamlit as st

from viz.ui import analysis, controls, flow_controls, flow_map, flow_numbers, flow_view, flow_words, state
from viz.ui.analysis import analysed
from viz.ui.flow_reached import reached
from viz.ui.state import tr, view

state.require_app()
st.title(tr("What flows through the layers?"), anchor=False)
controls.link_notes()
if not view().present:
    controls.texts()
result = analysed()
if result is not None:
    analysis.token_count(result)
    way = flow_numbers.way_of(result, view())
    flow_controls.show(result, way)
    found = reached(way)

    st.header(flow_view.about(found, way), anchor=False)
    flow_controls.method(way)
    flow_view.text(found, way)
    flow_view.by_method(result, found, way)

    st.header(tr("Layer by layer"), anchor=False)
    flow_view.layer_by_layer(result, found, way)

    st.header(tr("Every token at once"), anchor=False)
    flow_map.show(result, way)
    if not view().present:
        flow_words.how()
