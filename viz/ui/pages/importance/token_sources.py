"""From which tokens an output comes: gradient x input, beside what attention says, and how well they agree."""

from dataclasses import dataclass

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
from viz.ui.exhibits.tables import numbers
from viz.ui.pages.importance.importance_subject import Subject
from viz.ui.progress.shared_results import shared_array
from viz.ui.progress.work import untouched, worked
from viz.ui.session import tr
from viz.ui.wording.plain_text import code_span, show_error


@dataclass(frozen=True, eq=False)
class Source:
    """One answer to where outputs come from: its names, and its numbers for each token's output, [query, key]."""

    name: str
    short: str
    tokens: Array


def show(of: Subject) -> None:
    """The output of the token that was clicked, or of the whole sentence, by each way of asking."""
    try:
        check_derivatives(of.model)
    except VizError as error:
        show_error(error)
        return
    found = _attributed(of)
    if found is None:
        return
    at, labels = of.chosen(), of.encoding.labels
    given = Source(tr("Gradient × input"), tr("Gradient"), found.tokens)
    others = attention_of(of)
    asked = (
        tr("the sentence vector") if at is None else tr("the output of {token}", token=code_span(labels[at]))
    )
    st.markdown(tr("Where does {output} come from?", output=asked))
    rows = np.stack(
        [shares(found.sentence if at is None else found.tokens[at])]
        + [shares(row(each, at)) for each in others]
    )
    _picture(of, rows, [given, *others])
    _agreements(of, found, others)


def _attributed(of: Subject) -> Attribution | None:
    key, model, text, pair = of.key("attribution"), of.model, of.now.text, of.now.pair or None
    # Three passes or so for each token.
    begin = of.quick(3 * len(of.encoding))
    if not begin and untouched(key):
        st.caption(tr("There is much to compute: this takes a minute or more."))
        begin = st.button(tr("Compute gradient × input"), type="primary", icon=":material/play_arrow:")
    return worked(
        key,
        lambda report, cancelled: attribute(model, text, pair, report, cancelled),
        size=lambda found: found.tokens.nbytes + found.sentence.nbytes + 10_000,
        doing=tr("Following each token through the model"),
        start=begin,
    )


def attention_of(of: Subject) -> list[Source]:
    """What attention says, in three ways: the last layer, all layers, and rollout through them; [query, key]."""
    weights = of.found.weights
    everywhere = shared_array(of.key("attention of all layers"), lambda: weights.mean(axis=(0, 1)))
    rolled = shared_array(of.key("rollout of all layers"), lambda: rollout(weights)[-1])
    return [
        Source(tr("Attention, last layer"), tr("Last layer"), weights[-1].mean(axis=0)),
        Source(tr("Attention, all layers"), tr("All layers"), everywhere),
        Source(tr("Attention rollout"), tr("Rollout"), rolled),
    ]


def row(source: Source, at: int | None) -> Array:
    """Of one token's output, or the mean over all, as the sentence vector is their mean; [key]."""
    found: Array = source.tokens.mean(axis=0) if at is None else source.tokens[at]
    return found


def shares(values: Array) -> Array:
    """The same numbers (0 or more), scaled to sum to 1."""
    found: Array = values / max(float(values.sum()), 1e-12)
    return found


def _picture(of: Subject, rows: Array, sources: list[Source]) -> None:
    at, labels, names = of.chosen(), of.encoding.labels, [each.name for each in sources]
    title = tr("Shares of each token")
    exhibit = heat_map(
        of.key("sources", at),
        f"{of.model.card.id}-sources-{0 if at is None else at + 1}",
        rows,
        names,
        labels,
        MatrixText(title, "", figure_words().key, tr("Share")),
        alt=tr("A row for each way of asking, a column for each token; the same numbers are in the table."),
        caption=captioned(of.result, of.now, title),
        highest=float(rows.max()) or 1.0,
    )
    with exhibit.with_numbers():
        order, number = (
            np.argsort(-rows[0], kind="stable"),
            st.column_config.NumberColumn(format="percent", width=76),
        )
        shown = dict(zip([each.short for each in sources], rows[:, order].tolist(), strict=True))
        numbers({tr("Token"): [labels[place] for place in order], **shown}, dict.fromkeys(shown, number), 300)


def _agreements(of: Subject, found: Attribution, others: list[Source]) -> None:
    at, special = of.chosen(), of.encoding.special
    given = found.sentence if at is None else found.tokens[at]
    here = [float(rank_agreement(row(each, at), given)[0]) for each in others]
    words = [float(rank_agreement(row(each, at), given, special)[0]) for each in others]
    every = shared_array(
        of.key("agreement"),
        lambda: np.array([[_mean(rank_agreement(each.tokens, found.tokens))] for each in others]),
    )[:, 0]
    columns = (tr("This output"), tr("Without special tokens"), tr("Mean of all tokens' outputs"))
    st.markdown("**" + tr("Does attention agree with it?") + "**")
    numbers(
        {
            tr("Spearman's rank correlation"): [each.name for each in others],
            **dict(zip(columns, (here, words, every), strict=True)),
        },
        dict.fromkeys(columns, "%.2f"),
        height="content",
    )
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
