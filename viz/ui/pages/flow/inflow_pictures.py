"""What reaches one token through the layers: by each method, layer by layer, and how well the methods agree."""

from typing import Any

import numpy as np
import streamlit as st

from viz.attention import AttentionResult
from viz.attention.checks import Array
from viz.metrics import ranked
from viz.pictures.figures.charts.bars import Bars, bars_beside
from viz.pictures.figures.heat_maps.matrix import MatrixText, round_limit
from viz.studies.importance import rank_agreement
from viz.ui.components.marked_text import marked_text, text_parts
from viz.ui.exhibits.downloads import captioned, columns_csv
from viz.ui.exhibits.exhibit import Exhibit, heat_map, numbered
from viz.ui.exhibits.tables import height_of, numbers, ordered, strongest_by_layer
from viz.ui.pages.flow import flow_words, method_controls
from viz.ui.pages.flow.flow_numbers import FlowPath, Reached, mask_rollout_of, rollout_of, seen
from viz.ui.session import ask, tr
from viz.ui.widgets import view_switches
from viz.ui.wording.names import head_name
from viz.ui.wording.plain_text import code_span, message_of

_BARS = 12
_NARROW, _WIDE, _FLOWS = 72, 108, 84  # pixels


def text(inflow: Reached, path: FlowPath) -> None:
    """The text, shaded by what has reached the token that is asked about; a click asks about another."""
    by, tokens = inflow.first(path.state.flow), inflow.map_view.tokens
    marked_text(
        text_parts(inflow.map_view.map.keys, [float(share) for share in inflow.shares[by]]),
        tr("The text, shaded by how much of each token has reached the one that is framed"),
        "flow_text",
        chosen=inflow.target,
        on_pick=lambda position: ask(tokens[position][0]),
    )
    st.caption(
        tr(
            "Shaded by {method}. Click a token to see what has reached it.",
            method=method_controls.method_names()[by],
        )
    )


def by_method(result: AttentionResult, inflow: Reached, path: FlowPath) -> None:
    """The tokens of which most has reached it, by each method, as bars and as a table, and how well they agree."""
    if inflow.refused is not None:
        st.info(message_of(inflow.refused), icon=":material/info:")
    if "raw" not in inflow.shares:
        st.caption(
            tr("No head is selected in layer {layer}, so it has no raw attention to show.", layer=path.depth)
        )
    order = [row.position for row in ranked(inflow.shares[inflow.first(path.state.flow)])]
    top = order[:_BARS]
    title = tr("What has reached “{token}”", token=inflow.labels[inflow.target])
    titles = _titles()
    shares = {titles[method]: row for method, row in _columns(inflow).items()}
    panels = [Bars(name, [float(row[position]) for position in top]) for name, row in shares.items()]
    flows = {} if inflow.flows is None else {tr("Maximum flow"): inflow.flows}
    exhibit = Exhibit(
        (path.picture_key, inflow.target, path.state.flow),
        f"{result.card.id}-reached-{inflow.target + 1}",
        tr("Bar charts beside each other, one a method; the same numbers are in the table."),
        lambda style: bars_beside(panels, [inflow.labels[position] for position in top], title, style),
        columns_csv(ordered({tr("Token"): inflow.labels, **shares, **flows}, order)),
        captioned(result, path.state, f"{title} · {after(path)}"),
    )
    with exhibit.with_numbers():
        _table(inflow, order)
    for sentence in flow_words.of_reached(
        inflow.map_view, inflow.target, inflow.shares, path.depth, inflow.mask
    ):
        st.markdown(f"- {sentence}")
    flow_words.hidden(inflow.map_view, path.state, inflow.target)
    _agreement(inflow)


def _titles() -> dict[str, str]:
    """What is shown of each token, as titles."""
    return method_controls.method_names() | {"mask alone": tr("Mask alone")}


def _columns(inflow: Reached) -> dict[str, Array]:
    """The shares by method; beside a decoder's rollout that of its mask alone."""
    columns: dict[str, Array] = {}
    for method, row in inflow.shares.items():
        columns[method] = row
        if method == "rollout" and inflow.mask is not None:
            columns["mask alone"] = inflow.mask
    return columns


def _table(inflow: Reached, order: list[int]) -> None:
    titles = _titles()
    columns: dict[str, Any] = {tr("Token"): inflow.labels}
    formats: dict[str, Any] = {}
    for method, row in _columns(inflow).items():
        width = _NARROW if method == "rollout" else _WIDE
        columns[titles[method]] = (100 * row).tolist()
        formats[titles[method]] = st.column_config.NumberColumn(format="%.1f%%", width=width)
    if inflow.flows is not None:
        columns[tr("Max. flow")] = inflow.flows.tolist()
        formats[tr("Max. flow")] = st.column_config.NumberColumn(format="%.2f", width=_FLOWS)
    numbers(ordered(columns, order), formats, height_of(len(order)))


def _agreement(inflow: Reached) -> None:
    """Spearman's rank correlation of each two methods over the tokens that are shown."""
    names = method_controls.method_names()
    methods = list(inflow.shares)
    pairs = [(one, other) for count, one in enumerate(methods, 1) for other in methods[count:]]
    ranks = {pair: float(rank_agreement(inflow.shares[pair[0]], inflow.shares[pair[1]])[0]) for pair in pairs}
    told = {pair: value for pair, value in ranks.items() if not np.isnan(value)}
    if not told:
        return
    said = tr(", ").join(
        tr("{one} and {other} {value:.2f}", one=names[one], other=names[other], value=value)
        for (one, other), value in told.items()
    )
    st.markdown(
        "- "
        + tr(
            "How alike the methods order these tokens (Spearman's rank correlation; 1 is the same order, 0 none, −1 "
            "the reverse): {said}.",
            said=said,
        )
    )


def layer_by_layer(result: AttentionResult, inflow: Reached, path: FlowPath) -> None:
    """The rollout to the token that is asked about, after each layer."""
    spread = seen(path, *rollout_of(path)).map
    values = spread.weights[:, 0, inflow.target]
    title = tr("Rollout to “{token}”", token=inflow.labels[inflow.target])
    view_switches.stretch("w_flow_stretch", signed=False)
    exhibit = heat_map(
        (path.picture_key, inflow.target),
        f"{result.card.id}-rollout-to-{inflow.target + 1}",
        values,
        numbered(len(values)),
        inflow.labels,
        MatrixText(title, tr("After layer"), tr("Input token"), tr("Share")),
        alt=tr("A row for each layer, a column for each token of which something has reached it."),
        caption=captioned(result, path.state, title),
        highest=scale(path, values),
    )
    with exhibit.with_numbers():
        strongest_by_layer(values, inflow.labels)
    for sentence in flow_words.of_mixing(rollout_of(path), path.depth, mask_rollout_of(path)):
        st.caption(sentence)


def scale(path: FlowPath, values: Array) -> float:
    """The upper end of the colours: 1, or the round number next to the largest value where that is asked for."""
    return min(1.0, round_limit(values)) if path.state.stretch else 1.0


def after(path: FlowPath) -> str:
    """Up to which layer, and through which heads."""
    said = tr("after layer {layer}", layer=path.depth)
    if path.heads is None:
        return said
    if len(path.heads) > 3:
        return tr("{after}, through {count} heads", after=said, count=len(path.heads))
    return tr(
        "{after}, through {heads}", after=said, heads=tr(", ").join(head_name(*head) for head in path.heads)
    )


def about(inflow: Reached, path: FlowPath) -> str:
    """The heading over all this."""
    return tr(
        "What has reached {token} {after}", token=code_span(inflow.labels[inflow.target]), after=after(path)
    )
