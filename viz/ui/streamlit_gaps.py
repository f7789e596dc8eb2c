"""Every reach into a part of Streamlit that is not public, and nothing else: where no public way leads there.

`tests/ui/test_streamlit_gaps.py` asks a running server for each, so that an upgrade that takes one away is noticed.
"""

from collections.abc import Iterable

from streamlit import runtime
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.runtime import RuntimeState
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile as UploadedFile


def is_server() -> bool:
    """Whether this process serves the app; False in tests and scripts."""
    return runtime.exists()


def session_id() -> str:
    """The id of the session that asks, "" outside of one."""
    context = get_script_run_ctx()
    return context.session_id if context is not None else ""


def went_through_history() -> bool:
    """Whether this run was asked for by the browser's Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def is_connected(session: str) -> bool:
    """Whether the session's browser is there. May be asked on any thread."""
    return bool(runtime.get_instance().is_active_session(session))


def nobody_connected() -> bool:
    """Whether this is a server that no browser is connected to."""
    return (
        runtime.exists() and runtime.get_instance().state is not RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED
    )


def forget(sessions: Iterable[str]) -> None:
    """Take from Streamlit what it still keeps for sessions that cannot come back.

    It forgets the sessions themselves, but not the downloads they were offered
    (https://github.com/streamlit/streamlit/issues/12506).
    """
    server = runtime.get_instance()
    for session in sessions:
        server.media_file_mgr.clear_session_refs(session)
    server.media_file_mgr.remove_orphaned_files()
    # It drops sessions only when it next looks at them, and nothing public makes it look.
    server._session_mgr.list_sessions()


def ignore_folder_of_pages() -> None:
    """Have no page run but by `st.navigation`; to be called before the first session.

    Else a new server takes the folder `pages/` for a list of them, and runs one alone for who goes straight there.
    """
    PagesManager.uses_pages_directory = False
