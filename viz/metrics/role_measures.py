"""What each head does, in numbers that add up over texts: where it looks, how far, how spread.

Every share is a weighted sum of a head's map, so a text's `patterns` [measure, query, key] say all that is measured:
the sum over (query, key) of pattern times weight. The same sum over a uniform map is what a head without any
preference would give on those texts, whatever their length; beside it a share means something.

    itself          to the token itself
    before, after   to its neighbour, where that is no special token and can be seen
    first, closing  to the special token that opens the text, [CLS] or <s>; to those that close it, [SEP] or </s>
    punctuation     to signs, in texts that have some
    same_word       to the same word elsewhere, of tokens that have one
    sink            to the first token, whatever it is
    distance        mean |query - key|, in tokens
    entropy         of all queries, in nats; first_entropy of the opening special token alone

Sources: Clark et al. 2019, "What Does BERT Look At?", section 3; Xiao et al. 2023, "Efficient Streaming Language
Models with Attention Sinks" (sink). Special tokens are keys, but queries in the entropies alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from viz.attention import AttentionMap
from viz.attention.checks import Array, frozen
from viz.errors import MetricError
from viz.inputs.encoding import Encoding
from viz.language import _
from viz.metrics.measures import SIGNS
from viz.metrics.similarity import SMOOTHING

Share = Literal["itself", "before", "after", "first", "closing", "punctuation", "same_word", "sink"]
RoleMeasure = Literal[Share, "distance", "entropy", "first_entropy"]

SHARES: tuple[str, ...] = get_args(Share)
LINEAR = (*SHARES, "distance")
ENTROPIES = ("entropy", "first_entropy")
MEASURES: tuple[str, ...] = (*LINEAR, *ENTROPIES)

Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RoleMeasures:
    """Sums over the queries of one text, or many: `measures_of_two_texts == one + other`.

    `sums` is float64 [measure, layer, head], `uniform_sums` [measure] what uniform maps of the same texts would have
    given, `counts` [measure] the queries that were measured. `causal` marks maps in which no token sees a later one.
    """

    sums: Float64
    uniform_sums: Float64
    counts: NDArray[np.int64]
    texts: int
    tokens: int
    causal: bool

    def __post_init__(self) -> None:
        for values in (self.sums, self.uniform_sums, self.counts):
            values.setflags(write=False)

    def __add__(self, other: "RoleMeasures") -> "RoleMeasures":
        if self.sums.shape != other.sums.shape or self.causal != other.causal:
            raise MetricError(
                _("Measures of models with other layers or heads cannot be added: {left} and {right}."),
                left=str(self.sums.shape[1:]),
                right=str(other.sums.shape[1:]),
            )
        return RoleMeasures(
            self.sums + other.sums,
            self.uniform_sums + other.uniform_sums,
            self.counts + other.counts,
            self.texts + other.texts,
            self.tokens + other.tokens,
            self.causal,
        )

    @property
    def values(self) -> Array:
        """The mean over queries, [measure, layer, head], in the order of `MEASURES`; NaN where none was measured."""
        return frozen(self._mean(self.sums.reshape(len(MEASURES), -1)).reshape(self.sums.shape))

    @property
    def uniform(self) -> Array:
        """What uniform attention would give, [measure]; NaN where no query was measured."""
        return frozen(self._mean(self.uniform_sums[:, None])[:, 0])

    def value(self, measure: RoleMeasure) -> Array:
        """One measure, [layer, head]. Raises `MetricError` on one that is not there."""
        return frozen(self.values[measure_index(measure)])

    def _mean(self, sums: Float64) -> Float64:
        measured = self.counts > 0
        means = np.full(sums.shape, np.nan)
        means[measured] = sums[measured] / self.counts[measured, None]
        return means


def measure_index(measure: str) -> int:
    """The index of a measure in `MEASURES`. Raises `MetricError` on an unknown one."""
    if measure not in MEASURES:
        raise MetricError(
            _("There is no measure {measure}. Please choose one of: {measures}."),
            measure=measure,
            measures=", ".join(MEASURES),
        )
    return MEASURES.index(measure)


@dataclass(frozen=True, eq=False)
class Patterns:
    """What is measured of one text. `linear` is float32 [measure, query, key], in the order of `LINEAR`.

    `entropy` is float32 [2, query], 1 for the queries of each of `ENTROPIES`; `visible` float32 [query], how many
    keys each query sees, which are the first ones of the text; `counts` [measure], the queries of each measure.
    """

    linear: Array
    entropy: Array
    visible: Array
    counts: NDArray[np.int64]

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Which keys each query sees, [query, key]."""
        seen: NDArray[np.bool_] = np.arange(len(self.visible)) < self.visible[:, None]
        return seen

    @property
    def uniform_sums(self) -> Float64:
        """The sums over a uniform map, [measure]."""
        shares = (self.linear.sum(axis=-1, dtype=np.float64) / self.visible).sum(axis=-1)
        return np.concatenate([shares, self.entropy @ np.log(self.visible, dtype=np.float64)])


