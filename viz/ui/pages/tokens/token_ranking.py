"""What the model looks at: the ranked tokens of a scope, every head's share at once, and one token asked about."""

from dataclasses import replace

import streamlit as st

from viz.attention import AttentionResult
from viz.attention.checks import Array
from viz.attention.merging import MapView
from viz.metrics import mean_received, ranked
from viz.metrics.even_share import even_share
from viz.pictures.export import csv_table
from viz.pictures.figures import DARK
from viz.pictures.figures.charts.bars import bars
from viz.ui.components.marked_text import marked_text, text_parts
from viz.ui.exhibits.downloads import captioned
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.tables import even_note, height_of, numbers
from viz.ui.progress.shared_results import key_of
from viz.ui.session import change, tr, view
from viz.ui.wording.names import scope_name, stem
from viz.view.state import ViewState

_BARS = 15


def shares_of(found: MapView, now: ViewState) -> Array:
    """Received attention, [key], over the view's scope: one head, one layer, or the model."""
    layer = now.layer if now.scope in ("head", "layer") else None
    return mean_received(found.map.weights, layer, now.head if now.scope == "head" else None)


def order_of(found: MapView, even: MapView, now: ViewState) -> list[int]:
    """The tokens or words, those first that receive most beyond their even share; `even` is the same of `evenly`."""
    return [row.position for row in ranked(shares_of(found, now) - even_share(even.map))]


def asked(found: MapView, even: MapView, now: ViewState) -> int:
    """The token or word that is asked about: the one that was clicked, else the one most looked at of the text."""
    for token in now.switches.tokens:
        if (at := found.column(token)) is not None:
            return at
    order = order_of(found, even, now)
    return next((at for at in order if not found.map.keys.special[at]), order[0])


def text(found: MapView, even: MapView, now: ViewState) -> None:
    """The text, shaded by what each token receives; a click asks about a token."""
    tokens = found.tokens
    marked_text(
        text_parts(found.map.keys, [float(share) for share in shares_of(found, now)]),
        _shading(found),
        "tokens_text",
        chosen=asked(found, even, now),
        on_pick=lambda at: _ask(tokens[at][0]),
    )
    st.caption(tr("Click a token to ask about it, below."))


def _shading(found: MapView) -> str:
    if found.map.quantity == "attention":
        return tr("The text, shaded by the attention each token receives")
    return tr("The text, shaded by how much each token brings")


def _ask(token: int) -> None:
    change(switches=replace(view().switches, tokens=(token,)))


def hidden_share(found: MapView, now: ViewState) -> float:
    """The mass that goes to what is not shown, from 0 to 1, the mean over the view's scope."""
    hidden = found.hidden
    if now.scope in ("head", "layer"):
        hidden = hidden[now.layer : now.layer + 1]
    if now.scope == "head":
        hidden = hidden[:, now.head : now.head + 1]
    return float(hidden.mean())


def ranking(result: AttentionResult, found: MapView, even: MapView, now: ViewState) -> None:
    """The most attended tokens as bars and as a table."""
    shares, labels = shares_of(found, now), found.map.keys.labels
    expected, causal = even_share(even.map), found.map.kind == "decoder"
    order = order_of(found, even, now)
    top = order[:_BARS]
    where = scope_name(now.scope, now.layer, now.head)
    attention = found.map.quantity == "attention"
    axis = (
        tr("Received attention, mean over queries")
        if attention
        else tr("Share of attention × value norm, mean over queries")
    )
    columns = [tr("Token"), tr("Share"), tr("Even share")]
    exhibit = Exhibit(
        (_key(result, now), now.scope, now.layer, now.head),
        f"{stem(result)}-top-{now.scope}",
        tr("Bar chart of the tokens that receive the most attention; the same numbers are in the table."),
        lambda words, theme: bars(
            [float(shares[at]) for at in top],
            [labels[at] for at in top],
            where,
            axis,
            words=words,
            theme=theme,
            dark=theme is DARK,
        ),
        lambda: csv_table(columns, [[labels[at], float(shares[at]), float(expected[at])] for at in order]),
        captioned(result, now, where),
    )
    with exhibit.with_numbers():
        small = st.column_config.NumberColumn(width="small")
        numbers(
            {
                tr("Rank"): range(1, len(order) + 1),
                tr("Token"): [labels[at] for at in order],
                tr("Share"): [float(shares[at]) for at in order],
                **({tr("Even share"): [float(expected[at]) for at in order]} if causal else {}),
                tr("Position"): [found.tokens[at][0] + 1 for at in order],
            },
            {
                tr("Rank"): small,
                tr("Position"): small,
                tr("Share"): st.column_config.ProgressColumn(
                    format="percent", min_value=0.0, max_value=max(float(shares.max()), 1e-9)
                ),
                tr("Even share"): "percent",
            },
            height_of(len(order)),
        )
    if causal:
        even_note()
    if not now.specials:
        share = hidden_share(found, now)
        if not attention:
            said = tr(
                "The tokens shown take {share:.1%} of the length from special tokens, which are hidden.",
                share=share,
            )
        elif now.switches.renormalise:
            said = tr(
                "The tokens shown give {share:.1%} of their attention to special tokens, which are hidden; the rest is "
                "scaled to 1.",
                share=share,
            )
        else:
            said = tr(
                "The tokens shown give {share:.1%} of their attention to special tokens, which are hidden.",
                share=share,
            )
        st.caption(said)


def _key(result: AttentionResult, now: ViewState) -> tuple[object, ...]:
    view_of_it = (now.switches.unit, now.specials, now.switches.renormalise)
    return (*key_of(result, now), *view_of_it)
