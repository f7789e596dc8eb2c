"""Minimal pairs: two texts that differ in a word or a few, so that what differs in the attention is due to these.

Titles and expectations are message ids, to be translated; the texts themselves are not.
"""

from dataclasses import dataclass

from viz.language import _

_MINILM = "all-MiniLM-L6-v2"
_E5 = "multilingual-e5-small"


@dataclass(frozen=True)
class MinimalPair:
    """Two texts, with the model and the head to look at first (from 0); `expect` says what that head does with them."""

    id: str
    title: str
    left: str
    right: str
    expect: str
    model: str = _MINILM
    layer: int = 3
    head: int = 1


PAIRS = (
    MinimalPair(
        "animal",
        _("Pronoun: tired or wide?"),
        "The animal didn't cross the street because it was too tired.",
        "The animal didn't cross the street because it was too wide.",
        _(
            "In layer {layer}, head {head}, “it” gives “animal” 68% with “tired” and 28% with “wide”, “street” 5% and "
            "12%. With “wide” most goes to [CLS], 33%. It moves less than one hopes: attention does not resolve the "
            "pronoun."
        ),
    ),
    MinimalPair(
        "trophy",
        _("Pronoun: big or small? (Winograd schema)"),
        "The trophy doesn't fit in the brown suitcase because it is too big.",
        "The trophy doesn't fit in the brown suitcase because it is too small.",
        _(
            "In layer {layer}, head {head}, “it” gives “trophy” 51% with “big” and 56% with “small”, “suitcase” 32% "
            "and 25%. With “small” it ought to be the suitcase: what little moves goes the wrong way. Attention does "
            "not resolve the pronoun."
        ),
    ),
    MinimalPair(
        "number",
        _("Agreement: is or are?"),
        "The keys to the cabinet are on the table.",
        "The key to the cabinets is on the table.",
        _(
            "In layer {layer}, head {head}, “are” gives 79% to “keys” and 3% to “cabinet”, “is” 28% to “key” and 13% "
            "to “cabinets”. Three words differ, so that no single one explains it."
        ),
    ),
    MinimalPair(
        "bank",
        _("One word, two meanings: bank"),
        "She sat on the bank of the river.",
        "She sat in the bank of the city.",
        _(
            "In layer {layer}, head {head}, “bank” looks at [CLS] most in both, with 65% and 76%; “river” gets 21%, "
            "“city” 7%. Two words differ, and the weights do not say which meaning it has."
        ),
    ),
    MinimalPair(
        "order",
        _("Who does what to whom?"),
        "The dog chased the cat.",
        "The cat chased the dog.",
        _(
            "In layer {layer}, head {head}, “chased” gives its object 43% (“cat”) and 20% (“dog”), its subject 2% and "
            "8%; most goes to [CLS], 52% and 66%. The object gets more than the subject in both, but far from the same."
        ),
    ),
    MinimalPair(
        "negation",
        _("With and without a negation"),
        "The film was good.",
        "The film was not good.",
        _(
            "In layer {layer}, head {head}, “good” gives “film” 42% without “not” and 57% with it, and “not” itself "
            "0%. That a word is negated is not to be read from this head."
        ),
    ),
    MinimalPair(
        "zh-pronoun",
        _("Chinese: the pronoun changed"),
        "小明把书还给了小红，因为她明天要用它写作业。",
        "小明把书还给了小红，因为他明天要用它写作业。",
        _(
            "In layer {layer}, head {head}, “她” gives 28% to “明” and 1% to “红”; “因为他”, one token, gives 28% and "
            "1%. Nothing moves: attention does not resolve the pronoun."
        ),
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
