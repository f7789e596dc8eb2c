"""Views of a map: words in place of tokens, special tokens left out, rows scaled to sum to 1 again.

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
from viz.inputs.text import Encoding, Span, visible
from viz.language import _

Unit = Literal["tokens", "words"]
Group = tuple[int, ...]

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, eq=False)
class MapView:
    """A map as it is shown, and how much of it is not: `hidden`, the share of each row on keys left out.

    `hidden` is [layer, head, query], 0 to 1. `tokens` holds for each column (key) the positions of its tokens, and
    `queries` those for each row; both are the same except in cross-attention.
    """

    map: AttentionMap
    hidden: Array
    tokens: tuple[Group, ...]
    queries: tuple[Group, ...]

    def column(self, token: int | None) -> int | None:
        """The column that shows the token at this position, None where it is left out."""
        return next((index for index, group in enumerate(self.tokens) if token in group), None)


def view_map(
    attention_map: AttentionMap, unit: Unit = "tokens", specials: bool = True, renormalise: bool = False
) -> MapView:
    """A map by tokens or by words, with or without special tokens, for queries and keys alike.

    With `renormalise` each row is scaled to sum to 1 where special tokens are left out (a row with nothing left stays
    0). Raises `MetricError` for words of a map of lengths, since the length of a sum of vectors is not the sum of
    their lengths, and for a text that has nothing but special tokens to leave out.
    """
    if possible_unit(attention_map, unit) != unit:
        raise MetricError(
            _("The length that a word of several tokens brings is not the sum of theirs. Please show tokens.")
        )
    rows = _groups(attention_map.queries, unit, specials)
    columns = (
        rows if attention_map.keys is attention_map.queries else _groups(attention_map.keys, unit, specials)
    )
    weights, quantity = merge(attention_map.weights, rows, columns), attention_map.quantity
    hidden = frozen(np.zeros(weights.shape[:3])) if specials else _hidden(attention_map, weights, rows)
    if renormalise and not specials:
        weights, quantity = normalise_rows(weights), "share" if quantity == "norm" else quantity
    read = merge_encoding if unit == "words" else pick_first_tokens
    queries = read(attention_map.queries, rows)
    keys = queries if attention_map.keys is attention_map.queries else read(attention_map.keys, columns)
    return MapView(AttentionMap(attention_map.kind, weights, queries, keys, quantity), hidden, columns, rows)


def possible_unit(attention_map: AttentionMap, unit: Unit) -> Unit:
    """The unit that a map can be shown by: the wished one, but for lengths only tokens."""
    return unit if attention_map.quantity == "attention" else "tokens"


def as_shares(attention_map: AttentionMap) -> AttentionMap:
    """A map whose rows sum to 1: lengths as shares of the sum of their row, any other map as it is.

    So every measure of attention can be taken of lengths too.
    """
    if attention_map.quantity != "norm":
        return attention_map
    return replace(attention_map, weights=normalise_rows(attention_map.weights), quantity="share")


def _groups(encoding: Encoding, unit: Unit, specials: bool) -> tuple[Group, ...]:
    groups = (
        word_groups(encoding) if unit == "words" else tuple((position,) for position in range(len(encoding)))
    )
    if not specials:
        groups = tuple(group for group in groups if not encoding.special[group[0]])
    if not groups:
        raise MetricError(
            _("This text has nothing but special tokens. Please show these, or type some words.")
        )
    return groups


def merge(weights: Weights, queries: Sequence[Group], keys: Sequence[Group]) -> Array:
    """Weights between groups of tokens: the sum over the merged keys, the mean over the merged queries.

    [layer, head, query, key] -> [layer, head, group of queries, group of keys]; a group holds positions from 0.
    Source: Clark et al. 2019, "What Does BERT Look At?", section 4.1. Raises `MetricError` on another shape or an
    empty group.
    """
    check_weights(weights)
    if not all(queries) or not all(keys):
        raise MetricError(_("A group of tokens is empty. Please give at least one token a group."))
    sums = np.zeros((weights.shape[3], len(keys)), dtype=np.float32)
    means = np.zeros((len(queries), weights.shape[2]), dtype=np.float32)
    for index, group in enumerate(keys):
        sums[list(group), index] = 1
    for index, group in enumerate(queries):
        means[index, list(group)] = 1 / len(group)
    return frozen(means @ weights @ sums)


def normalise_rows(weights: Array) -> Array:
    """Every row of [layer, head, query, key] scaled to sum to 1; a row of zeros stays as it is."""
    check_weights(weights)
    total = weights.sum(axis=-1, keepdims=True)
    return frozen(np.divide(weights, total, out=np.zeros_like(weights), where=total > 0))


def word_groups(encoding: Encoding) -> tuple[Group, ...]:
    """The positions of each word's tokens, in the order of the first ones; a special token is a group of its own."""
    groups: dict[tuple[str, int], list[int]] = {}
    for token, word in enumerate(encoding.words):
        groups.setdefault(("token", token) if word is None else ("word", word), []).append(token)
    return tuple(tuple(group) for group in groups.values())


