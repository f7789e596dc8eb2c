"""Flow through layers: what has reached a token by rollout, by attention flow, and by raw attention."""

import streamlit as st

from viz.ui import flow_controls, flow_map, flow_numbers, flow_view, flow_words, session
from viz.ui.flow_reached import reached
from viz.ui.progress.result import analysed, token_count
from viz.ui.session import tr, view
from viz.ui.shell import guard
from viz.ui.widgets import text_boxes

session.require_app()
st.title(tr("What flows through the layers?"), anchor=False)
guard.link_notes()
if not view().present:
    text_boxes.texts()
result = analysed()
if result is not None:
    token_count(result)
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
