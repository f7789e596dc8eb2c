"""The difference, drawn."""

import numpy as np
import streamlit as st

from viz.metrics.alignment import Alignment, difference
from viz.pictures.figures.heat_maps.matrix import MatrixText
from viz.ui.exhibits.differences import show_difference
from viz.ui.exhibits.exhibit import Exhibit, figure_words, heat_map, show_pair
from viz.ui.pages.texts.comparison import Compared, Side
from viz.ui.session import tr
from viz.ui.wording.difference_sentences import difference_of_texts, of_alignment
from viz.ui.wording.names import map_alt
from viz.view.state import ViewState


def show(comparison: Compared, state: ViewState) -> None:
    """The trust, the difference map with its numbers, and below both heads as they are."""
    st.caption(of_alignment(comparison.alignment))
    if not comparison.alignment.trusted:
        st.warning(_doubt(comparison.alignment, state), icon=":material/question_mark:")
    left, right = comparison.left, comparison.right
    values = difference(left.map, right.map, left.head, right.head, comparison.alignment.places)
    title = f"{left.name} − {right.name}"
    show_difference(
        comparison.key,
        f"difference-{state.compare}{_norm(left)}",
        values,
        (comparison.labels, comparison.labels),
        title,
        left.map.quantity,
        alt=tr(
            "Difference map: red where the first gives more, blue where the second does, hatched where only one has "
            "something."
        ),
        caption=title,
        limit=None if state.stretch else comparison.top,
        note=tr("Hatched: (1) stands in the first text alone, (2) in the second alone.")
        if np.isnan(values.values).any()
        else "",
        say=lambda cells: [difference_of_texts(values, comparison.labels, cells, left.map)],
    )
    st.header(tr("Both maps"), anchor=False)
    show_pair(*(_side(comparison, side, number) for number, side in enumerate((left, right), 1)))


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


def _norm(side: Side) -> str:
    return "" if side.map.quantity == "attention" else "-norm"


def _side(comparison: Compared, side: Side, number: int) -> Exhibit:
    words = figure_words()
    scale = tr("Attention × value norm, to the largest of both texts") if _norm(side) else words.weight
    return heat_map(
        (comparison.key, number),
        f"side-{number}{_norm(side)}",
        side.map.weights[side.head],
        side.map.queries.labels,
        side.map.keys.labels,
        MatrixText(side.name, words.query, words.key, scale),
        alt=map_alt(side.name, side.map.quantity),
        caption=side.name,
        highest=comparison.top,
    )
