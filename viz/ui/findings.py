"""What the numbers say, as sentences in the session's language. Tokens are shown as Markdown code."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from viz.attention import AttentionMap
from viz.metrics import mean_received, ranked
from viz.metrics.align import Alignment, Difference
from viz.metrics.measures import Measure, measured
from viz.metrics.similarity import FARTHEST
from viz.metrics.views import as_shares
from viz.ui import norm_findings
from viz.ui.drawn import Array
from viz.ui.i18n import tr, trn
from viz.ui.naming import head_name
from viz.ui.plain import code_span
from viz.ui.view import ViewState

Cells = Sequence[tuple[int, int]]

_CLEAR = 0.5  # of a share, from which on it is what a head is said to do
_BROAD = 0.85  # of the largest entropy there can be
_NEGLIGIBLE = 0.02


def of_scope(found: AttentionMap, now: ViewState) -> list[str]:
    """What one head, one layer or the model looks at; `found` is the whole map, special tokens included.

    Of lengths it has to be their shares (`as_shares`).
    """
    layer = now.layer if now.scope in ("head", "layer") else None
    head = now.head if now.scope == "head" else None
    alone = _NEEDS_PLACES if found.kind == "cross" else ()
    numbers = {name: _in_scope(measured(found, name), layer, head) for name in _SUMMED if name not in alone}
    received = mean_received(found.weights, layer, head)
    content = ranked(received, found.keys.special, top=3)
    sentences = []
    weights = found.quantity == "attention"
    if content and not weights:
        token, share = code_span(found.keys.labels[content[0].position]), content[0].share
        sentences.append(norm_findings.strongest(token, share, share * len(received)))
    elif content:
        sentences.append(
            tr(
                "Beside special tokens, {token} receives the most attention: {share:.1%}, which is {times:.1f} times "
                "an even share.",
                token=code_span(found.keys.labels[content[0].position]),
                share=content[0].share,
                times=content[0].share * len(received),
            )
        )
    rest = max(0.0, 1 - numbers["first"] - numbers["closing"] - numbers["punctuation"])
    say = _of_specials if weights else norm_findings.to_specials
    said = say(numbers["first"], numbers["closing"], numbers["punctuation"], rest)
    sentences.append(said.replace("<", r"\<"))
    if not alone:
        of_places = _of_places if weights else norm_findings.places
        sentences.append(
            of_places(numbers["distance"], numbers["itself"], numbers["before"], numbers["after"])
        )
    if weights and head is not None and (known := _character(numbers, found.weights.shape[-1])):
        sentences.append(known)
    return sentences


def _of_specials(first: float, closing: float, punctuation: float, rest: float) -> str:
    return tr(
        "{first:.1%} goes to the opening token ([CLS] or <s>), {closing:.1%} to the closing ones ([SEP] or </s>), "
        "{punctuation:.1%} to punctuation; {rest:.1%} is left for the words.",
        first=first,
        closing=closing,
        punctuation=punctuation,
        rest=rest,
    )


def _of_places(distance: float, itself: float, before: float, after: float) -> str:
    return tr(
        "On average a token looks {distance:.1f} places away: at itself with {itself:.1%}, at the one before with "
        "{before:.1%}, at the one after with {after:.1%}.",
        distance=distance,
        itself=itself,
        before=before,
        after=after,
    )


_SUMMED: tuple[Measure, ...] = (
    "first",
    "closing",
    "punctuation",
    "itself",
    "before",
    "after",
    "distance",
    "entropy",
)
# What there is only where queries and keys are the same tokens.
_NEEDS_PLACES: tuple[Measure, ...] = ("itself", "before", "after", "distance")


def _in_scope(values: Array, layer: int | None, head: int | None) -> float:
    chosen = values if layer is None else values[layer] if head is None else values[layer, head]
    return float(np.mean(chosen))


def _character(numbers: dict[Measure, float], keys: int) -> str:
    """What this head is known to do, after Clark et al. 2019, section 3; empty where nothing is clear."""
    if numbers.get("before", 0) >= _CLEAR:
        return tr("So this head mostly looks at the token before.")
    if numbers.get("after", 0) >= _CLEAR:
        return tr("So this head mostly looks at the token after.")
    if numbers.get("itself", 0) >= _CLEAR:
        return tr("So in this head most tokens look at themselves.")
    if numbers["first"] + numbers["closing"] >= _CLEAR:
        return tr(
            "So this head mostly looks at special tokens: often a sign that it has found nothing to do here."
        )
    if keys > 1 and numbers["entropy"] >= _BROAD * np.log(keys):
        return tr("So this head looks almost evenly at everything.")
    return ""


def of_query(found: AttentionMap, now: ViewState, query: int) -> str:
    """What one token looks at in the chosen head, the three strongest."""
    top = ranked(found.weights[now.layer, now.head, query], None, top=3)
    token = code_span(found.queries.labels[query])
    seen = listed(found.keys.labels, [(row.position, row.share) for row in top])
    if found.quantity != "attention":
        return norm_findings.query(now.layer, now.head, token, seen)
    return tr(
        "In {head}, {token} looks most at {seen}.",
        head=head_name(now.layer, now.head),
        token=token,
        seen=seen,
    )


def of_key(found: AttentionMap, key: int, heads: Cells, values: Array) -> str:
    """Which head looks at a token most."""
    if found.quantity != "attention":
        token = code_span(found.keys.labels[key])
        return norm_findings.key(*heads[0], token, float(values[heads[0]]), float(values.mean()))
    return tr(
        "{head} looks at {token} most: on average every token gives it {share:.1%} there, against {mean:.1%} over all "
        "heads.",
        head=head_name(*heads[0]),
        token=code_span(found.keys.labels[key]),
        share=float(values[heads[0]]),
        mean=float(values.mean()),
    )


def listed(labels: Sequence[str], shares: Sequence[tuple[int, float]]) -> str:
    """Tokens by their positions, each with its share, as one stretch of a sentence."""
    return tr(", ").join(
        tr("{token} ({share:.1%})", token=code_span(labels[at]), share=share) for at, share in shares
    )


def difference_of_heads(
    found: AttentionMap, first: tuple[int, int], second: tuple[int, int], cells: Cells
) -> list[str]:
    """How much two heads differ on the whole, and where most."""
    one, other = found.weights[first], found.weights[second]
    weights = found.quantity == "attention"
    shares = as_shares(replace(found, weights=np.stack([one, other])[None])).weights[0]
    moved = float(np.abs(shares[0] - shares[1]).sum(axis=-1).mean() / 2)
    sentences = [
        norm_findings.moved(moved)
        if not weights
        else tr(
            "On average {share:.1%} of a token's attention lies elsewhere in the second head (0% would be the same, "
            "100% no key in common).",
            share=moved,
        )
    ]
    if cells:
        query, key = cells[0]
        names = code_span(found.queries.labels[query]), code_span(found.keys.labels[key])
        sentences.append(
            norm_findings.largest(*names, float(one[query, key]), float(other[query, key]))
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
    compared: Difference, labels: Sequence[str], cells: Cells, of: AttentionMap
) -> list[str]:
    """Where two texts, or one text under two models, differ most; `of` is the first's map, which has the scale."""
    weights, least = of.quantity == "attention", _NEGLIGIBLE * of.top
    if not cells or abs(float(compared.values[cells[0]])) < least:
        return [
            norm_findings.nowhere(least)
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
            norm_findings.largest(*names, float(compared.left[query, key]), float(compared.right[query, key]))
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


def alike(distances: Array, here: int) -> str:
    """How far the head in hand is from the others, in words."""
    others = np.delete(distances[here], here)
    if not len(others):
        return ""
    rank = int((np.delete(distances.mean(axis=1), here) < distances[here].mean()).sum()) + 1
    return tr(
        "Its mean distance to the other heads is {mean:.2f} (0 is the same, {most:.2f} the farthest there can be): of "
        "{count} heads it is number {rank} by how close it lies to the rest.",
        mean=float(others.mean()),
        most=FARTHEST,
        count=len(distances),
        rank=rank,
    )
