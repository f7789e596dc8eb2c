"""Why scores are divided by the square root of d_k: random vectors of many dimensions, with and without it."""

import math

import numpy as np
import streamlit as st

from viz.attention.checks import Array
from viz.lessons.by_hand.saturation import DOUBLINGS, growth, nats, one_draw, slope
from viz.lessons.by_hand.small_example import MOST_D_K, MOST_KEYS, ByHand
from viz.pictures.figures import Draw
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.line_charts import Line, doubling_lines
from viz.pictures.figures.heat_maps.matrix import MatrixText, matrix
from viz.ui.exhibits.downloads import columns_csv
from viz.ui.exhibits.exhibit import Exhibit, numbered, show_pair
from viz.ui.exhibits.layout import two_pictures
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.by_hand.example_state import change
from viz.ui.lessons.lesson_frame import Panel, bound, button
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.session import tr, view

_MOST_DRAWS = 1000


def why_divide(setup: ByHand) -> Panel:
    """One random draw, then the means over many as the number of dimensions grows."""
    st.header(tr("Why divide by √d_k?"), anchor=False)
    say("Why divide")
    if not view().present:
        _controls(setup)
    _one(setup)
    return _many(setup)


def _controls(setup: ByHand) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.slider(tr("Dimensions d_k"), 1, MOST_D_K, width=260, **bound("d_k", setup.d_k, change))
        st.slider(tr("Number of keys"), 2, MOST_KEYS, width=160, **bound("keys", setup.keys, change))
        draw = (setup.draw + 1) % _MOST_DRAWS
        button(tr("Draw other vectors"), "casino", lambda: change(draw=draw), "draw")


def _one(setup: ByHand) -> None:
    draw = one_draw(setup.d_k, setup.keys, setup.draw)
    columns = {
        tr("Key"): range(1, setup.keys + 1),
        tr("Score"): draw.scores.tolist(),
        tr("Weight, not divided"): draw.plain.tolist(),
        tr("Weight, divided"): draw.divided.tolist(),
    }
    title = tr("Weights of one random query, d_k = {d_k}", d_k=setup.d_k)
    says = MatrixText(title, tr("Scores"), tr("Key"), tr("Weight"))
    rows, keys = [tr("Not divided"), tr("Divided")], numbered(setup.keys)
    exhibit = Exhibit(
        (setup.d_k, setup.keys, setup.draw),
        "softmax-draw",
        tr("The weights of one random query, without and with the division."),
        lambda style: matrix(np.stack([draw.plain, draw.divided]), rows, keys, says, style),
        columns_csv(columns),
    )
    left, right = two_pictures()
    with left:
        exhibit.show()
    with right:
        formats = dict.fromkeys(list(columns)[1:], "%.3f")
        numbers(columns, formats, min(38 + 35 * setup.keys, 320))
        st.caption(
            prose(
                "One draw",
                d_k=setup.d_k,
                plain=float(nats(draw.plain)),
                divided=float(nats(draw.divided)),
                most=math.log(setup.keys),
                steep=float(slope(draw.plain)),
                gentle=float(slope(draw.divided)),
            )
        )


def _many(setup: ByHand) -> Panel:
    means = growth(setup.keys)
    columns = {
        "d_k": means.d_k,
        "√d_k": [math.sqrt(d_k) for d_k in means.d_k],
        tr("Standard deviation"): means.spread.tolist(),
        tr("Entropy, not divided"): means.entropy_plain.tolist(),
        tr("Entropy, divided"): means.entropy_divided.tolist(),
        tr("Slope, not divided"): means.slope_plain.tolist(),
        tr("Slope, divided"): means.slope_divided.tolist(),
    }
    say("Many draws", keys=setup.keys)
    table, across = columns_csv(columns), tr("Dimensions d_k")
    spread = tr("Entropy of the weights over d_k: it falls without the division, and stays with it.")
    steep = tr("Largest slope of the softmax over d_k: it falls without the division, and stays with it.")
    entropy_text = PlotText(tr("How spread the weights are"), across, tr("Entropy (nats)"))
    slope_text = PlotText(tr("How much a weight still changes"), across, tr("Largest p(1 − p)"))
    draw_entropy = _draw(means.entropy_plain, means.entropy_divided, entropy_text, math.log(setup.keys))
    draw_slope = _draw(means.slope_plain, means.slope_divided, slope_text, 0.25)
    show_pair(
        Exhibit(setup.keys, "softmax-entropy", spread, draw_entropy, table),
        Exhibit(setup.keys, "softmax-slope", steep, draw_slope, table),
    )
    numbers(columns, dict.fromkeys(list(columns)[1:], "%.3f"))
    return Panel(spread, draw_entropy)


def _draw(plain: Array, divided: Array, says: PlotText, most: float) -> Draw:
    """What draws a mean over d_k, without and with the division."""
    lines = [Line(tr("Not divided"), plain), Line(tr("Divided by √d_k"), divided)]
    return lambda style: doubling_lines(DOUBLINGS, lines, says, most, style)
