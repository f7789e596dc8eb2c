"""What the heads of the loaded model look at in the sentence: the clearest head of each role, and its map."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import streamlit as st
from matplotlib.figure import Figure

from viz.attention import AttentionMap
from viz.lessons.many_heads.role_examples import RoleExample, role_examples
from viz.metrics.role_labels import FEWEST_QUERIES
from viz.metrics.role_measures import RoleMeasures
from viz.pictures.figures import Style, heatmap
from viz.ui.exhibits.downloads import captioned, matrix_csv
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.layout import scaled
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.lesson_frame import Panel, button
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.pages.importance.importance_subject import Subject
from viz.ui.pages.roles.role_measurement import over_text
from viz.ui.pages.roles.role_tables import open_head
from viz.ui.pages.roles.role_words import evidence, queries, role_name
from viz.ui.session import tr, trn
from viz.ui.wording.names import head_name, measured_number

_CARD = 352  # pixels: two beside each other next to the sidebar
_SIDE = 3.4  # inches, so that labels can be read at that width
_PRINTED = 3  # maps on the handout


@dataclass(frozen=True, eq=False)
class SentenceRoles:
    """The measures of every head on the sentence, and the nearest head of each role."""

    key: tuple[Hashable, ...]
    measures: RoleMeasures
    examples: tuple[RoleExample, ...]

    @property
    def clear(self) -> tuple[RoleExample, ...]:
        """The roles that some head has."""
        return tuple(example for example in self.examples if example.clear)


def measured(subject: Subject) -> SentenceRoles:
    """Every head measured on the sentence. Raises `MetricError` where it says nothing."""
    switches = replace(subject.state.switches, kind=subject.attention_map.kind)
    measured_text = over_text(subject.result, replace(subject.state, switches=switches))
    measures = measured_text.measures
    return SentenceRoles(measured_text.key, measures, role_examples(measures, measured_text.roles))


def show(subject: Subject, roles: SentenceRoles) -> None:
    """A card for each role that a head has, and the table of all."""
    count = subject.attention_map.layers * subject.attention_map.heads
    say("The heads of a real model", count=count)
    with st.container(horizontal=True, gap="medium"):
        for example in roles.clear:
            with st.container(border=True, width=scaled(_CARD)):
                _card(subject, roles, example)
    if not roles.clear:
        st.info(prose("No role"), icon=":material/info:")
    _table(roles)


def panels(subject: Subject, roles: SentenceRoles) -> list[Panel]:
    """The maps of the clearest roles for the handout; of one head each, the rarest roles first."""
    chosen = sorted(roles.clear, key=lambda example: example.count)[:_PRINTED]
    return [
        Panel(_share(role), partial(_draw, _alone(subject.attention_map, role), role), role_name(role.name))
        for role in chosen
    ]


def _alone(attention_map: AttentionMap, example: RoleExample) -> AttentionMap:
    """The map with the weights of one head in the place of every head's: so little that it can be kept for long."""
    weights = attention_map.weights[example.layer, example.head].copy()
    return replace(attention_map, weights=np.broadcast_to(weights, attention_map.weights.shape))


def _card(subject: Subject, roles: SentenceRoles, example: RoleExample) -> None:
    title, does = role_name(example.name), prose(f"Role: {example.name}")
    where = head_name(example.layer, example.head)
    st.markdown(f"**{title}**  \n{does}")
    labels, weights = subject.encoding.labels, subject.attention_map.weights[example.layer, example.head]
    Exhibit(
        (*roles.key, example.layer, example.head),
        f"{subject.model.card.id}-many-{example.name}",
        tr("{head}: a row for each query, a column for each key.", head=where),
        partial(_draw, subject.attention_map, example),
        matrix_csv(weights, labels, labels, tr("Query ↓ · Key →")),
        captioned(subject.result, subject.state, f"{title} · {where}"),
    ).show()
    st.markdown(
        _share(example)
        + "  \n"
        + trn(
            "{count} head has this as its main role in this sentence.",
            "{count} heads have this as their main role in this sentence.",
            example.count,
        )
    )
    if button(tr("Open in Explore"), "open_in_new", name=f"open_{example.name}"):
        open_head(example.layer, example.head, subject.attention_map.kind)


def _draw(attention_map: AttentionMap, example: RoleExample, style: Style) -> Figure:
    return heatmap(attention_map, example.layer, example.head, style, side=_SIDE)


def _table(roles: SentenceRoles) -> None:
    """Every role that could be measured, with the head that comes nearest to it, clear or not."""
    missing = [example for example in roles.examples if not example.clear]
    if missing:
        names = tr(", ").join(role_name(example.name) for example in missing)
        say("Roles that no head has", names=names, fewest=FEWEST_QUERIES)
    examples = roles.examples
    columns = {
        tr("Role"): [role_name(example.name) for example in examples],
        tr("Head"): [head_name(example.layer, example.head) for example in examples],
        tr("Measured"): [measured_number(example.name, example.evidence.value) for example in examples],
        tr("Uniform"): [measured_number(example.name, example.evidence.uniform) for example in examples],
        tr("Queries"): [example.evidence.count for example in examples],
        tr("Clear"): [example.clear for example in examples],
        tr("Heads with this role"): [example.count for example in examples],
    }
    numbers(columns, height="content")


def _share(example: RoleExample) -> str:
    return prose(
        "Entropy" if example.name == "broad" else "Share",
        evidence=evidence(example.evidence),
        queries=queries(example.evidence.count),
    )
