"""The printable pictures on a page: made once for all sessions, in the session's language and theme."""

from collections.abc import Callable

import streamlit as st
from matplotlib.figure import Figure

from viz.attention import AttentionResult
from viz.attention.norms import layer_norms
from viz.pictures.figures import Draw, Style, heatmap, layer_grid, overview
from viz.pictures.figures.heat_maps.matrix import MatrixText
from viz.ui.exhibits.bitmaps import page_bitmaps
from viz.ui.exhibits.bitmaps.drawers import drawers
from viz.ui.exhibits.bitmaps.sheet import Sheet, shared_sheet
from viz.ui.exhibits.downloads import captioned
from viz.ui.exhibits.exhibit import Exhibit, figure_words, heat_map
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.result import result_in_turn
from viz.ui.progress.shared_results import key_of, shared_array
from viz.ui.session import tr
from viz.ui.wording.names import head_name, map_alt, stem
from viz.view.state import ViewState


def head_picture(result: AttentionResult, state: ViewState) -> None:
    """The heat map of the chosen head, with its download."""
    attention_map = result.map_of(state.switches.kind)

    def draw(style: Style) -> Figure:
        return heatmap(attention_map, state.layer, state.head, style)

    def quick(style: Style) -> bytes:
        # Of cross-attention a picture may be so narrow that a longer title widens it.
        digits = (
            (len(str(state.layer + 1)), len(str(state.head + 1))) if attention_map.kind == "cross" else ()
        )
        sheet = shared_sheet((key_of(result, state), digits, style), lambda: _sheet(draw(style)))
        written = style.words.for_quantity(attention_map.quantity).head_title.format(
            layer=state.layer + 1, head=state.head + 1
        )
        return sheet.webp(attention_map.weights[state.layer, state.head], written)

    alt = map_alt(head_name(state.layer, state.head), attention_map.quantity)
    _picture(result, state, "head", alt, draw, quick)


def _sheet(figure: Figure) -> Sheet:
    return Sheet(figure, page_bitmaps.dpi_of(figure), drawers().pixels)


def layer_picture(result: AttentionResult, state: ViewState) -> None:
    """All heads of the chosen layer on one scale, with the download."""
    _picture(
        result,
        state,
        "layer",
        tr("Heat maps of all heads of layer {layer}, on one scale.", layer=state.layer + 1),
        lambda style: layer_grid(result.map_of(state.switches.kind), state.layer, style, chosen=state.head),
    )


def model_picture(result: AttentionResult, state: ViewState) -> None:
    """Every head of every layer in one picture, with the download."""
    _picture(
        result,
        state,
        "all-heads",
        tr("Heat maps of every head of every layer, on one scale."),
        lambda style: overview(result.map_of(state.switches.kind), style),
    )


def _picture(
    result: AttentionResult,
    state: ViewState,
    name: str,
    alt: str,
    draw: Draw,
    quick: Callable[[Style], bytes] | None = None,
) -> None:
    key = (*key_of(result, state), state.layer, state.head)
    Exhibit(key, name, alt, draw, result=result, quick=quick).show()


def layer_lengths(result: AttentionResult, state: ViewState) -> None:
    """The view's layer as one map [query, key]; nothing where `result` shows attention weights."""
    attention_map = result.map_of(state.switches.kind)
    if attention_map.quantity != "norm" or (model := loaded_model(state.model)) is None:
        return
    key = key_of(result, state)
    with st.spinner(tr("Measuring what every token brings …")):
        weights = result_in_turn(model, state.text, state.pair, state.target)
        lengths = shared_array(("layers", key), lambda: layer_norms(model, weights, attention_map.kind))
    values = lengths[state.layer]
    title, words = tr("Layer {layer}, its heads together", layer=state.layer + 1), figure_words()
    heat_map(
        ("layer", key, state.layer),
        f"{stem(result)}-layer-{state.layer + 1}",
        values,
        attention_map.queries.labels,
        attention_map.keys.labels,
        MatrixText(title, words.query, words.key, tr("Length, to the largest of this layer")),
        alt=map_alt(title, "norm"),
        caption=captioned(result, state, title),
        highest=float(values.max()) or 1.0,
    ).show()
    st.caption(
        tr(
            "The length of the sum of what all heads of the layer bring: less than the sum of their lengths where "
            "they cancel each other."
        )
    )
