"""Two texts, or one text under two models, place by place: the difference map, its numbers, and both heads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from viz.attention import AttentionMap, AttentionResult
from viz.attention.merging import Group, merged, picked, shown, unit_of
from viz.errors import VizError
from viz.inputs.encoding import Encoding
from viz.inputs.text.text_input import check_length
from viz.metrics.alignment import Alignment, Difference, Place, align, align_words, difference, largest
from viz.models.card import LoadedModel
from viz.pictures.figures.heat_maps.matrix import MatrixText, difference_map, matrix, round_limit
from viz.ui.exhibits.downloads import matrix_csv
from viz.ui.exhibits.exhibit import picture
from viz.ui.exhibits.layout import picture_and_numbers, sequential, two_pictures
from viz.ui.exhibits.tables import difference_table
from viz.ui.progress.model_loading import ready
from viz.ui.progress.result import result_in_turn
from viz.ui.session import tr
from viz.ui.widgets import unit_switches
from viz.ui.widgets.map_kind import kinds
from viz.ui.wording.difference_sentences import difference_of_texts, of_alignment
from viz.ui.wording.names import difference_name, head_name
from viz.ui.wording.plain_text import message_of, show_error
from viz.view.state import ViewState

_ROWS = 12


@dataclass(frozen=True, eq=False)
class Compared:
    """The two sides as they are compared: maps by tokens or words, a head of each (from 0), names, the alignment."""

    left: AttentionMap
    right: AttentionMap
    of_left: tuple[int, int]
    of_right: tuple[int, int]
    names: tuple[str, str]
    alignment: Alignment
    key: tuple[object, ...]

    @property
    def top(self) -> float:
        """The upper end of one scale for both."""
        return max(self.left.top, self.right.top)

    @property
    def labels(self) -> list[str]:
        """A name for each place; a changed one shows both, one that a side has alone says which."""
        return place_names(self.alignment.places, self.left.keys, self.right.keys)


def analysed_pair(now: ViewState) -> tuple[AttentionResult, AttentionResult] | None:
    """The results of both sides; None where a text is missing or an error was shown in its place."""
    texts = (now.text, now.other) if now.compare == "texts" else (now.text, now.text)
    if not all(text.strip() for text in texts):
        st.info(tr("Type or paste a text into each box above to compare them."), icon=":material/edit:")
        return None
    try:
        for text in (*texts, now.target):
            check_length(text)
        first = ready(now.model)
        second = first if now.compare == "texts" else ready(now.model2, "model2")
        if first is None or second is None:
            return None
        return _result(first, texts[0], now), _result(second, texts[1], now)
    except VizError as error:
        show_error(error)
        return None


def _result(model: LoadedModel, text: str, now: ViewState) -> AttentionResult:
    for note in model.notes:
        st.info(message_of(note), icon=":material/info:")
    with st.spinner(tr("Reading the text with every head of every layer …")):
        return result_in_turn(model, text, "", now.target)


def _shown(result: AttentionResult, now: ViewState) -> AttentionMap:
    """The map that is compared: the view's where its places can be, else the first."""
    found = result.shown(now.switches.kind)
    return found if found.kind in kinds(result) else result.maps[0]


def compared(results: tuple[AttentionResult, AttentionResult], now: ViewState) -> Compared:
    """Both sides by tokens or words, aligned: two texts by difflib, two models by where their words lie."""
    first, second = results
    if now.compare == "models":
        left, right = first.maps[0], second.maps[0]
        here, there = _within(left, now.layer, now.head), _within(right, now.layer2, now.head2)
        names = (f"{first.card.title}, {head_name(*here)}", f"{second.card.title}, {head_name(*there)}")
        alignment = align_words(left.keys, right.keys)
    else:
        sides = [_shown(result, now) for result in results]
        left, right = (shown(side, unit_of(side, now.switches.unit)).map for side in sides)
        names = (tr("First text"), tr("Second text"))
        here = there = _within(left, now.layer, now.head)
        alignment = align(left.keys.tokens, right.keys.tokens, left.keys.special)
    key = (first.card.id, first.revision, second.card.id, second.revision, now.text)
    key_rest = (now.other, now.target, left.kind, left.quantity, now.compare, now.switches.unit, here, there)
    return Compared(left, right, here, there, names, alignment, (*key, *key_rest))


def _within(found: AttentionMap, layer: int, head: int) -> tuple[int, int]:
    """The nearest head there is: the selected one may be of another map of the model."""
    return min(layer, found.layers - 1), min(head, found.heads - 1)


