"""What a difference says."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from viz.attention import AttentionMap
from viz.attention.merging import as_shares
from viz.metrics.alignment import Alignment, Difference
from viz.ui.session import tr, trn
from viz.ui.wording import length_sentences
from viz.ui.wording.plain_text import code_span
from viz.ui.wording.sentences import Cells

_NEGLIGIBLE = 0.02


def difference_of_heads(
    attention_map: AttentionMap, first: tuple[int, int], second: tuple[int, int], cells: Cells
) -> list[str]:
    """How much two heads differ on the whole, and where most."""
    one, other = attention_map.weights[first], attention_map.weights[second]
    weights = attention_map.quantity == "attention"
    shares = as_shares(replace(attention_map, weights=np.stack([one, other])[None])).weights[0]
    moved = float(np.abs(shares[0] - shares[1]).sum(axis=-1).mean() / 2)
    sentences = [
        length_sentences.moved(moved)
        if not weights
        else tr(
            "On average {share:.1%} of a token's attention lies elsewhere in the second head (0% would be the same, "
            "100% no key in common).",
            share=moved,
        )
    ]
    if cells:
        query, key = cells[0]
        names = code_span(attention_map.queries.labels[query]), code_span(attention_map.keys.labels[key])
        sentences.append(
            length_sentences.largest(*names, float(one[query, key]), float(other[query, key]))
            if not weights
            else tr(
                "The largest difference: {query} looks at {key} with {first:.1%} in the first and {second:.1%} in the "
                "second.",
                query=names[0],
                key=names[1],
                first=float(one[query, key]),
                second=float(other[query, key]),
            )
        )
    return sentences


def difference_of_texts(
    compared: Difference, labels: Sequence[str], cells: Cells, attention_map: AttentionMap
) -> list[str]:
    """Where two texts, or one text under two models, differ most; `of` is the first's map, which has the scale."""
    weights, least = attention_map.quantity == "attention", _NEGLIGIBLE * attention_map.top
    if not cells or abs(float(compared.values[cells[0]])) < least:
        return [
            length_sentences.nowhere(least)
            if not weights
            else tr(
                "At the places that both have, the two differ nowhere by more than {share:.0%}.",
                share=_NEGLIGIBLE,
            )
        ]
    query, key = cells[0]
    if not weights:
        names = code_span(labels[query]), code_span(labels[key])
        return [
            length_sentences.largest(
                *names, float(compared.left[query, key]), float(compared.right[query, key])
            )
        ]
    return [
        tr(
            "The largest difference: {query} looks at {key} with {first:.1%} in the first and {second:.1%} in the "
            "second.",
            query=code_span(labels[query]),
            key=code_span(labels[key]),
            first=float(compared.left[query, key]),
            second=float(compared.right[query, key]),
        )
    ]


def of_alignment(alignment: Alignment) -> str:
    """How many places two texts have in common."""
    counts = {side: sum(place.side == side for place in alignment.places) for side in ("both", "changed")}
    alone = len(alignment.places) - counts["both"] - counts["changed"]
    said = [trn("{count} place is the same", "{count} places are the same", counts["both"])]
    if counts["changed"]:
        said.append(trn("{count} is changed", "{count} are changed", counts["changed"]))
    if alone:
        said.append(trn("{count} stands in one text alone", "{count} stand in one text alone", alone))
    return tr("{sentence}.", sentence=tr(", ").join(said))
