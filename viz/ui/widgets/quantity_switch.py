"""Attention weights, or attention times the norms of the values: the switch, and the results as they are shown then."""

import streamlit as st

from viz.attention import AttentionResult
from viz.errors import VizError
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.shared_results import shared_weighed
from viz.ui.session import tr, view
from viz.ui.widgets.bound_widgets import segments
from viz.ui.wording.names import weigh_names
from viz.ui.wording.plain_text import message_of


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
        explanation=tr(
            "The weight says how much a token is looked at; times the norm, how much that brings."
        ),
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
