"""Heads that follow the grammar: the best head of each dependency, against the word at a fixed offset."""

import threading
from collections.abc import Iterator
from functools import partial

import streamlit as st

from viz.metrics.syntax import BestHead, Sentence, SyntaxScores, best_heads
from viz.models import LoadedModel
from viz.studies.corpus.dependencies import score_sentences
from viz.studies.corpus.survey import Survey
from viz.studies.corpus.treebank import parse, pipelines
from viz.ui.exhibits.tables import ticked_row
from viz.ui.pages.roles import role_words
from viz.ui.pages.roles.corpus_choice import Corpus
from viz.ui.pages.roles.role_tables import open_head
from viz.ui.progress.work import resumable, run_work
from viz.ui.session import tr, trn
from viz.ui.widgets.bound_widgets import in_language
from viz.ui.wording.names import head_name
from viz.view.state import ViewState

_CHINESE = "chinese"


def show(model: LoadedModel, corpus: Corpus | None, state: ViewState) -> None:
    """The table, or what is needed for it: a treebank, or spaCy and one of its English pipelines."""
    names = pipelines() if state.over != _CHINESE else ()
    if corpus is not None and corpus.sentences:
        scored = _of_treebank(model, corpus)
    elif names:
        scored = _parsed(model, corpus.texts if corpus is not None else (state.text,), names, state)
    else:
        st.info(
            tr(
                "This needs texts whose dependencies are known. Choose the sentences made by a grammar above, upload a "
                "treebank (.conllu, such as those of Universal Dependencies, in many languages), or have whoever runs "
                "this app install spaCy with an English pipeline."
            ),
            icon=":material/account_tree:",
        )
        return
    if scored is None or scored.measures is None:
        return
    rows = best_heads(scored.measures)
    if not rows:
        st.info(
            tr(
                "Nothing can be compared here: in no sentence does a word depend on another that the model reads, and "
                "no noun or name occurs twice."
            ),
            icon=":material/info:",
        )
        return
    _table(rows, model)
    st.caption(
        trn("Scored on {count} sentence.", "Scored on {count} sentences.", scored.measures.sentences)
        + " "
        + tr(
            "Direction and head are the best of all; the offset is the best of those from −10 to +10. With few "
            "occurrences the best of many heads is high by chance."
        )
    )


def _of_treebank(model: LoadedModel, corpus: Corpus) -> Survey[SyntaxScores] | None:
    key = ("syntax", model.card.id, model.revision, corpus.digest)
    make = resumable(key, partial(score_sentences, model, corpus.sentences))
    count = len(corpus.sentences)
    doing = trn("Comparing links with {count} sentence", "Comparing links with {count} sentences", count)
    return run_work(key, make, doing=doing, start=True)


def _parsed(
    model: LoadedModel, texts: tuple[str, ...], names: tuple[str, ...], view_state: ViewState
) -> Survey[SyntaxScores] | None:
    pressed, pipeline = False, names[0]
    if not view_state.present:
        st.caption(tr("For English texts: spaCy, which is installed here, finds the dependencies."))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            pipeline = st.selectbox(
                tr("Pipeline of spaCy"), names, key="w_roles_pipeline", width=240, disabled=len(names) == 1
            )
            pressed = st.button(tr("Parse, and compare"), key="w_roles_parse", icon=":material/account_tree:")
    corpus = Corpus("", texts)
    key = ("syntax", model.card.id, model.revision, corpus.digest, pipeline)

    def steps(
        so_far: Survey[SyntaxScores] | None, cancelled: threading.Event
    ) -> Iterator[Survey[SyntaxScores]]:
        sentences: list[Sentence] = []
        for parts in parse(texts, pipeline):
            if cancelled.is_set():
                return
            sentences.extend(part for part in parts if part.words)
        yield from score_sentences(model, sentences, so_far, cancelled)

    make = resumable(key, steps)
    doing = trn("Parsing {count} text, and comparing", "Parsing {count} texts, and comparing", len(texts))
    return run_work(key, make, doing=doing, start=pressed)


def _table(rows: tuple[BestHead, ...], model: LoadedModel) -> None:
    relations, directions = role_words.relations(), role_words.directions()
    share = st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)
    ticked = ticked_row(
        {
            tr("Dependency"): [relations[row.relation] for row in rows],
            tr("Best head"): [head_name(row.layer, row.head) for row in rows],
            tr("Right"): [row.accuracy for row in rows],
            tr("Right by a fixed offset"): [row.baseline for row in rows],
            tr("Offset"): [f"{row.offset:+d}" for row in rows],
            tr("Direction"): [directions[row.direction] for row in rows],
            tr("Occurrences"): [row.count for row in rows],
        },
        {tr("Right"): share, tr("Right by a fixed offset"): share},
        in_language("w_roles_syntax"),
    )
    if ticked is not None:
        open_head(rows[ticked].layer, rows[ticked].head, model.card.kinds[0])
