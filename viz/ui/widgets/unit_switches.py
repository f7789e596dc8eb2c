"""The switches of what is shown: layer and head, tokens or words, special tokens, what is scaled to 1, colours."""

from dataclasses import replace

import streamlit as st

from viz.attention import AttentionMap
from viz.attention.merging import possible_unit
from viz.ui.session import change, keep, tr, view
from viz.ui.wording.names import unit_names


def scope() -> None:
    """One head, one layer or the model."""
    names = {"head": tr("head"), "layer": tr("layer"), "model": tr("model")}
    st.segmented_control(
        tr("Summed over"),
        list(names),
        format_func=names.__getitem__,
        key=keep("w_scope", view().scope),
        on_change=lambda: change(scope=st.session_state["w_scope"] or view().scope),
        width="stretch",
    )


def unit(found: AttentionMap | None = None) -> None:
    """Tokens or words; of lengths, why there are no words."""
    if found is not None and possible_unit(found, "words") != "words":
        st.caption(tr("Words are not shown: the length of a sum is not the sum of the lengths."))
        return
    names = unit_names()
    st.segmented_control(
        tr("Count by"),
        list(names),
        format_func=names.__getitem__,
        key=keep("w_unit", view().switches.unit),
        on_change=_take_unit,
        width="stretch",
        help=tr("A word of several tokens: what they receive is added up, what they give is averaged."),
    )


def _take_unit() -> None:
    now = view()
    change(switches=replace(now.switches, unit=st.session_state["w_unit"] or now.switches.unit))


def count_specials() -> None:
    """With or without special tokens."""
    st.toggle(
        tr("Count special tokens"),
        key=keep("w_specials", view().specials),
        on_change=lambda: change(specials=st.session_state["w_specials"]),
        help=tr(
            "[CLS] and [SEP] (<s> and </s>) are put around every text; many heads look at them when "
            "no other token fits."
        ),
    )


def specials() -> None:
    """With or without special tokens, and whether the rest is scaled to 1."""
    count_specials()
    if not view().specials:
        st.toggle(
            tr("Rescale the rest to sum to 1"),
            key=keep("w_renormalise", view().switches.renormalise),
            on_change=lambda: change(
                switches=replace(view().switches, renormalise=st.session_state["w_renormalise"])
            ),
        )


def stretch(key: str) -> None:
    """Whether the colours of a difference reach from -1 to 1, or to the largest difference; not where presented."""
    if view().present:
        return
    st.toggle(
        tr("Stretch the colours to the largest difference"),
        key=keep(key, view().stretch),
        on_change=lambda: change(stretch=st.session_state[key]),
        help=tr("Otherwise the scale runs from −1 to 1, so that two pictures can be compared."),
    )


def counted(name: str, label: str, count: int | None) -> None:
    """A box for the view's layer or head `name`, from 1 to `count`; shut where that is not known yet."""
    key = f"w_{name}"
    st.number_input(
        label,
        min_value=1,
        max_value=count,
        step=1,
        key=keep(key, getattr(view(), name) + 1),
        on_change=lambda: change(**{name: st.session_state[key] - 1}),
        help=tr("From 1 to {count}.", count=count) if count else None,
        disabled=count is None,
    )
