"""Through the steps of self-attention: which one is shown, and how the scores are treated on the way."""

from dataclasses import replace
from typing import get_args

import streamlit as st

from viz.lessons.by_hand.small_example import ByHand, Part
from viz.ui.lessons.by_hand.example_state import change, current
from viz.ui.lessons.lesson_frame import bound, button, keep_settings, segments
from viz.ui.session import tr


def treatment(setup: ByHand) -> None:
    """Whether the scores are divided, the temperature, and the mask."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.toggle(tr("Divide by √d_k"), **bound("scale", setup.scale, change))
        st.toggle(tr("Causal mask"), **bound("causal", setup.causal, change))
        st.slider(
            tr("Temperature"),
            0.1,
            5.0,
            step=0.1,
            help=tr("The scores are also divided by it: below 1 the weights get sharper, above 1 more even."),
            width=260,
            **bound("temperature", setup.temperature, change),
        )


def walk(setup: ByHand) -> None:
    """Which step is shown: one, the one before or after it, or all of them."""
    parts: tuple[Part, ...] = get_args(Part)
    titles = {
        "all": tr("All steps"),
        "project": "1 · Q, K, V",
        "scores": tr("2 · Scores"),
        "scale": tr("3 · Divide"),
        "mask": tr("4 · Mask"),
        "softmax": tr("5 · Softmax"),
        "mix": tr("6 · Values"),
    }
    place = parts.index(setup.part)
    segments(tr("Step"), titles, "part", setup.part, _show, required=True)
    with st.container(horizontal=True):
        first, last = place == 0, place == len(parts) - 1
        back, on = (lambda: _show(parts[place - 1])), (lambda: _show(parts[place + 1]))
        button(tr("Previous step"), "arrow_back", back, "step_before", disabled=first)
        button(tr("Next step"), "arrow_forward", on, "step_next", disabled=last, type="primary")


def _show(part: Part) -> None:
    """Walking through the steps is no change that one would undo."""
    keep_settings(replace(current(), part=part))
