"""How a session waits for a job that all sessions share: who it is, whether it is still there, what it keeps of it."""

import weakref
from collections.abc import Callable
from typing import Any

from viz.errors import VizError
from viz.serving.jobs import Job
from viz.ui.streamlit_gaps import is_connected, is_server, session_id


class Wait:
    """What a session keeps of a job that it waits for: not what is made, only what goes wrong.

    `unforeseen` words an error that is no `VizError`, from its type and message.
    """

    def __init__(self, job: Job[Any, Any], unforeseen: Callable[[str], VizError]) -> None:
        self.job = weakref.ref(job)
        self.problem: VizError | None = None
        self._unforeseen = unforeseen
        job.on_failure(self._fail)

    def _fail(self, error: BaseException) -> None:
        """Keep the message, without the error itself, which holds on to what it came from."""
        if isinstance(error, VizError):
            values = {name: _plain(value) for name, value in error.values.items()}
            self.problem = type(error)(error.template, **values)
        else:
            self.problem = self._unforeseen(f"{type(error).__name__}: {error}")


def session_alive() -> Callable[[], bool]:
    """What tells, on any thread, whether this session's browser is still there."""
    session = session_id()
    return lambda: not is_server() or is_connected(session)


def _plain(value: object) -> object:
    return value if isinstance(value, VizError | int | float) else str(value)
