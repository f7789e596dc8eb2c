"""Through the steps of self-attention: which one is shown, and how the scores are treated on the way."""

from dataclasses import replace
from typing import get_args

import streamlit as st

from viz.lessons.by_hand.small_example import DECIMALS, ByHand, Part
from viz.ui.lessons.by_hand.example_state import change, current
from viz.ui.lessons.lesson_frame import keep_own
from viz.ui.session import keep, language, tr


def treatment(now: ByHand) -> None:
    """Whether the scores are divided, the temperature, and the mask."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.toggle(
            tr("Divide by √d_k"),
            key=keep("w_hand_scale", now.scale),
            on_change=lambda: change(scale=st.session_state["w_hand_scale"]),
        )
        st.toggle(
            tr("Causal mask"),
            key=keep("w_hand_causal", now.causal),
            on_change=lambda: change(causal=st.session_state["w_hand_causal"]),
        )
        st.slider(
            tr("Temperature"),
            0.1,
            5.0,
            step=0.1,
            key=keep("w_hand_temperature", now.temperature),
            on_change=lambda: change(temperature=round(st.session_state["w_hand_temperature"], DECIMALS)),
            help=tr("The scores are also divided by it: below 1 the weights get sharper, above 1 more even."),
            width=260,
        )


def walk(now: ByHand) -> None:
    """Which step is shown: one, the one before or after it, or all of them."""
    parts: tuple[Part, ...] = get_args(Part)
    short = {
        "all": tr("All steps"),
        "project": "1 · Q, K, V",
        "scores": tr("2 · Scores"),
        "scale": tr("3 · Divide"),
        "mask": tr("4 · Mask"),
        "softmax": tr("5 · Softmax"),
        "mix": tr("6 · Values"),
    }
    at = parts.index(now.part)
    st.segmented_control(
        tr("Step"),
        parts,
        format_func=short.__getitem__,
        required=True,
        key=keep(f"w_hand_part_{language()}", now.part),
        on_change=lambda: _show(st.session_state[f"w_hand_part_{language()}"]),
    )
    with st.container(horizontal=True):
        st.button(
            tr("Previous step"),
            icon=":material/arrow_back:",
            disabled=at == 0,
            on_click=_show,
            args=(parts[max(at - 1, 0)],),
            key="w_hand_step_before",
        )
        st.button(
            tr("Next step"),
            icon=":material/arrow_forward:",
            disabled=at == len(parts) - 1,
            type="primary",
            on_click=_show,
            args=(parts[min(at + 1, len(parts) - 1)],),
            key="w_hand_step_next",
        )


def _show(part: Part) -> None:
    """Walking through the steps is no change that one would undo."""
    keep_own(replace(current(), part=part))
