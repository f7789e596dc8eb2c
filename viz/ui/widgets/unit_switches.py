"""The switches of what is shown: layer and head, tokens or words, special tokens, what is scaled to 1, colours."""

import streamlit as st

from viz.attention import AttentionMap
from viz.attention.merging import possible_unit
from viz.ui.session import tr, view
from viz.ui.widgets.bound_widgets import bind, segments
from viz.ui.wording.names import unit_names


def scope() -> None:
    """One head, one layer or the model."""
    names = {"head": tr("head"), "layer": tr("layer"), "model": tr("model")}
    segments(tr("Summed over"), names, "scope", "w_scope", width="stretch")


def unit(attention_map: AttentionMap | None = None) -> None:
    """Tokens or words; of lengths, why there are no words."""
    if attention_map is not None and possible_unit(attention_map, "words") != "words":
        st.caption(tr("Words are not shown: the length of a sum is not the sum of the lengths."))
        return
    segments(
        tr("Count by"),
        unit_names(),
        "switches.unit",
        "w_unit",
        width="stretch",
        explanation=tr(
            "A word of several tokens: what they receive is added up, what they give is averaged."
        ),
    )


def count_specials() -> None:
    """With or without special tokens."""
    st.toggle(
        tr("Count special tokens"),
        **bind("specials", "w_specials"),
        help=tr(
            "[CLS] and [SEP] (<s> and </s>) are put around every text; many heads look at them when "
            "no other token fits."
        ),
    )


def specials() -> None:
    """With or without special tokens, and whether the rest is scaled to 1."""
    count_specials()
    if not view().specials:
        st.toggle(tr("Rescale the rest to sum to 1"), **bind("switches.renormalise", "w_renormalise"))


def stretch(key: str) -> None:
    """Whether the colours of a difference reach from -1 to 1, or to the largest difference; not where presented."""
    if view().present:
        return
    st.toggle(
        tr("Stretch the colours to the largest difference"),
        **bind("stretch", key),
        help=tr("Otherwise the scale runs from −1 to 1, so that two pictures can be compared."),
    )


def counted(name: str, label: str, count: int | None) -> None:
    """A box for the view's layer or head `name`, from 1 to `count`; shut where that is not known yet."""
    st.number_input(
        label,
        min_value=1,
        max_value=count,
        step=1,
        **bind(name, f"w_{name}", getattr(view(), name) + 1, lambda number: number - 1),
        help=tr("From 1 to {count}.", count=count) if count else None,
        disabled=count is None,
    )
