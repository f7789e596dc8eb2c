"""Which tokens of two texts belong together, which words of two tokenizers, and how two heads differ there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import numpy as np

from viz.attention import AttentionMap
from viz.attention.checks import Array, frozen
from viz.attention.maps import Head
from viz.attention.merging import Group, group_span, merge, word_groups
from viz.errors import MetricError
from viz.inputs.encoding import Encoding
from viz.language import _

Side = Literal["both", "changed", "left", "right"]

TRUSTED = 0.6  # of difflib's ratio: "over 0.6 means the sequences are close matches"
_LONGEST_CHANGE = 4


@dataclass(frozen=True)
class Place:
    """One place of an alignment: the tokens that stand there in the left and in the right text, () for none.

    `side` is "both" where they are the same, "changed" where one stands in place of the other, "left" or "right"
    where one text alone has something there.
    """

    left: Group
    right: Group
    side: Side


@dataclass(frozen=True)
class Alignment:
    """Places in reading order, and how far they are to be trusted, from 0 (nothing in common) to 1 (the same)."""

    places: tuple[Place, ...]
    trust: float

    @property
    def trusted(self) -> bool:
        """Whether the two are alike enough for a place by place comparison to say something."""
        return self.trust >= TRUSTED


def align(left: Sequence[str], right: Sequence[str], ignore: Sequence[bool] | None = None) -> Alignment:
    """The tokens of two texts, one beside the other (Ratcliff & Obershelp 1988, by `difflib`).

    `align(["it", "is", "wide"], ["it", "is", "tired"]).places[2].side == "changed"`. A stretch of up to 4
    tokens in place of another counts as changed: one by one where both are of one length, else as a whole (因为, 她
    against 因为他). The trust is twice the number
    of equal tokens over the number of all, those marked in `ignore` (one mark a left token) left out: special tokens
    are equal in every text, and prove nothing.
    """
    places: list[Place] = []
    equal = 0
    marks = list(ignore) if ignore is not None else [False] * len(left)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            equal += sum(not marks[position] for position in range(i1, i2))
            places += [Place((i,), (j,), "both") for i, j in zip(range(i1, i2), range(j1, j2), strict=True)]
        elif tag == "replace" and max(i2 - i1, j2 - j1) <= _LONGEST_CHANGE:
            if i2 - i1 == j2 - j1:
                pairs = zip(range(i1, i2), range(j1, j2), strict=True)
                places += [Place((i,), (j,), "changed") for i, j in pairs]
            else:
                places.append(Place(tuple(range(i1, i2)), tuple(range(j1, j2)), "changed"))
        else:
            places += [Place((i,), (), "left") for i in range(i1, i2)]
            places += [Place((), (j,), "right") for j in range(j1, j2)]
    ignored = sum(marks)
    whole = len(left) + len(right) - 2 * ignored
    return Alignment(tuple(places), 2 * equal / whole if whole > 0 else 1.0)


def align_words(left: Encoding, right: Encoding) -> Alignment:
    """The words of one text as two tokenizers cut it: the finest pieces that both hold for whole words.

    By character offsets, so that a word that occurs twice is never mixed up. Words that overlap go together: where
    one model has 南京 and 市, and the other 南京市, there is one place. The first and the last special tokens stand for
    each other ([CLS] and <s>). The trust is the share of words that stand alone on both sides. Raises `MetricError`
    unless both encodings are of the same single text.
    """
    if left.text != right.text or left.pair or right.pair:
        raise MetricError(
            _("Two different texts were given; words can be matched only in one text read by two models.")
        )
    words = sorted([*_words(left, 0), *_words(right, 1)])
    places: list[Place] = []
    alone, reach = 0, -1
    members: list[_Word] = []
    for word in [*words, None]:
        if members and (word is None or word.start >= reach):
            places.append(_place(members))
            alone += [member.side for member in members] == [0, 1]
            members = []
        if word is not None:
            members.append(word)
            reach = max(reach, word.end)
    trust = alone / len(places) if places else 0.0
    opening = [Place((0,), (0,), "both")] if left.special[0] and right.special[0] else []
    closing = (
        [Place((len(left) - 1,), (len(right) - 1,), "both")] if left.special[-1] and right.special[-1] else []
    )
    return Alignment((*opening, *places, *closing), trust)


@dataclass(frozen=True, order=True)
class _Word:
    """Characters `start` to `end`, held for a word by one of the encodings (0 left, 1 right), and its tokens there."""

    start: int
    end: int
    side: int
    tokens: Group


def _words(encoding: Encoding, side: int) -> Iterator[_Word]:
    for group in word_groups(encoding):
        if (span := group_span(encoding, group)) is None:
            continue
        start, end = span
        written = encoding.text[start:end]
        start, end = start + len(written) - len(written.lstrip()), end - len(written) + len(written.rstrip())
        if start < end:
            yield _Word(start, end, side, group)


def _place(members: Sequence[_Word]) -> Place:
    left = tuple(position for member in members if member.side == 0 for position in member.tokens)
    right = tuple(position for member in members if member.side == 1 for position in member.tokens)
    return Place(left, right, "both" if left and right else "left" if left else "right")


@dataclass(frozen=True, eq=False)
class Difference:
    """Left minus right at the aligned places, [query place, key place]; NaN where either text has nothing there."""

    values: Array
    left: Array
    right: Array
    places: tuple[Place, ...]


def difference(
    left: AttentionMap,
    right: AttentionMap,
    left_head: Head,
    right_head: Head,
    places: Sequence[Place],
) -> Difference:
    """What head `left_head` of one map gives more than head `right_head` of another, place by place, -1 to 1.

    Heads are (layer, head), from 0. Places of several tokens are merged: the sum over keys, the mean over queries.
    Swapping the two sides changes the sign and nothing else.
    """
    sides = []
    for attention_map, (layer, head), name in ((left, left_head, "left"), (right, right_head, "right")):
        groups = [getattr(place, name) for place in places]
        present = [index for index, group in enumerate(groups) if group]
        values = np.full((len(places), len(places)), np.nan, dtype=np.float32)
        if present:
            tokens = [groups[index] for index in present]
            head_weights = attention_map.weights[layer : layer + 1, head : head + 1]
            values[np.ix_(present, present)] = merge(head_weights, tokens, tokens)[0, 0]
        sides.append(frozen(values))
    return Difference(frozen(sides[0] - sides[1]), sides[0], sides[1], tuple(places))


def largest_cells(values: Array, top: int) -> tuple[tuple[int, int], ...]:
    """The (row, column) with the largest absolute `values`, largest first; NaN and 0 left out."""
    size = np.nan_to_num(np.abs(values).ravel(), nan=0.0)
    order = np.argsort(-size, kind="stable")[:top]
    return tuple(
        (int(cell) // values.shape[1], int(cell) % values.shape[1]) for cell in order if size[cell] > 0
    )
