"""What reaches a token through the layers of the view's map, by three methods; computed once for all sessions."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import streamlit as st

from viz.attention import AttentionMap, AttentionResult
from viz.attention.checks import Array
from viz.attention.merging import MapView, pick_first_tokens, view_map
from viz.errors import MetricError, VizError
from viz.metrics.rollout_and_flow import MAX_FLOW_TOKENS, attention_flow, mask_rollout, rollout
from viz.ui.progress.shared_results import key_of, shared_array, unit_key
from viz.ui.progress.work import run_work
from viz.ui.session import tr
from viz.ui.widgets.head_choice import Heads, chosen_heads
from viz.ui.widgets.view_switches import kinds
from viz.view.state import ViewState

Method = Literal["raw", "rollout", "flow"]

# Tokens cubed times layers: 64 tokens and 6 layers take 3 s for all targets.
_QUICK = 64**3 * 6
_SECONDS = 2e-6  # for one of these, at about the size from which on a person is asked


@dataclass(frozen=True, eq=False)
class FlowPath:
    """What is asked: the first `depth` layers of a map, through `heads` of theirs (None: all), as the view shows it.

    `key` holds all that the numbers depend on but the depth.
    """

    attention_map: AttentionMap
    depth: int
    heads: Heads | None
    state: ViewState
    key: tuple[object, ...]

    @property
    def tokens(self) -> int:
        """How many tokens there are."""
        return len(self.attention_map.keys)

    @property
    def picture_key(self) -> tuple[object, ...]:
        """All that a picture of what reaches a token depends on."""
        return (self.key, self.depth, *unit_key(self.state))

    @property
    def by_words(self) -> bool:
        """Whether tokens are merged into words: then there is no flow, which does not add up."""
        return self.state.switches.unit == "words"

    @property
    def here(self) -> Heads | None:
        """The chosen heads among the layers up to `depth`."""
        return None if self.heads is None else tuple(head for head in self.heads if head[0] < self.depth)


def flow_path(result: AttentionResult, state: ViewState) -> FlowPath:
    """What the view asks; the first map where the view's is cross-attention, which has no way of its own."""
    attention_map = result.map_of(state.switches.kind)
    if attention_map.kind not in kinds(result):
        attention_map = result.maps[0]
    state = replace(state, switches=replace(state.switches, kind=attention_map.kind))
    heads = heads_through(attention_map, state) if state.through == "chosen" else None
    depth = min(state.depth, attention_map.layers) or attention_map.layers
    return FlowPath(attention_map, depth, heads, state, (*key_of(result, state), heads))


def heads_through(attention_map: AttentionMap, state: ViewState) -> Heads:
    """The heads chosen here or in the explorer, in order; the selected one where there are none."""
    selected = min(state.layer, attention_map.layers - 1), min(state.head, attention_map.heads - 1)
    return tuple(sorted(set(chosen_heads(state, attention_map)))) or (selected,)


def raw_of(path: FlowPath) -> Array | None:
    """The mean of the heads of the last layer asked for, [query, key]; None where none of its heads is chosen."""
    last = path.attention_map.weights[path.depth - 1]
    heads = (
        range(len(last)) if path.heads is None else [h for layer, h in path.heads if layer == path.depth - 1]
    )
    if not heads:
        return None
    mean: Array = last[list(heads)].mean(axis=0, dtype=np.float32)
    return mean


def rollout_of(path: FlowPath) -> Array:
    """The rollout after each layer of the model, [layer, query, key]."""
    return shared_array(("rollout", path.key), lambda: rollout(path.attention_map.weights, path.heads))


def mask_rollout_of(path: FlowPath) -> Array | None:
    """The rollout that a decoder's mask alone would give, [layer, query, key]; None where there is no such mask."""
    if path.attention_map.kind != "decoder":
        return None
    return shared_array(("mask rollout", path.key), lambda: mask_rollout(path.attention_map, path.heads))


def flow_to(path: FlowPath, target: int) -> Array:
    """The flow from one token to each input token, [key], 0 to 1. Raises `MetricError` for a text too long."""
    weights = path.attention_map.weights[: path.depth]
    key = ("flow", path.key, path.depth, target)
    return shared_array(key, lambda: attention_flow(weights, [target], path.here)[0])


def whole_flow(path: FlowPath, start: bool) -> Array | None:
    """The flow from every token, [query, key], or None where its progress is drawn instead; begun if `start`."""
    weights, heads = path.attention_map.weights[: path.depth], path.here
    return run_work(
        ("flow", path.key, path.depth),
        lambda report, cancelled: attention_flow(weights, None, heads, report, cancelled),
        doing=tr("Computing the attention flow to every token …"),
        start=start,
    )


def seconds(path: FlowPath) -> float:
    """About how long the flow to every token takes; 0 where that is too short to ask."""
    cost = path.tokens**3 * path.depth
    return cost * _SECONDS if cost > _QUICK else 0


def flow_fits(path: FlowPath) -> bool:
    """Whether the flow is computed for a text as long as this."""
    return path.tokens <= MAX_FLOW_TOKENS


def seen(path: FlowPath, *maps: Array, shares: bool = True) -> MapView:
    """These [query, key], one behind the other on the axis of layers, by the view's tokens or words.

    Computed on the tokens first, then merged: shares add up over keys and are averaged over queries. What are no
    `shares` is never scaled to sum to 1.
    """
    whole = AttentionMap(
        path.attention_map.kind, np.stack(maps)[:, None], path.attention_map.queries, path.attention_map.keys
    )
    return view_map(
        whole, path.state.switches.unit, path.state.specials, shares and path.state.switches.renormalise
    )


def seen_row(path: FlowPath, target: int, row: Array) -> Array:
    """One target's flows, [key], as shares of their sum over the keys that the view shows."""
    shares = row / max(float(row.sum()), 1e-9)
    queries = pick_first_tokens(path.attention_map.queries, ((target,),))
    one = AttentionMap(path.attention_map.kind, shares[None, None, None], queries, path.attention_map.keys)
    weights = view_map(one, "tokens", path.state.specials, path.state.switches.renormalise).map.weights
    return weights.reshape(-1)


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
    map_view = seen(path, rolled, *(map_ for map_ in (raw, even) if map_ is not None))
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
