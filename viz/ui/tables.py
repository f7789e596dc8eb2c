"""Numbers as tables for people: which tokens receive the attention, and what each head of a layer does."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from viz.attention import AttentionMap
from viz.metrics import entropy, mean_received, ranked, received
from viz.metrics.checks import Array
from viz.metrics.views import as_shares
from viz.ui.i18n import tr
from viz.ui.view import ViewState


def received_in_scope(found: AttentionMap, now: ViewState) -> pd.Series:
    """Received attention a token, [key], summed up over the view's scope: one head, one layer, or the model.

    Of lengths, the share that a token brings of what the others take.
    """
    layers = slice(now.layer, now.layer + 1) if now.scope in ("head", "layer") else slice(None)
    heads = slice(now.head, now.head + 1) if now.scope == "head" else slice(None)
    scope = replace(found, weights=found.weights[layers, heads])
    return pd.Series(mean_received(as_shares(scope).weights))


def top_tokens(found: AttentionMap, now: ViewState) -> None:
    """The tokens that receive the most attention, largest first, with their share."""
    shares = received_in_scope(found, now).to_numpy()
    hide = None if now.specials else found.keys.special
    rows = ranked(shares, hide)
    labels = found.keys.labels
    table = pd.DataFrame(
        {
            tr("Position"): [row.position + 1 for row in rows],
            tr("Token"): [labels[row.position] for row in rows],
            tr("Share"): [row.share for row in rows],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height=min(38 + 35 * len(rows), 460),
        column_config={
            tr("Position"): st.column_config.NumberColumn(width=70),
            tr("Share"): st.column_config.ProgressColumn(
                width=150,
                format="percent",
                min_value=0.0,
                max_value=max((row.share for row in rows), default=1.0),
            ),
        },
    )
    if hide is not None:
        hidden = float(shares[list(hide)].sum())
        st.caption(
            tr("Hidden special tokens receive {share:.1%} of the attention.", share=hidden)
            if found.quantity == "attention"
            else tr("Hidden special tokens bring {share:.1%} of the length.", share=hidden)
        )


def head_weights(found: AttentionMap, now: ViewState) -> None:
    """The numbers behind the heat map: one row a query, one column a key."""
    table = pd.DataFrame(
        found.weights[now.layer, now.head], index=found.queries.labels, columns=found.keys.labels
    )
    table.index.name = tr("Query ↓ · Key →")
    st.dataframe(table.style.format("{:.4f}") if table.size <= 10_000 else table, height=320)


def heads_of_layer(found: AttentionMap, now: ViewState) -> None:
    """One row a head of the layer: how spread it is, and the token it looks at most; of lengths no entropy."""
    layer = as_shares(replace(found, weights=found.weights[now.layer : now.layer + 1])).weights
    spread = {tr("Entropy (nats)"): entropy(layer)[0].mean(axis=-1)}
    keys = received(layer)[0]
    table = pd.DataFrame(
        {
            tr("Head"): range(1, found.heads + 1),
            **(spread if found.quantity == "attention" else {}),
            tr("Most attended token"): [found.keys.labels[int(row.argmax())] for row in keys],
            tr("Its share"): keys.max(axis=-1),
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            tr("Entropy (nats)"): st.column_config.NumberColumn(format="%.2f"),
            tr("Its share"): st.column_config.NumberColumn(format="percent"),
        },
    )


def strongest_by_layer(values: Array, labels: Sequence[str]) -> None:
    """One row a layer, [layer, key]: the three tokens with the largest shares."""
    tops = [ranked(row, top=3) for row in values]
    places = (tr("Most"), tr("Second most"), tr("Third most"))
    st.dataframe(
        pd.DataFrame(
            {
                tr("Layer"): range(1, len(values) + 1),
                **{
                    name: [
                        f"{labels[top[place].position]}  {top[place].share:.1%}" if place < len(top) else ""
                        for top in tops
                    ]
                    for place, name in enumerate(places)
                },
            }
        ),
        hide_index=True,
        column_config={tr("Layer"): st.column_config.NumberColumn(width="small")},
    )
