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
from viz.ui.widgets import unit_switches
from viz.ui.wording.difference_sentences import difference_of_texts, of_alignment
from viz.ui.wording.names import difference_name
from viz.view.state import ViewState

_ROWS = 12


def show(found: Compared, now: ViewState) -> None:
    """The trust, the difference map with its numbers, and below both heads as they are."""
    st.caption(of_alignment(found.alignment))
    if not found.alignment.trusted:
        st.warning(_doubt(found.alignment, now), icon=":material/question_mark:")
    made = difference(found.left, found.right, found.of_left, found.of_right, found.alignment.places)
    left, right = picture_and_numbers()
    with left:
        _map(found, made, now)
    with right:
        _numbers(found, made)
    st.header(tr("Both maps"), anchor=False)
    for column, at in zip(two_pictures(), (0, 1), strict=True):
        with column:
            _side(found, at)


def _doubt(alignment: Alignment, now: ViewState) -> str:
    if now.compare == "models":
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


def _map(found: Compared, made: Difference, now: ViewState) -> None:
    unit_switches.stretch("w_stretch")
    title, words = f"{found.names[0]} − {found.names[1]}", figure_words()
    heat_map(
        found.key,
        f"difference-{now.compare}{_norm(found)}",
        made.values,
        found.labels,
        found.labels,
        MatrixText(title, words.query, words.key, difference_name(found.left.quantity)),
        alt=tr(
            "Difference map: red where the first gives more, blue where the second does, hatched where only one has "
            "something."
        ),
        caption=title,
        limit=round_limit(made.values) if now.stretch else found.top,
    ).show()
    if np.isnan(made.values).any():
        st.caption(tr("Hatched: (1) stands in the first text alone, (2) in the second alone."))


def _numbers(found: Compared, made: Difference) -> None:
    cells, labels = largest_cells(made.values, _ROWS), found.labels
    for sentence in difference_of_texts(made, labels, cells, found.left):
        st.markdown(sentence)
    difference_table(cells, labels, labels, made.left, made.right)


def _norm(found: Compared) -> str:
    return "" if found.left.quantity == "attention" else "-norm"


def _side(found: Compared, at: int) -> None:
    side = (found.left, found.right)[at]
    layer, head = (found.of_left, found.of_right)[at]
    title, words = found.names[at], figure_words()
    scale = tr("Attention × value norm, to the largest of both texts") if _norm(found) else ""
    alt = (
        tr("Heat map of {title}: rows are queries, columns are keys, colour is the length.", title=title)
        if scale
        else tr("Heat map of {title}: rows are queries, columns are keys, colour is the weight.", title=title)
    )
    heat_map(
        (found.key, at),
        f"side-{at + 1}{_norm(found)}",
        side.weights[layer, head],
        side.queries.labels,
        side.keys.labels,
        MatrixText(title, words.query, words.key, scale or words.weight),
        alt=alt,
        caption=title,
        highest=found.top,
    ).show()
