"""What is compared with what: two texts under one model, or one text under two models."""

from typing import Any

import streamlit as st

from viz.inputs.examples import PAIRS, minimal_pair, pair_of
from viz.models import availability
from viz.ui.session import change, keep, tr
from viz.ui.widgets import model_box, text_boxes, view_switches
from viz.ui.widgets.bound_widgets import bind, in_language, segments
from viz.view.state import Compare, ViewState, card_of

_HEIGHT = 100


def choose(state: ViewState) -> None:
    """The switch between the two, and the boxes that belong to it."""
    names: dict[Compare, str] = {"texts": tr("Two texts"), "models": tr("Two models")}
    segments(tr("Compare"), names, "compare", "w_compare")
    if state.compare == "texts":
        _pairs(state)
        left, right = st.columns(2, gap="medium")
        with left:
            _box(tr("First text"), "text")
        with right:
            _box(tr("Text to compare with"), "other")
        text_boxes.target_box(state)
    else:
        _box(tr("Text"), "text")
        _second_model(state)
    if state.pair:
        st.caption(tr("On this page the first text is read alone, without the second text of its pair."))


def _box(label: str, field: str) -> None:
    st.text_area(
        label,
        **bind(field, f"w_{field}"),
        height=_HEIGHT,
        placeholder=tr("Paste or type a text here."),
        help=tr("Press Ctrl+Enter (⌘+Enter on a Mac), or click elsewhere, to see the result."),
    )


def _pairs(state: ViewState) -> None:
    titles = {pair.id: tr(pair.title) for pair in PAIRS}
    chosen = in_language("w_minimal")
    st.selectbox(
        tr("Minimal pair"),
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        key=keep(chosen, pair_of(state.text, state.other)),
        on_change=lambda: _take_pair(st.session_state[chosen]),
        placeholder=tr("Your own texts. Choose a pair to begin with one."),
        help=tr("Two texts that differ in a word or a few: what differs in the attention is due to these."),
    )


def _take_pair(chosen: str | None) -> None:
    if chosen is None:
        return
    pair = minimal_pair(chosen)
    changes: dict[str, Any] = {"text": pair.left, "pair": "", "target": "", "other": pair.right}
    changes |= {"layer": pair.layer, "head": pair.head}
    if availability(pair.model) is None:
        changes["model"] = pair.model
    change(**changes)


def _second_model(state: ViewState) -> None:
    model, layer, head = st.columns([4, 1, 1])
    with model:
        model_box.choose(
            tr("Second model"),
            "model2",
            "w_model2",
            tr("The first model, with its layer and head, is the one in the sidebar."),
        )
    card = card_of(state.model2)
    layers, heads = card.shape(card.kinds[0]) if card is not None else (None, None)
    for place, name, label, count in (
        (layer, "layer2", tr("Layer of the second model"), layers),
        (head, "head2", tr("Head of the second model"), heads),
    ):
        with place:
            view_switches.counted(name, label, count)
