"""Where a session can be asked for its words, its theme and its view: in a run of its page, and nowhere else.

A file is made on a thread that belongs to no session, and what the cache holds goes to all sessions. Whoever asks
there would be told what a new English session is told, or hand one session's words to another. So it is an error.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from viz.ui.streamlit_gaps import session_id

_FOR_ALL: ContextVar[bool] = ContextVar("for_all", default=False)


@contextmanager
def for_all_sessions() -> Iterator[None]:
    """Inside, something is made that all sessions share: no session can be asked for anything."""
    token = _FOR_ALL.set(True)
    try:
        yield
    finally:
        _FOR_ALL.reset(token)


def need_session(asked: str) -> None:
    """Raise RuntimeError where no session can be asked for what `asked` names."""
    if _FOR_ALL.get():
        where = "while something is made that all sessions share"
    elif not session_id():
        where = "on a thread that belongs to no session"
    else:
        return
    raise RuntimeError(
        f"The session's {asked} was asked for {where}. Ask before, and hand it over as an argument."
    )
