"""What a difference says."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from viz.attention import AttentionMap
from viz.attention.merging import as_shares
from viz.language import _
from viz.metrics.alignment import Alignment, Difference
from viz.ui.session import tr, trn
from viz.ui.wording.plain_text import code_span
from viz.ui.wording.sentences import Cells

_NEGLIGIBLE = 0.02


def difference_of_heads(
    attention_map: AttentionMap, first: tuple[int, int], second: tuple[int, int], cells: Cells
) -> list[str]:
    """How much two heads differ on the whole, and where most."""
    one, other = attention_map.weights[first], attention_map.weights[second]
    shares = as_shares(replace(attention_map, weights=np.stack([one, other])[None])).weights[0]
    moved = tr(
        _(
            "On average {share:.1%} of a token's attention lies elsewhere in the second head (0% would be the same, "
            "100% no key in common)."
        )
        if attention_map.quantity == "attention"
        else _(
            "On average {share:.1%} of what a token takes comes from elsewhere in the second head (0% would be the "
            "same, 100% no key in common)."
        ),
        share=float(np.abs(shares[0] - shares[1]).sum(axis=-1).mean() / 2),
    )
    if not cells:
        return [moved]
    query, key = cells[0]
    labels = attention_map.queries.labels[query], attention_map.keys.labels[key]
    return [moved, _largest(attention_map, labels, one[query, key], other[query, key])]


def difference_of_texts(
    compared: Difference, labels: Sequence[str], cells: Cells, attention_map: AttentionMap
) -> str:
    """Where two texts, or one text under two models, differ most; the first's map has the scale."""
    least = _NEGLIGIBLE * attention_map.top
    if not cells or abs(float(compared.values[cells[0]])) < least:
        return tr(
            _("At the places that both have, the two differ nowhere by more than {share:.0%}.")
            if attention_map.quantity == "attention"
            else _(
                "At the places that both have, the lengths of the two differ nowhere by more than {length:.3f}."
            ),
            share=_NEGLIGIBLE,
            length=least,
        )
    query, key = cells[0]
    names = labels[query], labels[key]
    return _largest(attention_map, names, compared.left[query, key], compared.right[query, key])


def _largest(attention_map: AttentionMap, labels: tuple[str, str], first: float, second: float) -> str:
    """Where two maps differ most: the labels of query and key, and what either map has there."""
    return tr(
        _(
            "The largest difference: {query} looks at {key} with {first:.1%} in the first and {second:.1%} in the "
            "second."
        )
        if attention_map.quantity == "attention"
        else _(
            "The largest difference: {query} takes a length of {first:.3f} from {key} in the first and of "
            "{second:.3f} in the second."
        ),
        query=code_span(labels[0]),
        key=code_span(labels[1]),
        first=float(first),
        second=float(second),
    )


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
