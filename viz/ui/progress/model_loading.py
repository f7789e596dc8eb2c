"""A model for a page: there at once, or in its place how far its download is, what went wrong, and what to do.

`ready(model_id)` gives the model, or None when it has drawn one of these instead:

    offer      a link named a model that is not on this computer: a button downloads it
    progress   bytes and files, and a button that cancels
    ended      cancelled, or an error: try again, or back to a model that is always there

What loads is shared by all sessions (`viz.serving.resident_models`); a session holds only names and messages.
"""

from collections.abc import Callable

import streamlit as st

from viz.errors import Cancelled, ModelFileError, VizError
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.loading import availability, is_at_hand
from viz.serving.resident_models import LoadJob
from viz.ui.progress.shared_results import residents
from viz.ui.progress.waiting import Wait, session_alive
from viz.ui.session import change, tr, view
from viz.ui.streamlit_gaps import session_id
from viz.ui.wording.plain_text import code_span, message_of, show_error
from viz.ui.wording.written_numbers import megabytes
from viz.view.state import DEFAULT, card_of

_WANTED = "atlas_wanted"  # names that this session chose itself, and so may be downloaded
_WAITS = "atlas_waits"  # name -> Wait, for the loads that it has joined
_ENDED = "atlas_ended"  # name -> what went wrong with it
_LOOK_EVERY_S = 0.5
_GLANCE_S = 0.2


def want(model_id: str) -> None:
    """The person chose this model: what went wrong with it before is forgotten, and it may be downloaded."""
    st.session_state[_WANTED] = {*st.session_state.get(_WANTED, ()), model_id}
    st.session_state[_ENDED] = {name: why for name, why in _ended().items() if name != model_id}


def ready(model_id: str, field: str = "model") -> LoadedModel | None:
    """The model of that name; None where what it waits for was drawn instead. `field` of the view names it."""
    leave_others()
    _hear()
    if (found := residents().get(model_id)) is not None:
        return found
    if missing := availability(model_id):
        show_error(missing)
        _ways_out(model_id, field, again=False)
    elif model_id in _ended():
        _say_why(_ended()[model_id], model_id)
        _ways_out(model_id, field)
    elif is_at_hand(model_id):
        return _loaded_here(model_id, field)
    elif model_id in st.session_state.get(_WANTED, ()) or residents().running(model_id):
        _watch(_join(model_id), field)
    else:
        _offer(model_id, field)
    return None


def leave_others() -> None:
    """Leave the loads of models that the view does not name any more."""
    named = {view().model, view().model2}
    for model_id in set(_waits()) - named:
        if job := residents().running(model_id):
            job.leave(session_id())
    st.session_state[_WAITS] = {name: wait for name, wait in _waits().items() if name in named}


def _ended() -> dict[str, VizError]:
    found: dict[str, VizError] = st.session_state.get(_ENDED, {})
    return found


def _waits() -> dict[str, Wait]:
    found: dict[str, Wait] = st.session_state.get(_WAITS, {})
    return found


def _hear() -> None:
    """Take up what went wrong with the loads that this session waits for."""
    failed = {name: wait.problem for name, wait in _waits().items() if wait.problem is not None}
    st.session_state[_ENDED] = {**_ended(), **failed}
    st.session_state[_WAITS] = {name: wait for name, wait in _waits().items() if name not in failed}


def _join(model_id: str) -> LoadJob:
    """Begin the load, or join it, for as long as the browser is there."""
    job = residents().join(model_id, session_id(), session_alive())
    wait = _waits().get(model_id)
    if wait is None or wait.job() is not job:
        st.session_state[_WAITS] = {**_waits(), model_id: Wait(job, _unforeseen(model_id))}
    return job


def _unforeseen(model_id: str) -> Callable[[str], VizError]:
    """What is said of an error that nobody thought of."""
    template = _("{model} cannot be loaded ({reason}). Choose another model.")
    return lambda reason: ModelFileError(template, model=model_id, reason=reason)


def _loaded_here(model_id: str, field: str) -> LoadedModel | None:
    """Wait for a model that is on this computer; a few seconds at most."""
    with st.spinner(tr("Loading {model} …", model=code_span(model_id))):
        job, place = _join(model_id), st.empty()
        while not job.wait(_GLANCE_S):
            place.empty()  # a moment in which Streamlit may end this run for a newer one
    _hear()
    if model_id not in _ended():
        return job.result()
    _say_why(_ended()[model_id], model_id)
    _ways_out(model_id, field)
    return None


@st.fragment(run_every=_LOOK_EVERY_S)
def _watch(job: LoadJob, field: str) -> None:
    """How far a load is; reruns alone, and the page with it once it has ended."""
    if job.done or job.name in _ended():
        st.rerun()
    with st.container(border=True):
        st.markdown(tr("**Getting {model}**", model=code_span(job.name)))
        progress = job.progress
        if progress is None or not progress.total:
            st.progress(0.0, text=tr("Asking the hub what there is to download …"))
        elif progress.done >= progress.total:
            st.progress(1.0, text=tr("All is here. Checking it and reading it into memory …"))
        else:
            said = tr(
                "{done} of {total} · {file}",
                done=megabytes(progress.done),
                total=megabytes(progress.total),
                file=code_span(progress.file),
            )
            if rate := job.rate:
                said += " · " + tr("{size} a second", size=megabytes(round(rate)))
            st.progress(progress.done / progress.total, text=said)
        st.button(
            tr("Cancel"),
            key=f"w_cancel_{field}",
            icon=":material/close:",
            on_click=_cancel,
            args=(job.name,),
        )
        st.caption(tr("Your text stays. What is downloaded is kept: a second try goes on from there."))


def _cancel(model_id: str) -> None:
    if job := residents().running(model_id):
        job.cancel(session_id())
    st.session_state[_WAITS] = {name: wait for name, wait in _waits().items() if name != model_id}
    st.session_state[_ENDED] = {**_ended(), model_id: Cancelled("")}


def _offer(model_id: str, field: str) -> None:
    card = card_of(model_id)
    with st.container(border=True):
        st.markdown(
            tr(
                "**{model}** is not on this computer yet. It has to be downloaded once.",
                model=code_span(model_id),
            )
        )
        label = (
            tr("Download it (about {size})", size=megabytes(card.nbytes))
            if card is not None and card.nbytes
            else tr("Download it")
        )
        with st.container(horizontal=True):
            st.button(
                label,
                key=f"w_download_{field}",
                type="primary",
                icon=":material/download:",
                on_click=want,
                args=(model_id,),
            )
            _back_button(field)


def _say_why(error: VizError, model_id: str) -> None:
    if isinstance(error, Cancelled):
        st.info(
            tr("The download of {model} was cancelled. Your text is still here.", model=code_span(model_id)),
            icon=":material/block:",
        )
    else:
        st.error(message_of(error), icon=":material/error:")


def _ways_out(model_id: str, field: str, again: bool = True) -> None:
    with st.container(horizontal=True):
        if again:
            st.button(
                tr("Try again"),
                key=f"w_again_{field}",
                type="primary",
                icon=":material/refresh:",
                on_click=want,
                args=(model_id,),
            )
        _back_button(field)


def _back_button(field: str) -> None:
    home = getattr(DEFAULT, field)
    if getattr(view(), field) != home:
        st.button(
            tr("Back to {model}", model=home),
            key=f"w_back_{field}",
            icon=":material/undo:",
            on_click=lambda: change(**{field: home}),
        )
