"""Which of a model's maps is shown, and the text that its decoder reads."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from viz.attention import AttentionResult
from viz.models.card import Kind
from viz.ui.session import change, keep, tr, view
from viz.ui.wording.names import kind_names


def kind(result: AttentionResult) -> None:
    """Encoder, decoder or cross, where there is more than one map and nothing else on the page chooses it."""
    choose(
        tuple(attention_map.kind for attention_map in result.maps), result.map_of(view().switches.kind).kind
    )


def choose(kinds: Sequence[Kind], shown: str) -> None:
    """The control for these kinds, `shown` the one that is on; nothing for a single one, or where presented."""
    if len(kinds) < 2 or view().present:
        return
    names = kind_names()
    st.segmented_control(
        tr("Attention"),
        list(kinds),
        format_func=lambda each: names[each],
        key=keep("w_kind", shown),
        on_change=_take,
        help=tr(
            "Encoder: the text looks at itself. Decoder: the target text looks at its own earlier "
            "tokens. Cross: the target text looks at the text."
        ),
    )


def _take() -> None:
    wanted = st.session_state["w_kind"]
    if wanted is not None:
        change(switches=replace(view().switches, kind=wanted, tokens=(), pin=None))


def kinds(result: AttentionResult) -> tuple[Kind, ...]:
    """The maps in which places can be compared: those whose queries and keys are the same tokens."""
    return tuple(attention_map.kind for attention_map in result.maps if attention_map.kind != "cross")
