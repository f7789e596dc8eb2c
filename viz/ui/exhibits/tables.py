"""Numbers as tables for people: which tokens receive the attention, and what each head of a layer does."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from viz.attention import AttentionMap
from viz.attention.checks import Array
from viz.attention.merging import as_shares
from viz.metrics import entropy, mean_received, ranked, received
from viz.metrics.measures import even_map, even_share
from viz.ui.session import tr
from viz.view.state import ViewState


def numbers(
    columns: Mapping[str, Any],
    formats: Mapping[str, Any] | None = None,
    height: int | Literal["content", "auto"] = "auto",
    **options: Any,
) -> Any:
    """A table of these columns, `height` pixels high; it gives what `st.dataframe` does, and takes its `options`.

    A format is one of Streamlit's for numbers, such as "percent", or a whole column of `st.column_config`.
    """
    return st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        height=height,
        column_config={
            name: st.column_config.NumberColumn(format=form) if isinstance(form, str) else form
            for name, form in (formats or {}).items()
        },
        **options,
    )


def ticked_row(
    columns: Mapping[str, Any],
    formats: Mapping[str, Any],
    key: str,
    height: int | Literal["content", "auto"] = "auto",
) -> int | None:
    """Show a table as `numbers` does, of which one row can be ticked: which one is, None where none is."""
    table = numbers(columns, formats, height, key=key, on_select="rerun", selection_mode="single-row")
    return next(iter(table.selection.rows), None)


def ordered(columns: Mapping[str, Any], rows: Sequence[int]) -> dict[str, list[Any]]:
    """The rows of these numbers, in this order, of a table's columns."""
    return {title: [values[row] for row in rows] for title, values in columns.items()}


def by_rows(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """The columns of a table of `rows`, each as long as `titles`."""
    return {title: [row[place] for row in rows] for place, title in enumerate(titles)}


def height_of(rows: int) -> int:
    """The height of a table of so many rows, in pixels; of a long one that of the part which is seen at once."""
    return min(38 + 35 * rows, 460)


def even_note() -> None:
    """Why the tokens of a decoder are not ranked by their share alone."""
    st.caption(
        tr(
            "In a decoder the first tokens are seen by more tokens, and receive more whatever a head does. So the "
            "order is by how much more a token has than an even spread over the tokens that are seen would give it."
        )
    )


def top_tokens(attention_map: AttentionMap, state: ViewState) -> None:
    """The tokens that receive the most attention beyond an even share, with their share; a decoder's with both."""
    shares = mean_received(as_shares(attention_map).weights, *state.scope_index)
    hide = None if state.specials else attention_map.keys.special
    even = even_share(even_map(attention_map))
    order = [row.position for row in ranked(shares - even, hide)]
    columns = {
        tr("Position"): range(1, len(shares) + 1),
        tr("Token"): attention_map.keys.labels,
        tr("Share"): shares.tolist(),
    }
    if attention_map.kind == "decoder":
        columns[tr("Even share")] = even.tolist()
    formats = {
        tr("Position"): st.column_config.NumberColumn(width=70),
        tr("Even share"): "percent",
        tr("Share"): st.column_config.ProgressColumn(
            width=150, format="percent", min_value=0.0, max_value=float(shares[order].max(initial=0)) or 1.0
        ),
    }
    numbers(ordered(columns, order), formats, height_of(len(order)))
    if attention_map.kind == "decoder":
        even_note()
    if hide is not None:
        hidden = float(shares[list(hide)].sum())
        st.caption(
            tr("Hidden special tokens receive {share:.1%} of the attention.", share=hidden)
            if attention_map.quantity == "attention"
            else tr("Hidden special tokens bring {share:.1%} of the length.", share=hidden)
        )


def head_weights(attention_map: AttentionMap, state: ViewState) -> None:
    """The numbers behind the heat map: one row a query, one column a key."""
    table = pd.DataFrame(
        attention_map.weights[state.layer, state.head],
        index=attention_map.queries.labels,
        columns=attention_map.keys.labels,
    )
    table.index.name = tr("Query ↓ · Key →")
    st.dataframe(table.style.format("{:.4f}") if table.size <= 10_000 else table, height=320)


def heads_of_layer(attention_map: AttentionMap, state: ViewState) -> None:
    """One row a head of the layer: how spread it is, and the token it looks at most; of lengths no entropy.

    Most is what is farthest above its even share: in a decoder that is not the first token for every head.
    """
    layer = as_shares(
        replace(attention_map, weights=attention_map.weights[state.layer : state.layer + 1])
    ).weights
    keys = received(layer)[0]
    most = (keys - even_share(even_map(attention_map))).argmax(axis=-1)
    columns: dict[str, Any] = {tr("Head"): range(1, attention_map.heads + 1)}
    if attention_map.quantity == "attention":
        columns[tr("Entropy (nats)")] = entropy(layer)[0].mean(axis=-1)
    columns[tr("Most attended token")] = [attention_map.keys.labels[int(position)] for position in most]
    columns[tr("Its share")] = keys[np.arange(len(keys)), most]
    numbers(columns, {tr("Entropy (nats)"): "%.2f", tr("Its share"): "percent"})


def strongest_by_layer(values: Array, labels: Sequence[str]) -> None:
    """One row a layer, [layer, key]: the three tokens with the largest shares."""
    rows = []
    for layer, shares in enumerate(values, 1):
        top = [f"{labels[row.position]}  {row.share:.1%}" for row in ranked(shares, top=3) if row.share > 0]
        rows.append([layer, *top, *[""] * (3 - len(top))])
    titles = [tr("Layer"), tr("Most"), tr("Second most"), tr("Third most")]
    numbers(by_rows(titles, rows), {tr("Layer"): st.column_config.NumberColumn(width="small")})
