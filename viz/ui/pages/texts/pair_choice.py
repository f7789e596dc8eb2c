"""What is compared with what: two texts under one model, or one text under two models."""

import streamlit as st

from viz.inputs.examples import PAIRS, minimal_pair, pair_of
from viz.ui.session import tr
from viz.ui.widgets import model_box, text_boxes, view_switches
from viz.ui.widgets.bound_widgets import segments
from viz.view.state import Compare, ViewState, card_of


def choose(state: ViewState) -> None:
    """The switch between the two, and the boxes that belong to it."""
    names: dict[Compare, str] = {"texts": tr("Two texts"), "models": tr("Two models")}
    segments(tr("Compare"), names, "compare", "w_compare")
    if state.compare == "texts":
        text_boxes.pick_example(
            tr("Minimal pair"),
            {pair.id: pair.title for pair in PAIRS},
            "w_minimal",
            pair_of(state.text, state.other),
            _take_pair,
            tr("Your own texts. Choose a pair to begin with one."),
            tr("Two texts that differ in a word or a few: what differs in the attention is due to these."),
        )
        left, right = st.columns(2, gap="medium")
        with left:
            text_boxes.text_box(tr("First text"), "text")
        with right:
            text_boxes.text_box(tr("Text to compare with"), "other")
        text_boxes.target_box(state)
    else:
        text_boxes.text_box(tr("Text"), "text")
        _second_model(state)
    if state.pair:
        st.caption(tr("On this page the first text is read alone, without the second text of its pair."))


def _take_pair(chosen: str | None) -> None:
    if chosen is not None:
        pair = minimal_pair(chosen)
        text_boxes.begin_with(pair, text=pair.left, pair="", other=pair.right)


def _second_model(state: ViewState) -> None:
    model, *numbers = st.columns([4, 1, 1])
    with model:
        model_box.choose(
            tr("Second model"),
            "model2",
            "w_model2",
            tr("The first model, with its layer and head, is the one in the sidebar."),
        )
    card = card_of(state.model2)
    labels = {"layer2": tr("Layer of the second model"), "head2": tr("Head of the second model")}
    shape = card.shape(card.kinds[0]) if card is not None else None
    view_switches.layer_and_head(numbers, labels, shape)
