"""The processes that draw for all sessions of this server."""

import streamlit as st

from viz.figures.drawers import Drawers
from viz.models.settings import settings
from viz.ui.streamlit_gaps import is_server


@st.cache_resource(show_spinner=False)
def drawers() -> Drawers:
    """So many as the settings say, begun at the first call; none where pages run without a server.

    They need not be told of its end: each ends by itself when nobody can ask it any more.
    """
    return Drawers(settings().draw_processes if is_server() else 0)
