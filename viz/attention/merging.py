"""Another look at the same map: words in place of tokens, special tokens left out, what is left scaled to 1.

Each takes an `AttentionMap` and gives one, so that every metric and figure works on it unchanged.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from viz.attention.checks import Array, check_weights, frozen
from viz.attention.maps import AttentionMap, Weights
from viz.errors import MetricError
from viz.inputs.text import Encoding, visible
from viz.language import _

Unit = Literal["tokens", "words"]
Group = tuple[int, ...]

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, eq=False)
class MapView:
    """A map as it is shown, and what is not: `hidden` is the mass to keys left out, [layer, head, query].

    `tokens` are, for each column, the positions of its tokens in the keys' text; `queries` are those of the rows, the
    same except in cross-attention.
    """

    map: AttentionMap
    hidden: Array
    tokens: tuple[Group, ...]
    queries: tuple[Group, ...]

    def at(self, token: int | None) -> int | None:
        """The column in which the token at this position is shown, None where it is not."""
        return next((at for at, group in enumerate(self.tokens) if token in group), None)


def view_map(
    found: AttentionMap, unit: Unit = "tokens", specials: bool = True, renormalise: bool = False
) -> MapView:
    """A map by tokens or words, with or without special tokens; queries and keys each by their own.

    With `renormalise` each row of what is left is scaled to sum to 1 (a row with nothing left stays 0). Raises
    `MetricError` for words of lengths: that of a sum of vectors is not the sum of theirs.
    """
    if possible_unit(found, unit) != unit:
        raise MetricError(
            _("The length that a word of several tokens brings is not the sum of theirs. Please show tokens.")
        )
    rows = _groups(found.queries, unit, specials)
    columns = rows if found.keys is found.queries else _groups(found.keys, unit, specials)
    weights, quantity = merge(found.weights, rows, columns), found.quantity
    hidden = _none_hidden(weights) if specials else _hidden(found, weights, rows)
    if renormalise and not specials:
        weights, quantity = normalise_rows(weights), "share" if quantity == "norm" else quantity
    read = merge_encoding if unit == "words" else pick_first_tokens
    queries = read(found.queries, rows)
    keys = queries if found.keys is found.queries else read(found.keys, columns)
    return MapView(AttentionMap(found.kind, weights, queries, keys, quantity), hidden, columns, rows)


def possible_unit(found: AttentionMap, unit: Unit) -> Unit:
    """By what a map can be shown: as wished, but lengths by tokens only."""
    return unit if found.quantity == "attention" else "tokens"


def as_shares(found: AttentionMap) -> AttentionMap:
    """A map whose rows sum to 1: of lengths what share of its row's sum each is, any other as it is.

    So what is measured of attention can be measured of lengths too.
    """
    if found.quantity != "norm":
        return found
    return replace(found, weights=normalise_rows(found.weights), quantity="share")


def _groups(encoding: Encoding, unit: Unit, specials: bool) -> tuple[Group, ...]:
    groups = word_groups(encoding) if unit == "words" else tuple((at,) for at in range(len(encoding)))
    if not specials:
        groups = tuple(group for group in groups if not encoding.special[group[0]])
    if not groups:
        raise MetricError(
            _("This text has nothing but special tokens. Please show these, or type some words.")
        )
    return groups


def merge(weights: Weights, queries: Sequence[Group], keys: Sequence[Group]) -> Array:
    """Weights between groups of tokens: the sum over the merged keys, the mean over the merged queries.

    [layer, head, query, key] -> [layer, head, group of queries, group of keys]. Source: Clark et al. 2019, "What Does
    BERT Look At?", section 4.1. Raises `MetricError` on another shape or an empty group.
    """
    check_weights(weights)
    if not all(queries) or not all(keys):
        raise MetricError(_("A group of tokens is empty. Please give at least one token a group."))
    sums = np.zeros((weights.shape[3], len(keys)), dtype=np.float32)
    means = np.zeros((len(queries), weights.shape[2]), dtype=np.float32)
    for at, group in enumerate(keys):
        sums[list(group), at] = 1
    for at, group in enumerate(queries):
        means[at, list(group)] = 1 / len(group)
    return frozen(means @ weights @ sums)


def normalise_rows(weights: Array) -> Array:
    """Every row scaled to sum to 1, [layer, head, query, key]; a row of nothing stays as it is."""
    check_weights(weights)
    total = weights.sum(axis=-1, keepdims=True)
    return frozen(np.divide(weights, total, out=np.zeros_like(weights), where=total > 0))


def word_groups(encoding: Encoding) -> tuple[Group, ...]:
    """The tokens of each word, in the order of the words' first tokens; a special token is a group of its own."""
    groups: dict[tuple[str, int], list[int]] = {}
    for token, word in enumerate(encoding.words):
        groups.setdefault(("token", token) if word is None else ("word", word), []).append(token)
    return tuple(tuple(group) for group in groups.values())


def merge_encoding(encoding: Encoding, groups: Sequence[Group]) -> Encoding:
    """The encoding of the groups: each as it stands in the text, what is invisible as its code point.

    A group keeps its first token's id.
    """
    spans = [_span(encoding, group) for group in groups]
    strings = [_written(encoding, group, span) for group, span in zip(groups, spans, strict=True)]
    often = Counter(strings)
    labels = [
        text if often[text] == 1 else text + str(group[0] + 1).translate(_SUBSCRIPT)
        for text, group in zip(strings, groups, strict=True)
    ]
    return replace(
        pick_first_tokens(encoding, groups),
        token_strings=tuple(strings),
        token_labels=tuple(labels),
        spans=tuple(spans),
    )


def pick_first_tokens(encoding: Encoding, groups: Sequence[Group]) -> Encoding:
    """The encoding with the first token of each group alone."""
    firsts = [group[0] for group in groups]
    return replace(
        encoding,
        token_ids=tuple(encoding.token_ids[at] for at in firsts),
        token_strings=tuple(encoding.token_strings[at] for at in firsts),
        token_labels=tuple(encoding.token_labels[at] for at in firsts),
        segments=tuple(encoding.segments[at] for at in firsts),
        special=tuple(encoding.special[at] for at in firsts),
        words=tuple(encoding.words[at] for at in firsts),
        spans=tuple(encoding.spans[at] for at in firsts),
    )


def _span(encoding: Encoding, group: Group) -> tuple[int, int] | None:
    found = [span for at in group if (span := encoding.spans[at]) is not None]
    return (min(start for start, _end in found), max(end for _start, end in found)) if found else None


def _written(encoding: Encoding, group: Group, span: tuple[int, int] | None) -> str:
    source = (encoding.pair or "") if encoding.segments[group[0]] else encoding.text
    text = visible(source[slice(*span)].strip()) if span else ""
    return text or "".join(encoding.token_labels[at] for at in group)


def _hidden(found: AttentionMap, kept: Array, rows: Sequence[Group]) -> Array:
    """The share of each row that is left out; of lengths, of the sum of the row."""
    if found.quantity != "norm":
        return frozen(1 - np.minimum(kept.sum(axis=-1), 1))
    whole = found.weights.sum(axis=-1)[..., [group[0] for group in rows]]
    left = np.divide(kept.sum(axis=-1), whole, out=np.ones_like(whole), where=whole > 0)
    return frozen(1 - np.minimum(left, 1))


def _none_hidden(weights: Array) -> Array:
    return frozen(np.zeros(weights.shape[:3]))
