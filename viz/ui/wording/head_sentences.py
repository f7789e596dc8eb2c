"""What one head is known to do, after Clark et al. 2019, section 3, and which tokens do otherwise in it."""

import numpy as np
from numpy.typing import NDArray

from viz.attention import AttentionMap
from viz.language import _
from viz.metrics.measures import breadth
from viz.ui.session import tr, trn
from viz.ui.wording.plain_text import code_span

Mask = NDArray[np.bool_]

_CLEAR = 0.5  # of a share, from which on it is what a head is said to do
_BEYOND = 2  # times the share of an even spread: below this the text is so short that the share says nothing
_BROAD = 0.85  # of the entropy of an even spread
_NAMED = 3  # tokens that do otherwise


def character(attention_map: AttentionMap, even: AttentionMap, layer: int, head: int) -> str:
    """What this head does on the whole, and the tokens that do otherwise; empty where nothing is clear.

    `even` is the same view of `viz.metrics.measures.even_map`.
    """
    weights = attention_map.weights[layer, head]
    for keys, sentence in _kinds(attention_map):
        queries = keys.any(axis=-1)
        if not queries.any():
            continue
        share, chance = (
            float((rows * keys).sum(axis=-1)[queries].mean()) for rows in (weights, even.weights[0, 0])
        )
        if share >= _CLEAR and share >= _BEYOND * chance:
            return tr(sentence, share=share) + _others(attention_map, weights, keys)
    spread = breadth(attention_map.weights[layer : layer + 1, head : head + 1], even)
    if spread < _BROAD:
        return ""
    return tr(
        "So this head looks broadly at what it sees: its entropy is {share:.0%} of that of an even spread.",
        share=spread,
    )


def _kinds(attention_map: AttentionMap) -> list[tuple[Mask, str]]:
    """What a head can be said to look at: the keys that count for each query, [query, key], and the sentence."""
    queries, keys = shape = attention_map.weights.shape[2:]
    special = np.asarray(attention_map.keys.special)
    kinds: list[tuple[Mask, str]] = []
    if attention_map.kind != "cross":
        before, after, itself = (np.eye(queries, keys, k=offset, dtype=np.bool_) for offset in (-1, 1, 0))
        kinds += [
            (before, _("So this head mostly looks at the token before: {share:.1%} on average.")),
            (after, _("So this head mostly looks at the token after: {share:.1%} on average.")),
            (itself, _("So in this head tokens mostly look at themselves: {share:.1%} on average.")),
        ]
    said = _("So this head mostly looks at special tokens: {share:.1%} on average.")
    kinds.append((np.broadcast_to(special, shape), said))
    if attention_map.kind == "decoder" and not special[0]:
        sink = np.zeros(shape, dtype=np.bool_)
        sink[1:, 0] = True
        said = _(
            "So this head mostly looks at the first token, whatever it is: {share:.1%} of what the later ones give. "
            "Such a token is called a sink (Xiao et al. 2023)."
        )
        kinds.append((sink, said))
    return kinds


def _others(attention_map: AttentionMap, weights: NDArray[np.float32], keys: Mask) -> str:
    """The tokens of the text that give less than half to these keys, those first that look most at another one."""
    asked = keys.any(axis=-1) & ~np.asarray(attention_map.queries.special)
    rest = np.where(keys | np.asarray(attention_map.keys.special), 0, weights)
    differ = [
        query
        for query in np.argsort(-rest.max(axis=-1), kind="stable")
        if asked[query] and (weights[query] * keys[query]).sum() < _CLEAR
    ]
    if not differ:
        return ""
    named = tr(", ").join(
        tr(
            "{query} at {key} ({share:.1%})",
            query=code_span(attention_map.queries.labels[query]),
            key=code_span(attention_map.keys.labels[int(rest[query].argmax())]),
            share=float(rest[query].max()),
        )
        for query in differ[:_NAMED]
    )
    return " " + trn(
        "But {count} of {total} tokens of the text does otherwise: {named}.",
        "But {count} of {total} tokens of the text do otherwise, most clearly {named}.",
        len(differ),
        total=int(asked.sum()),
        named=named,
    )
