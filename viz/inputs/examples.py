"""Texts to begin with: each shows something that attention has to solve.

Titles and expectations are message ids, to be translated; the texts themselves are not.
"""

from dataclasses import dataclass

from viz.language import _

_MINILM = "all-MiniLM-L6-v2"
_E5 = "multilingual-e5-small"


@dataclass(frozen=True)
class Example:
    """A text, or two, with the model and the head to look at first (from 0).

    `expect` says what that head does with it, with the model's own numbers; empty where the title promises nothing.
    """

    id: str
    title: str
    text: str
    pair: str = ""
    model: str = _MINILM
    layer: int = 0
    head: int = 0
    expect: str = ""


EXAMPLES = (
    Example(
        "animal",
        _("Pronoun: who was too tired?"),
        "The animal didn't cross the street because it was too tired.",
        layer=3,
        head=1,
        expect=_(
            "In layer {layer}, head {head}, “it” gives 68% of its attention to “animal” and 5% to “street”. That looks "
            "like an answer. Change “tired” to “wide” before you believe it: attention does not resolve the pronoun."
        ),
    ),
    Example(
        "street",
        _("Pronoun: the same sentence, one word changed"),
        "The animal didn't cross the street because it was too wide.",
        layer=3,
        head=1,
        expect=_(
            "Here “it” is the street. In layer {layer}, head {head}, it gives 33% to [CLS], 28% to “animal” and 12% to "
            "“street”; with “tired” it was 68% to “animal” and 5% to “street”. It moves less than one hopes: attention "
            "does not resolve the pronoun."
        ),
    ),
    Example(
        "keys",
        _("Agreement over a long distance"),
        "The keys to the old wooden cabinet that stands in the hall of my grandmother's house are on the table.",
        layer=5,
        head=11,
        expect=_(
            "In layer {layer}, head {head}, “are” gives 35% to “keys” and 22% to “table”. But every token looks there: "
            "“keys” gets 29% on average and “table” 18%. Two columns, whatever the query is, are no agreement."
        ),
    ),
    Example(
        "negation",
        _("Negation"),
        "I do not think the film was bad, but nobody said it was good.",
        layer=5,
        head=9,
        expect=_(
            "In layer {layer}, head {head}, “not” gives 71% to “bad”. But every token looks there: “bad” gets 49% on "
            "average. A column, whatever the query is, does not show that “bad” is negated."
        ),
    ),
    Example(
        "pair",
        _("Two texts: a question and its answer"),
        "Where did the two friends spend the summer?",
        "Anna and Ben rented a small house by the lake in July.",
        layer=3,
        head=1,
    ),
    Example(
        "bank",
        _("One word, two meanings"),
        "She sat on the bank of the river and counted the money from the bank.",
        layer=2,
        head=10,
        expect=_(
            "In layer {layer}, head {head}, both “bank” look at [CLS] most, with 75% and 61%. The first gives 1% to "
            "“river”, the second 4% to “money”: this head does not tell the two meanings apart."
        ),
    ),
    Example(
        "garden",
        _("A sentence that misleads"),
        "The old man the boat while the young row.",
        layer=5,
        head=2,
        expect=_(
            "“Man” is the verb here. In layer {layer}, head {head}, it gives 44% to “old” and 38% to “young”. But "
            "every token looks at these: 39% and 21% on average. Nothing in this head shows that “man” is a verb."
        ),
    ),
    Example(
        "code", _("Program code"), "def add(a, b):\n    return a + b  # the sum of a and b", layer=5, head=9
    ),
    Example(
        "proverb",
        _("A proverb"),
        "All that glitters is not gold, and not all those who wander are lost.",
        layer=5,
        head=11,
    ),
    Example(
        "zh-cat", _("Chinese: a first sentence"), "猫坐在垫子上，因为它很累。", model=_E5, layer=11, head=3
    ),
    Example(
        "zh-pronoun",
        _("Chinese: who said sorry?"),
        "小明把书还给了小红，因为她明天要用它写作业。",
        model=_E5,
        layer=11,
        head=11,
        expect=_(
            "In layer {layer}, head {head}, “她” gives 28% to “明” and 1% to “红”. But every token looks at “明”, with "
            "31% on average: attention does not resolve the pronoun."
        ),
    ),
    Example(
        "zh-ambiguity",
        _("Chinese: where do the words end?"),
        "南京市长江大桥欢迎您，研究生命的起源很有意思。",
        model=_E5,
        layer=11,
        head=8,
    ),
    Example(
        "zh-proverb",
        _("Chinese: a proverb"),
        "塞翁失马，焉知非福；千里之行，始于足下。",
        model=_E5,
        layer=11,
        head=1,
    ),
    Example(
        "mixed",
        _("Chinese and English mixed"),
        "我用 Python 写了一个 Transformer，它的 attention 很有趣。",
        model=_E5,
        layer=10,
        head=1,
    ),
    Example(
        "translation",
        _("Two texts: English and Chinese"),
        "The weather is very nice today.",
        "今天的天气非常好。",
        model=_E5,
        layer=6,
        head=11,
    ),
    Example(
        "scripts",
        _("Many languages in one text"),
        "Peace, 和平, 平和, 평화, мир, ειρήνη, سلام, שלום, शांति, สันติภาพ",
        model=_E5,
        layer=2,
        head=4,
    ),
)

FIRST = EXAMPLES[0]


def example(example_id: str) -> Example:
    """The example of that id; KeyError if there is none."""
    return {example.id: example for example in EXAMPLES}[example_id]


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
    return next((pair.id for pair in PAIRS if (pair.left, pair.right) == (left, right)), None)


def minimal_pair(pair_id: str) -> MinimalPair:
    """The pair of that id; KeyError if there is none."""
    return {pair.id: pair for pair in PAIRS}[pair_id]
