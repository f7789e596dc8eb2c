"""BertViz: its views for people who know them, without a connection to anywhere."""

import streamlit as st

from viz.ui.pages.bertviz_view import bertviz, choice
from viz.ui.progress.result import analysed
from viz.ui.session import tr, view
from viz.ui.shell import guard
from viz.ui.widgets import text_boxes, view_switches

st.title("BertViz", anchor=False)
st.markdown(
    tr(
        "The views of BertViz (Vig 2019), drawn by its own scripts. They draw a line for each pair of tokens, so they "
        "are made for short texts."
    )
)
guard.link_notes()
if not view().present:
    text_boxes.texts()
result = analysed()
if result is not None:
    view_switches.kind(result)
    bertviz(result, view(), choice())
