"""What the model looks at: the ranked tokens of a scope, every head's share at once, and one token asked about."""

import streamlit as st

from viz.attention import AttentionResult
from viz.attention.checks import Array
from viz.attention.merging import MapView
from viz.language import _
from viz.metrics import mean_received, ranked
from viz.metrics.measures import even_share
from viz.pictures.figures.charts.bars import bars
from viz.ui.components.marked_text import marked_text, text_parts
from viz.ui.exhibits.downloads import captioned, columns_csv
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.tables import even_note, height_of, numbers, ordered
from viz.ui.progress.shared_results import key_of, unit_key
from viz.ui.session import ask, tr
from viz.ui.wording.names import scope_name, stem
from viz.view.state import ViewState

_BARS = 15


def shares_of(map_view: MapView, state: ViewState) -> Array:
    """Received attention, [key], over the view's scope: one head, one layer, or the model."""
    return mean_received(map_view.map.weights, *state.scope_index)


def order_of(map_view: MapView, even: MapView, state: ViewState) -> list[int]:
    """The tokens or words, those first that receive most beyond their even share; `even` is the same of `evenly`."""
    return [row.position for row in ranked(shares_of(map_view, state) - even_share(even.map))]


def asked(map_view: MapView, even: MapView, state: ViewState) -> int:
    """The token or word that is asked about: the one that was clicked, else the one most looked at of the text."""
    for token in state.switches.tokens:
        if (position := map_view.column(token)) is not None:
            return position
    order = order_of(map_view, even, state)
    return next((position for position in order if not map_view.map.keys.special[position]), order[0])


def text(map_view: MapView, even: MapView, state: ViewState) -> None:
    """The text, shaded by what each token receives; a click asks about a token."""
    tokens = map_view.tokens
    marked_text(
        text_parts(map_view.map.keys, [float(share) for share in shares_of(map_view, state)]),
        tr("The text, shaded by the attention each token receives")
        if map_view.map.quantity == "attention"
        else tr("The text, shaded by how much each token brings"),
        "tokens_text",
        chosen=asked(map_view, even, state),
        on_pick=lambda position: ask(tokens[position][0]),
    )
    st.caption(tr("Click a token to ask about it, below."))


def ranking(result: AttentionResult, map_view: MapView, even: MapView, state: ViewState) -> None:
    """The most attended tokens as bars and as a table."""
    shares, labels = shares_of(map_view, state), map_view.map.keys.labels
    expected, causal = even_share(even.map), map_view.map.kind == "decoder"
    order = order_of(map_view, even, state)
    top = order[:_BARS]
    where = scope_name(state.scope, state.layer, state.head)
    attention = map_view.map.quantity == "attention"
    axis = (
        tr("Received attention, mean over queries")
        if attention
        else tr("Share of attention × value norm, mean over queries")
    )
    columns = {
        tr("Token"): labels,
        tr("Share"): shares.tolist(),
        tr("Even share"): expected.tolist(),
    }
    exhibit = Exhibit(
        (_key(result, state), state.scope, state.layer, state.head),
        f"{stem(result)}-top-{state.scope}",
        tr("Bar chart of the tokens that receive the most attention; the same numbers are in the table."),
        lambda style: bars(
            [float(shares[position]) for position in top],
            [labels[position] for position in top],
            where,
            axis,
            style,
        ),
        columns_csv(ordered(columns, order)),
        captioned(result, state, where),
    )
    small = st.column_config.NumberColumn(width="small")
    most = max(float(shares.max()), 1e-9)
    formats = {
        tr("Rank"): small,
        tr("Position"): small,
        tr("Share"): st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=most),
        tr("Even share"): "percent",
    }
    if not causal:
        del columns[tr("Even share")]
    places = {tr("Position"): [tokens[0] + 1 for tokens in map_view.tokens]}
    with exhibit.with_numbers():
        ranks = {tr("Rank"): range(1, len(order) + 1)}
        numbers({**ranks, **ordered(columns | places, order)}, formats, height_of(len(order)))
    if causal:
        even_note()
    if not state.specials:
        if not attention:
            said = _("The tokens shown take {share:.1%} of the length from special tokens, which are hidden.")
        elif state.switches.renormalise:
            said = _(
                "The tokens shown give {share:.1%} of their attention to special tokens, which are hidden; the rest is "
                "scaled to 1."
            )
        else:
            said = _(
                "The tokens shown give {share:.1%} of their attention to special tokens, which are hidden."
            )
        st.caption(tr(said, share=float(map_view.hidden[state.scope_index].mean())))


def _key(result: AttentionResult, state: ViewState) -> tuple[object, ...]:
    return (*key_of(result, state), *unit_key(state))
