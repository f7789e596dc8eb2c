"""What the length of a text costs: counted for the loaded model, and measured on the machine that runs this app."""

import time

import numpy as np
import streamlit as st

from viz.lessons.limits.length_cost import Sizes, Timed, exponent, long_end, measure, sizes_of
from viz.models import LoadedModel
from viz.models.families.positions import positions_of
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.line_charts import Line, log_log_lines
from viz.ui.exhibits.downloads import columns_csv
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.lesson_frame import Panel, button
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.progress.work import not_begun, run_work
from viz.ui.session import tr, view
from viz.ui.wording.plain_text import code_span
from viz.ui.wording.written_numbers import byte_count, megabytes

_LENGTHS = (128, 512, 2048, 8192)
_AGAIN, _BEGIN = "atlas_timed_again", "atlas_timed_begin"


def counted(model: LoadedModel, tokens: int) -> Sizes:
    """The memory and the multiplications of several lengths, the text's own first."""
    sizes = sizes_of(model)
    say(
        "The square",
        model=code_span(model.card.title),
        layers=sizes.layers,
        heads=sizes.heads,
        n=tokens,
        size=sizes.attention_bytes(tokens),
    )
    lengths = sorted({tokens, 2 * tokens, *_LENGTHS})
    shares = [sizes.attention_work(n) / (sizes.attention_work(n) + sizes.other_work(n)) for n in lengths]
    columns = {
        tr("Tokens"): lengths,
        tr("Memory of the weights"): [byte_count(sizes.attention_bytes(n)) for n in lengths],
        tr("Scores and weighted sums"): [sizes.attention_work(n) for n in lengths],
        tr("All weight matrices"): [sizes.other_work(n) for n in lengths],
        tr("Share of scores and sums"): shares,
    }
    numbers(columns, dict(zip(columns, ("localized", {}, "compact", "compact", "percent"), strict=True)))
    st.caption(prose("Multiplications", crossover=sizes.crossover))
    return sizes


def measured(model: LoadedModel) -> Panel | None:
    """The button that measures, its progress, and the times; None where nothing was measured yet."""
    say("Measure it")
    # Who measures again wants new times, and not those that are kept.
    key = ("lesson-cost", model.card.id, model.revision, st.session_state.get(_AGAIN, 0.0))
    pressed = st.session_state.pop(_BEGIN, False)
    if not_begun(key) and not pressed:
        pressed = button(
            tr("Measure on this machine (a few seconds)"), "timer", name="measure", type="primary"
        )
    timed = run_work(
        key,
        lambda report, cancelled: measure(model, report, cancelled),
        doing=tr("Timing attention at several lengths"),
        start=pressed,
    )
    if timed is None:
        return None
    panel = _times(model, timed)
    if not view().present:
        button(tr("Measure again"), "refresh", _again, "again")
    return panel


def _again() -> None:
    st.session_state[_AGAIN] = time.monotonic()
    st.session_state[_BEGIN] = True


def _times(model: LoadedModel, timed: tuple[Timed, ...]) -> Panel:
    tokens = [length.tokens for length in timed]
    attention, whole = np.array([(length.attention, length.whole) for length in timed], np.float32).T * 1000
    says = PlotText(tr("Time by length, measured"), tr("Tokens"), tr("Milliseconds"))
    lines = (Line(tr("Attention of all layers"), attention), Line(tr("The whole model"), whole))
    columns = {
        tr("Tokens"): tokens,
        tr("Attention (ms)"): attention.tolist(),
        tr("Whole model (ms)"): whole.tolist(),
        tr("Attention's share"): (attention / whole).tolist(),
    }
    exhibit = Exhibit(
        (model.card.id, timed),
        "cost",
        says.title,
        lambda style: log_log_lines(tokens, lines, says, style),
        columns_csv(columns),
        f"{model.card.title} · {says.title}",
    )
    with exhibit.with_numbers():
        numbers(columns, dict(zip(columns, ({}, "%.3f", "%.2f", "percent"), strict=True)))
    if len(timed) > 1:
        _fitted(timed)
    return Panel(tr("Measured on one computer; the steeper line wins in the end."), exhibit.draw)


def _fitted(timed: tuple[Timed, ...]) -> None:
    """The powers that fit the longest of the lengths."""
    end = long_end(timed)
    tokens = [length.tokens for length in end]
    say(
        "Measured",
        low=tokens[0],
        high=tokens[-1],
        attention=exponent(tokens, [length.attention for length in end]),
        whole=exponent(tokens, [length.whole for length in end]),
    )


def why_512(model: LoadedModel, sizes: Sizes) -> None:
    """Why most models of the BERT kind stop at 512 tokens, with this model's own numbers."""
    positions, title = positions_of(model), code_span(model.card.title)
    if positions.table is not None:
        table = prose("A table of positions", model=title, kept=positions.rows)
    else:
        table = prose("No table of positions", model=title, limit=model.card.max_tokens)
    short, long = (megabytes(sizes.attention_bytes(tokens)) for tokens in (512, 4096))
    say("Why 512", table=table, model=title, short=short, long=long)
