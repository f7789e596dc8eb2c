"""The controls that the pages share: language, model, layer and head in the sidebar; the texts above a picture."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from viz.language import LANGUAGES
from viz.models import availability, list_models
from viz.ui.session import language, tr, view
from viz.ui.widgets import model_box, view_switches
from viz.ui.widgets.bound_widgets import segments
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
    segments("Language · 语言", LANGUAGES, "language", "w_language", language(), width="stretch")


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
    labels = {"layer": tr("Layer"), "head": tr("Head")}
    shape = card.shape(view().switches.kind) if card is not None else None
    view_switches.layer_and_head(st.columns(2), labels, shape)
