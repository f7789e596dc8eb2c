"""Attention Atlas: the entry. Page config, the pages, the shared sidebar."""

import streamlit as st

from viz.ui import controls, state
from viz.ui.analysis import guarded
from viz.ui.i18n import tr
from viz.ui.icon import icon

st.set_page_config(page_title="Attention Atlas", page_icon=icon(), layout="wide", initial_sidebar_state=380)

# The language is known only once the link is read, and the titles of the pages need it.
state.begin_language()
page = st.navigation(
    [
        st.Page("pages/explore.py", title=tr("Explore"), icon=":material/grid_on:", default=True),
        st.Page("pages/guide.py", title=tr("How to read it"), icon=":material/menu_book:"),
    ]
)
state.begin(page.url_path)
with guarded():
    controls.sidebar()
    page.run()
