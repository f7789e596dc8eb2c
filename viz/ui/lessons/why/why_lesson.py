"""Lesson 1: from networks that read token by token to attention, on the class's own sentence."""

import streamlit as st

from viz.attention import AttentionResult
from viz.lessons.why.path_lengths import KERNEL, WINDOW, LayerName, Why, layer_costs, path_length
from viz.models import LoadedModel
from viz.models.families.parameters import parameter_groups, total, width
from viz.pictures.figures import short
from viz.pictures.figures.diagrams.word_diagrams import PathText, path_arcs
from viz.ui.exhibits.downloads import columns_csv
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.lesson_frame import Panel, bound, change_settings
from viz.ui.lessons.lesson_prose import points, prose, say
from viz.ui.lessons.why import parameter_counts, stacks_explained, why_questions
from viz.ui.session import change, tr, trn, view

_MOST_TEXT = 1_000  # characters up to which "Set it up" doubles a text


def show(model: LoadedModel, result: AttentionResult) -> None:
    """The whole lesson for a model and what it gave for the text."""
    setup = lesson_frame.settings(Why)
    groups = parameter_groups(model)
    st.header(tr("One token after the other, or all at once"), anchor=False)
    distance = _distance(model, result, setup)
    st.header(tr("Two stacks of layers"), anchor=False)
    stacks_explained.show(model, groups, setup)
    st.header(tr("What the parameters are for"), anchor=False)
    made_of = parameter_counts.made_of(model, groups)
    st.header(tr("How models grew"), anchor=False)
    grown = parameter_counts.grown(model, total(groups))
    _try()
    count = len(result.maps[0].queries)
    lesson_frame.questions(*why_questions.questions(model, count, groups))
    lesson_frame.end(distance, made_of, grown, notes=why_questions.notes(model, count, groups))


def layer_names() -> dict[LayerName, str]:
    """The kinds of layers of the table, in the session's language."""
    return {
        "attention": tr("Self-attention"),
        "recurrent": tr("Recurrent (RNN)"),
        "convolution": tr("Convolution, k = {k}", k=KERNEL),
        "restricted": tr("Self-attention in a window, r = {r}", r=WINDOW),
    }


def _distance(model: LoadedModel, result: AttentionResult, setup: Why) -> Panel:
    labels = result.maps[0].queries.labels
    count, d = len(labels), width(model)
    first, last = (setup.first or 1) - 1, (setup.last or count) - 1
    first, last = min(first, count - 1), min(last, count - 1)
    say("One token after the other")
    if not view().present and count > 1:
        left, right = st.columns(2)
        with left:
            _token(tr("From"), "first", first, labels)
        with right:
            _token(tr("To"), "last", last, labels)
    apart = abs(last - first)
    says = PathText(
        tr("From {first} to {last}", first=short(labels[first]), last=short(labels[last])),
        trn(
            "Recurrent network: {count} step, one after the other",
            "Recurrent network: {count} steps, one after the other",
            path_length("recurrent", apart),
        ),
        trn("Self-attention: {count} step", "Self-attention: {count} steps", path_length("attention", apart)),
    )
    names, costs = layer_names(), layer_costs(count, d)
    columns = {
        tr("Layer"): [names[cost.name] for cost in costs],
        tr("Sequential steps"): [cost.steps for cost in costs],
        tr("Longest path"): [cost.path for cost in costs],
        tr("With weight matrices"): [cost.matrices for cost in costs],
        tr("Between tokens"): [cost.pairs for cost in costs],
        tr("Multiplications"): [cost.multiplications for cost in costs],
        tr("Complexity"): [cost.work_order for cost in costs],
    }
    state = view()
    exhibit = Exhibit(
        (model.card.id, state.text, state.pair, first, last),
        "paths",
        f"{says.title}. {says.chain}. {says.direct}.",
        lambda style: path_arcs(labels, first, last, says, style),
        columns_csv(columns),
        says.title,
    )
    exhibit.show()
    numbers(columns, dict.fromkeys(list(columns)[3:6], "localized"))
    attention, recurrent = costs[0], costs[1].multiplications
    st.caption(
        prose(
            "What a layer costs",
            n=count,
            d=d,
            pairs=attention.pairs,
            compared=_compared(attention.pairs, recurrent),
            matrices=attention.matrices,
            times=attention.multiplications / recurrent,
            recurrent=recurrent,
            layers=-(-(count - 1) // (KERNEL // 2)),
        )
    )
    return Panel(tr("n = {n} tokens, vectors of d = {d} numbers.", n=count, d=d), exhibit.draw)


def _compared(pairs: int, recurrent: int) -> str:
    """How the part of self-attention that grows with the square compares with a whole recurrent layer."""
    times = max(pairs, recurrent) / min(pairs, recurrent)
    smaller, larger, equal = points("Between tokens, compared", times=times)
    return smaller if pairs < recurrent else larger if pairs > recurrent else equal


def _token(label: str, field: str, token: int, labels: list[str]) -> None:
    st.selectbox(
        label,
        range(len(labels)),
        format_func=lambda place: f"{place + 1}. {labels[place]}",
        **bound(field, token, lambda **chosen: change_settings(**{field: chosen[field] + 1})),
    )


def _try() -> None:
    text = view().text
    doubled = f"{text} {text}"
    lesson_frame.try_this(
        lambda: change_settings(first=0, last=0),
        (lambda: change(text=doubled)) if len(text) <= _MOST_TEXT else None,
        lambda: change_settings(marked="gpt"),
        lambda: change_settings(marked="t5", part="cross_attention"),
    )
