"""BertViz's views on a page: which one, what is in it, and what to do where it cannot be drawn."""

from typing import Literal

import streamlit as st

from viz.attention import AttentionResult
from viz.errors import InputError
from viz.pictures.bertviz import Words, head_view, model_view
from viz.pictures.export import file_name
from viz.ui.components.sandboxed import sandboxed
from viz.ui.session import tag, tr
from viz.ui.wording.plain_text import code_span, message_of
from viz.view.state import ViewState

Shown = Literal["head", "model", "neuron"]

_TALLEST = 1400  # pixels; longer pictures scroll in their frame


def choice() -> Shown:
    """The control that picks one of BertViz's three views."""
    names: dict[Shown, str] = {
        "head": tr("Head view"),
        "model": tr("Model view"),
        "neuron": tr("Neuron view"),
    }
    picked: Shown = st.segmented_control(
        tr("View"),
        list(names),
        default="head",
        format_func=names.__getitem__,
        key="w_bertviz",
        required=True,
        label_visibility="collapsed",
    )
    return picked


def bertviz(result: AttentionResult, state: ViewState, shown: Shown) -> None:
    """Draw the picked view of the whole text, or say why it cannot be drawn."""
    if shown == "neuron":
        _no_neuron_view(result)
        return
    attention_map = result.map_of(state.switches.kind)
    words = Words().translated(tag(), tr)
    dark = st.context.theme.type == "dark"
    try:
        if shown == "head":
            only = st.toggle(tr("Begin with head {head} alone", head=state.head + 1), key="w_bertviz_head")
            picture = head_view(
                attention_map, state.layer, heads=[state.head] if only else None, words=words, dark=dark
            )
        else:
            picture = model_view(attention_map, state.layer, words=words, dark=dark)
    except InputError as error:
        st.warning(message_of(error), icon=":material/straighten:")
        st.page_link("pages/explore.py", label=tr("Go to the explorer"), icon=":material/grid_on:")
        return
    if len(picture.layers) < attention_map.layers:
        st.info(
            tr(
                "For speed, only some layers are in this picture: {shown} of {all}. To see others, choose another "
                "layer.",
                shown=", ".join(str(number + 1) for number in picture.layers),
                all=attention_map.layers,
            ),
            icon=":material/layers:",
        )
    title = tr("BertViz head view") if shown == "head" else tr("BertViz model view")
    sandboxed(
        picture.html,
        width=picture.width,
        height=min(picture.height, _TALLEST),
        title=title,
        key=f"bertviz_{shown}",
    )
    st.caption(_how_to_read(shown))
    st.download_button(
        tr("Download the view (HTML, opens without a connection)"),
        picture.html,
        file_name=file_name(
            result.card.id, f"layer{state.layer + 1}", f"bertviz-{shown}-view", ending="html"
        ),
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
    )


def _how_to_read(shown: Shown) -> str:
    if shown == "head":
        return tr(
            "Tokens on the left look at tokens on the right; the thicker the colour, the more. Point at a token to see "
            "only its lines. Click a coloured square to switch that head off or on, double-click to see it alone."
        )
    return tr(
        "One row a layer, one small picture a head. Click a picture to open it, then point at a token on its left."
    )


def _no_neuron_view(result: AttentionResult) -> None:
    st.info(
        tr(
            "The neuron view shows the query and key vectors behind each weight. BertViz reads them only from its own, "
            "older copies of BERT, GPT-2 and RoBERTa. {model} runs on today's transformers library, so there is no "
            "neuron view of it here; the weights that those vectors lead to are in the other two views.",
            model=code_span(result.card.title),
        ),
        icon=":material/info:",
    )
