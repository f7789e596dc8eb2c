"""From which tokens an output comes: gradient x input, beside what attention says, and how well they agree."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from viz.attention.checks import Array
from viz.errors import VizError
from viz.metrics.rollout_and_flow import rollout
from viz.pictures.figures.heat_maps.matrix import MatrixText
from viz.studies.importance import Attribution, attribute, rank_agreement
from viz.studies.importance.masked_runs import check_derivatives
from viz.ui.exhibits.downloads import captioned
from viz.ui.exhibits.exhibit import figure_words, heat_map
from viz.ui.exhibits.tables import numbers, ordered
from viz.ui.pages.importance.importance_subject import Subject
from viz.ui.progress.shared_results import shared_array
from viz.ui.progress.work import begins, run_work
from viz.ui.session import tr
from viz.ui.wording.plain_text import code_span, show_error


@dataclass(frozen=True, eq=False)
class Source:
    """One answer to where outputs come from: its names, and its numbers for each token's output, [query, key]."""

    name: str
    short: str
    tokens: Array


def show(subject: Subject) -> None:
    """The output of the token that was clicked, or of the whole sentence, by each way of asking."""
    try:
        check_derivatives(subject.model)
    except VizError as error:
        show_error(error)
        return
    attribution = _attributed(subject)
    if attribution is None:
        return
    position, labels = subject.chosen(), subject.encoding.labels
    gradient = Source(tr("Gradient × input"), tr("Gradient"), attribution.tokens)
    others = attention_of(subject)
    asked = (
        tr("the sentence vector")
        if position is None
        else tr("the output of {token}", token=code_span(labels[position]))
    )
    st.markdown(tr("Where does {output} come from?", output=asked))
    rows = np.stack(
        [shares(attribution.sentence if position is None else attribution.tokens[position])]
        + [shares(row(source, position)) for source in others]
    )
    _picture(subject, rows, [gradient, *others])
    _agreements(subject, attribution, others)


def _attributed(subject: Subject) -> Attribution | None:
    key, state = subject.key("attribution"), subject.state
    # Three passes or so for each token.
    begin = begins(key, subject.quick(3 * len(subject.encoding)), tr("Compute gradient × input"))
    return run_work(
        key,
        partial(attribute, subject.model, state.text, state.pair or None),
        doing=tr("Following each token through the model"),
        start=begin,
    )


def attention_of(subject: Subject) -> list[Source]:
    """What attention says, in three ways: the last layer, all layers, and rollout through them; [query, key]."""
    weights = subject.attention_map.weights
    everywhere = shared_array(subject.key("attention of all layers"), lambda: weights.mean(axis=(0, 1)))
    rolled = shared_array(subject.key("rollout of all layers"), lambda: rollout(weights)[-1])
    return [
        Source(tr("Attention, last layer"), tr("Last layer"), weights[-1].mean(axis=0)),
        Source(tr("Attention, all layers"), tr("All layers"), everywhere),
        Source(tr("Attention rollout"), tr("Rollout"), rolled),
    ]


def row(source: Source, position: int | None) -> Array:
    """Of one token's output, or the mean over all, as the sentence vector is their mean; [key]."""
    shares: Array = source.tokens.mean(axis=0) if position is None else source.tokens[position]
    return shares


def shares(values: Array) -> Array:
    """The same numbers (0 or more), scaled to sum to 1."""
    scaled: Array = values / max(float(values.sum()), 1e-12)
    return scaled


def _picture(subject: Subject, rows: Array, sources: list[Source]) -> None:
    position, labels, names = subject.chosen(), subject.encoding.labels, [source.name for source in sources]
    title = tr("Shares of each token")
    exhibit = heat_map(
        subject.key("sources", position),
        f"{subject.model.card.id}-sources-{0 if position is None else position + 1}",
        rows,
        names,
        labels,
        MatrixText(title, "", figure_words().key, tr("Share")),
        alt=tr("A row for each way of asking, a column for each token; the same numbers are in the table."),
        caption=captioned(subject.result, subject.state, title),
        highest=float(rows.max()) or 1.0,
    )
    with exhibit.with_numbers():
        columns = dict(zip([source.short for source in sources], rows.tolist(), strict=True))
        formats = dict.fromkeys(columns, st.column_config.NumberColumn(format="percent", width=76))
        order = np.argsort(-rows[0], kind="stable").tolist()
        numbers(ordered({tr("Token"): labels, **columns}, order), formats, 300)


def _agreements(subject: Subject, attribution: Attribution, others: list[Source]) -> None:
    position, special = subject.chosen(), subject.encoding.special
    gradient = attribution.sentence if position is None else attribution.tokens[position]
    here = [float(rank_agreement(row(source, position), gradient)[0]) for source in others]
    words = [float(rank_agreement(row(source, position), gradient, special)[0]) for source in others]
    every = shared_array(
        subject.key("agreement"),
        lambda: np.array([_mean(rank_agreement(source.tokens, attribution.tokens)) for source in others]),
    )
    columns = (tr("This output"), tr("Without special tokens"), tr("Mean of all tokens' outputs"))
    st.markdown("**" + tr("Does attention agree with it?") + "**")
    names = {tr("Spearman's rank correlation"): [source.name for source in others]}
    agreements = dict(zip(columns, (here, words, every), strict=True))
    numbers(names | agreements, dict.fromkeys(columns, "%.2f"), "content")
    st.markdown(
        tr(
            "1 would be the same order of tokens, 0 none in common. Where they disagree, **attention is not an "
            "explanation** of the output; nor is a gradient the last word, which tells of small changes only."
        )
    )


def _mean(values: Array) -> float:
    """The mean of those that are numbers; NaN where none is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
