"""What is said of a head: every claim against the map itself, on the real model and on maps that claim nothing."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.samples import PIECES, encoding
from tests.metrics.test_even_share import words
from viz.attention import AttentionMap, attend
from viz.inputs.encoding import Encoding
from viz.inputs.examples import FIRST
from viz.metrics.measures import even_map
from viz.models import LoadedModel
from viz.ui.wording.head_sentences import character
from viz.ui.wording.names import measures_of
from viz.ui.wording.sentences import of_query, of_scope
from viz.view.state import ViewState

pytestmark = pytest.mark.usefixtures("english")


def said(found: AttentionMap, **now: object) -> str:
    return "\n".join(of_scope(found, even_map(found), replace(ViewState(), layer=0, head=0, **now)))  # type: ignore[arg-type]


def of_rows(rows: np.ndarray, text: Encoding, kind: str = "decoder") -> AttentionMap:
    return AttentionMap(kind, rows.astype(np.float32)[None, None], text, text)  # type: ignore[arg-type]


@pytest.fixture
def start(minilm: LoadedModel) -> AttentionMap:
    return attend(minilm, FIRST.text).encoder


def test_the_rows_that_differ_are_named(start: AttentionMap) -> None:
    weights, special = start.weights[3, 1], np.array(start.keys.special)
    share, row = float(weights[:, special].sum(axis=-1).mean()), weights[start.keys.labels.index("it")]
    sentence = character(start, even_map(start), 3, 1)
    assert f"mostly looks at special tokens: {share:.1%} on average" in sentence
    assert f"` it ` at ` animal ` ({row[start.keys.labels.index('animal')]:.1%})" in sentence
    differ = sum(float(weights[at, special].sum()) < 0.5 for at in range(16) if not special[at])
    assert f"But {differ} of 14 tokens of the text do otherwise" in sentence
    assert "nothing to do" not in sentence


def test_no_head_that_looks_at_special_tokens_hides_a_word_that_another_word_gets_half_of(
    start: AttentionMap,
) -> None:
    special = np.array(start.keys.special)
    hidden, heads = 0, 0
    for layer in range(start.layers):
        for head in range(start.heads):
            sentence, weights = character(start, even_map(start), layer, head), start.weights[layer, head]
            if "special tokens" not in sentence:
                continue
            heads += 1
            within = weights[~special][:, ~special]
            if within.max() >= 0.5:
                hidden += 1
                assert f"({within.max():.1%})" in sentence
    assert (heads, hidden) == (34, 6)


@given(count=st.integers(1, 30))
def test_nothing_is_said_of_a_head_that_spreads_evenly_behind_a_causal_mask(count: int) -> None:
    sentences = said(words(count), scope="head")
    assert "Every token receives its even share." in sentences
    assert "farthest above" not in sentences
    assert "receives the most" not in sentences
    assert "mostly" not in sentences
    assert "[CLS]" not in sentences
    assert "opening" not in sentences
    assert "closing" not in sentences
    assert ("its entropy is 100% of that of an even spread" in sentences) is (count > 1)


def test_a_sink_is_named_a_sink_and_by_its_own_token() -> None:
    text = encoding("abcdefg", [(letter, (at, at + 1), at) for at, letter in enumerate("abcdefg")])
    rows = np.eye(7) * 0.1
    rows[:, 0] += 0.9
    sentences = said(of_rows(rows, text), scope="head")
    assert "So this head mostly looks at the first token, whatever it is: 90.0%" in sentences
    assert "The first token, ` a `, has 90.0% of what the later ones give" in sentences
    even = np.mean([1 / seen for seen in range(2, 8)])
    assert f"an even spread would give it {even:.1%}" in sentences
    assert (
        "` a ` is farthest above its even share: it receives 91.4% of the attention, 2.5 times the 37.0%"
        in sentences
    )


def test_a_decoder_with_an_opening_token_names_it() -> None:
    text = encoding("ab", [("<s>", None, None), ("a", (0, 1), 0), ("b", (1, 2), 1)])
    sentences = said(of_rows(np.array([[1, 0, 0], [0.9, 0.1, 0], [0.9, 0, 0.1]]), text))
    assert r"the opening token ` <s> ` 93.3%, punctuation 0.0%, the words 6.7%" in sentences
    assert "closing" not in sentences
    assert "none is above its even share" in sentences


def test_what_an_encoder_says_names_its_own_special_tokens() -> None:
    count = len(PIECES)
    rows = np.zeros((count, count))
    rows[:, 0] = rows[:, -1] = 0.5
    sentences = said(of_rows(rows, PIECES, "encoder"), scope="head")
    assert "the opening token ` [CLS] ` 50.0%, the closing ` [SEP] ` 50.0%" in sentences
    assert "mostly looks at special tokens: 100.0% on average." in sentences
    assert "otherwise" not in sentences


def test_what_a_token_cannot_see_is_not_said_to_be_looked_at() -> None:
    found = words(5)
    sentence = of_query(found, replace(ViewState(), layer=0, head=0), 0)
    assert sentence.endswith("looks most at ` w0 ` (100.0%).")


def test_only_measures_of_what_the_text_has_are_offered(start: AttentionMap) -> None:
    assert {"first", "closing"} <= set(measures_of(start))
    assert "sink" not in measures_of(start)
    assert not {"first", "closing"} & set(measures_of(words(4)))
    assert "sink" in measures_of(words(4))


@given(
    count=st.integers(1, 6),
    seed=st.integers(0, 200),
    kind=st.sampled_from(["encoder", "decoder"]),
    special=st.integers(0, 3),
)
def test_no_share_is_beyond_what_can_be(count: int, seed: int, kind: str, special: int) -> None:
    tokens = [(f"w{at}", (at, at + 1), at) for at in range(count)]
    marked = [
        (*token[:1], None, None) if special >> (at and 1) & 1 and at in (0, count - 1) else token
        for at, token in enumerate(tokens)
    ]
    text = encoding("a" * count, marked)
    rows = np.random.default_rng(seed).dirichlet(np.full(count, 0.3), count)
    if kind == "decoder":
        rows = np.tril(rows + 1e-9)
    found = of_rows(rows / rows.sum(axis=-1, keepdims=True), text, kind)
    for scope in ("head", "model"):
        sentences = said(found, scope=scope)
        assert all(0 <= float(number) <= 100.05 for number in re.findall(r"(-?[\d.]+)%", sentences))
        assert "nan" not in sentences
        assert "inf" not in sentences
