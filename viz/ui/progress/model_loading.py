"""A model for a page: there at once, or in its place how far its download is, what went wrong, and what to do.

`loaded_model(model_id)` gives the model, or None when it has drawn one of these instead:

    offer      a link named a model that is not on this computer: a button downloads it
    progress   bytes and files, and a button that cancels
    ended      cancelled, or an error: try again, or back to a model that is always there

What loads is shared by all sessions (`viz.serving.resident_models`); a session holds only names and messages.
"""

from functools import partial

import streamlit as st

from viz.errors import ModelFileError, VizError
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.loading import availability, is_here
from viz.serving.resident_models import LoadJob
from viz.ui.progress.shared_results import residents
from viz.ui.progress.waiting import Wait, progress_box, show_end
from viz.ui.session import change, tr, view
from viz.ui.wording.plain_text import code_span, show_error
from viz.ui.wording.written_numbers import megabytes
from viz.view.state import DEFAULT, card_of

_WAITS = "atlas_waits"  # the model's name -> Wait
_LOOK_EVERY_S = 0.5
_GLANCE_S = 0.2


def request_model(model_id: str) -> None:
    """The person chose this model: what went wrong with it before is forgotten, and it may be downloaded."""
    _wait(model_id).ask()


def loaded_model(model_id: str, field: str = "model") -> LoadedModel | None:
    """The model of that name; None where what it waits for was drawn instead. `field` of the view names it."""
    leave_others()
    if (model := residents().get(model_id)) is not None:
        return model
    wait = _wait(model_id)
    if missing := availability(model_id):
        show_error(missing)
        _ways_out(model_id, field)
    elif wait.problem is not None:
        _show_end(wait.problem, model_id, field)
    elif is_here(model_id):
        return _loaded_here(model_id, field)
    elif wait.wanted or residents().running(model_id):
        _watch(_join(model_id), model_id, field)
    else:
        _offer(model_id, field)
    return None


def leave_others() -> None:
    """Leave the loads of models that the view does not name any more."""
    for model_id, wait in _waits().items():
        if model_id not in (view().model, view().model2):
            wait.leave(residents().running(model_id))


def _waits() -> dict[str, Wait]:
    waits: dict[str, Wait] = st.session_state.setdefault(_WAITS, {})
    return waits


def _wait(model_id: str) -> Wait:
    return _waits().setdefault(model_id, Wait())


def _join(model_id: str) -> LoadJob:
    """Begin the load, or join it."""
    return _wait(model_id).join(partial(residents().join, model_id), partial(_unforeseen, model_id))


def _unforeseen(model_id: str, reason: str) -> VizError:
    """What is said of an error that nobody thought of."""
    template = _("{model} cannot be loaded ({reason}). Choose another model.")
    return ModelFileError(template, model=model_id, reason=reason)


def _loaded_here(model_id: str, field: str) -> LoadedModel | None:
    """Wait for a model that is on this computer; a few seconds at most."""
    with st.spinner(tr("Loading {model} …", model=code_span(model_id))):
        job, place = _join(model_id), st.empty()
        while not job.wait(_GLANCE_S):
            place.empty()  # a moment in which Streamlit may end this run for a newer one
    if (problem := _wait(model_id).problem) is None:
        return job.result()
    _show_end(problem, model_id, field)
    return None


@st.fragment(run_every=_LOOK_EVERY_S)
def _watch(job: LoadJob, model_id: str, field: str) -> None:
    """How far a load is; reruns alone, and the page with it once it has ended."""
    if job.done or _wait(model_id).problem is not None:
        st.rerun()
    share, text = _progress(job)
    title = tr("**Getting {model}**", model=code_span(model_id))
    with st.container(border=True):
        progress_box(title, share, text, f"w_cancel_{field}", lambda: _cancel(model_id), tr("Cancel"))
        st.caption(tr("Your text stays. What is downloaded is kept: a second try goes on from there."))


def _progress(job: LoadJob) -> tuple[float, str]:
    """How far a load is, from 0 to 1, and in words."""
    progress = job.progress
    if progress is None or not progress.total:
        return 0.0, tr("Asking the hub what there is to download …")
    if progress.done >= progress.total:
        return 1.0, tr("All is here. Checking it and reading it into memory …")
    text = tr(
        "{done} of {total} · {file}",
        done=megabytes(progress.done),
        total=megabytes(progress.total),
        file=code_span(progress.file),
    )
    if rate := job.rate:
        text += " · " + tr("{size} a second", size=megabytes(round(rate)))
    return progress.done / progress.total, text


def _cancel(model_id: str) -> None:
    _wait(model_id).cancel(residents().running(model_id))


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
        _ways_out(model_id, field, "download", label)


def _show_end(problem: VizError, model_id: str, field: str) -> None:
    show_end(
        problem,
        tr("The download of {model} was cancelled. Your text is still here.", model=code_span(model_id)),
    )
    _ways_out(model_id, field, "again", tr("Try again"))


def _ways_out(model_id: str, field: str, name: str = "", label: str = "") -> None:
    """The button `name` that asks for the model, if it has a label, and the one back to a model that is always here."""
    icons = {"download": ":material/download:", "again": ":material/refresh:"}
    home = getattr(DEFAULT, field)
    with st.container(horizontal=True):
        if label:
            st.button(
                label,
                key=f"w_{name}_{field}",
                type="primary",
                icon=icons[name],
                on_click=request_model,
                args=(model_id,),
            )
        if getattr(view(), field) != home:
            st.button(
                tr("Back to {model}", model=home),
                key=f"w_back_{field}",
                icon=":material/undo:",
                on_click=lambda: change(**{field: home}),
            )
