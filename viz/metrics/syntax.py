"""Which heads follow the grammar: how often the strongest link of a head is a dependency, against a fixed offset.

Each word of a treebank that is not the root has one head. A head of the model predicts it in two ways:

    from dependent   the word that the dependent looks at most
    from head        the word that looks at the dependent most

Words are the treebank's, their tokens merged (the sum over keys, the mean over queries); special tokens are left out,
and so is the word itself. The baseline is the word at a fixed offset (-1: the one before), the best of all offsets. A
high share of one relation says that a head's links agree with it, not that the model uses them so.

Source: Clark et al. 2019, "What Does BERT Look At?", section 4.2 and table 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from viz.attention import AttentionMap
from viz.attention.checks import Array, frozen
from viz.attention.merging import Group, merge
from viz.errors import MetricError
from viz.inputs.text import Encoding, Span
from viz.language import _

Direction = Literal["from dependent", "from head"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

# The names of Stanford's dependencies, as in the paper, and of Universal Dependencies. There an object of a preposition
# depends on the verb (obl) or on a noun, and the preposition on the object (case): see `_prepositions`.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "nsubj": ("nsubj",),
    "dobj": ("dobj", "obj"),
    "det": ("det",),
    "amod": ("amod",),
    "poss": ("poss", "nmod:poss"),
    "pobj": ("pobj",),
}
OBLIQUE = "obl"  # from a noun to its verb: none of the paper's relations
SAME_ENTITY = "same entity"
ALL = "all"
RELATIONS: tuple[str, ...] = (*_NAMES, SAME_ENTITY, OBLIQUE, ALL)
_RELATION_OF = {name: relation for relation, names in _NAMES.items() for name in names} | {OBLIQUE: OBLIQUE}

MOST_OFFSET = 10
OFFSETS = tuple(offset for offset in range(-MOST_OFFSET, MOST_OFFSET + 1) if offset)

_NAMED = frozenset({"NOUN", "PROPN"})

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class SyntaxWord:
    """A word of a treebank: where it stands in the sentence's text, the place of its head (None: it is the root).

    `relation` is the dependency's name, `lemma` and `upos` (the universal part of speech) are "" where not known.
    """

    span: Span
    head: int | None
    relation: str
    lemma: str = ""
    upos: str = ""


@dataclass(frozen=True)
class Sentence:
    """A text and its words with their dependencies, in order."""

    text: str
    words: tuple[SyntaxWord, ...]


def lay_out_words(forms: Sequence[str], spaces: Sequence[bool]) -> tuple[str, tuple[Span, ...]]:
    """The text that these words make, and the span of each in it; `spaces` marks the words that a space follows."""
    text, spans = "", []
    for form, space in zip(forms, spaces, strict=True):
        spans.append((len(text), len(text) + len(form)))
        text += form + (" " if space else "")
    return text.rstrip(" "), tuple(spans)


@dataclass(frozen=True, eq=False)
class Links:
    """What a sentence asks of each head: the tokens of each word, and which word is right for which.

    `groups` are the tokens of each word that the model has; `right` is [relation, word, word], in places of `groups`:
    True where the second is the head of the first (by Stanford's dependencies its preposition, too), or another mention
    of the same.
    """

    groups: tuple[Group, ...]
    right: NDArray[np.bool_]

    @property
    def counts(self) -> Counts:
        """How many words have each relation, [relation]."""
        return np.asarray(self.right.any(axis=-1).sum(axis=-1), dtype=np.int64)

    @property
    def offsets(self) -> Counts:
        """How often the word at each of `OFFSETS` is right, [relation, offset]."""
        counts_by_offset = [
            np.diagonal(self.right, offset, axis1=1, axis2=2).sum(axis=-1) for offset in OFFSETS
        ]
        return np.stack(counts_by_offset, axis=-1).astype(np.int64)


def find_links(encoding: Encoding, sentence: Sentence) -> Links:
    """Lay a sentence's words along the model's tokens, by characters; `encoding` is of the sentence's own text.

    A token goes to the word that it shares most characters with. A word without a token (cut off, or one of several
    in one token) is left out, with its dependencies. Raises `MetricError` for an encoding of another text.
    """
    if encoding.text != sentence.text or encoding.pair is not None:
        raise MetricError(
            _("The tokens are of another text than the sentence. Please encode the sentence's own text.")
        )
    tokens = _tokens_of_words(encoding, sentence)
    indices = {word: index for index, word in enumerate(tokens)}
    right = np.zeros((len(RELATIONS), len(indices), len(indices)), dtype=bool)
    for place, index in indices.items():
        word = sentence.words[place]
        if word.head is None or word.head == place or word.head not in indices:
            continue
        right[RELATIONS.index(ALL), index, indices[word.head]] = True
        if (relation := _relation(word.relation)) is not None:
            right[RELATIONS.index(relation), index, indices[word.head]] = True
    for noun, preposition in _prepositions(sentence):
        if noun in indices and preposition in indices:
            right[RELATIONS.index("pobj"), indices[noun], indices[preposition]] = True
    for members in _entities(sentence):
        mentions = [indices[place] for place in members if place in indices]
        for index in mentions:
            right[RELATIONS.index(SAME_ENTITY), index, [other for other in mentions if other != index]] = True
    right.setflags(write=False)
    return Links(tuple(tokens.values()), right)


@dataclass(frozen=True, eq=False)
class SyntaxScores:
    """How often each head was right, over one sentence or many; sums that add up.

    `correct` [relation, direction, layer, head]; `offsets` [relation, offset] how often the word at each of `OFFSETS`
    was the right one; `counts` [relation] how often the relation occurred. Relations as in `RELATIONS`.
    """

    correct: Counts
    offsets: Counts
    counts: Counts
    sentences: int

    def __post_init__(self) -> None:
        for values in (self.correct, self.offsets, self.counts):
            values.setflags(write=False)

    def __add__(self, other: "SyntaxScores") -> "SyntaxScores":
        if self.correct.shape != other.correct.shape:
            raise MetricError(
                _("Measures of models with other layers or heads cannot be added: {left} and {right}."),
                left=str(self.correct.shape[2:]),
                right=str(other.correct.shape[2:]),
            )
        return SyntaxScores(
            self.correct + other.correct,
            self.offsets + other.offsets,
            self.counts + other.counts,
            self.sentences + other.sentences,
        )

    @property
    def accuracy(self) -> Array:
        """The share of right links, [relation, direction, layer, head], 0 to 1; NaN for what never occurred."""
        counts = np.where(self.counts > 0, self.counts, np.nan)
        return frozen(self.correct / counts[:, None, None, None])


@dataclass(frozen=True)
class BestHead:
    """The head that is right most often for one relation, and the best that a fixed offset does.

    `layer` and `head` count from 0. `accuracy` and `baseline` are shares of `count` occurrences.
    """

    relation: str
    direction: Direction
    layer: int
    head: int
    accuracy: float
    baseline: float
    offset: int
    count: int


def score(attention_map: AttentionMap, sentence: Sentence) -> SyntaxScores:
    """The scores of one sentence's map. Raises `MetricError` for cross-attention, and as `find_links` does."""
    if attention_map.kind == "cross":
        raise MetricError(
            _("Dependencies are within one text. Please choose the encoder's or the decoder's attention.")
        )
    links = find_links(attention_map.queries, sentence)
    return SyntaxScores(count_hits(attention_map.weights, links), links.offsets, links.counts, 1)


def count_hits(weights: Array, links: Links) -> Counts:
    """How often each head is right in a sentence: [layer, head, query, key] -> [relation, direction, layer, head]."""
    correct = np.zeros((len(RELATIONS), len(DIRECTIONS), *weights.shape[:2]), dtype=np.int64)
    if len(links.groups) < 2:
        return correct
    word_weights = np.array(merge(weights, links.groups, links.groups))
    words = np.arange(len(links.groups))
    word_weights[:, :, words, words] = 0
    for direction, axis in enumerate((3, 2)):
        strongest = word_weights.argmax(axis=axis)  # [layer, head, word]
        # A word that sees no other, as a decoder's first does, has no link.
        linked = word_weights.max(axis=axis) > 0
        correct[:, direction] = (links.right[:, words, strongest] & linked).sum(axis=-1)
    return correct


def best_heads(scores: SyntaxScores) -> tuple[BestHead, ...]:
    """The best head of each relation that occurred, as in table 1 of the paper."""
    heads = []
    for index, relation in enumerate(RELATIONS):
        count = int(scores.counts[index])
        if not count:
            continue
        direction, layer, head = np.unravel_index(
            int(scores.correct[index].argmax()), scores.correct.shape[1:]
        )
        offset = int(scores.offsets[index].argmax())
        heads.append(
            BestHead(
                relation,
                DIRECTIONS[direction],
                int(layer),
                int(head),
                int(scores.correct[index, direction, layer, head]) / count,
                int(scores.offsets[index, offset]) / count,
                OFFSETS[offset],
                count,
            )
        )
    return tuple(heads)


def _relation(name: str) -> str | None:
    """The relation a dependency's name stands for: by itself, or without its subtype (`nsubj:pass`)."""
    return _RELATION_OF.get(name) or _RELATION_OF.get(name.partition(":")[0])


def _prepositions(sentence: Sentence) -> list[tuple[int, int]]:
    """The places of each noun and its preposition by Universal Dependencies, where that is the noun's `case`.

    The sign of a possessor ('s) is a `case`, too, and no preposition.
    """
    return [
        (word.head, number)
        for number, word in enumerate(sentence.words)
        if word.relation == "case"
        and word.head is not None
        and word.upos in ("ADP", "")
        and _relation(sentence.words[word.head].relation) != "poss"
    ]


def _tokens_of_words(encoding: Encoding, sentence: Sentence) -> dict[int, Group]:
    """The tokens of each word that has any, by the word's place, in the sentence's order."""
    tokens: dict[int, list[int]] = {}
    first = 0
    for token, span in enumerate(encoding.spans):
        if span is None or encoding.special[token]:
            continue
        while first < len(sentence.words) and sentence.words[first].span[1] <= span[0]:
            first += 1
        most, owner = 0, None
        for number in range(first, len(sentence.words)):
            begin, end = sentence.words[number].span
            if begin >= span[1]:
                break
            shared = min(end, span[1]) - max(begin, span[0])
            if shared > most:
                most, owner = shared, number
        if owner is not None:
            tokens.setdefault(owner, []).append(token)
    return {number: tuple(tokens[number]) for number in sorted(tokens)}


def _entities(sentence: Sentence) -> list[list[int]]:
    """The places of nouns and names that occur more than once: by lemma, or as written, without regard to case."""
    mentions: dict[str, list[int]] = {}
    for number, word in enumerate(sentence.words):
        if word.upos in _NAMED:
            name = (word.lemma or sentence.text[slice(*word.span)]).casefold()
            mentions.setdefault(name, []).append(number)
    return [members for members in mentions.values() if len(members) > 1]
