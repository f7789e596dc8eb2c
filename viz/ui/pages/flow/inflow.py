"""What reaches the token that is asked about, by each method there is for it."""

from dataclasses import dataclass

import streamlit as st

from viz.attention.checks import Array
from viz.attention.merging import MapView
from viz.errors import MetricError, VizError
from viz.ui.pages.flow.flow_numbers import (
    Method,
    Way,
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

    found: MapView
    target: int
    shares: dict[Method, Array]
    flows: Array | None
    mask: Array | None
    refused: VizError | None

    @property
    def labels(self) -> list[str]:
        """The names of the tokens or words."""
        return self.found.map.keys.labels

    def first(self, wanted: str) -> Method:
        """The method by which text and bars are ordered: the wanted one where it is there."""
        return next((method for method in self.shares if method == wanted), "rollout")


def reached(way: Way) -> Reached:
    """All that reaches the token that is asked about, by each method there is for it."""
    rolled, raw = rollout_of(way)[way.depth - 1], raw_of(way)
    masked = mask_rollout_of(way)
    even = None if masked is None else masked[way.depth - 1]
    found = seen(way, rolled, *(each for each in (raw, even) if each is not None))
    at = _asked(found, way)
    shares: dict[Method, Array] = {"rollout": found.map.weights[0, 0, at]}
    flows = refused = None
    if not way.by_words:
        token = found.tokens[at][0]
        try:
            with st.spinner(tr("Computing the attention flow …")):
                row = flow_to(way, token)
            shares["flow"] = seen_row(way, token, row)
            flows = row[[group[0] for group in found.tokens]]
        except MetricError as error:
            refused = error
    if raw is not None:
        shares["raw"] = found.map.weights[1, 0, at]
    mask = None if even is None else found.map.weights[-1, 0, at]
    return Reached(found, at, shares, flows, mask, refused)


def _asked(found: MapView, way: Way) -> int:
    """The token that was clicked; else an encoder's first, a decoder's last, which has seen all others."""
    for token in way.now.switches.tokens:
        if (at := found.column(token)) is not None:
            return at
    return len(found.tokens) - 1 if way.found.kind == "decoder" else 0
