"""What is promised of examples, minimal pairs and in the guide: each number is the real model's."""

import re
from pathlib import Path

import numpy as np
import pytest
from babel.messages.pofile import read_po

from tests.pages.opening import opened, written
from viz.attention import AttentionMap, attend
from viz.attention.norms import weighted_norms
from viz.inputs.examples import EXAMPLES, FIRST, PAIRS, example, minimal_pair
from viz.metrics.measures import measure_heads, ranked_heads
from viz.models import LoadedModel

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "pages" / "guide.py").read_text("utf-8")

# Of an example: the query and the key of each number that is said, in order; no query is the mean over all.
LOOKS: dict[str, list[tuple[str | None, str]]] = {
    "animal": [("it", "animal"), ("it", "street")],
    "keys": [("are", "keys"), ("are", "table"), (None, "keys"), (None, "table")],
    "negation": [("not", "bad"), (None, "bad")],
    "bank": [("bank₆", "[CLS]"), ("bank₁₆", "[CLS]"), ("bank₆", "river"), ("bank₁₆", "money")],
    "garden": [("man", "old"), ("man", "young"), (None, "old"), (None, "young")],
    "zh-pronoun": [("她", "明"), ("她", "红"), (None, "明")],
}
# Of a pair the text comes first, 0 or 1.
PAIR_LOOKS: dict[str, list[tuple[int, str, str]]] = {
    "animal": [
        (0, "it", "animal"),
        (1, "it", "animal"),
        (0, "it", "street"),
        (1, "it", "street"),
        (1, "it", "[CLS]"),
    ],
    "trophy": [(0, "it", "trophy"), (1, "it", "trophy"), (0, "it", "suitcase"), (1, "it", "suitcase")],
    "number": [(0, "are", "keys"), (0, "are", "cabinet"), (1, "is", "key"), (1, "is", "cabinets")],
    "bank": [(0, "bank", "[CLS]"), (1, "bank", "[CLS]"), (0, "bank", "river"), (1, "bank", "city")],
    "order": [
        *((0, "chased", "cat"), (1, "chased", "dog"), (0, "chased", "dog"), (1, "chased", "cat")),
        *((0, "chased", "[CLS]"), (1, "chased", "[CLS]")),
    ],
    "negation": [(0, "good", "film"), (1, "good", "film"), (1, "good", "not")],
    "zh-pronoun": [(0, "她", "明"), (0, "她", "红"), (1, "因为他", "明"), (1, "因为他", "红")],
}


def weight(found: AttentionMap, layer: int, head: int, query: str | None, key: str) -> float:
    """One weight by the tokens' labels, or the mean over queries."""
    column = found.weights[layer, head, :, found.keys.labels.index(key)]
    return float(column.mean() if query is None else column[found.queries.labels.index(query)])


def percents(text: str) -> list[str]:
    return re.findall(r"\d+%", text)


def written_out(values: list[float]) -> list[str]:
    return [f"{value:.0%}" for value in values]


@pytest.mark.parametrize("name", LOOKS)
def test_an_example_does_what_is_said_of_it(name: str, minilm: LoadedModel, e5: LoadedModel) -> None:
    chosen = example(name)
    found = attend(minilm if chosen.model == "all-MiniLM-L6-v2" else e5, chosen.text).encoder
    values = [weight(found, chosen.layer, chosen.head, query, key) for query, key in LOOKS[name]]
    assert percents(chosen.expect) == written_out(values)


def test_the_changed_word_moves_it_as_little_as_is_said(minilm: LoadedModel) -> None:
    wide, tired = (attend(minilm, example(name).text).encoder for name in ("street", "animal"))
    values = [weight(wide, 3, 1, "it", key) for key in ("[CLS]", "animal", "street")]
    before = [weight(tired, 3, 1, "it", key) for key in ("animal", "street")]
    assert percents(example("street").expect) == written_out([*values, *before])
    assert values[0] > values[1] > values[2] > before[1]  # it moves, and the street is still third


