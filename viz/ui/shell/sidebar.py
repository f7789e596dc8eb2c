"""The controls that the pages share: language, model, layer and head in the sidebar; the texts above a picture."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from viz.language import LANGUAGES
from viz.models import availability, list_models
from viz.ui.session import change, keep, language, tr, view
from viz.ui.widgets import model_box, view_switches
from viz.ui.wording.plain_text import message_of
from viz.view.state import card_of


def sidebar() -> DeltaGenerator | None:
    """Language, model, layer and head: what every page shares. Returns the place for what the page finds out."""
    with st.sidebar:
        _language()
        place = _model()
        _layer_and_head()
    return place


def known_now(place: DeltaGenerator | None) -> None:
    """What is known of the model only since the page has loaded it: which revision it is."""
    if place is not None:
        with place:
            model_box.revision(view().model)


def _language() -> None:
    st.segmented_control(
        "Language · 语言",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key=keep("w_language", language()),
        on_change=lambda: change(language=st.session_state["w_language"] or language()),
        width="stretch",
    )


def _model() -> DeltaGenerator | None:
    """The box and what is said of the model; a place for its revision where that is not known yet."""
    model_box.choose(tr("Model"), "model", "w_model")
    model_box.about(view().model)
    place = None if model_box.revision(view().model) else st.empty()
    for card in list_models():
        if card.source == "embedded" and (missing := availability(card.id)):
            st.info(message_of(missing), icon=":material/info:")
    return place


def _layer_and_head() -> None:
    card = card_of(view().model)
    layers, heads = card.shape(view().switches.kind) if card is not None else (None, None)
    left, right = st.columns(2)
    for place, name, label, count in (
        (left, "layer", tr("Layer"), layers),
        (right, "head", tr("Head"), heads),
    ):
        with place:
            view_switches.counted(name, label, count)
