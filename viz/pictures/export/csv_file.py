"""Numbers as CSV: exact, readable by a spreadsheet, and with no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from viz.attention import AttentionMap
from viz.pictures.figures.base.figure_checks import check_head

# What a spreadsheet takes for the start of a formula, also after blanks (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | np.generic


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as UTF-8 CSV with the mark by which Excel knows it; numbers are written so that they read back exactly.

    Text that begins as a formula would is put behind an apostrophe: `=1+1` becomes `'=1+1`.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_cell(column) for column in columns])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig", errors="replace")


_CORNER = {
    "attention": "query \\ key",
    "norm": "query \\ key (attention x value norm)",
    "share": "query \\ key (share of attention x value norm)",
}


def head_csv(attention: AttentionMap, layer: int, head: int, corner: str | None = None) -> bytes:
    """weights[layer, head], [query, key], with the tokens' labels: a row a query, a column a key.

    The cell above both says so, and of what quantity the numbers are, unless `corner` says something else.

    Raises `MetricError` for a layer or head that `attention` does not have; both count from 0.
    """
    check_head(attention, layer, head)
    rows = zip(attention.queries.labels, attention.weights[layer, head], strict=True)
    return csv_table(
        [corner or _CORNER[attention.quantity], *attention.keys.labels],
        ([label, *weights] for label, weights in rows),
    )


def _cell(value: Cell) -> str:
    if not isinstance(value, str):
        return str(value)
    # NUL ends a cell in some readers.
    value = value.replace("\0", "\ufffd")
    return "'" + value if value.lstrip(" ").startswith(_FORMULA) else value
