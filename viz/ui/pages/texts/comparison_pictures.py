"""The difference, drawn."""

import numpy as np
import streamlit as st

from viz.metrics.alignment import Alignment, Difference, difference, largest_cells
from viz.pictures.figures.heat_maps.matrix import MatrixText, round_limit
from viz.ui.exhibits.exhibit import figure_words, heat_map
from viz.ui.exhibits.layout import picture_and_numbers, two_pictures
from viz.ui.exhibits.tables import difference_table
from viz.ui.pages.texts.comparison import Compared
from viz.ui.session import tr
from viz.ui.widgets import view_switches
from viz.ui.wording.difference_sentences import difference_of_texts, of_alignment
from viz.ui.wording.names import difference_name
from viz.view.state import ViewState

_ROWS = 12


def show(comparison: Compared, state: ViewState) -> None:
    """The trust, the difference map with its numbers, and below both heads as they are."""
    st.caption(of_alignment(comparison.alignment))
    if not comparison.alignment.trusted:
        st.warning(_doubt(comparison.alignment, state), icon=":material/question_mark:")
    values = difference(
        comparison.left,
        comparison.right,
        comparison.of_left,
        comparison.of_right,
        comparison.alignment.places,
    )
    left, right = picture_and_numbers()
    with left:
        _map(comparison, values, state)
    with right:
        _numbers(comparison, values)
    st.header(tr("Both maps"), anchor=False)
    for column, index in zip(two_pictures(), (0, 1), strict=True):
        with column:
            _side(comparison, index)


def _doubt(alignment: Alignment, state: ViewState) -> str:
    if state.compare == "models":
        return tr(
            "The two models cut this text so differently that only {share:.0%} of the places are one word in both. "
            "What is compared here are groups of words; do not trust it for single words.",
            share=alignment.trust,
        )
    return tr(
        "The two texts have little in common ({share:.0%} of their tokens): which token stands for which is a guess, "
        "and the differences below may mean nothing. Choose texts that differ in a word or two.",
        share=alignment.trust,
    )


def _map(comparison: Compared, values: Difference, state: ViewState) -> None:
    view_switches.stretch("w_stretch")
    title, words = f"{comparison.names[0]} − {comparison.names[1]}", figure_words()
    heat_map(
        comparison.key,
        f"difference-{state.compare}{_norm(comparison)}",
        values.values,
        comparison.labels,
        comparison.labels,
        MatrixText(title, words.query, words.key, difference_name(comparison.left.quantity)),
        alt=tr(
            "Difference map: red where the first gives more, blue where the second does, hatched where only one has "
            "something."
        ),
        caption=title,
        limit=round_limit(values.values) if state.stretch else comparison.top,
    ).show()
    if np.isnan(values.values).any():
        st.caption(tr("Hatched: (1) stands in the first text alone, (2) in the second alone."))


def _numbers(comparison: Compared, values: Difference) -> None:
    cells, labels = largest_cells(values.values, _ROWS), comparison.labels
    st.markdown(difference_of_texts(values, labels, cells, comparison.left))
    difference_table(cells, labels, labels, values.left, values.right)


def _norm(comparison: Compared) -> str:
    return "" if comparison.left.quantity == "attention" else "-norm"


def _side(comparison: Compared, index: int) -> None:
    side = (comparison.left, comparison.right)[index]
    layer, head = (comparison.of_left, comparison.of_right)[index]
    title, words = comparison.names[index], figure_words()
    scale = tr("Attention × value norm, to the largest of both texts") if _norm(comparison) else ""
    alt = (
        tr("Heat map of {title}: rows are queries, columns are keys, colour is the length.", title=title)
        if scale
        else tr("Heat map of {title}: rows are queries, columns are keys, colour is the weight.", title=title)
    )
    heat_map(
        (comparison.key, index),
        f"side-{index + 1}{_norm(comparison)}",
        side.weights[layer, head],
        side.queries.labels,
        side.keys.labels,
        MatrixText(title, words.query, words.key, scale or words.weight),
        alt=alt,
        caption=title,
        highest=comparison.top,
    ).show()
