"""The box in which a model is chosen from the catalogue, or typed; and what is said of the chosen one."""

import streamlit as st

from viz.errors import VizError
from viz.language import _
from viz.models import ModelCard, list_models
from viz.models.loading import is_here
from viz.models.model_name import check_allowed, parse_name
from viz.ui.progress.model_loading import leave_others, request_model
from viz.ui.progress.shared_results import residents
from viz.ui.session import change, keep, tr, view
from viz.ui.widgets.bound_widgets import in_language
from viz.ui.wording.plain_text import code_span, show_error
from viz.ui.wording.written_numbers import megabytes
from viz.view.state import card_of

_PROBLEM = "atlas_name_problem"
_MARK = " · "  # no name of a model has it
_SHORT = 12  # signs of a revision that a person compares


def choose(label: str, field: str, key: str, help_text: str = "") -> None:
    """The box for the view's `field`, "model" or "model2"; what was typed and is no name is said below it."""
    leave_others()
    named = getattr(view(), field)
    options = {card.id: label_of(card) for card in list_models()}
    if named not in options:
        options[named] = named + (_MARK + "✓" if is_here(named) else "")
    chosen = in_language(key)
    st.selectbox(
        label,
        list(options),
        format_func=lambda model_id: options.get(model_id, model_id),
        key=keep(chosen, named),
        on_change=lambda: _take(field, st.session_state[chosen]),
        accept_new_options=True,
        help=tr(
            "Choose one, or type the name of any model of the hub, such as {example}. "
            "✓ is on this computer; ↓ has to be downloaded once.",
            example=code_span("org/model"),
        )
        + (f" {help_text}" if help_text else ""),
    )
    problem = st.session_state.get(_PROBLEM, {}).get(field)
    if problem is not None:
        show_error(problem)


def label_of(card: ModelCard) -> str:
    """A model in the list: its name, what is special about its weights, and whether it has to be downloaded."""
    if card.source == "embedded":
        return f"{card.title} ({tr(card.weights_note)})" if card.weights_note else card.title
    if is_here(card.id):
        return f"{card.id}{_MARK}✓"
    return f"{card.id}{_MARK}↓ {megabytes(card.nbytes)}" if card.nbytes else f"{card.id}{_MARK}↓"


def _take(field: str, typed: str | None) -> None:
    """A name that was picked or typed. A label whose mark has changed since comes as if it were typed."""
    problems = {name: error for name, error in st.session_state.get(_PROBLEM, {}).items() if name != field}
    try:
        if typed is not None:
            name = parse_name(typed.partition(_MARK)[0])
            check_allowed(name)
            request_model(str(name))
            change(**{field: str(name)})
    except VizError as error:
        problems[field] = error
    st.session_state[_PROBLEM] = problems


def about(model_id: str) -> None:
    """What is known of the model before it is loaded."""
    card = card_of(model_id)
    if card is None:
        st.caption(
            tr(
                "Its layers, heads and languages are known once it is here. Its page on the hub has its licence."
            )
        )
        return
    st.caption(tr(card.about))
    licence = tr(card.licence) if card.licence else tr("see its page")
    st.caption(
        tr(
            _(
                "Encoder {layers} layers × {heads} heads, decoder {decoder_layers} × {decoder_heads}, at most {tokens} "
                "tokens · licence {licence}"
            )
            if "cross" in card.kinds
            else _("{layers} layers × {heads} heads, at most {tokens} tokens · licence {licence}"),
            layers=card.layers,
            heads=card.heads,
            decoder_layers=card.decoder_layers,
            decoder_heads=card.decoder_heads,
            tokens=card.max_tokens,
            licence=licence,
        )
    )


def revision(model_id: str) -> bool:
    """Which weights are in memory, exactly; False where none are yet."""
    model = residents().get(model_id)
    if model is None:
        return False
    st.caption(
        tr("Revision {revision}", revision=code_span(model.revision[:_SHORT])), help=code_span(model.revision)
    )
    return True
