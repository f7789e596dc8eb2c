"""What the numbers say where they are lengths and not weights, as sentences; tokens are given as Markdown code.

Shares here are of the lengths of a row: how much of what a token takes comes from where.
"""

from viz.ui.i18n import tr
from viz.ui.naming import head_name


def strongest(token: str, share: float, times: float) -> str:
    """The token, beside special ones, that brings most; `times` says how much more than an even share."""
    return tr(
        "Beside special tokens, {token} brings the most: {share:.1%} of the length, which is {times:.1f} times an even "
        "share.",
        token=token,
        share=share,
        times=times,
    )


def to_specials(first: float, closing: float, punctuation: float, rest: float) -> str:
    """How much comes from special tokens and punctuation."""
    return tr(
        "{first:.1%} of the length comes from the opening token ([CLS] or <s>), {closing:.1%} from the closing ones "
        "([SEP] or </s>), {punctuation:.1%} from punctuation; {rest:.1%} is left for the words.",
        first=first,
        closing=closing,
        punctuation=punctuation,
        rest=rest,
    )


def places(distance: float, itself: float, before: float, after: float) -> str:
    """From how far away it comes."""
    return tr(
        "On average what a token takes comes from {distance:.1f} places away: {itself:.1%} from itself, {before:.1%} "
        "from the one before, {after:.1%} from the one after.",
        distance=distance,
        itself=itself,
        before=before,
        after=after,
    )


def query(layer: int, head: int, token: str, sources: str) -> str:
    """What one token takes in a head, the strongest sources already listed."""
    return tr(
        "In {head}, {token} takes most from {sources}.",
        head=head_name(layer, head),
        token=token,
        sources=sources,
    )


def key(layer: int, head: int, token: str, share: float, mean: float) -> str:
    """In which head a token brings the most."""
    return tr(
        "{token} brings the most in {head}: on average {share:.1%} of what every token takes there, against {mean:.1%} "
        "over all heads.",
        token=token,
        head=head_name(layer, head),
        share=share,
        mean=mean,
    )


def moved(share: float) -> str:
    """How much of what a token takes comes from elsewhere in another head."""
    return tr(
        "On average {share:.1%} of what a token takes comes from elsewhere in the second head (0% would be the same, "
        "100% no key in common).",
        share=share,
    )


def largest(query: str, key: str, first: float, second: float) -> str:
    """Where two maps of lengths differ most."""
    return tr(
        "The largest difference: {query} takes a length of {first:.3f} from {key} in the first and of {second:.3f} in "
        "the second.",
        query=query,
        key=key,
        first=first,
        second=second,
    )


def nowhere(length: float) -> str:
    """That two maps of lengths hardly differ."""
    return tr(
        "At the places that both have, the lengths of the two differ nowhere by more than {length:.3f}.",
        length=length,
    )
