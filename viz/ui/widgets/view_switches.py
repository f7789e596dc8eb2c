"""The switches of what is shown: which map, weights or lengths, tokens or words, special tokens, and the colours."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from viz.attention import AttentionMap, AttentionResult
from viz.attention.merging import possible_unit
from viz.errors import VizError
from viz.language import _
from viz.models.card import Kind
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.shared_results import shared_weighed
from viz.ui.session import tr, view
from viz.ui.widgets.bound_widgets import bind, segments
from viz.ui.wording.names import kind_names, unit_names, weigh_names
from viz.ui.wording.plain_text import message_of


def kind(result: AttentionResult) -> None:
    """Encoder, decoder or cross, where there is more than one map and nothing else on the page chooses it."""
    kinds = tuple(attention_map.kind for attention_map in result.maps)
    choose_kind(kinds, result.map_of(view().switches.kind).kind)


def choose_kind(kinds: Sequence[Kind], shown: str) -> None:
    """The control for these kinds, `shown` the one that is on; nothing for a single one, or where presented."""
    if len(kinds) < 2 or view().present:
        return
    names = kind_names()
    segments(
        tr("Attention"),
        {kind: names[kind] for kind in kinds},
        "switches",
        "w_kind",
        shown,
        lambda kind: replace(view().switches, kind=kind, tokens=(), pin=None),
        help=tr(
            "Encoder: the text looks at itself. Decoder: the target text looks at its own earlier "
            "tokens. Cross: the target text looks at the text."
        ),
    )


def kinds(result: AttentionResult) -> tuple[Kind, ...]:
    """The maps in which places can be compared: those whose queries and keys are the same tokens."""
    return tuple(attention_map.kind for attention_map in result.maps if attention_map.kind != "cross")


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
        help=tr("A word of several tokens: what they receive is added up, what they give is averaged."),
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


def stretch(key: str, signed: bool = True) -> None:
    """Whether the colours reach to the largest difference or number, or over all there can be; not where presented."""
    if view().present:
        return
    largest = (
        _("Stretch the colours to the largest difference"),
        _("Stretch the colours to the largest number"),
    )
    usual = (
        _("Otherwise the scale runs from −1 to 1, so that two pictures can be compared."),
        _("Otherwise the scale runs from 0 to 1, so that two pictures can be compared."),
    )
    st.toggle(tr(largest[not signed]), **bind("stretch", key), help=tr(usual[not signed]))


def layer_and_head(
    places: Sequence[DeltaGenerator], labels: Mapping[str, str], counts: tuple[int, int] | None
) -> None:
    """A box for a layer and one for a head, from 1 to their `counts`; shut where these are not known yet.

    `labels` are by the fields of the view.
    """
    for place, (field, label), count in zip(places, labels.items(), counts or (None, None), strict=True):
        place.number_input(
            label,
            min_value=1,
            max_value=count,
            step=1,
            **bind(field, f"w_{field}", getattr(view(), field) + 1, lambda number: number - 1),
            help=tr("From 1 to {count}.", count=count) if count else None,
            disabled=count is None,
        )


def weighed(*results: AttentionResult, shares: bool = False) -> tuple[AttentionResult, ...]:
    """The results of the view's model, as the view weighs them; draws the switch, and says what the numbers are.

    With `shares` the page shows their shares (`as_shares`) and not the lengths themselves. Where the model's values
    are not known the reason is said, and attention stays.
    """
    state = view()
    if not state.present:
        _switch()
    if state.weigh == "attention" or (model := loaded_model(state.model)) is None:
        return results
    try:
        with st.spinner(tr("Measuring what every token brings …")):
            lengths = tuple(shared_weighed(model, result) for result in results)
    except VizError as error:
        st.info(message_of(error), icon=":material/info:")
        return results
    _about(shares)
    return lengths


def not_between_models() -> None:
    """That attention is shown, where the view has wished for lengths and two models are compared."""
    if view().weigh == "norm":
        st.info(
            tr(
                "The lengths of two models are in units of their own and cannot be compared: attention weights are "
                "shown."
            ),
            icon=":material/info:",
        )


def share_note(result: AttentionResult) -> None:
    """Where shares are shown of lengths: of what they are shares."""
    if result.maps[0].quantity != "attention":
        st.caption(_shares())


def _shares() -> str:
    return tr("Shares of lengths: all that one token takes in a head is scaled to sum to 1, then averaged.")


def _switch() -> None:
    segments(
        tr("What is shown"),
        weigh_names(),
        "weigh",
        "w_weigh",
        help=tr("The weight says how much a token is looked at; times the norm, how much that brings."),
    )


def _about(shares: bool) -> None:
    what = tr(
        "The length of the vector that each key adds to a query: its attention weight times the length of its "
        "value behind the output projection (Kobayashi et al. 2020). A key with much weight but a short value, "
        "such as a separator, brings little."
    )
    scale = tr(
        "Lengths have no unit and rows do not sum to 1: colours go from 0 to the largest length of this text."
    )
    st.caption(f"{what} {_shares() if shares else scale}")
    if view().present:
        return
    with st.expander(tr("How this is computed"), icon=":material/function:"):
        st.markdown(
            tr(
                "A head adds up, for each query, the vectors **α f(x)** of all keys: α is the attention weight, x the "
                "key's input to the layer, and f(x) = (x W_V + b_V) W_O its value behind the head's part of the "
                "output projection. Shown is **‖α f(x)‖**, the Euclidean length of each, for every layer, head, query "
                "and key, from the model's own values in this text.\n\n"
                "- A head may give a token a large weight and take next to nothing: that is how heads with nothing to "
                "do look at [SEP].\n"
                "- Lengths of different layers are in units of their own layer, so compare within a layer.\n"
                "- Two long vectors may cancel each other; a length says how much is added, not in which direction.\n"
                "- Words of several tokens are not merged here: the length of a sum is not the sum of the lengths.\n\n"
                "Source: Kobayashi et al. 2020, *Attention is Not Only a Weight: Analyzing Transformers with Vector "
                "Norms*."
            ).replace("_", r"\_")
        )
