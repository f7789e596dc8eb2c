"""What the length of a text costs: counted for the loaded model, and measured on the machine that runs this app."""

import time

import numpy as np
import pandas as pd
import streamlit as st
from matplotlib.figure import Figure

from viz.lessons.limits.length_cost import Sizes, Timed, exponent, long_end, measure, sizes_of
from viz.models import LoadedModel
from viz.models.families.positions import positions_of
from viz.pictures.export import csv_table
from viz.pictures.figures import DARK, FigureText, Theme
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.doubling_lines import powers
from viz.pictures.figures.charts.lines_and_points import Line
from viz.ui.exhibits.exhibit import picture
from viz.ui.exhibits.layout import picture_and_numbers
from viz.ui.lessons.lesson_frame import Panel
from viz.ui.progress.work import untouched, worked
from viz.ui.session import language, tr, view
from viz.ui.wording.plain_text import code_span
from viz.ui.wording.written_numbers import byte_count, megabytes

_LENGTHS = (128, 512, 2048, 8192)
_AGAIN, _BEGIN = "atlas_timed_again", "atlas_timed_begin"
_TIMED_BYTES = 64  # of one length's times


def counted(model: LoadedModel, tokens: int) -> Sizes:
    """The memory and the multiplications of several lengths, the text's own first."""
    sizes = sizes_of(model)
    st.markdown(
        tr(
            "Every token looks at every token: n tokens make n · n weights in each head. {model} has {layers} layers "
            "of {heads} heads, so your {n} tokens make {layers} · {heads} · {n} · {n} · 4 bytes = **{size:,} bytes** "
            "of weights. Twice as long is four times as much.",
            model=code_span(model.card.title),
            layers=sizes.layers,
            heads=sizes.heads,
            n=tokens,
            size=sizes.attention_bytes(tokens),
        )
    )
    lengths = sorted({tokens, 2 * tokens, *_LENGTHS})
    shares = [sizes.attention_work(n) / (sizes.attention_work(n) + sizes.other_work(n)) for n in lengths]
    head = [
        tr("Tokens"),
        tr("Memory of the weights"),
        tr("Scores and weighted sums"),
        tr("All weight matrices"),
        tr("Share of scores and sums"),
    ]
    rows = [
        [n, byte_count(sizes.attention_bytes(n)), sizes.attention_work(n), sizes.other_work(n), share]
        for n, share in zip(lengths, shares, strict=True)
    ]
    st.dataframe(
        pd.DataFrame(rows, columns=head),
        hide_index=True,
        column_config={
            head[0]: st.column_config.NumberColumn(format="localized"),
            head[2]: st.column_config.NumberColumn(format="compact"),
            head[3]: st.column_config.NumberColumn(format="compact"),
            head[4]: st.column_config.NumberColumn(format="percent"),
        },
    )
    st.caption(
        tr(
            "Multiplications. Scores and weighted sums: 2 · n² · d a layer. Each token with every weight matrix, those "
            "of attention and of the feed-forward layers, grows only with n. The two are equal at {crossover:,} "
            "tokens.",
            crossover=sizes.crossover,
        )
    )
    return sizes


def measured(model: LoadedModel) -> Panel | None:
    """The button that measures, its progress, and the times; None where nothing was measured yet."""
    st.markdown(
        tr(
            "Counting is one thing, a computer another. Measure it: attention alone (scores, softmax, weighted values "
            "of all layers) and the whole model, at lengths that double."
        )
    )
    # Who measures again wants new times, and not those that are kept.
    key = ("lesson-cost", model.card.id, model.revision, st.session_state.get(_AGAIN, 0.0))
    pressed = st.session_state.pop(_BEGIN, False)
    if untouched(key) and not pressed:
        pressed = st.button(
            tr("Measure on this machine (a few seconds)"),
            key=f"w_limits_measure_{language()}",
            type="primary",
            icon=":material/timer:",
        )
    found = worked(
        key,
        lambda report, cancelled: measure(model, report, cancelled),
        size=lambda timed: _TIMED_BYTES * len(timed),
        doing=tr("Timing attention at several lengths"),
        start=pressed,
    )
    if found is None:
        return None
    panel = _times(model, found)
    if not view().present:
        st.button(
            tr("Measure again"),
            key=f"w_limits_again_{language()}",
            icon=":material/refresh:",
            on_click=_again,
        )
    return panel