def place_names(places: Sequence[Place], left: Encoding, right: Encoding) -> list[str]:
    """Each place as a person reads it: `it₁₀`, `tired → wide`, `not (2)`, `[CLS] / <s>`."""
    ones = iter(_labels(left, [place.left for place in places if place.left]))
    others = iter(_labels(right, [place.right for place in places if place.right]))
    names = []
    for place in places:
        one = next(ones) if place.left else ""
        other = next(others) if place.right else ""
        if place.side == "changed":
            names.append(f"{one} → {other}")
        elif place.side == "both":
            special = left.special[place.left[0]] and one != other
            names.append(f"{one} / {other}" if special else one)
        else:
            names.append(f"{one or other} ({1 if one else 2})")
    return names


def _labels(encoding: Encoding, groups: Sequence[Group]) -> list[str]:
    alone = all(len(group) == 1 for group in groups)
    return (picked if alone else merged)(encoding, groups).labels


def show(found: Compared, now: ViewState) -> None:
    """The trust, the difference map with its numbers, and below both heads as they are."""
    st.caption(of_alignment(found.alignment))
    if not found.alignment.trusted:
        st.warning(_doubt(found.alignment, now), icon=":material/question_mark:")
    made = difference(found.left, found.right, found.of_left, found.of_right, found.alignment.places)
    left, right = picture_and_numbers()
    with left:
        _map(found, made, now)
    with right:
        _numbers(found, made)
    st.header(tr("Both maps"), anchor=False)
    for column, at in zip(two_pictures(), (0, 1), strict=True):
        with column:
            _side(found, at)


def _doubt(alignment: Alignment, now: ViewState) -> str:
    if now.compare == "models":
        return tr(
            "The two models cut this text so differently that only {share:.0%} of the places are one word in both. "
            "What is compared here are groups of words; do not trust it for single words.",
            share=alignment.trust,
        )
    return tr(
        "The two texts have little in common ({share:.0%} of their tokens): which token stands for which is a guess, "
        "and the differences below may mean nothing. Choose texts that differ in a word or two.",
        share=alignment.trust,
    )


def _map(found: Compared, made: Difference, now: ViewState) -> None:
    unit_switches.stretch("w_stretch")
    limit = round_limit(made.values) if now.stretch else found.top
    title, quantity = f"{found.names[0]} − {found.names[1]}", difference_name(found.left.quantity)
    picture(
        (found.key, limit),
        f"difference-{now.compare}{_norm(found)}",
        tr(
            "Difference map: red where the first gives more, blue where the second does, hatched where only one has "
            "something."
        ),
        lambda words, theme: difference_map(
            made.values,
            found.labels,
            found.labels,
            MatrixText(title, words.query, words.key, quantity),
            limit=limit,
            words=words,
            theme=theme,
        ),
        caption=title,
        table=matrix_csv(made.values, found.labels, found.labels, title),
    )
    if np.isnan(made.values).any():
        st.caption(tr("Hatched: (1) stands in the first text alone, (2) in the second alone."))


def _numbers(found: Compared, made: Difference) -> None:
    cells, labels = largest(made.values, _ROWS), found.labels
    for sentence in difference_of_texts(made, labels, cells, found.left):
        st.markdown(sentence)
    difference_table(cells, labels, labels, made.left, made.right)


def _norm(found: Compared) -> str:
    return "" if found.left.quantity == "attention" else "-norm"


def _side(found: Compared, at: int) -> None:
    side = (found.left, found.right)[at]
    layer, head = (found.of_left, found.of_right)[at]
    palette, title = sequential(), found.names[at]
    scale = tr("Attention × value norm, to the largest of both texts") if _norm(found) else ""
    says = (
        tr("Heat map of {title}: rows are queries, columns are keys, colour is the length.", title=title)
        if scale
        else tr("Heat map of {title}: rows are queries, columns are keys, colour is the weight.", title=title)
    )
    picture(
        (found.key, at, palette),
        f"side-{at + 1}{_norm(found)}",
        says,
        lambda words, theme: matrix(
            side.weights[layer, head],
            side.queries.labels,
            side.keys.labels,
            MatrixText(title, words.query, words.key, scale or words.weight),
            words=words,
            theme=theme,
            palette=palette,
            vmax=found.top,
        ),
        caption=title,
        table=matrix_csv(side.weights[layer, head], side.queries.labels, side.keys.labels, title),
    )
