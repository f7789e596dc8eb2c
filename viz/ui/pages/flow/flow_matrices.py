"""Every token at once: raw attention, rollout and flow as maps, one of them or all beside each other."""

from typing import Any

import numpy as np
import streamlit as st

from viz.attention import AttentionResult
from viz.attention.merging import MapView
from viz.pictures.figures.heat_maps.matrix import MatrixText
from viz.ui.exhibits.downloads import captioned
from viz.ui.exhibits.exhibit import heat_map
from viz.ui.exhibits.layout import picture_and_numbers, scaled
from viz.ui.exhibits.tables import height_of, numbers
from viz.ui.pages.flow import method_controls
from viz.ui.pages.flow.flow_numbers import (
    FlowPath,
    Method,
    flow_fits,
    mask_rollout_of,
    raw_of,
    rollout_of,
    seconds,
    seen,
    whole_flow,
)
from viz.ui.pages.flow.inflow_pictures import after, scale
from viz.ui.session import tr, trn

_THIRD = 350  # pixels
_ASKED = "atlas_flow_asked"  # the flow to every token that this session has asked for, though it takes long


def show(result: AttentionResult, path: FlowPath) -> None:
    """The map of the chosen method with its strongest links, or those of all methods beside each other."""
    maps = _maps(path)
    wanted = path.state.flow
    if wanted == "beside":
        row = st.container(horizontal=True, gap="medium")
        for name, map_view in maps.items():
            with row.container(width=scaled(_THIRD)):
                _map(result, path, name, map_view)
        return
    method: Method = next((name for name in maps if name == wanted), "rollout")
    left, right = picture_and_numbers()
    with left:
        _map(result, path, method, maps[method])
    with right:
        _sources(path, maps[method], method)


def _maps(path: FlowPath) -> dict[Method, MapView]:
    """The maps by the methods that are asked for, as far as they are there."""
    wanted = path.state.flow
    maps: dict[Method, MapView] = {}
    if wanted in ("raw", "beside") and (raw := raw_of(path)) is not None:
        maps["raw"] = seen(path, raw)
    maps["rollout"] = seen(path, rollout_of(path)[path.depth - 1])
    if wanted in ("flow", "beside") and not path.by_words and flow_fits(path):
        flow = whole_flow(path, _start(path))
        if flow is not None:
            maps["flow"] = seen(path, flow, shares=False)
    return maps


def _start(path: FlowPath) -> bool:
    """Whether to compute the flow to every token: at once where it is quick, else once a person has asked for it."""
    asked = (path.key, path.depth)
    takes = seconds(path)
    if not takes or st.session_state.get(_ASKED) == asked:
        return True
    said = trn("about {count} second", "about {count} seconds", max(1, round(takes)))
    return st.button(
        tr("Compute the attention flow to every token ({time})", time=said),
        icon=":material/play_arrow:",
        on_click=lambda: st.session_state.update({_ASKED: asked}),
    )


def _map(result: AttentionResult, path: FlowPath, method: Method, map_view: MapView) -> None:
    values, labels = map_view.map.weights[0, 0], map_view.map.keys.labels
    title = tr("{method}, {after}", method=method_controls.method_names()[method], after=after(path))
    heat_map(
        path.picture_key,
        f"{result.card.id}-{method}",
        values,
        labels,
        labels,
        MatrixText(title, tr("Token after the layer"), tr("Input token"), _number(method)),
        alt=tr("Heat map of {title}: a row for each token, a column for each input token.", title=title),
        caption=captioned(result, path.state, title),
        highest=scale(path, values),
    ).show()


def _sources(path: FlowPath, map_view: MapView, method: Method) -> None:
    """For each token the others of which most has reached it; of a decoder's rollout beside what its mask gives."""
    masked = mask_rollout_of(path) if method == "rollout" else None
    mask = None if masked is None else seen(path, masked[path.depth - 1]).map.weights[0, 0]
    labels, values = map_view.map.keys.labels, map_view.map.weights[0, 0]
    others = np.where(np.eye(len(labels), dtype=bool), -1.0, values)
    if path.state.specials:
        others = np.where(np.asarray(map_view.map.keys.special)[None, :], -1.0, others)
    best = others.argmax(axis=-1)
    rows = [position for position in range(len(labels)) if others[position, best[position]] > 0]
    st.markdown(tr("What each token has most of, apart from itself and special tokens:"))
    if not rows:
        st.caption(tr("Nothing: no token has anything of another one."))
        return
    places = np.array(rows), best[rows]
    columns: dict[str, Any] = {
        tr("Token"): [labels[position] for position in rows],
        tr("Most from"): [labels[best[position]] for position in rows],
        _number(method): others[places],
    }
    if mask is not None:
        columns[tr("Mask alone")] = mask[places]
    columns[tr("Itself")] = values.diagonal()[rows]
    formats = dict.fromkeys(list(columns)[2:], "%.3f" if method == "flow" else "percent")
    numbers(columns, formats, height_of(len(rows)))


def _number(method: Method) -> str:
    return tr("Maximum flow") if method == "flow" else tr("Share")
