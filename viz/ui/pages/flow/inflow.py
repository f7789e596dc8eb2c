"""What reaches the token that is asked about, by each method there is for it."""

from dataclasses import dataclass

import streamlit as st

from viz.attention.checks import Array
from viz.attention.merging import MapView
from viz.errors import MetricError, VizError
from viz.ui.pages.flow.flow_numbers import (
    FlowPath,
    Method,
    flow_to,
    mask_rollout_of,
    raw_of,
    rollout_of,
    seen,
    seen_row,
)
from viz.ui.session import tr


@dataclass(frozen=True, eq=False)
class Reached:
    """What reaches one token: shares over the keys that are shown, by method; `flows` as they are, not as shares.

    `target` is its place among the keys. `mask` is the rollout that a decoder's mask alone would give it, None for
    other maps. `refused` says why there is no flow.
    """

    map_view: MapView
    target: int
    shares: dict[Method, Array]
    flows: Array | None
    mask: Array | None
    refused: VizError | None

    @property
    def labels(self) -> list[str]:
        """The names of the tokens or words."""
        return self.map_view.map.keys.labels

    def first(self, wanted: str) -> Method:
        """The method by which text and bars are ordered: the wanted one where it is there."""
        return next((method for method in self.shares if method == wanted), "rollout")


def reached(path: FlowPath) -> Reached:
    """All that reaches the token that is asked about, by each method there is for it."""
    rolled, raw = rollout_of(path)[path.depth - 1], raw_of(path)
    masked = mask_rollout_of(path)
    even = None if masked is None else masked[path.depth - 1]
    map_view = seen(path, rolled, *(each for each in (raw, even) if each is not None))
    position = _asked(map_view, path)
    shares: dict[Method, Array] = {"rollout": map_view.map.weights[0, 0, position]}
    flows = refused = None
    if not path.by_words:
        token = map_view.tokens[position][0]
        try:
            with st.spinner(tr("Computing the attention flow …")):
                row = flow_to(path, token)
            shares["flow"] = seen_row(path, token, row)
            flows = row[[group[0] for group in map_view.tokens]]
        except MetricError as error:
            refused = error
    if raw is not None:
        shares["raw"] = map_view.map.weights[1, 0, position]
    mask = None if even is None else map_view.map.weights[-1, 0, position]
    return Reached(map_view, position, shares, flows, mask, refused)


def _asked(map_view: MapView, path: FlowPath) -> int:
    """The token that was clicked; else an encoder's first, a decoder's last, which has seen all others."""
    for token in path.state.switches.tokens:
        if (position := map_view.column(token)) is not None:
            return position
    return len(map_view.tokens) - 1 if path.attention_map.kind == "decoder" else 0
