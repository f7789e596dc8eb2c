"""Lesson 7: how a model knows positions, what masks hide, and what long texts cost, on the class's own sentence."""

import streamlit as st

from viz.attention import AttentionResult
from viz.lessons.limits.length_cost import Sizes
from viz.lessons.limits.limits_setup import Limits
from viz.lessons.limits.sparse_patterns import cells
from viz.models import LoadedModel
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.lesson_frame import Question, Step
from viz.ui.lessons.limits import cost_pictures, mask_pictures, position_pictures, sparse_attention
from viz.ui.lessons.limits.mask_pictures import Seen
from viz.ui.session import tr, trn
from viz.ui.wording.plain_text import code_span
from viz.ui.wording.written_numbers import byte_count

_LONG = 4096


def show(model: LoadedModel, result: AttentionResult) -> None:
    """The whole lesson for a model and what it gave for the text."""
    setup = lesson_frame.settings(Limits)
    count = len(result.maps[0].queries)
    st.header(tr("Where a token stands"), anchor=False)
    placed = position_pictures.show(model, setup)
    st.header(tr("Masks: padding"), anchor=False)
    padding, seen = mask_pictures.padding(model, result, setup)
    st.header(tr("Masks: no look at later words"), anchor=False)
    later = mask_pictures.later(model, result)
    st.header(tr("The cost grows with the square"), anchor=False)
    sizes = cost_pictures.counted(model, count)
    times = cost_pictures.measured(model)
    st.header(tr("Why so many models stop at 512 tokens"), anchor=False)
    cost_pictures.why_512(model, sizes)
    st.header(tr("What is done about it"), anchor=False)
    pattern = sparse_attention.sparse(model, result, setup)
    sparse_attention.distilled(model)
    _try()
    lesson_frame.questions(_padding(result, setup, seen), _memory(model, sizes, count), _share(setup))
    panels = (placed, padding or later, times or later, pattern)
    lesson_frame.end(*dict.fromkeys(panels), notes=_notes(sizes, count, setup))


def _notes(sizes: Sizes, count: int, setup: Limits) -> tuple[str, ...]:
    """What the handout says to remember, with the numbers of the sentence and the model."""
    return (
        tr("Attention knows no order by itself: positions have to be given to it."),
        tr("A masked key gets exactly 0, and everything else is as if it were not there."),
        tr(
            "Twice as long, four times the weights: {now} for {n} tokens become {then} for {twice}.",
            now=byte_count(sizes.attention_bytes(count)),
            n=count,
            then=byte_count(sizes.attention_bytes(2 * count)),
            twice=2 * count,
        ),
        tr(
            "A window of {window} on each side and {everywhere} global tokens: {share:.2%} of the cells for {n:,} "
            "tokens.",
            window=setup.window,
            everywhere=setup.everywhere,
            share=cells(_LONG, setup.window, setup.everywhere) / _LONG**2,
            n=_LONG,
        ),
    )


def _try() -> None:
    change = lesson_frame.change_settings
    lesson_frame.try_this(
        Step(
            tr("Show 512 positions. How alike are two positions that lie 1 apart, and 256 apart?"),
            lambda: change(positions=512),
        ),
        Step(
            tr("Put 12 padding tokens behind the text. Which weights change, and by how much?"),
            lambda: change(padding=12),
        ),
        Step(tr("Measure. From which length on does attention take four times as long at twice the tokens?")),
        Step(
            tr(
                "Take away the window and keep one global token. How much of its weight does the head still find?"
            ),
            lambda: change(window=0, everywhere=1, random=0),
        ),
    )


def _padding(result: AttentionResult, setup: Limits, seen: Seen | None) -> Question:
    queries = result.maps[0].queries
    share = setup.padding / (len(queries) + setup.padding)
    most = seen.on_padding if seen is not None else 0.0
    return Question(
        trn(
            "{count} padding token is put behind your {n} tokens and masked. How much of its attention does "
            "the last token, {token}, give to the padding?",
            "{count} padding tokens are put behind your {n} tokens and masked. How much of its attention does "
            "the last token, {token}, give to the padding?",
            setup.padding,
            n=len(queries),
            token=code_span(queries.labels[-1]),
        ),
        (
            tr("About {share:.0%}, its share of the tokens", share=share),
            tr("Very little, but not nothing"),
            tr("Exactly 0"),
        ),
        2,
        tr(
            "The mask adds minus infinity to these scores, and exp(−∞) is 0. The largest weight on padding that the "
            "model gave here is {most:g}, over all heads.",
            most=most,
        ),
    )


def _memory(model: LoadedModel, sizes: Sizes, count: int) -> Question:
    size = sizes.attention_bytes(count)
    options = tuple(byte_count(size * factor) for factor in (2, 4, 8))
    return Question(
        tr(
            "The attention weights of {model} take {size} for your {n} tokens. How much for {twice} tokens?",
            model=code_span(model.card.title),
            n=count,
            size=byte_count(size),
            twice=2 * count,
        ),
        options,
        1,
        tr(
            "Twice the queries and twice the keys: {layers} · {heads} · {twice} · {twice} · 4 bytes = {size:,} bytes, "
            "four times as much.",
            layers=sizes.layers,
            heads=sizes.heads,
            twice=2 * count,
            size=sizes.attention_bytes(2 * count),
        ),
    )


def _share(setup: Limits) -> Question:
    some = cells(_LONG, setup.window, setup.everywhere, setup.random)
    share = some / _LONG**2
    return Question(
        tr(
            "A window of {window} tokens on each side, {everywhere} global and {random} random ones a row: what "
            "share of the cells is computed for {n:,} tokens?",
            window=setup.window,
            everywhere=setup.everywhere,
            random=setup.random,
            n=_LONG,
        ),
        tuple(f"{value:.2%}" for value in (share, 4 * share, 16 * share)),
        0,
        tr(
            "{some:,} of {all:,} cells: about {row:.0f} in each row instead of {n:,}. At twice the length it is half "
            "that share.",
            some=some,
            all=_LONG**2,
            row=some / _LONG,
            n=_LONG,
        ),
    )
