"""BertViz: its views for people who know them, without a connection to anywhere."""

import streamlit as st

from viz.ui.pages.bertviz_view import bertviz, choice
from viz.ui.session import tr, view
from viz.ui.shell import guard
from viz.ui.widgets import view_switches

st.title("BertViz", anchor=False)
st.markdown(
    tr(
        "The views of BertViz (Vig 2019), drawn by its own scripts. They draw a line for each pair of tokens, so they "
        "are made for short texts."
    )
)
result = guard.analysed_text()
if result is not None:
    view_switches.kind(result)
    bertviz(result, view(), choice())
