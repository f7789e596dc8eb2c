"""What the pictures of lessons share: who draws them, and the table beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from viz.pictures.export import csv_table


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers by the title of their column, on the page and as CSV; `formats` are those of Streamlit's columns."""

    columns: Mapping[str, Any]
    formats: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_rows(
        cls, titles: Sequence[str], rows: Sequence[Sequence[Any]], formats: Mapping[str, str] | None = None
    ) -> "Table":
        """The table of `rows`, each as long as `titles`."""
        return cls({title: [row[place] for row in rows] for place, title in enumerate(titles)}, formats or {})

    def csv(self) -> bytes:
        """The table as a file; it may be called on any thread."""
        return csv_table(list(self.columns), zip(*self.columns.values(), strict=True))

    def show(self, columns: Mapping[str, Any] | None = None, **options: Any) -> None:
        """Draw it; `columns` are settings of single columns, `options` those of `st.dataframe`."""
        numbers = {title: st.column_config.NumberColumn(format=form) for title, form in self.formats.items()}
        st.dataframe(
            pd.DataFrame(self.columns),
            hide_index=True,
            column_config={**numbers, **(columns or {})},
            **options,
        )
