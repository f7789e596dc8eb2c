"""What each head does, measured over the text in hand, at once, or over many, on a thread of its own."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from viz.attention import AttentionResult
from viz.metrics.role_labels import Role, label_heads
from viz.metrics.role_measures import RoleMeasures, measure_roles
from viz.models import LoadedModel
from viz.models.card import Kind
from viz.studies.corpus.role_survey import Halves, measure_halves
from viz.ui.pages.roles.corpus_choice import Corpus
from viz.ui.progress.shared_results import key_of, shared
from viz.ui.progress.work import resumable, run_work
from viz.ui.session import tr, trn
from viz.ui.wording.plain_text import message_of
from viz.view.state import ViewState

_SKIPPED = 5


@dataclass(frozen=True, eq=False)
class Measured:
    """The measures of a model's heads and the roles that follow, [layer][head]; `key` tells them from others.

    `name` is what they were measured over, in the session's language; `halves` where it was many texts.
    """

    model: str
    kind: Kind
    name: str
    key: tuple[Hashable, ...]
    measures: RoleMeasures
    roles: tuple[tuple[Role, ...], ...]
    halves: Halves | None = None


def over_text(result: AttentionResult, state: ViewState) -> Measured:
    """Over the text in hand. Raises `MetricError` for cross-attention, and where the text says nothing."""
    attention_map = result.map_of(state.switches.kind)
    key = ("roles", *key_of(result, state))
    measures = shared().get(key, lambda: measure_roles(attention_map))
    quoted = " ".join(state.text.split())
    name = f"“{quoted[:60]}{'…' if len(quoted) > 60 else ''}”"
    return Measured(result.card.title, attention_map.kind, name, key, measures, label_heads(measures))


def over_texts(model: LoadedModel, corpus: Corpus, name: str) -> Measured | None:
    """Over many texts; None where it is not done yet, and its progress is drawn instead."""
    key = ("roles", model.card.id, model.revision, corpus.digest)
    doing = trn(
        "Measuring every head on {count} text", "Measuring every head on {count} texts", len(corpus.texts)
    )
    make = resumable(key, partial(measure_halves, model, corpus.texts))
    halves = run_work(key, make, doing=doing, start=True)
    if halves is None:
        return None
    measures = halves.measures
    return Measured(model.card.title, model.card.kinds[0], name, key, measures, label_heads(measures), halves)


def said_of(halves: Halves) -> None:
    """What was cut, what was left out, and how far two halves of the texts agree."""
    if (agreed := halves.agreement) is not None:
        st.markdown(
            tr(
                "**{share:.0%} of the heads have the same role in two halves of the texts**, measured apart (every "
                "other text). Where a head's role changes, it is a matter of the texts, or near a threshold.",
                share=agreed,
            )
        )
    if halves.cut:
        st.caption(
            trn(
                "{count} text was longer than the model takes, and was measured as far as it goes.",
                "{count} texts were longer than the model takes, and were measured as far as they go.",
                halves.cut,
            )
        )
    if skipped := halves.skipped:
        first = " ".join(
            tr("Text {number}: {reason}", number=one.place + 1, reason=message_of(one.problem))
            for one in skipped[:_SKIPPED]
        )
        st.caption(
            trn("{count} text was left out.", "{count} texts were left out.", len(skipped)) + " " + first
        )
