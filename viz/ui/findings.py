"""What the numbers say, as sentences in the session's language. Tokens are shown as Markdown code."""

from collections.abc import Sequence

import numpy as np

from viz.attention import AttentionMap
from viz.metrics import mean_received, ranked
from viz.metrics.align import Alignment, Difference
from viz.metrics.measures import Measure, measured
from viz.metrics.similarity import FARTHEST
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
    """What one head, one layer or the model looks at; `found` is the whole map, special tokens included."""
    layer = now.layer if now.scope in ("head", "layer") else None
    head = now.head if now.scope == "head" else None
    alone = _NEEDS_PLACES if found.kind == "cross" else ()
    numbers = {name: _in_scope(measured(found, name), layer, head) for name in _SUMMED if name not in alone}
    received = mean_received(found.weights, layer, head)
    content = ranked(received, found.keys.special, top=3)
    sentences = []
    if content:
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
    sentences.append(
        tr(
            "{first:.1%} goes to the opening token ([CLS] or <s>), {closing:.1%} to the closing ones ([SEP] or </s>), "
            "{punctuation:.1%} to punctuation; {rest:.1%} is left for the words.",
            first=numbers["first"],
            closing=numbers["closing"],
            punctuation=numbers["punctuation"],
            rest=rest,
        ).replace("<", r"\<")
    )
    if not alone:
        sentences.append(_of_places(numbers))
    if head is not None and (known := _character(numbers, found.weights.shape[-1])):
        sentences.append(known)
    return sentences


def _of_places(numbers: dict[Measure, float]) -> str:
    return tr(
        "On average a token looks {distance:.1f} places away: at itself with {itself:.1%}, at the one before with "
        "{before:.1%}, at the one after with {after:.1%}.",
        distance=numbers["distance"],
        itself=numbers["itself"],
        before=numbers["before"],
        after=numbers["after"],
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
    return tr(
        "In {head}, {token} looks most at {seen}.",
        head=head_name(now.layer, now.head),
        token=code_span(found.queries.labels[query]),
        seen=_listed(found.keys.labels, [(row.position, row.share) for row in top]),
    )


def of_key(found: AttentionMap, key: int, heads: Cells, values: Array) -> str:
    """Which head looks at a token most."""
    return tr(
        "{head} looks at {token} most: on average every token gives it {share:.1%} there, against {mean:.1%} over all "
        "heads.",
        head=head_name(*heads[0]),
        token=code_span(found.keys.labels[key]),
        share=float(values[heads[0]]),
        mean=float(values.mean()),
    )


def _listed(labels: Sequence[str], shares: Sequence[tuple[int, float]]) -> str:
    return tr(", ").join(
        tr("{token} ({share:.1%})", token=code_span(labels[at]), share=share) for at, share in shares
    )


def difference_of_heads(
    found: AttentionMap, first: tuple[int, int], second: tuple[int, int], cells: Cells
) -> list[str]:
    """How much two heads differ on the whole, and where most."""
    one, other = found.weights[first], found.weights[second]
    moved = float(np.abs(one - other).sum(axis=-1).mean() / 2)
    sentences = [
        tr(
            "On average {share:.1%} of a token's attention lies elsewhere in the second head (0 % would be the same, "
            "100 % no key in common).",
            share=moved,
        )
    ]
    if cells:
        query, key = cells[0]
        sentences.append(
            tr(
                "The largest difference: {query} looks at {key} with {first:.1%} in the first and {second:.1%} in the "
                "second.",
                query=code_span(found.queries.labels[query]),
                key=code_span(found.keys.labels[key]),
                first=float(one[query, key]),
                second=float(other[query, key]),
            )
        )
    return sentences


def difference_of_texts(compared: Difference, labels: Sequence[str], cells: Cells) -> list[str]:
    """Where two texts, or one text under two models, differ most."""
    if not cells or abs(float(compared.values[cells[0]])) < _NEGLIGIBLE:
        return [
            tr(
                "At the places that both have, the two differ nowhere by more than {share:.0%}.",
                share=_NEGLIGIBLE,
            )
        ]
    query, key = cells[0]
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
