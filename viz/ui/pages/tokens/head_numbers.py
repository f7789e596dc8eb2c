"""Every head; one token asked about."""

import streamlit as st

from viz.attention import AttentionMap, AttentionResult
from viz.attention.checks import Array
from viz.attention.merging import MapView
from viz.metrics.measures import attention_from_query, attention_to_key, measure_heads, ranked_heads
from viz.pictures.figures.heat_maps.matrix import MatrixText
from viz.ui.exhibits.downloads import captioned
from viz.ui.exhibits.exhibit import Exhibit, figure_words, head_map, heat_map, numbered
from viz.ui.exhibits.tables import numbers, strongest_by_layer
from viz.ui.pages.tokens.token_ranking import _key, asked
from viz.ui.session import tr
from viz.ui.widgets.bound_widgets import choice_box
from viz.ui.wording import sentences
from viz.ui.wording.names import head_name, measured_number, measures_of, stem
from viz.ui.wording.plain_text import code_span
from viz.view.state import ViewState

_HEADS = 8


def all_heads(result: AttentionResult, whole: AttentionMap, state: ViewState) -> None:
    """One number of every head, layers down and heads across, of the whole text with its special tokens."""
    names = measures_of(whole)
    measure = state.measure if state.measure in names else next(iter(names))
    if not state.present:
        choice_box(tr("Number"), names, "measure", "w_measure", value=measure)
    values = measure_heads(whole, measure)
    highest = None if measure in ("distance", "entropy") else 1.0
    title = names[measure]
    with _grid(result, state, values, title, measure, highest).with_numbers():
        heads = ranked_heads(values, values.size)
        shares = [measured_number(measure, float(values[head])) for head in heads]
        numbers({tr("Head"): [head_name(*head) for head in heads], title: shares}, height=320)
        st.caption(
            tr("Special tokens are always counted here, so that the numbers of two views can be compared.")
        )


def one_token(result: AttentionResult, map_view: MapView, even: MapView, state: ViewState) -> None:
    """Which heads look at the token that is asked about, and what it looks at itself, layer by layer."""
    position = asked(map_view, even, state)
    label = map_view.map.keys.labels[position]
    st.header(tr("About {token}", token=code_span(label)), anchor=False)
    st.markdown("**" + tr("Which heads look at it most?") + "**")
    values = attention_to_key(map_view.map.weights, position)
    top = ranked_heads(values, _HEADS)
    title = (
        tr("Attention to “{token}”, mean over queries", token=label)
        if map_view.map.quantity == "attention"
        else tr("Share that “{token}” brings, mean over queries", token=label)
    )
    with _grid(result, state, values, title, f"to-{position}", 1.0).with_numbers():
        st.markdown(sentences.of_key(map_view.map, position, top, values))
        columns = {
            tr("Head"): [head_name(*head) for head in top],
            tr("Share"): [float(values[head]) for head in top],
        }
        numbers(columns, {tr("Share"): "percent"})
    if map_view.map.kind == "cross":
        st.caption(
            tr("In cross-attention only the target text looks; what its tokens look at is in the explorer.")
        )
        return
    st.markdown("**" + tr("What does it look at, layer by layer?") + "**")
    _layer_by_layer(result, map_view, state, position)


def _layer_by_layer(result: AttentionResult, map_view: MapView, state: ViewState, position: int) -> None:
    values, labels, words = (
        attention_from_query(map_view.map.weights, position),
        map_view.map.keys.labels,
        figure_words(),
    )
    title = (
        tr("What “{token}” looks at, mean over the heads", token=labels[position])
        if map_view.map.quantity == "attention"
        else tr("From where “{token}” takes, mean over the heads", token=labels[position])
    )
    exhibit = heat_map(
        (_key(result, state), position),
        f"{stem(result)}-from-{position + 1}",
        values,
        numbered(len(values)),
        labels,
        MatrixText(title, tr("Layer"), words.key, words.for_quantity(map_view.map.quantity).weight),
        alt=tr("A row for each layer, a column for each token looked at."),
        caption=captioned(result, state, title),
    )
    with exhibit.with_numbers():
        st.markdown(sentences.of_query(map_view.map, state, position))
        strongest_by_layer(values, labels)


def _grid(
    result: AttentionResult, state: ViewState, values: Array, title: str, name: str, highest: float | None
) -> Exhibit:
    name = f"{stem(result)}-heads-{name}"
    return head_map(
        _key(result, state), name, values, title, caption=captioned(result, state, title), highest=highest
    )