def merge_encoding(encoding: Encoding, groups: Sequence[Group]) -> Encoding:
    """One unit for each group, labelled as it stands in the text, invisible signs as code points: `embedding`.

    A unit keeps the id of its first token; equal labels get the position of their first token: `no₁`, `no₃`.
    """
    spans = [group_span(encoding, group) for group in groups]
    strings = [_written(encoding, group, span) for group, span in zip(groups, spans, strict=True)]
    counts = Counter(strings)
    labels = [
        text if counts[text] == 1 else text + str(group[0] + 1).translate(_SUBSCRIPT)
        for text, group in zip(strings, groups, strict=True)
    ]
    return replace(
        pick_first_tokens(encoding, groups),
        token_strings=tuple(strings),
        token_labels=tuple(labels),
        spans=tuple(spans),
    )


def pick_first_tokens(encoding: Encoding, groups: Sequence[Group]) -> Encoding:
    """An encoding of only the first token of each group."""
    firsts = [group[0] for group in groups]
    return replace(
        encoding,
        token_ids=tuple(encoding.token_ids[position] for position in firsts),
        token_strings=tuple(encoding.token_strings[position] for position in firsts),
        token_labels=tuple(encoding.token_labels[position] for position in firsts),
        segments=tuple(encoding.segments[position] for position in firsts),
        special=tuple(encoding.special[position] for position in firsts),
        words=tuple(encoding.words[position] for position in firsts),
        spans=tuple(encoding.spans[position] for position in firsts),
    )


def group_span(encoding: Encoding, group: Group) -> Span | None:
    """From the first to the last character of a group's tokens, in their own text; None for special tokens."""
    spans = [span for position in group if (span := encoding.spans[position]) is not None]
    return (min(start for start, _end in spans), max(end for _start, end in spans)) if spans else None


def _written(encoding: Encoding, group: Group, span: Span | None) -> str:
    source = (encoding.pair or "") if encoding.segments[group[0]] else encoding.text
    text = visible(source[slice(*span)].strip()) if span else ""
    return text or "".join(encoding.token_labels[position] for position in group)


def _hidden(attention_map: AttentionMap, kept: Array, rows: Sequence[Group]) -> Array:
    """The share of each row that is left out, [layer, head, query]; for lengths, of the sum of the row."""
    if attention_map.quantity != "norm":
        return frozen(1 - np.minimum(kept.sum(axis=-1), 1))
    whole = attention_map.weights.sum(axis=-1)[..., [group[0] for group in rows]]
    share = np.divide(kept.sum(axis=-1), whole, out=np.ones_like(whole), where=whole > 0)
    return frozen(1 - np.minimum(share, 1))
