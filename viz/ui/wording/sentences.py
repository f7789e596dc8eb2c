"""What the numbers say, as sentences in the session's language. Tokens are shown as Markdown code.

Where the numbers are lengths and not weights, shares are those of a row's lengths: how much of what a token takes comes
from where.
"""

from collections.abc import Callable, Sequence

import numpy as np

from viz.attention import AttentionMap
from viz.attention.checks import Array
from viz.language import _
from viz.metrics import mean_received, ranked
from viz.metrics.measures import Measure, even_share, measure_heads
from viz.metrics.similarity import FARTHEST
from viz.ui.session import tr
from viz.ui.wording import head_sentences
from viz.ui.wording.names import head_name
from viz.ui.wording.plain_text import code_span
from viz.view.state import ViewState

Cells = Sequence[tuple[int, int]]

_EQUAL = 0.0005  # a difference of shares that is not seen where they are written with one decimal


def of_scope(attention_map: AttentionMap, even: AttentionMap, state: ViewState) -> list[str]:
    """What one head, one layer or the model looks at; the map is the whole one, special tokens included.

    `even` is the same view of `evenly`. Of lengths both have to be their shares (`as_shares`).
    """
    weights = attention_map.quantity == "attention"

    def mean(measure: Measure) -> float:
        return float(measure_heads(attention_map, measure)[state.scope_index].mean())

    sentences = [
        _most(attention_map, mean_received(attention_map.weights, *state.scope_index), even_share(even)),
        _where(attention_map, even, mean),
    ]
    if attention_map.kind != "cross":  # queries and keys are the same tokens
        sentences.append(
            tr(
                _(
                    "On average a token looks {distance:.1f} places away: at itself with {itself:.1%}, at the one "
                    "before with {before:.1%}, at the one after with {after:.1%}."
                )
                if weights
                else _(
                    "On average what a token takes comes from {distance:.1f} places away: {itself:.1%} from itself, "
                    "{before:.1%} from the one before, {after:.1%} from the one after."
                ),
                **{name: mean(name) for name in _PLACES},
            )
        )
    if weights and state.scope == "head":
        sentences.append(head_sentences.character(attention_map, even, state.layer, state.head))
    return [sentence for sentence in sentences if sentence]


_PLACES: tuple[Measure, ...] = ("itself", "before", "after", "distance")


def _most(attention_map: AttentionMap, received: Array, even: Array) -> str:
    """The token of the text that is farthest above its even share, by shares [key]; empty where there is none."""
    special, weights = attention_map.keys.special, attention_map.quantity == "attention"
    if np.abs(received - even).max() < _EQUAL:
        return tr(_("Every token receives its even share.") if weights else _("Every token brings as much."))
    order = ranked(received - even, special, top=1)
    if not order:
        return ""
    position = order[0].position
    lead = tr("Beside special tokens") if any(special) else tr("Of all tokens")
    values = {
        "lead": lead,
        "token": code_span(attention_map.keys.labels[position]),
        "share": float(received[position]),
        "even": float(even[position]),
        "times": float(received[position] / even[position]),
    }
    if attention_map.kind != "decoder":
        return tr(
            _(
                "{lead}, {token} receives the most attention: {share:.1%}, which is {times:.1f} times an even share."
            )
            if weights
            else _(
                "{lead}, {token} brings the most: {share:.1%} of the length, which is {times:.1f} times an even share "
                "of {even:.1%}."
            ),
            **values,
        )
    if order[0].share <= 0:
        return tr("{lead}, none is above its even share.", lead=lead)
    said = tr(
        _(
            "{lead}, {token} is farthest above its even share: it receives {share:.1%} of the attention, {times:.1f} "
            "times the {even:.1%} of an even spread."
        )
        if weights
        else _(
            "{lead}, {token} is farthest above its even share: it brings {share:.1%} of the length, {times:.1f} times "
            "the {even:.1%} of an even spread."
        ),
        **values,
    )
    return said + " " + tr("(Earlier tokens are seen by more tokens, so that their even share is larger.)")


def _where(attention_map: AttentionMap, even: AttentionMap, share: Callable[[Measure], float]) -> str:
    """Where attention goes, or length comes from: to those of the special tokens that there are, and to the words."""
    labels, special = attention_map.keys.labels, attention_map.keys.special
    parts, rest = [], 1.0
    if special and special[0]:
        rest -= (first := share("first"))
        parts.append(tr("the opening token {token} {share:.1%}", token=code_span(labels[0]), share=first))
    tokens = zip(attention_map.keys.tokens[1:], special[1:], strict=True)
    closing = list(dict.fromkeys(code_span(token) for token, is_special in tokens if is_special))
    if closing:
        rest -= (last := share("closing"))
        parts.append(tr("the closing {tokens} {share:.1%}", tokens=tr(", ").join(closing), share=last))
    rest -= (signs := share("punctuation"))
    parts.append(tr("punctuation {share:.1%}", share=signs))
    parts.append(tr("the words {share:.1%}", share=max(0.0, rest)))
    weights = attention_map.quantity == "attention"
    said = tr(
        _("Where it goes: {parts}.") if weights else _("Where the length comes from: {parts}."),
        parts=tr(", ").join(parts),
    )
    if attention_map.kind != "decoder" or special[0] or len(special) < 2:
        return said
    sink = tr(
        "The first token, {token}, has {share:.1%} of what the later ones give (a sink, where this is much); an "
        "even spread would give it {even:.1%}.",
        token=code_span(labels[0]),
        share=share("sink"),
        even=float(measure_heads(even, "sink")[0, 0]),
    )
    return f"{said} {sink}"


def of_query(attention_map: AttentionMap, state: ViewState, query: int) -> str:
    """What one token looks at in the chosen head, the three strongest."""
    top = ranked(attention_map.weights[state.layer, state.head, query], None, top=3)
    return tr(
        _("In {head}, {token} looks most at {seen}.")
        if attention_map.quantity == "attention"
        else _("In {head}, {token} takes most from {seen}."),
        head=head_name(state.layer, state.head),
        token=code_span(attention_map.queries.labels[query]),
        seen=listed(attention_map.keys.labels, [(row.position, row.share) for row in top if row.share > 0]),
    )


def of_key(attention_map: AttentionMap, key: int, heads: Cells, values: Array) -> str:
    """Which head looks at a token most."""
    return tr(
        _(
            "{head} looks at {token} most: on average every token gives it {share:.1%} there, against {mean:.1%} over "
            "all heads."
        )
        if attention_map.quantity == "attention"
        else _(
            "{token} brings the most in {head}: on average {share:.1%} of what every token takes there, against "
            "{mean:.1%} over all heads."
        ),
        head=head_name(*heads[0]),
        token=code_span(attention_map.keys.labels[key]),
        share=float(values[heads[0]]),
        mean=float(values.mean()),
    )


def listed(labels: Sequence[str], shares: Sequence[tuple[int, float]]) -> str:
    """Tokens by their positions, each with its share, as one stretch of a sentence."""
    return tr(", ").join(
        tr("{token} ({share:.1%})", token=code_span(labels[position]), share=share)
        for position, share in shares
    )


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