def patterns(encoding: Encoding, causal: bool = False) -> Patterns:
    """The patterns of all measures for one text; `causal` where no token sees those after it."""
    count = len(encoding)
    positions = np.arange(count)
    special = np.asarray(encoding.special, dtype=bool)
    content = ~special
    has_opening = bool(special[0])
    linear = np.zeros((len(LINEAR), count, count), dtype=np.float32)
    by_name = dict(zip(LINEAR, linear, strict=True))
    by_name["itself"][positions, positions] = 1
    pairs = np.flatnonzero(content[1:] & content[:-1])
    by_name["before"][pairs + 1, pairs] = 1
    by_name["after"][pairs, pairs + 1] = 1
    by_name["first"][:, 0] = has_opening
    by_name["closing"][:, special & (positions > 0)] = 1
    written = _written(encoding)
    by_name["punctuation"][:, _signs(written)] = 1
    for tokens, others in _elsewhere(encoding, written):
        by_name["same_word"][np.ix_(tokens, others)] = 1
    by_name["sink"][1:, 0] = 1
    by_name["distance"][:] = np.abs(positions[:, None] - positions)
    linear[:, special] = 0
    visible = (positions + 1 if causal else np.full(count, count)).astype(np.float32)
    if causal:
        linear *= np.tri(count, dtype=np.float32)
    counts = np.count_nonzero(linear.any(axis=-1), axis=-1)
    counts[LINEAR.index("distance")] = np.count_nonzero(content)
    entropy = np.zeros((len(ENTROPIES), count), dtype=np.float32)
    entropy[0] = 1
    entropy[1, 0] = has_opening and not causal  # there it sees itself alone
    return Patterns(linear, entropy, visible, np.concatenate([counts, entropy.sum(axis=-1).astype(np.int64)]))


def measure_roles(attention_map: AttentionMap) -> RoleMeasures:
    """All measures of one text's map. Raises `MetricError` for cross-attention, whose keys are another text."""
    if attention_map.kind == "cross":
        raise MetricError(
            _(
                "The roles of heads are measured where queries and keys are the same tokens. "
                "Please choose the encoder's or the decoder's attention."
            )
        )
    causal = attention_map.kind == "decoder"
    text_patterns = patterns(attention_map.queries, causal)
    layers, heads, queries, keys = attention_map.weights.shape
    flat = attention_map.weights.reshape(layers * heads, queries * keys)
    linear = flat @ text_patterns.linear.reshape(len(LINEAR), -1).T
    visible, smoothing = text_patterns.seen, SMOOTHING / text_patterns.visible[:, None]
    entropies = np.empty((layers, heads, queries))
    for layer, weights in enumerate(attention_map.weights):
        smoothed = np.where(visible, (1 - SMOOTHING) * weights + smoothing, 1)
        entropies[layer] = -(smoothed * np.log(smoothed)).sum(axis=-1)
    sums = np.concatenate(
        [linear.T.reshape(-1, layers, heads), np.einsum("eq,lhq->elh", text_patterns.entropy, entropies)]
    )
    return RoleMeasures(sums, text_patterns.uniform_sums, text_patterns.counts, 1, queries, causal)


def sum_measures(measures: Sequence[RoleMeasures]) -> RoleMeasures:
    """The measures of many texts added up to one. Raises `MetricError` where there are none."""
    if not measures:
        raise MetricError(_("No text was measured. Please give at least one."))
    return reduce(RoleMeasures.__add__, measures)


def _signs(written: Sequence[str]) -> NDArray[np.bool_]:
    """Marks the tokens that are nothing but punctuation or other signs."""
    return np.array([bool(SIGNS.fullmatch(token)) for token in written])


def _written(encoding: Encoding) -> list[str]:
    """What stands in the text where each token is from, without blanks; nothing for special tokens."""
    sources = (encoding.text, encoding.pair or "")
    return [
        sources[segment][span[0] : span[1]].strip() if span else ""
        for segment, span in zip(encoding.segments, encoding.spans, strict=True)
    ]


def _elsewhere(encoding: Encoding, written: Sequence[str]) -> list[tuple[list[int], list[int]]]:
    """For each word that occurs again: its own tokens, and those of its other occurrences. Signs are no words."""
    tokens: dict[int, list[int]] = {}
    for position, word in enumerate(encoding.words):
        if word is not None:
            tokens.setdefault(word, []).append(position)
    alike: dict[str, list[list[int]]] = {}
    for occurrence in tokens.values():
        alike.setdefault("".join(written[position] for position in occurrence).casefold(), []).append(
            occurrence
        )
    return [
        (occurrence, [position for other in words if other is not occurrence for position in other])
        for spelled, words in alike.items()
        if len(words) > 1 and spelled and not SIGNS.fullmatch(spelled)
        for occurrence in words
    ]
