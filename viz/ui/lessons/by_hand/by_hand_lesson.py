"""Self-attention by hand: an example of a few tokens that one can change, with every sum written out."""

from functools import lru_cache

import numpy as np
import streamlit as st
from matplotlib.figure import Figure

from viz.attention import Weights
from viz.lessons.by_hand.decimals import exact
from viz.lessons.by_hand.small_example import ByHand, Steps, names_of, steps_of
from viz.lessons.by_hand.sums import Sums, SumWords, all_sums
from viz.pictures.export import csv_table
from viz.pictures.figures import Draw, Style
from viz.pictures.figures.heat_maps.matrix import (
    MatrixText,
    difference_map,
    matrix,
    round_limit,
    write_numbers,
)
from viz.ui.lessons.by_hand.by_hand_questions import ask, tries
from viz.ui.lessons.by_hand.example_state import current, example_names
from viz.ui.lessons.by_hand.matrix_board import board
from viz.ui.lessons.by_hand.number_editor import numbers
from viz.ui.lessons.by_hand.step_walk import treatment, walk
from viz.ui.lessons.by_hand.why_divide import why_divide
from viz.ui.lessons.lesson_frame import Panel, end
from viz.ui.lessons.lesson_prose import points, prose, say
from viz.ui.session import tr, view
from viz.ui.wording.plain_text import visible

_PARTS = ("q", "k", "v", "scores", "scaled", "masked", "weights", "output")


def show() -> None:
    """The whole lesson below its title."""
    setup = current()
    names = tuple(visible(name) for name in names_of(setup, example_names()))
    say("Beginning")
    if not view().present:
        st.header(tr("The example"), anchor=False)
        numbers(setup)
        st.header(tr("The steps"), anchor=False)
        treatment(setup)
    walk(setup)
    steps = exact(setup)
    sums = _sums(setup, SumWords().translated(tr))
    board(setup, names, steps, sums, large=view().present)
    st.caption(prose("Rounding"))
    all_steps = steps_of(setup)
    if not view().present:
        _download(names, all_steps)
    divided = why_divide(setup)
    tries(names)
    ask(setup, names, steps, sums, all_steps)
    _end(names, all_steps, divided)


@lru_cache(maxsize=64)
def _sums(setup: ByHand, words: SumWords) -> Sums:
    return all_sums(exact(setup), words)


def _download(names: tuple[str, ...], all_steps: Steps) -> None:
    columns = [tr("Step"), tr("Row"), tr("Column"), tr("Value")]
    table = csv_table(
        columns,
        (
            [
                part,
                names[row],
                names[column] if values.shape[1] == len(names) and part in _PARTS[3:7] else str(column + 1),
                value,
            ]
            for part in _PARTS
            for values in [getattr(all_steps, part)]
            for (row, column), value in np.ndenumerate(values)
        ),
    )
    st.download_button(
        tr("All steps as CSV"),
        table,
        file_name="by-hand.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="w_by_hand_csv",
    )


def _end(names: tuple[str, ...], all_steps: Steps, divided: Panel) -> None:
    token, key = tr("Token"), tr("Key")
    says = MatrixText(tr("Weights A"), tr("Query"), key, tr("Weight"))
    scores = _draw_signed(all_steps.scores, names, names, MatrixText(tr("Scores S"), token, key, tr("Score")))
    vectors = MatrixText(tr("New vectors O"), token, tr("Dimension"), tr("Value"))
    output = _draw_signed(all_steps.output, names, ("1", "2"), vectors)
    values = all_steps.weights

    def weights(style: Style) -> Figure:
        return write_numbers(matrix(values, names, names, says, style), values, style)

    end(
        Panel(tr("The scores of every query and every key."), scores),
        Panel(tr("The weights: a row for each query, a column for each key."), weights),
        Panel(tr("The new vector of each token."), output),
        divided,
        notes=points("To remember"),
        sentence=" / ".join(names),
        model="",
    )


def _draw_signed(values: Weights, names: tuple[str, ...], columns: tuple[str, ...], says: MatrixText) -> Draw:
    limit = round_limit(values)
    return lambda style: write_numbers(
        difference_map(values, names, columns, says, style, limit=limit), values, style
    )
