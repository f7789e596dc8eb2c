"""From the view to its result, with words where it takes time and where it fails."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from viz.attention import AttentionResult
from viz.errors import VizError
from viz.inputs.text.text_input import check_length
from viz.ui.i18n import tr
from viz.ui.loading_panel import ready
from viz.ui.plain import message_of, show_error
from viz.ui.state import fit, view
from viz.ui.turns import result_in_turn

_LOG = logging.getLogger(__name__)


def analysed() -> AttentionResult | None:
    """The result of the session's view; None where there is no text or an error was shown in its place."""
    now = view()
    if not now.text.strip():
        st.info(
            tr("Type or paste a text above, or choose an example, to see its attention."),
            icon=":material/edit:",
        )
        return None
    try:
        for text in (now.text, now.pair, now.target):
            check_length(text)
        model = ready(now.model)
        if model is None:
            return None
        for note in model.notes:
            st.info(message_of(note), icon=":material/info:")
        with st.spinner(tr("Reading the text with every head of every layer …")):
            result = result_in_turn(model, now.text, now.pair, now.target)
    except VizError as error:
        show_error(error)
        return None
    found = result.shown(now.switches.kind)
    fit(found.layers, found.heads)
    return result


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
