"""The last steps of the lesson: values weighted and summed, heads side by side, and what W_O makes of them."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st
from matplotlib.figure import Figure

from viz.attention.checks import Array
from viz.pictures.export import csv_table
from viz.pictures.figures import DARK, FigureText, Theme
from viz.pictures.figures.charts.signed_bars import Step, steps
from viz.ui.exhibits.exhibit import picture
from viz.ui.exhibits.layout import picture_and_numbers
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.inside.cells import MOST_ROWS, Block, Foot, Row, cells
from viz.ui.lessons.inside.inside_subject import Subject, pick_key
from viz.ui.lessons.inside.score_steps import number
from viz.ui.session import tr, view

_WIDE = 520  # pixels


def values(of: Subject) -> None:
    """Each token's value, the same times its weight, and their sum: what the head gives."""
    one = of.asked
    st.markdown(
        tr(
            "Each token also has a value v. The weight says how much of it is taken: the query {token} gets the sum of "
            "all values, each times its weight. That sum, in the last row, is the head's output.",
            token=of.asks,
        )
    )
    shown = of.strongest(MOST_ROWS)
    cells(
        [
            Row(
                at,
                of.keys[at],
                (one.values[at], one.weighted[at]),
                (f"{one.weights[at]:.1%}",),
                f"{one.weights[at]:.4f}",
            )
            for at in shown
        ],
        [Block("v"), Block(tr("weight × v"))],
        [tr("weight")],
        tr("Key"),
        tr(
            "Values of {head}, and the same times their weights. The arrow keys go from cell to cell.",
            head=of.title,
        ),
        tr("{token}, dimension {dim} of {dims}: weight {sum} × v {a} = {b}."),
        "inside_values",
        pick_key,
        of.key,
        Foot(tr("sum"), (None, one.out), (f"{float(one.weights.sum()):.0%}",)),
        large=view().present,
    )


def heads(of: Subject) -> None:
    """What each head adds to the layer's output, and that it all adds up."""
    parts, shares, lengths = measured(of)
    st.markdown(
        tr(
            "The outputs of all {heads} heads are put side by side: {heads} × {dim} = {wide} numbers. The matrix W_O "
            "turns them into {hidden}. Cut by heads, it is a sum: each head's output times its own {dim} rows of W_O. "
            "All parts{bias} are what the attention module gives, before it is added to its input.",
            heads=of.layer.heads,
            dim=one_width(of),
            wide=of.layer.joined.shape[1],
            hidden=of.layer.output.shape[1],
            bias=tr(", and the bias b_O,") if of.layer.bias is not None else "",
        )
    )
    left, right = picture_and_numbers()
    columns = {
        tr("Head"): list(range(1, of.layer.heads + 1)),
        tr("Length of its part"): [float(each) for each in lengths],
        tr("Share of the sum"): [float(each) for each in shares],
    }
    with left:
        picture(
            of.cache_key("heads"),
            f"{of.model.card.id}-heads-parts",
            tr("Bars for each head: how long the vector is that it adds, and its share of the sum."),
            draw_heads(of),
            _WIDE,
            caption=of.caption(tr("What each head adds")),
            table=lambda: csv_table(list(columns), zip(*columns.values(), strict=True)),
        )
    with right:
        st.dataframe(
            pd.DataFrame(columns),
            hide_index=True,
            height=360,
            column_config={tr("Share of the sum"): st.column_config.NumberColumn(format="percent")},
        )
    whole = float(np.linalg.norm(parts.sum(axis=0)))
    st.caption(
        tr(
            "Lengths do not add up, since heads point in different directions: {each} together, {whole} for the sum. "
            "The share is how far a head's part goes in the direction of the sum; below 0 it pulls the other way.",
            each=f"{float(lengths.sum()):.2f}",
            whole=f"{whole:.2f}",
        )
    )
    st.success(
        tr(
            "Equal to the model's: what W_O gives, computed here from the weights and values for every query of this "
            "layer, differs by at most {off} (its largest number is {largest}).",
            off=f"{of.layer.output_off:.1e}",
            largest=number(float(np.abs(of.layer.output).max())),
        ),
        icon=":material/check:",
    )


def one_width(of: Subject) -> int:
    """How many numbers one head gives."""
    return int(of.layer.values.shape[2])


def measured(of: Subject) -> tuple[Array, Array, Array]:
    """The heads' parts [head, hidden], their shares of the sum and their lengths, [head] each."""
    parts = of.parts()
    total = parts.sum(axis=0)
    square = float(total @ total)
    shares = parts @ total / square if square else np.zeros(len(parts), dtype=np.float32)
    return parts, shares, np.linalg.norm(parts, axis=1)


def draw_heads(of: Subject) -> Callable[[FigureText, Theme], Figure]:
    """The picture of what each head adds."""
    _parts, shares, lengths = measured(of)
    names = [tr("Head {head}", head=at + 1) for at in range(of.layer.heads)]
    panels = [
        Step(tr("Length of its part"), lengths.tolist(), [f"{each:.2f}" for each in lengths]),
        Step(tr("Share of the sum"), shares.tolist(), [f"{each:.1%}".replace("-", "−") for each in shares]),
    ]
    title = tr(
        "What each head of layer {layer} adds for {token}",
        layer=of.layer.layer + 1,
        token=of.queries[of.query],
    )

    chosen = of.head  # the drawing is kept for the handout, and shall not keep the whole subject

    def draw(words: FigureText, theme: Theme) -> Figure:
        return steps(panels, names, title, chosen=chosen, words=words, theme=theme, dark=theme is DARK)

    return draw


def panels(of: Subject) -> list[lesson_frame.Panel]:
    """The picture of the heads for the handout."""
    return [
        lesson_frame.Panel(
            "",
            draw_heads(of),
            tr("The length of what each head adds to the layer's output, and its share of the sum."),
        )
    ]
