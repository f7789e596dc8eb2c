"""What a whole layer adds: the length of the sum of its heads' vectors, as a picture with its numbers."""

import streamlit as st

from viz.attention import AttentionResult
from viz.attention.norms import layer_norms
from viz.pictures.figures.heat_maps.matrix import MatrixText
from viz.ui.exhibits.downloads import captioned
from viz.ui.exhibits.exhibit import figure_words, heat_map
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.result import result_in_turn
from viz.ui.progress.shared_results import key_of, shared_array
from viz.ui.session import tr
from viz.ui.wording.names import stem
from viz.view.state import ViewState


def show(result: AttentionResult, state: ViewState) -> None:
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
        alt=tr("Heat map of {title}: rows are queries, columns are keys, colour is the length.", title=title),
        caption=captioned(result, state, title),
        highest=float(values.max()) or 1.0,
    ).show()
    st.caption(
        tr(
            "The length of the sum of what all heads of the layer bring: less than the sum of their lengths where "
            "they cancel each other."
        )
    )
