"""Minimal pairs: two texts that differ in a word, so that what differs in the attention is due to that word.

Titles are message ids, to be translated; the texts themselves are not.
"""

from dataclasses import dataclass

from viz.messages import _

_MINILM = "all-MiniLM-L6-v2"
_E5 = "multilingual-e5-small"


@dataclass(frozen=True)
class MinimalPair:
    """Two texts, with the model and the head to look at first (from 0)."""

    id: str
    title: str
    left: str
    right: str
    model: str = _MINILM
    layer: int = 3
    head: int = 1


PAIRS = (
    MinimalPair(
        "animal",
        _("Pronoun: tired or wide?"),
        "The animal didn't cross the street because it was too tired.",
        "The animal didn't cross the street because it was too wide.",
    ),
    MinimalPair(
        "trophy",
        _("Pronoun: big or small? (Winograd schema)"),
        "The trophy doesn't fit in the brown suitcase because it is too big.",
        "The trophy doesn't fit in the brown suitcase because it is too small.",
    ),
    MinimalPair(
        "number",
        _("Agreement: is or are?"),
        "The keys to the cabinet are on the table.",
        "The key to the cabinets is on the table.",
    ),
    MinimalPair(
        "bank",
        _("One word, two meanings: bank"),
        "She sat on the bank of the river.",
        "She sat in the bank of the city.",
    ),
    MinimalPair(
        "order",
        _("Who does what to whom?"),
        "The dog chased the cat.",
        "The cat chased the dog.",
    ),
    MinimalPair("negation", _("With and without a negation"), "The film was good.", "The film was not good."),
    MinimalPair(
        "zh-pronoun",
        _("Chinese: the pronoun changed"),
        "小明把书还给了小红，因为她明天要用它写作业。",
        "小明把书还给了小红，因为他明天要用它写作业。",
        model=_E5,
        layer=11,
        head=11,
    ),
)


def pair_of(left: str, right: str) -> str | None:
    """The id of the pair with these texts, if there is one."""
    return next((found.id for found in PAIRS if (found.left, found.right) == (left, right)), None)


def minimal_pair(pair_id: str) -> MinimalPair:
    """The pair of that id; KeyError if there is none."""
    return {found.id: found for found in PAIRS}[pair_id]
