"""A bundle that is dropped in: its view comes on screen."""

import streamlit as st

from viz.attention import AttentionResult
from viz.errors import VizError
from viz.pictures.export import read_bundle
from viz.ui.session import change, tr
from viz.ui.wording.plain_text import code_span, message_of, show_error
from viz.view.restore import view_of

_UPLOAD = "w_bundle"
_OUTCOME = "atlas_bundle"


def bundle_upload(result: AttentionResult | None) -> None:
    """Where a bundle can be dropped in. `result` is what is on screen, to be compared with what the bundle says."""
    st.file_uploader(
        tr("Open a bundle"),
        type="zip",
        key=_UPLOAD,
        on_change=_take_bundle,
        help=tr("A ZIP that this app has made: its text, model and settings come back as they were."),
    )
    outcome = st.session_state.get(_OUTCOME)
    if isinstance(outcome, VizError):
        show_error(outcome)
    elif outcome:
        model, revision, notes = outcome
        st.success(tr("The view of the bundle is restored."), icon=":material/check:")
        for note in notes:
            st.warning(message_of(note), icon=":material/link_off:")
        if result is not None and result.card.id == model and result.revision != revision:
            st.warning(
                tr(
                    "The bundle was made with other weights of {model}: numbers may differ. Theirs: {theirs}; "
                    "those here: {ours}.",
                    model=model,
                    theirs=code_span(revision),
                    ours=code_span(result.revision),
                ),
                icon=":material/warning:",
            )


def _take_bundle() -> None:
    """Called by the browser's upload: the view changes, or the outcome says why not."""
    upload = st.session_state.get(_UPLOAD)
    if upload is None:
        st.session_state.pop(_OUTCOME, None)
        return
    try:
        provenance = read_bundle(upload.getvalue()).provenance
        view, notes = view_of(provenance)
    except VizError as error:
        st.session_state[_OUTCOME] = error
        return
    st.session_state["atlas_two"] = bool(view.pair)
    st.session_state[_OUTCOME] = (provenance.model, provenance.revision, notes)
    change(**{name: value for name, value in vars(view).items() if name not in ("language", "present")})
