"""Lesson 7: how a model knows positions, what masks hide, and what long texts cost, on the class's own sentence."""

import streamlit as st

from viz.attention import AttentionResult
from viz.lessons.limits.attention_masks import Padded
from viz.lessons.limits.length_cost import Sizes
from viz.lessons.limits.limits_setup import Limits
from viz.lessons.limits.sparse_patterns import cells
from viz.models import LoadedModel
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.lesson_frame import Question, question
from viz.ui.lessons.lesson_prose import points
from viz.ui.lessons.limits import cost_pictures, mask_pictures, position_pictures, sparse_attention
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


def _notes(sizes: Sizes, count: int, setup: Limits) -> list[str]:
    """What the handout says to remember, with the numbers of the sentence and the model."""
    return points(
        "To remember",
        now=byte_count(sizes.attention_bytes(count)),
        n=count,
        then=byte_count(sizes.attention_bytes(2 * count)),
        twice=2 * count,
        window=setup.window,
        everywhere=setup.everywhere,
        share=cells(_LONG, setup.window, setup.everywhere) / _LONG**2,
        long=_LONG,
    )


def _try() -> None:
    change = lesson_frame.change_settings
    lesson_frame.try_this(
        lambda: change(positions=512),
        lambda: change(padding=12),
        None,
        lambda: change(window=0, everywhere=1, random=0),
    )


def _padding(result: AttentionResult, setup: Limits, seen: Padded | None) -> Question:
    queries = result.maps[0].queries
    asks = trn(
        "{count} padding token is put behind your {n} tokens and masked. How much of its attention does "
        "the last token, {token}, give to the padding?",
        "{count} padding tokens are put behind your {n} tokens and masked. How much of its attention does "
        "the last token, {token}, give to the padding?",
        setup.padding,
        n=len(queries),
        token=code_span(queries.labels[-1]),
    )
    share = setup.padding / (len(queries) + setup.padding)
    most = seen.on_padding if seen is not None else 0.0
    return question("Question: padding", 2, asks=asks, share=share, most=most)


def _memory(model: LoadedModel, sizes: Sizes, count: int) -> Question:
    size = sizes.attention_bytes(count)
    return question(
        "Question: memory",
        1,
        [byte_count(size * factor) for factor in (2, 4, 8)],
        model=code_span(model.card.title),
        n=count,
        size=byte_count(size),
        twice=2 * count,
        layers=sizes.layers,
        heads=sizes.heads,
        bytes=sizes.attention_bytes(2 * count),
    )


def _share(setup: Limits) -> Question:
    some = cells(_LONG, setup.window, setup.everywhere, setup.random)
    share = some / _LONG**2
    return question(
        "Question: the share",
        0,
        window=setup.window,
        everywhere=setup.everywhere,
        random=setup.random,
        n=_LONG,
        share=share,
        larger=4 * share,
        largest=16 * share,
        some=some,
        all=_LONG**2,
        row=some / _LONG,
    )
