"""Two texts, or one text under two models, place by place: the difference map, its numbers, and both heads."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from viz.attention import AttentionMap, AttentionResult
from viz.attention.merging import Group, merge_encoding, pick_first_tokens, possible_unit, view_map
from viz.errors import VizError
from viz.inputs.text import Encoding, check_length
from viz.metrics.alignment import Alignment, Place, align, align_words
from viz.models.card import LoadedModel
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.result import result_in_turn
from viz.ui.session import tr
from viz.ui.widgets.view_switches import kinds
from viz.ui.wording.names import head_name
from viz.ui.wording.plain_text import message_of, show_error
from viz.view.state import ViewState


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two that are compared: its map by tokens or words, a head of it (from 0), and its name."""

    map: AttentionMap
    head: tuple[int, int]
    name: str


@dataclass(frozen=True, eq=False)
class Compared:
    """The two sides as they are compared, and how their places are aligned."""

    left: Side
    right: Side
    alignment: Alignment
    key: tuple[object, ...]

    @property
    def top(self) -> float:
        """The upper end of one scale for both."""
        return max(self.left.map.top, self.right.map.top)

    @property
    def labels(self) -> list[str]:
        """A name for each place; a changed one shows both, one that a side has alone says which."""
        return place_names(self.alignment.places, self.left.map.keys, self.right.map.keys)


def analysed_pair(state: ViewState) -> tuple[AttentionResult, AttentionResult] | None:
    """The results of both sides; None where a text is missing or an error was shown in its place."""
    texts = (state.text, state.other) if state.compare == "texts" else (state.text, state.text)
    if not all(text.strip() for text in texts):
        st.info(tr("Type or paste a text into each box above to compare them."), icon=":material/edit:")
        return None
    try:
        for text in (*texts, state.target):
            check_length(text)
        first = loaded_model(state.model)
        second = first if state.compare == "texts" else loaded_model(state.model2, "model2")
        if first is None or second is None:
            return None
        return _result(first, texts[0], state), _result(second, texts[1], state)
    except VizError as error:
        show_error(error)
        return None


def _result(model: LoadedModel, text: str, state: ViewState) -> AttentionResult:
    for note in model.notes:
        st.info(message_of(note), icon=":material/info:")
    with st.spinner(tr("Reading the text with every head of every layer …")):
        return result_in_turn(model, text, "", state.target)


def _shown(result: AttentionResult, state: ViewState) -> AttentionMap:
    """The map that is compared: the view's where its places can be, else the first."""
    attention_map = result.map_of(state.switches.kind)
    return attention_map if attention_map.kind in kinds(result) else result.maps[0]


def compared(results: tuple[AttentionResult, AttentionResult], state: ViewState) -> Compared:
    """Both sides by tokens or words, aligned: two texts by difflib, two models by where their words lie."""
    first, second = results
    if state.compare == "models":
        left, right = first.maps[0], second.maps[0]
        heads = _within(left, state.layer, state.head), _within(right, state.layer2, state.head2)
        names = [
            f"{result.card.title}, {head_name(*head)}" for result, head in zip(results, heads, strict=True)
        ]
        alignment = align_words(left.keys, right.keys)
    else:
        sides = [_shown(result, state) for result in results]
        left, right = (view_map(side, possible_unit(side, state.switches.unit)).map for side in sides)
        heads = (_within(left, state.layer, state.head),) * 2
        names = [tr("First text"), tr("Second text")]
        alignment = align(left.keys.tokens, right.keys.tokens, left.keys.special)
    asked = state.text, state.other, state.target, state.compare, state.switches.unit
    key = (
        *(part for result in results for part in (result.card.id, result.revision)),
        *(left.kind, left.quantity, *asked, *heads),
    )
    one, other = (
        Side(side, head, name) for side, head, name in zip((left, right), heads, names, strict=True)
    )
    return Compared(one, other, alignment, key)


def _within(attention_map: AttentionMap, layer: int, head: int) -> tuple[int, int]:
    """The nearest head there is: the selected one may be of another map of the model."""
    return min(layer, attention_map.layers - 1), min(head, attention_map.heads - 1)


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
    return (pick_first_tokens if alone else merge_encoding)(encoding, groups).labels
