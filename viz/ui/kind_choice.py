"""Which of a model's maps is shown, and the text that its decoder reads."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from viz.attention import AttentionResult
from viz.models.card import Kind
from viz.ui.session import change, keep, tr, view
from viz.ui.wording.names import kind_names
from viz.view.state import ViewState, card_of

_HEIGHT = 68


def kind(result: AttentionResult) -> None:
    """Encoder, decoder or cross, where there is more than one map and nothing else on the page chooses it."""
    choose(tuple(found.kind for found in result.maps), result.shown(view().switches.kind).kind)


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


def target_box(now: ViewState) -> None:
    """Where the model has a decoder beside its encoder: the box for the text that the decoder reads."""
    card = card_of(now.model)
    if card is None or "cross" not in card.kinds:
        return
    st.text_area(
        tr("Target text"),
        key=keep("w_target", now.target),
        on_change=lambda: change(target=st.session_state["w_target"]),
        height=_HEIGHT,
        placeholder=tr("Leave it empty, and the model writes it itself."),
        help=tr("What the decoder reads, token by token: a translation, or a summary, of the text above."),
    )
