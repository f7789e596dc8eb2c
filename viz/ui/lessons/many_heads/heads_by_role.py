"""What the heads of the loaded model look at in the sentence: the clearest head of each role, and its map."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from matplotlib.figure import Figure

from viz.attention import AttentionMap
from viz.lessons.many_heads.role_examples import RoleExample, role_examples
from viz.metrics.role_labels import FEWEST_QUERIES, RoleName
from viz.metrics.role_measures import RoleMeasures
from viz.pictures.figures import FigureText, Theme, heatmap
from viz.ui.exhibits.downloads import captioned, matrix_csv
from viz.ui.exhibits.exhibit import picture
from viz.ui.exhibits.layout import scaled, sequential
from viz.ui.lessons.lesson_frame import Panel
from viz.ui.pages.importance.importance_subject import Subject
from viz.ui.pages.roles.role_measurement import over_text
from viz.ui.pages.roles.role_tables import open_head
from viz.ui.pages.roles.role_words import evidence, queries, role_name, written
from viz.ui.session import language, tr, trn
from viz.ui.wording.names import head_name

_CARD = 352  # pixels: two beside each other next to the sidebar
_SIDE = 3.4  # inches, so that labels can be read at that width
_PRINTED = 3  # maps on the handout


@dataclass(frozen=True, eq=False)
class Found:
    """The measures of every head on the sentence, and the nearest head of each role."""

    key: tuple[Hashable, ...]
    measures: RoleMeasures
    examples: tuple[RoleExample, ...]

    @property
    def clear(self) -> tuple[RoleExample, ...]:
        """The roles that some head has."""
        return tuple(each for each in self.examples if each.clear)


def measured(of: Subject) -> Found:
    """Every head measured on the sentence. Raises `MetricError` where it says nothing."""
    switches = replace(of.now.switches, kind=of.found.kind)
    found = over_text(of.result, replace(of.now, switches=switches))
    return Found(found.key, found.measures, role_examples(found.measures, found.roles))


def show(of: Subject, found: Found) -> None:
    """A card for each role that a head has, and the table of all."""
    st.markdown(
        tr(
            "Of {count} heads these are the ones that do one thing most clearly in your sentence. The share is that of "
            "a head's weights; beside it is what a head without any preference would give.",
            count=of.found.layers * of.found.heads,
        )
    )
    with st.container(horizontal=True, gap="medium"):
        for example in found.clear:
            with st.container(border=True, width=scaled(_CARD)):
                _card(of, found, example)
    if not found.clear:
        st.info(tr("No head has a clear role in this sentence. Try a longer one."), icon=":material/info:")
    _table(found)


def panels(of: Subject, found: Found) -> list[Panel]:
    """The maps of the clearest roles for the handout; of one head each, the rarest roles first."""
    chosen = sorted(found.clear, key=lambda each: each.count)[:_PRINTED]
    return [
        Panel(role_name(each.name), partial(_draw, _alone(of.found, each), each, "mako_r"), _share(each))
        for each in chosen
    ]


def _alone(found: AttentionMap, example: RoleExample) -> AttentionMap:
    """The map with the weights of one head in the place of every head's: so little that it can be kept for long."""
    weights = found.weights[example.layer, example.head].copy()
    return replace(found, weights=np.broadcast_to(weights, found.weights.shape))


def _card(of: Subject, found: Found, example: RoleExample) -> None:
    title, where = role_name(example.name), head_name(example.layer, example.head)
    st.markdown(f"**{title}**  \n{_does(example.name)}")
    labels, weights = of.encoding.labels, of.found.weights[example.layer, example.head]
    palette = sequential()
    picture(
        (*found.key, "role", example.layer, example.head, palette),
        f"{of.model.card.id}-many-{example.name}",
        tr("{head}: a row for each query, a column for each key.", head=where),
        _drawing(of.found, example, palette),
        caption=captioned(of.result, of.now, f"{title} · {where}"),
        table=matrix_csv(weights, labels, labels, tr("Query ↓ · Key →")),
    )
    st.markdown(
        _share(example)
        + "  \n"
        + trn(
            "{count} head has this as its main role in this sentence.",
            "{count} heads have this as their main role in this sentence.",
            example.count,
        )
    )
    if st.button(
        tr("Open in Explore"), key=f"w_many_open_{example.name}_{language()}", icon=":material/open_in_new:"
    ):
        open_head(example.layer, example.head, of.found.kind)


def _drawing(
    found: AttentionMap, example: RoleExample, palette: str
) -> Callable[[FigureText, Theme], Figure]:
    return partial(_draw, found, example, palette)


def _draw(found: AttentionMap, example: RoleExample, palette: str, words: FigureText, theme: Theme) -> Figure:
    return heatmap(found, example.layer, example.head, words=words, theme=theme, palette=palette, side=_SIDE)


def _table(found: Found) -> None:
    """Every role that could be measured, with the head that comes nearest to it, clear or not."""
    missing = [each for each in found.examples if not each.clear]
    if missing:
        st.markdown(
            tr(
                "No head clearly has these roles in this sentence: {names}. The table has the heads that come nearest; "
                "a role needs at least {fewest} queries.",
                names=tr(", ").join(role_name(each.name) for each in missing),
                fewest=FEWEST_QUERIES,
            )
        )
    st.dataframe(
        pd.DataFrame(
            {
                tr("Role"): [role_name(each.name) for each in found.examples],
                tr("Head"): [head_name(each.layer, each.head) for each in found.examples],
                tr("Measured"): [written(each.name, each.evidence.value) for each in found.examples],
                tr("Uniform"): [written(each.name, each.evidence.uniform) for each in found.examples],
                tr("Queries"): [each.evidence.count for each in found.examples],
                tr("Clear"): [each.clear for each in found.examples],
                tr("Heads with this role"): [each.count for each in found.examples],
            }
        ),
        hide_index=True,
        height="content",
    )


def _share(example: RoleExample) -> str:
    if example.name == "broad":
        sentence = tr("Entropy: {evidence} of a uniform head, over {queries}.")
    else:
        sentence = tr("Share: {evidence} of a uniform head, over {queries}.")
    return sentence.format(evidence=evidence(example.evidence), queries=queries(example.evidence.count))


def _does(name: RoleName) -> str:
    """What a head of this role does, as a sentence."""
    said: dict[RoleName, str] = {
        "itself": tr("Each token looks at itself."),
        "before": tr("Each token looks at the one before it."),
        "after": tr("Each token looks at the one after it."),
        "first": tr("Nearly all look at the token that opens the text."),
        "closing": tr("Nearly all look at the separator."),
        "punctuation": tr("Tokens look at the punctuation."),
        "same_word": tr("A word looks at the same word elsewhere in the text."),
        "sink": tr("Nearly all look at the first token, whatever it is: a sink."),
        "broad": tr("Each token spreads its attention over many."),
    }
    return said[name]
