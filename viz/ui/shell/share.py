"""Sharing a view: its link on the clipboard, as a QR code for the back row, or a bundle; and what a bundle restores."""

import io
from urllib.parse import urlencode

import segno
import streamlit as st

from viz.attention import AttentionResult
from viz.errors import InputError, VizError
from viz.language import _
from viz.pictures.export import read_bundle
from viz.ui.components.component import component
from viz.ui.exhibits.bitmaps import image
from viz.ui.exhibits.downloads import bundle_button
from viz.ui.progress.shared_results import result_of_view
from viz.ui.session import change, language, tr, view
from viz.ui.wording.plain_text import code_span, message_of, show_error
from viz.view.link import fits_link, for_others, to_params
from viz.view.saved_views import view_of
from viz.view.state import ViewState

_PIXELS = 1200  # a side of the code, at least
_SHOWN = 560  # pixels a side on screen: all of it fits a projector's 720
_DENSE = 85  # modules a side, from which on a camera has to come near
_QUIET = 4  # modules of white around it, as the standard asks


def share(state: ViewState, result: AttentionResult | None) -> None:
    """The button that opens all ways to share what is on screen; `result` goes into a bundle where no link will do."""
    if st.button(tr("Share this view"), icon=":material/share:", key="w_share"):
        st.dialog(tr("Share this view"), width="large")(ways)(state, result)


def ways(state: ViewState, result: AttentionResult | None) -> None:
    """Copy the link, or photograph it; for a text too long for a link, a bundle.

    What a person answered and set up in the lessons is passed on only where they choose so.
    """
    shared = for_others(state)
    if shared != state and _for_oneself():
        shared = state
    if not fits_link(shared):
        st.info(
            tr(
                "This text is too long for a link. A bundle carries it: save it, pass it on, and open it in this "
                "app to see the same view."
            ),
            icon=":material/link_off:",
        )
        if result is not None:
            bundle_button(result, shared, "share")
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        _code(shared)
    with right:
        copy_button(shared, tr("Copy link"), "copy_link")
        st.warning(
            tr("The text is in the link and in the code: whoever has one of them can read it."),
            icon=":material/visibility:",
        )


def address_of(state: ViewState, base: str) -> str:
    """The link to `now` on the page at `base`."""
    params = to_params(state)
    return f"{base}?{urlencode(params)}" if params else base


def code_png(address: str) -> tuple[bytes, int]:
    """`address` as a QR code: a black and white PNG, and how many modules it is wide.

    Of the levels of error correction the highest that costs no larger code is taken. Raises `InputError` where the
    address is too long for any code.
    """
    try:
        code = segno.make(address, error="l", micro=False, boost_error=True)
    except segno.DataOverflowError as exc:
        raise InputError(
            _(
                "The link has {length:,} characters, too many for a QR code. Please copy the link, or shorten the text."
            ),
            length=len(address),
        ) from exc
    modules = int(code.symbol_size(border=0)[0])
    written = io.BytesIO()
    code.save(written, kind="png", scale=-(-_PIXELS // (modules + 2 * _QUIET)), border=_QUIET)
    return written.getvalue(), modules


def _for_oneself() -> bool:
    names = {
        False: tr("For others: without your answers and what you set up in the lessons"),
        True: tr("For yourself: with all of it, as in the address bar"),
    }
    key = f"w_share_for_{language()}"
    return st.radio(tr("Who is the link for?"), list(names), format_func=names.__getitem__, key=key)


def copy_button(shared: ViewState, label: str, key: str) -> None:
    """A button that puts the link to `shared`, on the page that is open, on the clipboard."""
    component(__file__, "copy_link", '<div class="copy"></div>')(
        key=key,
        data={
            "query": urlencode(to_params(shared)),
            "label": label,
            "done": tr("Copied."),
            "failed": tr("This browser does not let pages copy: press Ctrl+C (⌘+C on a Mac)."),
            "link": tr("The link to this view"),
        },
    )


def _code(state: ViewState) -> None:
    try:
        png, modules = code_png(address_of(state, st.context.url or ""))
    except InputError as error:
        show_error(error)
        return
    image.show(image.compressed(png), tr("QR code with the link to this view"), _SHOWN)
    if modules > _DENSE:
        st.caption(tr("The text is long, so the code is dense: cameras far away may not read it."))


def sidebar() -> None:
    """A button that opens the ways to share, and a place to drop a bundle into."""
    state = view()
    result = result_of_view(state)
    with st.sidebar.expander(tr("Share and restore"), icon=":material/share:"):
        share(state, result)
        bundle_upload(result)


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
