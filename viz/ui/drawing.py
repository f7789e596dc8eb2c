"""The processes that draw for all sessions of this server."""

import streamlit as st
from streamlit import runtime

from viz.figures.drawers import Drawers
from viz.models.settings import settings
from viz.ui.ending import stopped_at_the_end


@st.cache_resource(show_spinner=False)
def drawers() -> Drawers:
    """So many as the settings say, begun at the first call; none where pages run without a server."""
    made = Drawers(settings().draw_processes if runtime.exists() else 0)
    stopped_at_the_end(made.stop)
    return made