def _again() -> None:
    st.session_state[_AGAIN] = time.monotonic()
    st.session_state[_BEGIN] = True


def _times(model: LoadedModel, found: tuple[Timed, ...]) -> Panel:
    tokens = [each.tokens for each in found]
    attention, whole = (
        np.array(values, dtype=np.float32) * 1000
        for values in ([each.attention for each in found], [each.whole for each in found])
    )
    says = PlotText(tr("Time by length, measured"), tr("Tokens"), tr("Milliseconds"))
    drawn = (Line(tr("Attention of all layers"), attention), Line(tr("The whole model"), whole))

    def draw(words: FigureText, theme: Theme) -> Figure:
        return powers(tokens, drawn, says, words=words, theme=theme, dark=theme == DARK)

    head = [tr("Tokens"), tr("Attention (ms)"), tr("Whole model (ms)"), tr("Attention's share")]
    rows = [
        [n, float(one), float(all_of_it), float(one / all_of_it)]
        for n, one, all_of_it in zip(tokens, attention, whole, strict=True)
    ]
    left, right = picture_and_numbers()
    with left:
        picture(
            ("cost", model.card.id, tuple(found), language()),
            "cost",
            says.title,
            draw,
            caption=f"{model.card.title} · {says.title}",
            table=lambda: csv_table(head, rows),
        )
    with right:
        st.dataframe(
            pd.DataFrame(rows, columns=head),
            hide_index=True,
            column_config={
                head[1]: st.column_config.NumberColumn(format="%.3f"),
                head[2]: st.column_config.NumberColumn(format="%.2f"),
                head[3]: st.column_config.NumberColumn(format="percent"),
            },
        )
    if len(found) > 1:
        st.markdown(_fitted(found))
    return Panel(title="", says=tr("Measured on one computer; the steeper line wins in the end."), draw=draw)


def _fitted(found: tuple[Timed, ...]) -> str:
    """The powers that fit the longest of the lengths."""
    end = long_end(found)
    tokens = [each.tokens for each in end]
    return tr(
        "From {low} to {high} tokens the time of attention grows as n to the power **{attention:.2f}**, that of the "
        "whole model as n to the power **{whole:.2f}**. With short texts the calls themselves take the time, so "
        "the fit leaves them out; on longer ones the power comes near 2. Other work on the computer makes it vary.",
        low=tokens[0],
        high=tokens[-1],
        attention=exponent(tokens, [each.attention for each in end]),
        whole=exponent(tokens, [each.whole for each in end]),
    )


def why_512(model: LoadedModel, sizes: Sizes) -> None:
    """Why most models of the BERT kind stop at 512 tokens, with this model's own numbers."""
    positions = positions_of(model)
    table = (
        tr(
            "The table of positions ends: {model} has {kept:,} rows, and a token beyond has none.",
            model=code_span(model.card.title),
            kept=positions.rows,
        )
        if positions.table is not None
        else tr(
            "A table of positions ends, and a token beyond has no row. {model} has no such table; it reads at most "
            "{limit:,} tokens here.",
            model=code_span(model.card.title),
            limit=model.card.max_tokens,
        )
    )
    cost = tr(
        "The square: at 512 tokens the weights of {model} take {short}, at 4,096 they would take {long}, 64 times as "
        "much, and during training all of it is kept.",
        model=code_span(model.card.title),
        short=megabytes(sizes.attention_bytes(512)),
        long=megabytes(sizes.attention_bytes(4096)),
    )
    training = tr(
        "Training: BERT itself was trained on 128 tokens for 90% of its steps and on 512 for the rest only, because "
        "long texts cost so much (Devlin et al. 2018, appendix A.2). Rows it never saw would have learned nothing."
    )
    st.markdown(f"1. {table}\n2. {cost}\n3. {training}")
