"""The maps of a whole translation: alignment as crossing lines, and every weight as a heat map with its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from viz.attention import Weights
from viz.inputs.text import distinct
from viz.lessons.translator.translation import FOLDER, Map, Translating, Translation
from viz.lessons.translator.translator_facts import read_facts
from viz.pictures.figures import Draw
from viz.pictures.figures.diagrams.word_diagrams import CrossingText, crossing_lines
from viz.pictures.figures.heat_maps.matrix import MatrixText, matrix
from viz.ui.exhibits.downloads import matrix_csv
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.lessons.lesson_frame import bound, segments
from viz.ui.lessons.lesson_prose import prose
from viz.ui.session import tr, view


@dataclass(frozen=True)
class Shown:
    """Which head of the decoder's layer is shown, from 0; None for the mean of all."""

    head: int | None
    name: str

    def of(self, weights: Weights) -> Weights:
        """[head, ...] -> [...]"""
        chosen: Weights = weights.mean(axis=0) if self.head is None else weights[self.head]
        return chosen


def said_labels(translation: Translation) -> list[str]:
    """The words said, one a step; repeated ones are numbered."""
    return distinct([step.word for step in translation.steps])


def fed_labels(translation: Translation) -> list[str]:
    """What the decoder was fed, one a step: the start mark, then the words said."""
    return distinct([step.fed for step in translation.steps])


def head_choice(setup: Translating, translation: Translation) -> Shown:
    """The switch between the mean and the heads, and which of them aligns best."""
    heads = translation.cross.shape[1]
    head = setup.head if setup.head <= heads else 0
    names = {0: tr("Mean of all heads")} | {
        place: tr("Head {head}", head=place) for place in range(1, heads + 1)
    }
    if not view().present:
        segments(tr("Head"), names, "head", head)
        shares = zip((*range(1, heads + 1), 0), read_facts(FOLDER).pointing_held_out[-1], strict=True)
        said = " · ".join(f"{names[place]}: {share:.0%}" for place, share in shares)
        st.caption(prose("How often heads point right", shares=said))
    return Shown(head - 1 if head else None, names[head])


def draw_crossing(translation: Translation, place: int, shown: Shown, marked: bool = True) -> Draw:
    """The alignment of the words said up to the step `place`, from 0, the last of them marked."""
    weights, said = shown.of(translation.cross[-1]), said_labels(translation)
    french, chosen = translation.source.labels, place if marked else None
    says = CrossingText(" · ".join([tr("Cross-attention"), shown.name]), tr("French"), tr("English"))
    return lambda style: crossing_lines(weights, said, french, says, style, said=place + 1, chosen=chosen)


def draw_map(values: Weights, rows: Sequence[str], columns: Sequence[str], title: str) -> Draw:
    """A whole map, [row, column], as a heat map; its words are the session's at the time of the call."""
    says = MatrixText(title, tr("Query"), tr("Key"), tr("Attention weight"))
    return lambda style: matrix(values, rows, columns, says, style)


def maps(setup: Translating, translation: Translation, shown: Shown) -> None:
    """All weights of the translation, of one of the three kinds, as a picture and as numbers."""
    st.header(tr("All steps at once"), anchor=False, divider="gray")
    titles: dict[Map, str] = {
        "cross": tr("English looks at French"),
        "decoder": tr("English looks at itself"),
        "encoder": tr("French looks at itself"),
    }
    layer = _choose(setup, translation, titles)
    values, rows, columns = _numbers(setup.map, translation, shown, layer)
    exhibit = Exhibit(
        (translation.source.text, shown.head, layer),
        f"translation-{setup.map}",
        tr("A heat map: a row for each step, a column for each word looked at."),
        draw_map(values, rows, columns, f"{titles[setup.map]} · {shown.name}"),
        matrix_csv(values, rows, columns, tr("Query")),
    )
    with exhibit.with_numbers():
        st.dataframe(
            pd.DataFrame(values, index=pd.Index(rows, name=tr("Query")), columns=columns),
            height="content",
            column_config={name: st.column_config.NumberColumn(format="%.2f") for name in columns},
        )
        st.caption(prose(f"Map: {setup.map}"))


def _choose(setup: Translating, translation: Translation, titles: dict[Map, str]) -> int:
    """The switch of maps, and the layer, from 0, of the encoder's."""
    layers = len(translation.encoder)
    layer = min(setup.layer, layers)
    if view().present:
        return layer - 1
    # One below the other: in a row, the names of the maps would not break on a phone.
    segments(tr("Map"), titles, "map", setup.map)
    if setup.map == "encoder" and layers > 1:
        st.segmented_control(tr("Layer of the encoder"), range(1, layers + 1), **bound("layer", layer))
    return layer - 1


def _numbers(
    kind: Map, translation: Translation, shown: Shown, layer: int
) -> tuple[Weights, Sequence[str], Sequence[str]]:
    """The weights, [row, column], and what the rows and columns are."""
    if kind == "encoder":
        return shown.of(translation.encoder[layer]), translation.source.labels, translation.source.labels
    if kind == "decoder":
        return shown.of(translation.own[-1]), said_labels(translation), fed_labels(translation)
    return shown.of(translation.cross[-1]), said_labels(translation), translation.source.labels
