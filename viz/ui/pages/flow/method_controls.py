"""What is asked of the flow through the layers: by which method, after how many layers, through which heads."""

import streamlit as st

from viz.attention import AttentionResult
from viz.ui.pages.flow.flow_numbers import FlowPath, heads_through
from viz.ui.session import tr, view
from viz.ui.widgets import view_switches
from viz.ui.widgets.bound_widgets import bind, in_language, segments
from viz.ui.widgets.view_switches import kinds
from viz.ui.wording.names import head_names
from viz.view.state import Through


def method_names() -> dict[str, str]:
    """The methods as titles, and all of them."""
    return {
        "rollout": tr("Rollout"),
        "flow": tr("Attention flow"),
        "raw": tr("Raw attention"),
        "beside": tr("Side by side"),
    }


def show(result: AttentionResult, path: FlowPath) -> None:
    """All controls; none where the view is presented."""
    if view().switches.kind == "cross" and len(result.maps) > 1:
        st.info(
            tr(
                "Cross-attention leads from one text into another, and from layer to layer there is no way through it "
                "alone. The encoder is shown; the decoder can be chosen."
            ),
            icon=":material/info:",
        )
    view_switches.choose_kind(kinds(result), path.attention_map.kind)
    if path.attention_map.kind == "decoder" and len(result.maps) > 1:
        st.caption(tr("What comes in from the encoder, through cross-attention, is not counted here."))
    if path.state.present:
        return
    left, middle, right = st.columns(3, gap="medium", vertical_alignment="bottom")
    with left:
        _through()
    with middle:
        view_switches.unit()
    with right:
        view_switches.specials()
    if path.state.through == "chosen":
        _heads(path)
    if path.attention_map.layers > 1:
        _depth(path)
    if path.by_words:
        st.caption(
            tr(
                "Attention flow is not available word by word: the largest flow to a word is not the "
                "sum of the flows to its tokens. Rollout is computed on the tokens and then added "
                "up."
            )
        )


def _through() -> None:
    names: dict[Through, str] = {"all": tr("All heads"), "chosen": tr("Chosen heads")}
    segments(
        tr("Heads included"),
        names,
        "through",
        "w_through",
        width="stretch",
        help=tr("Each layer is the mean of its heads, or of those that are chosen here or in the explorer."),
    )


def _heads(path: FlowPath) -> None:
    names = head_names(path.attention_map.layers, path.attention_map.heads)
    chosen = list(heads_through(path.attention_map, path.state))
    st.multiselect(
        tr("Chosen heads"),
        list(names),
        format_func=names.__getitem__,
        **bind("switches.heads", in_language("w_flow_heads"), chosen, tuple),
        help=tr("A layer of which no head is chosen passes on what it was given, unchanged."),
    )


def _depth(path: FlowPath) -> None:
    layers = path.attention_map.layers
    st.slider(
        tr("After layer"),
        1,
        layers,
        **bind("depth", "w_depth", path.depth, lambda depth: 0 if depth == layers else depth),
        help=tr("The deeper the layer, the more alike what has reached each token: try the first ones."),
    )


def method(path: FlowPath) -> None:
    """By which method the text is shaded, the bars are sorted and every token is shown; not where presented."""
    if path.state.present:
        return
    names = {name: title for name, title in method_names().items() if name != "flow" or not path.by_words}
    shown = path.state.flow if path.state.flow in names else "rollout"
    segments(tr("Method"), names, "flow", "w_flow", value=shown)
