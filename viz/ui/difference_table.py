"""The cells in which two maps differ most, as a table."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from viz.attention.checks import Array
from viz.ui.session import tr

_NAME, _NUMBER = 104, 84  # pixels


def difference_table(
    cells: Sequence[tuple[int, int]],
    queries: Sequence[str],
    keys: Sequence[str],
    first: Array,
    second: Array,
) -> None:
    """A row for each (query, key) of `cells`: both weights, `first` and `second` [query, key], and how they differ."""
    names = {"difference": tr("Difference"), "first": tr("First"), "second": tr("Second")}
    st.dataframe(
        pd.DataFrame(
            {
                tr("Query"): [queries[query] for query, _key in cells],
                tr("Key"): [keys[key] for _query, key in cells],
                # Before what it comes from: a phone shows the first columns only.
                names["difference"]: [float(first[cell]) - float(second[cell]) for cell in cells],
                names["first"]: [float(first[cell]) for cell in cells],
                names["second"]: [float(second[cell]) for cell in cells],
            }
        ),
        hide_index=True,
        height="content",
        column_config={
            tr("Query"): st.column_config.Column(width=_NAME),
            tr("Key"): st.column_config.Column(width=_NAME),
        }
        | {
            name: st.column_config.NumberColumn(
                format="%+.3f" if field == "difference" else "%.3f", width=_NUMBER
            )
            for field, name in names.items()
        },
    )
