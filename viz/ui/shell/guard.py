"""Faults and link notes, said plainly."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from viz.errors import VizError
from viz.ui.session import notes, tr
from viz.ui.wording.plain_text import message_of, show_error


def link_notes() -> None:
    """What was ignored in the link, if anything was."""
    for note in notes():
        st.warning(message_of(note), icon=":material/link_off:")


_LOG = logging.getLogger(__name__)


@contextmanager
def guarded() -> Iterator[None]:
    """Whatever fails inside becomes a plain sentence; what cannot be foreseen goes to the log with a number."""
    try:
        yield
    except VizError as error:
        show_error(error)
    except Exception:  # noqa: BLE001 - the last stop before a person
        number = uuid.uuid4().hex[:8]
        _LOG.exception("Unforeseen error %s", number)
        st.error(
            tr(
                "Something went wrong here that should not have (number {number}). Your text is kept. "
                "Please try once more; if it happens again, tell whoever runs this app the number.",
                number=number,
            ),
            icon=":material/error:",
        )
