"""What a whole layer adds: the length of the sum of its heads' vectors, as a picture with its numbers."""

import streamlit as st

from viz.attention import AttentionResult
from viz.attention.norms import layer_norms
from viz.pictures.figures.heat_maps.matrix import MatrixText, matrix
from viz.ui.exhibits.downloads import captioned, matrix_csv
from viz.ui.exhibits.exhibit import picture
from viz.ui.exhibits.layout import sequential
from viz.ui.progress.model_loading import ready
from viz.ui.progress.result import result_in_turn
from viz.ui.progress.shared_results import key_of, shared_array
from viz.ui.session import tr
from viz.ui.wording.names import stem
from viz.view.state import ViewState


def show(result: AttentionResult, now: ViewState) -> None:
    """The view's layer as one map [query, key]; nothing where `result` shows attention weights."""
    found = result.shown(now.switches.kind)
    if found.quantity != "norm" or (model := ready(now.model)) is None:
        return
    key = key_of(result, now)
    with st.spinner(tr("Measuring what every token brings …")):
        weights = result_in_turn(model, now.text, now.pair, now.target)
        every = shared_array(
            ("layers", key), lambda: layer_norms(model, weights, found.kind).reshape(found.layers, -1)
        )
    values = every[now.layer].reshape(found.weights.shape[2:])
    title, palette = tr("Layer {layer}, its heads together", layer=now.layer + 1), sequential()
    queries, keys, length = (
        found.queries.labels,
        found.keys.labels,
        tr("Length, to the largest of this layer"),
    )
    picture(
        ("layer", key, now.layer, palette),
        f"{stem(result)}-layer-{now.layer + 1}",
        tr("Heat map of {title}: rows are queries, columns are keys, colour is the length.", title=title),
        lambda words, theme: matrix(
            values,
            queries,
            keys,
            MatrixText(title, words.query, words.key, length),
            words=words,
            theme=theme,
            palette=palette,
            vmax=float(values.max()) or 1.0,
        ),
        caption=captioned(result, now, title),
        table=matrix_csv(values, queries, keys, title),
    )
    st.caption(
        tr(
            "The length of the sum of what all heads of the layer bring: less than the sum of their lengths where "
            "they cancel each other."
        )
    )
