"""What one map gives more than another: a picture on a symmetric scale, sentences, and the largest of it as a table."""

from collections.abc import Callable, Hashable, Sequence

import streamlit as st

from viz.attention import Quantity
from viz.metrics.alignment import Difference, largest_cells
from viz.pictures.figures.heat_maps.matrix import MatrixText, round_limit
from viz.ui.exhibits.exhibit import figure_words, heat_map
from viz.ui.exhibits.layout import picture_and_numbers
from viz.ui.exhibits.tables import by_rows, numbers
from viz.ui.session import tr
from viz.ui.widgets import view_switches
from viz.ui.wording.names import difference_name
from viz.ui.wording.sentences import Cells

_ROWS = 12
_NAME, _NUMBER = 104, 84  # pixels


def show_difference(
    key: Hashable,
    name: str,
    compared: Difference,
    labels: tuple[Sequence[str], Sequence[str]],
    title: str,
    quantity: Quantity,
    *,
    alt: str,
    caption: str,
    limit: float | None,
    say: Callable[[Cells], list[str]],
    note: str = "",
) -> None:
    """Two maps, the first minus the second, [query, key], with the labels of queries and of keys.

    Colours reach from `-limit` to `limit`, to the largest difference where it is None. `say` words what the largest
    ones tell, as (query, key); a `note` stands below the picture. For key, name, alt and caption see `Exhibit`.
    """
    words = figure_words()
    left, right = picture_and_numbers()
    with left:
        view_switches.stretch("w_stretch")
        heat_map(
            key,
            name,
            compared.values,
            *labels,
            MatrixText(title, words.query, words.key, difference_name(quantity)),
            alt=alt,
            caption=caption,
            limit=limit or round_limit(compared.values),
        ).show()
        if note:
            st.caption(note)
    with right:
        cells = largest_cells(compared.values, _ROWS)
        for sentence in say(cells):
            st.markdown(sentence)
        _table(compared, cells, *labels)


def _table(compared: Difference, cells: Cells, queries: Sequence[str], keys: Sequence[str]) -> None:
    signed, plain = (st.column_config.NumberColumn(format=form, width=_NUMBER) for form in ("%+.3f", "%.3f"))
    # The difference stands before what it comes from: a phone shows the first columns only.
    formats = {
        tr("Query"): st.column_config.Column(width=_NAME),
        tr("Key"): st.column_config.Column(width=_NAME),
        tr("Difference"): signed,
        tr("First"): plain,
        tr("Second"): plain,
    }
    values = [(float(compared.left[cell]), float(compared.right[cell])) for cell in cells]
    rows = [
        (queries[query], keys[key], one - other, one, other)
        for (query, key), (one, other) in zip(cells, values, strict=True)
    ]
    numbers(by_rows(list(formats), rows), formats, "content")
