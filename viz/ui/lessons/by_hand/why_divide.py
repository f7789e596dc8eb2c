"""Why scores are divided by the square root of d_k: random vectors of many dimensions, with and without it."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st
from matplotlib.figure import Figure

from viz.lessons.by_hand.saturation import DOUBLINGS, Growth, OneDraw, growth, nats, one_draw, slope
from viz.lessons.by_hand.small_example import MOST_D_K, MOST_KEYS, ByHand
from viz.pictures.export import csv_table
from viz.pictures.figures import FigureText, Theme
from viz.pictures.figures.base.palette import DARK
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.doubling_lines import doublings
from viz.pictures.figures.charts.lines_and_points import Line
from viz.pictures.figures.heat_maps.matrix import MatrixText, matrix
from viz.ui.exhibits.exhibit import picture
from viz.ui.exhibits.layout import two_pictures
from viz.ui.lessons.by_hand.example_state import change
from viz.ui.session import keep, tr, view

Drawing = Callable[[FigureText, Theme], Figure]

_MOST_DRAWS = 1000


def why_divide(now: ByHand) -> None:
    """One random draw, then the means over many as the number of dimensions grows."""
    st.header(tr("Why divide by √d_k?"), anchor=False)
    st.markdown(
        tr(
            "Take a query and a key whose numbers are random, with mean 0 and variance 1. Their product is a sum of "
            "d_k terms, so its variance is d_k, and its standard deviation √d_k. The more dimensions, the further "
            "apart the scores lie. Softmax then puts nearly all weight on one key, and a change of a score hardly "
            "changes a weight: there is little left to learn from. Divided by √d_k, the scores stay as far apart as "
            "with one dimension (Vaswani et al. 2017, section 3.2.1)."
        )
    )
    if not view().present:
        _controls(now)
    _one(now)
    _many(now)


def _controls(now: ByHand) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.slider(
            tr("Dimensions d_k"),
            1,
            MOST_D_K,
            key=keep("w_hand_d_k", now.d_k),
            on_change=lambda: change(d_k=st.session_state["w_hand_d_k"]),
            width=260,
        )
        st.slider(
            tr("Number of keys"),
            2,
            MOST_KEYS,
            key=keep("w_hand_keys", now.keys),
            on_change=lambda: change(keys=st.session_state["w_hand_keys"]),
            width=160,
        )
        st.button(
            tr("Draw other vectors"),
            icon=":material/casino:",
            on_click=lambda: change(draw=(now.draw + 1) % _MOST_DRAWS),
            key="w_hand_draw",
        )


def _one(now: ByHand) -> None:
    drawn = one_draw(now.d_k, now.keys, now.draw)
    columns = [tr("Key"), tr("Score"), tr("Weight, not divided"), tr("Weight, divided")]
    left, right = two_pictures()
    with left:
        picture(
            ("by_hand_draw", now.d_k, now.keys, now.draw),
            "softmax-draw",
            tr("The weights of one random query, without and with the division."),
            draw_weights(now, drawn),
            table=lambda: csv_table(columns, zip(*_cells(drawn), strict=True)),
        )
    with right:
        st.dataframe(
            pd.DataFrame(dict(zip(columns, _cells(drawn), strict=True))),
            hide_index=True,
            height=min(38 + 35 * now.keys, 320),
            column_config=dict.fromkeys(columns[1:], st.column_config.NumberColumn(format="%.3f")),
        )
        st.caption(
            tr(
                "d_k = {d_k}. Entropy: {plain:.2f} nats without the division, {divided:.2f} with it, of {most:.2f} at "
                "most. Largest slope p(1 − p): {steep:.3f} without, {gentle:.3f} with it.",
                d_k=now.d_k,
                plain=float(nats(drawn.plain)),
                divided=float(nats(drawn.divided)),
                most=math.log(now.keys),
                steep=float(slope(drawn.plain)),
                gentle=float(slope(drawn.divided)),
            )
        )


def _cells(drawn: OneDraw) -> list[list[int] | list[float]]:
    return [
        list(range(1, len(drawn.scores) + 1)),
        drawn.scores.tolist(),
        drawn.plain.tolist(),
        drawn.divided.tolist(),
    ]


def _many(now: ByHand) -> None:
    found, columns = growth(now.keys), _growth_columns()
    st.markdown(
        tr(
            "The means of 400 draws, for {keys} keys: without the division the entropy falls as d_k grows, "
            "with it it stays.",
            keys=now.keys,
        )
    )
    left, right = two_pictures()
    with left:
        picture(
            ("by_hand_entropy", now.keys),
            "softmax-entropy",
            entropy_says(),
            draw_entropy(now.keys),
            table=lambda: csv_table(columns, _growth_rows(found)),
        )
    with right:
        picture(
            ("by_hand_slope", now.keys),
            "softmax-slope",
            tr("Largest slope of the softmax over d_k: it falls without the division, and stays with it."),
            draw_slope(now.keys),
            table=lambda: csv_table(columns, _growth_rows(found)),
        )
    st.dataframe(
        pd.DataFrame(_growth_rows(found), columns=columns),
        hide_index=True,
        column_config=dict.fromkeys(columns[1:], st.column_config.NumberColumn(format="%.3f")),
    )


def _growth_columns() -> list[str]:
    return [
        "d_k",
        "√d_k",
        tr("Standard deviation"),
        tr("Entropy, not divided"),
        tr("Entropy, divided"),
        tr("Slope, not divided"),
        tr("Slope, divided"),
    ]


def _growth_rows(found: Growth) -> list[list[float]]:
    numbers = (
        found.spread,
        found.entropy_plain,
        found.entropy_divided,
        found.slope_plain,
        found.slope_divided,
    )
    return [
        [d_k, math.sqrt(d_k), *row]
        for d_k, row in zip(found.d_k, np.stack(numbers, axis=1).tolist(), strict=True)
    ]


def draw_weights(now: ByHand, drawn: OneDraw) -> Drawing:
    """What draws the weights of one draw as two rows, not divided and divided."""
    title = tr("Weights of one random query, d_k = {d_k}", d_k=now.d_k)
    says = MatrixText(title, tr("Scores"), tr("Key"), tr("Weight"))
    rows = [tr("Not divided"), tr("Divided")]
    return lambda words, theme: matrix(
        np.stack([drawn.plain, drawn.divided]),
        rows,
        [str(key + 1) for key in range(now.keys)],
        says,
        words=words,
        theme=theme,
        palette=palette_of(theme),
    )


def draw_entropy(keys: int) -> Drawing:
    """What draws the mean entropy of the weights over d_k, not divided and divided."""
    found = growth(keys)
    drawn = [Line(tr("Not divided"), found.entropy_plain), Line(tr("Divided by √d_k"), found.entropy_divided)]
    says = PlotText(tr("How spread the weights are"), tr("Dimensions d_k"), tr("Entropy (nats)"))
    return lambda words, theme: doublings(
        DOUBLINGS, drawn, says, math.log(keys), words=words, theme=theme, dark=theme == DARK
    )


def entropy_says() -> str:
    """What is seen where the entropy is drawn."""
    return tr("Entropy of the weights over d_k: it falls without the division, and stays with it.")


def draw_slope(keys: int) -> Drawing:
    """What draws the mean of the largest slope of the softmax over d_k, not divided and divided."""
    found = growth(keys)
    drawn = [Line(tr("Not divided"), found.slope_plain), Line(tr("Divided by √d_k"), found.slope_divided)]
    says = PlotText(tr("How much a weight still changes"), tr("Dimensions d_k"), tr("Largest p(1 − p)"))
    return lambda words, theme: doublings(
        DOUBLINGS, drawn, says, 0.25, words=words, theme=theme, dark=theme == DARK
    )


def palette_of(theme: Theme) -> str:
    """The palette in which nothing looks like the page itself."""
    return "mako" if theme == DARK else "mako_r"
