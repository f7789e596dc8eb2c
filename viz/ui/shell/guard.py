"""What a page begins with, and what is said where it fails."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from viz.attention import AttentionResult
from viz.errors import VizError
from viz.models import LoadedModel
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.result import analysed
from viz.ui.session import notes, tr, view
from viz.ui.widgets import text_boxes
from viz.ui.wording.plain_text import message_of, show_error


def link_notes() -> None:
    """What was ignored in the link, if anything was."""
    for note in notes():
        st.warning(message_of(note), icon=":material/link_off:")


def analysed_text() -> AttentionResult | None:
    """What a page about one text begins with: notes on its link, the boxes, and the result, or why there is none."""
    link_notes()
    if not view().present:
        text_boxes.texts()
    return analysed()


def model_and_result() -> tuple[LoadedModel, AttentionResult] | None:
    """The same on a page that asks the model itself."""
    result = analysed_text()
    model = loaded_model(view().model) if result is not None else None
    return (model, result) if model is not None and result is not None else None


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
