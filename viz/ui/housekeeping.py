"""What the tidying of memory (`viz.serving.memory`) is handed of this app and of Streamlit."""

import threading

import streamlit as st

from viz.serving import memory
from viz.serving.store import QUICKLY_MADE
from viz.ui import streamlit_gaps
from viz.ui.progress.shared_results import residents, shared

_LATER_S = 10.0  # than Streamlit keeps a session for one who comes back
_SESSIONS = memory.Sessions()


def begin() -> None:
    """Tidy up from now on; to be called as the server starts."""
    arguments = (
        forget_gone,
        streamlit_gaps.nobody_connected,
        lambda: shared().let_go(QUICKLY_MADE),
        lambda: residents().ids,
    )
    threading.Thread(target=memory.keep_tidy, args=arguments, name="tidy", daemon=True).start()


def note_session() -> None:
    """This session is connected now. To be called in every run."""
    _SESSIONS.note(streamlit_gaps.session_id())


def forget_gone() -> None:
    """Let go of what is kept for sessions that cannot come back."""
    if not streamlit_gaps.is_server():
        return
    kept_s = float(st.get_option("server.disconnectedSessionTTL"))
    if gone := _SESSIONS.gone(streamlit_gaps.is_connected, kept_s + _LATER_S):
        streamlit_gaps.forget(gone)
