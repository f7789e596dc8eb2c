"""How alike all heads are: points to click, the heads nearest to the selected one, and the distances as a matrix."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from viz.attention import AttentionMap, AttentionResult
from viz.attention.checks import Array
from viz.attention.merging import as_shares
from viz.metrics.similarity import cluster_order, js_distance, nearest_heads, plane, stress
from viz.pictures.figures import DARK, LIGHT
from viz.pictures.figures.base.figure_style import layer_colours
from viz.pictures.figures.charts.point_charts import PlaneText, head_plane
from viz.pictures.figures.heat_maps.matrix import MatrixText, distance_matrix
from viz.ui.exhibits.downloads import captioned, matrix_csv
from viz.ui.exhibits.exhibit import Exhibit, show_pair
from viz.ui.exhibits.layout import dark, picture_and_numbers, scaled
from viz.ui.exhibits.tables import numbers
from viz.ui.progress.shared_results import key_of, shared_array
from viz.ui.session import change, keep, tr, trn
from viz.ui.widgets.bound_widgets import in_language
from viz.ui.widgets.head_choice import Heads, add
from viz.ui.wording.names import head_name, head_names, stem
from viz.ui.wording.sentences import alike
from viz.view.state import ViewState

_KEY = "w_plane"
_MOST_LOGARITHMS = 7e8  # a few seconds
_NEAREST = 8
_BROAD = 1.4  # how much wider than high the points are drawn on a usual screen


def _step(attention_map: AttentionMap) -> int:
    """Of how many queries one is measured, so that the longest texts take seconds and not minutes."""
    layers, heads, queries, keys = attention_map.weights.shape
    return math.ceil(float((layers * heads) ** 2 / 2 * queries * keys) / _MOST_LOGARITHMS)


def show(result: AttentionResult, state: ViewState, heads: Heads) -> None:
    """The plane, and beside it the selected head with those most like it."""
    attention_map, key = result.map_of(state.switches.kind), key_of(result, state)
    step = _step(attention_map)
    with st.spinner(tr("Comparing every head with every other …")):
        # Jensen-Shannon distances between all heads, [layer * head, layer * head].
        distances = shared_array(
            ("js", key, step), lambda: js_distance(as_shares(attention_map).weights[:, :, ::step])
        )
        places = shared_array(("plane", key), lambda: plane(distances))
    here = state.layer * attention_map.heads + state.head
    left, right = picture_and_numbers()
    with left:
        st.caption(tr("A point is a head. Similar heads lie close together; click one to select it."))
        _points(attention_map, places, here)
        st.caption(
            tr(
                "Jensen-Shannon distances, laid out on a plane by multidimensional scaling. The plane bends them: its "
                "stress is {stress:.2f}, where 0 would be exact, so trust the table for single heads.",
                stress=stress(distances, places),
            )
        )
        if step > 1:
            st.caption(
                trn(
                    "The text is long: measured on every query.",
                    "The text is long: measured on one query in {count}.",
                    step,
                )
            )
    with right:
        _selected_head(state, head_names(attention_map.layers, attention_map.heads))
        st.markdown(alike(distances, here))
        _neighbours(attention_map, state, distances[here], nearest_heads(distances, here, _NEAREST), heads)
    if not state.present:
        _for_print(result, state, distances, places, here)


def _points(attention_map: AttentionMap, places: Array, here: int) -> None:
    heads = attention_map.heads
    key = f"{_KEY}_{here}"  # a new picture for a new head: a point that stays picked would not answer again
    theme = DARK if dark() else LIGHT
    layers = [tr("Layer {layer}", layer=layer + 1) for layer in range(attention_map.layers)]
    names = head_names(attention_map.layers, heads)
    table = pd.DataFrame(
        {
            "x": places[:, 0],
            "y": places[:, 1],
            "at": range(len(places)),
            "layer": [layers[layer] for layer, _head in names],
            "name": list(names.values()),
            "chosen": np.arange(len(places)) == here,
        }
    )
    low, high = places.min(axis=0), places.max(axis=0)
    middle, size = (low + high) / 2, (high - low) / 2
    reach = max(float(size[0]) / _BROAD, float(size[1])) * 1.1 or 1.0

    def axis(field: str, index: int, room: float) -> dict[str, Any]:
        domain = [float(middle[index]) - reach * room, float(middle[index]) + reach * room]
        scale = {"domain": domain, "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    def if_chosen(then: object, otherwise: object) -> dict[str, Any]:
        return {"condition": {"test": "datum.chosen", "value": then}, "value": otherwise}

    st.vega_lite_chart(
        table,
        {
            "mark": {"type": "point", "filled": True, "opacity": 1, "cursor": "pointer"},
            "params": [{"name": "pick", "select": {"type": "point", "fields": ["at"]}}],
            "encoding": {
                "x": axis("x", 0, _BROAD),
                "y": axis("y", 1, 1.0),
                "color": {
                    "field": "layer",
                    "type": "nominal",
                    "sort": None,
                    "title": None,
                    "scale": {
                        "domain": layers,
                        "range": list(layer_colours(len(layers), DARK if dark() else LIGHT)),
                    },
                    "legend": {
                        "orient": "bottom",
                        "columns": 3,
                        "symbolStrokeWidth": 0,
                        "symbolSize": scaled(130),
                        "labelFontSize": scaled(12),
                    },
                },
                "size": if_chosen(scaled(320), scaled(130)),
                "stroke": if_chosen(theme.accent, theme.text),
                "strokeWidth": if_chosen(4, 0.5),
                "order": {"field": "chosen", "type": "nominal"},
                "tooltip": {"field": "name", "type": "nominal", "title": tr("Head")},
                "description": {"field": "name", "type": "nominal"},
            },
            "height": scaled(460),
        },
        key=key,
        on_select=lambda: _take_point(key, len(places), heads),
        selection_mode="pick",
        alt=tr("All heads as points on a plane; the same distances are in the table."),
    )


def _take_point(key: str, count: int, heads: int) -> None:
    index = picked_point(st.session_state.get(key), count)
    if index is not None:
        change(layer=index // heads, head=index % heads)


def picked_point(state: object, count: int) -> int | None:
    """The head that was clicked, from 0 through all layers; None where the browser sent anything else."""
    selection = state.get("selection") if isinstance(state, Mapping) else None
    points = selection.get("pick") if isinstance(selection, Mapping) else None
    first = points[0] if isinstance(points, list) and points else None
    index = first.get("at") if isinstance(first, Mapping) else None
    return index if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < count else None


def _selected_head(state: ViewState, names: dict[tuple[int, int], str]) -> None:
    """The selected head by its name, and a box to take another: what a click on a point does, from the keyboard."""
    selected = state.layer, state.head
    if state.present:
        st.markdown(f"**{names[selected]}**")
        return
    key = in_language("w_here")
    st.selectbox(
        tr("Selected head"),
        list(names),
        format_func=names.__getitem__,
        key=keep(key, selected),
        on_change=lambda: change(**dict(zip(("layer", "head"), st.session_state[key], strict=True))),
    )


def _neighbours(
    attention_map: AttentionMap, state: ViewState, distances: Array, near: Sequence[int], chosen: Heads
) -> None:
    """The heads nearest to the selected one, with their distances from it, [head]; two can be put beside the others."""
    heads = [divmod(index, attention_map.heads) for index in near]
    columns = {
        tr("Most alike heads"): [head_name(*head) for head in heads],
        tr("Distance"): distances[list(near)],
    }
    numbers(columns, {tr("Distance"): "%.3f"})
    if state.present:
        return
    with st.container(horizontal=True):
        for head in heads[:2]:
            st.button(
                tr("Add {head}", head=head_name(*head)),
                on_click=add,
                args=(head, chosen),
                disabled=head in chosen,
                icon=":material/add:",
            )


def _for_print(result: AttentionResult, state: ViewState, distances: Array, places: Array, here: int) -> None:
    heads = result.map_of(state.switches.kind).heads
    key = key_of(result, state)
    names = [f"{index // heads + 1}.{index % heads + 1}" for index in range(len(distances))]
    # Drawn only where it is open, as pictures are the slowest thing on the page.
    box = st.expander(
        tr("All distances, and the points for print"),
        icon=":material/print:",
        key="w_distances_open",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        head = tr("Head (layer.head)")
        text = MatrixText(tr("Distances between all heads"), head, head, tr("Jensen-Shannon distance"))
        plane_text = PlaneText(tr("All heads: alike ones lie close"), tr("Layer {layer}", layer="{layer}"))
        show_pair(
            Exhibit(
                key,
                f"{stem(result)}-distances",
                tr("Distances between all heads; alike ones are neighbours, in the order of a clustering."),
                lambda style: distance_matrix(distances, heads, cluster_order(distances), text, style),
                matrix_csv(distances, names, names, text.title),
                captioned(result, state, text.title),
            ),
            Exhibit(
                (*key, here),
                f"{stem(result)}-plane-{state.layer + 1}.{state.head + 1}",
                tr("All heads as points on a plane; the same distances are in the table."),
                lambda style: head_plane(places, heads, plane_text, style, chosen=here),
                matrix_csv(places, names, ["x", "y"], plane_text.title),
                captioned(result, state, plane_text.title),
            ),
        )