@pytest.mark.parametrize("name", PAIR_LOOKS)
def test_a_pair_does_what_is_said_of_it(name: str, minilm: LoadedModel, e5: LoadedModel) -> None:
    chosen = minimal_pair(name)
    model = minilm if chosen.model == "all-MiniLM-L6-v2" else e5
    maps = [attend(model, text).encoder for text in (chosen.left, chosen.right)]
    values = [weight(maps[text], chosen.layer, chosen.head, *looks) for text, *looks in PAIR_LOOKS[name]]
    assert percents(chosen.expect) == written_out(values)


def test_each_pair_and_each_promising_example_says_what_to_expect() -> None:
    assert {each.id for each in PAIRS} == set(PAIR_LOOKS)
    assert {each.id for each in EXAMPLES if each.expect} == {*LOOKS, "street"}
    promising = ("Pronoun", "Agreement", "Negation", "One word", "misleads", "who said")
    assert all(each.expect for each in EXAMPLES if any(word in each.title for word in promising))


def test_the_translation_says_the_same_numbers() -> None:
    with (ROOT / "viz/language/locale/zh_Hans/LC_MESSAGES/atlas.po").open("rb") as file:
        translated = {str(message.id): str(message.string) for message in read_po(file)}
    promised = {chosen.expect for chosen in (*EXAMPLES, *PAIRS) if chosen.expect}
    promised |= {sentence for sentence in translated if sentence.startswith("1. Open *Explore*")}
    assert len(promised) == len(LOOKS) + 1 + len(PAIR_LOOKS) + 1
    for sentence in promised:
        assert sorted(percents(translated[sentence])) == sorted(percents(sentence))


def test_the_guide_names_the_heads_that_look_at_neighbours(minilm: LoadedModel) -> None:
    found = attend(minilm, FIRST.text).encoder
    before, after = measure_heads(found, "before"), measure_heads(found, "after")
    assert ranked_heads(before, 1) == ((0, 2),)
    assert ranked_heads(after, 1) == ((1, 8),)
    assert f"Layer 1, head 3 looks at the token before, with {before[0, 2]:.0%}" in GUIDE
    assert after[0].max() < 0.15  # no head of the first layer
    assert f"most at the token after, with {after[1, 8]:.0%} on average" in GUIDE.replace('"\n        "', "")
    said = GUIDE[GUIDE.index("In layer 4, head 2") : GUIDE.index("It moves")]
    wide = attend(minilm, example("street").text).encoder
    values = [weight(found, 3, 1, "it", key) for key in ("animal", "street")]
    values += [weight(wide, 3, 1, "it", key) for key in ("animal", "street", "[CLS]")]
    assert percents(said) == written_out(values)


def test_special_tokens_bring_less_in_the_heads_that_look_at_them(minilm: LoadedModel) -> None:
    result = attend(minilm, FIRST.text)
    weights, special = result.encoder.weights, np.array(result.encoder.keys.special)
    values = weighted_norms(minilm, result)[:, :, 0] / weights[:, :, 0]  # ||f(x)||, the same for every query
    to_special = weights[..., special].sum(axis=-1).mean(axis=-1) >= 0.5
    ratio = (values[..., special].mean(axis=-1) / values[..., ~special].mean(axis=-1))[to_special]
    assert (ratio < 0.5).mean() > 0.5


def test_it_is_said_beside_the_picture_under_its_own_model_alone() -> None:
    assert "**What to expect.** In layer 4, head 2, “it” gives 68%" in written(opened("explore"))
    assert "What to expect" not in written(opened("explore", text="Something else."))
    assert "What to expect" not in written(opened("explore", model="multilingual-e5-small"))
    assert "**What to expect.** In layer 4, head 2, “it” gives “animal” 68%" in written(opened("texts"))
