"""Lesson 1: from networks that read token by token to attention, on the class's own sentence."""

import streamlit as st
from matplotlib.figure import Figure

from viz.attention import AttentionResult
from viz.lessons.why.path_lengths import KERNEL, WINDOW, LayerName, Why, layer_costs, path_length
from viz.models import LoadedModel
from viz.models.families.parameters import parameter_groups, total, width
from viz.pictures.figures import FigureText, Theme, short
from viz.pictures.figures.diagrams.path_arcs import PathText, paths
from viz.ui.exhibits.exhibit import picture
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.lesson_exhibit import Table
from viz.ui.lessons.lesson_frame import Panel, Step, bound, change_settings
from viz.ui.lessons.why import parameter_counts, stacks_explained, why_questions
from viz.ui.session import change, language, tr, trn, view

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
    st.markdown(
        tr(
            "Before 2017, models of language were mostly recurrent networks (RNN). They read a text token by token and "
            "hand on one vector from step to step: what stood at the first token reaches the last one only "
            "through every step between them, and no step can begin before the one before it has ended. Self-attention "
            "(Vaswani et al. 2017) compares every token with every other one directly, and all at the same time. (A "
            "model that writes still goes on token by token: each new one has to wait for the one before it.)"
        )
    )
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

    def draw(words: FigureText, theme: Theme) -> Figure:
        return paths(labels, first, last, says, words=words, theme=theme)

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
    table = Table(columns, dict.fromkeys(list(columns)[3:6], "localized"))
    state = view()
    picture(
        ("paths", model.card.id, state.text, state.pair, first, last, language()),
        "paths",
        f"{says.title}. {says.chain}. {says.direct}.",
        draw,
        caption=says.title,
        table=table.csv,
    )
    table.show()
    attention, recurrent = costs[0], costs[1].multiplications
    st.caption(
        tr(
            "One layer for your {n} tokens, each a vector of d = {d} numbers (orders: Vaswani et al. 2017, table 1). "
            "Self-attention multiplies 2 · n · n · d = {pairs:,} times between tokens, for scores and weighted sums. "
            "{part} With its four weight matrices, 4 · n · d · d = {matrices:,} more, it multiplies {times:.1f} times "
            "as much as a recurrent layer (n · d · d = {recurrent:,}). The gain is not fewer multiplications: it is "
            "the short path, and that no token waits for another.",
            n=count,
            d=d,
            pairs=attention.pairs,
            part=_part(attention.pairs, recurrent),
            matrices=attention.matrices,
            times=attention.multiplications / recurrent,
            recurrent=recurrent,
        )
        + " "
        + tr(
            "The path of the convolution is that of kernels dilated by 1, k, k² and so on; with ordinary ones, centred "
            "on their token, it takes {layers} layers.",
            layers=-(-(count - 1) // (KERNEL // 2)),
        )
    )
    return Panel(tr("n = {n} tokens, vectors of d = {d} numbers.", n=count, d=d), draw)


def _part(pairs: int, recurrent: int) -> str:
    """How the part of self-attention that grows with the square compares with a whole recurrent layer."""
    if pairs < recurrent:
        return tr(
            "This part alone is {times:.1f} times smaller than a recurrent layer.", times=recurrent / pairs
        )
    if pairs > recurrent:
        return tr(
            "This part alone is {times:.1f} times larger than a recurrent layer.", times=pairs / recurrent
        )
    return tr("This part alone is as large as a recurrent layer.")


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
        Step(
            tr("Go from the first token to the last. How many steps does each kind of network need?"),
            lambda: change_settings(first=0, last=0),
        ),
        Step(
            tr(
                "Double your text. Which numbers of the table nearly double, which grow nearly fourfold, which stay?"
            ),
            (lambda: change(text=doubled)) if len(text) <= _MOST_TEXT else None,
        ),
        Step(
            tr("Show the parts of GPT. What does it not need, and why?"),
            lambda: change_settings(marked="gpt"),
        ),
        Step(
            tr("Click cross-attention. Where do its queries come from, and where its keys?"),
            lambda: change_settings(marked="t5", part="cross_attention"),
        ),
    )
