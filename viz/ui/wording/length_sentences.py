"""What the numbers say where they are lengths and not weights, as sentences; tokens are given as Markdown code.

Shares here are of the lengths of a row: how much of what a token takes comes from where.
"""

from viz.ui.session import tr
from viz.ui.wording.names import head_name


def strongest(lead: str, token: str, share: float, even: float, times: float) -> str:
    """The token that brings most; `times` says how much more than the even share, `even`."""
    return tr(
        "{lead}, {token} brings the most: {share:.1%} of the length, which is {times:.1f} times an even share of "
        "{even:.1%}.",
        lead=lead,
        token=token,
        share=share,
        even=even,
        times=times,
    )


def places(itself: float, before: float, after: float, distance: float) -> str:
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
