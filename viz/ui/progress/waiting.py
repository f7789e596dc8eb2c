"""How a session waits for a job that all sessions share: what it keeps of it, and what is drawn meanwhile."""

import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from viz.errors import Cancelled, VizError
from viz.serving.jobs import Alive, Job
from viz.ui.streamlit_gaps import is_connected, is_server, session_id
from viz.ui.wording.plain_text import message_of

J = TypeVar("J", bound=Job[Any, Any])


class Wait:
    """What a session keeps of a job that it waits for: not what is made, only what goes wrong.

    `wanted` says that the person asked for it; `problem` is why it ended, to be shown until they ask again.
    """

    def __init__(self) -> None:
        self.wanted = False
        self.problem: VizError | None = None
        self._job: weakref.ref[Job[Any, Any]] | None = None

    @property
    def is_new(self) -> bool:
        """Whether nobody has asked here, and nothing has come of it."""
        return not self.wanted and self.problem is None and self._job is None

    def join(self, begin: Callable[[Hashable, Alive], J], unforeseen: Callable[[str], VizError]) -> J:
        """Join the job that `begin(who, alive)` gives, for as long as the browser is there.

        `unforeseen` words an error that is no `VizError`, from its type and message.
        """
        session = session_id()
        job = begin(session, lambda: not is_server() or is_connected(session))
        if self._job is None or self._job() is not job:
            reference: weakref.ref[Job[Any, Any]] = weakref.ref(job)
            self._job = reference

            def fail(error: BaseException) -> None:
                if self._job is reference:
                    self.problem = _without_origin(error, unforeseen)

            job.on_failure(fail)
        return job

    def settle(self) -> None:
        """What was waited for is there."""
        self._job = self.problem = None

    def leave(self, job: Job[Any, Any] | None) -> None:
        """Wait no longer; what is known of its end is kept."""
        self._job = None
        if job is not None:
            job.leave(session_id())

    def cancel(self, job: Job[Any, Any] | None) -> None:
        """The person wants it no longer: it is stopped at once, unless others wait for it."""
        if job is not None:
            job.cancel(session_id())
        self._job, self.wanted, self.problem = None, False, Cancelled("")

    def ask(self) -> None:
        """The person wants it: what went wrong with it before is forgotten."""
        self._job, self.wanted, self.problem = None, True, None


def progress_box(
    title: str, share: float, text: str, key: str, cancel: Callable[[], None], label: str
) -> None:
    """How far a job is (`share` from 0 to 1), and the button that stops it; `title` and `text` are Markdown."""
    st.markdown(title)
    st.progress(share, text=text)
    st.button(label, key=key, icon=":material/close:", on_click=cancel)


def show_end(problem: VizError, stopped: str) -> None:
    """Why a job ended; `stopped` is said where it was cancelled."""
    if isinstance(problem, Cancelled):
        st.info(stopped, icon=":material/block:")
    else:
        st.error(message_of(problem), icon=":material/error:")


def _without_origin(error: BaseException, unforeseen: Callable[[str], VizError]) -> VizError:
    """The message of an error without the error itself, which holds on to what it came from."""
    if not isinstance(error, VizError):
        return unforeseen(f"{type(error).__name__}: {error}")
    values = {
        name: value if isinstance(value, VizError | int | float) else str(value)
        for name, value in error.values.items()
    }
    return type(error)(error.template, **values)
