import dataclasses
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.errors import InputError, TextTooLong
from viz.inputs.text import MAX_CHARACTERS, clean, encode, readable
from viz.models import LoadedModel

HOSTILE = [
    "\x00",
    "a\x00b",
    "\ud800 lone \udfff",
    "\u200b\u200d\ufeff",
    "👨‍👩‍👧‍👦🏳️‍🌈",
    "\u202eevil\u202c",
    "<script>alert(1)</script> {{ x }} $x^2$ **b** \\",
    "[CLS] [SEP] <s> </s> [PAD]",
    "e" + "\u0301" * 500,
    "ﷺ" * 50,
    "\t\n\r\x0b\x0c x",
]


def words_of(model: LoadedModel, text: str, pair: str | None = None) -> list[str]:
    """The text of each word, joined from the spans of its tokens."""
    found = encode(model, text, pair)
    spans: dict[int, list[tuple[int, int, int]]] = {}
    for word, span, segment in zip(found.words, found.spans, found.segments, strict=True):
        if word is not None and span is not None:
            spans.setdefault(word, []).append((segment, *span))
    sources = [found.text, found.pair or ""]
    return [sources[s[0][0]][s[0][1] : s[-1][2]].strip() for _, s in sorted(spans.items())]


def test_tokens_of_a_plain_sentence(minilm: LoadedModel) -> None:
    found = encode(minilm, "The cat sat.")
    assert found.tokens == ["[CLS]", "the", "cat", "sat", ".", "[SEP]"]
    assert found.ids == [101, 1996, 4937, 2938, 1012, 102]
    assert found.special == (True, False, False, False, False, True)
    assert found.spans == (None, (0, 3), (4, 7), (8, 11), (11, 12), None)
    assert found.words == (None, 0, 1, 2, 3, None)
    assert found.truncation is None


def test_two_texts_have_two_segments_and_their_own_words(minilm: LoadedModel) -> None:
    found = encode(minilm, "Who?", "Me.")
    assert found.tokens == ["[CLS]", "who", "?", "[SEP]", "me", ".", "[SEP]"]
    assert found.segments == (0, 0, 0, 0, 1, 1, 1)
    assert found.words == (None, 0, 1, None, 2, 3, None)


def test_pair_of_e5_puts_two_separators_between(e5: LoadedModel) -> None:
    found = encode(e5, "Who?", "Me.")
    assert found.tokens[0] == "<s>"
    assert [t for t, special in zip(found.tokens, found.special, strict=True) if special] == [
        "<s>",
        *["</s>"] * 3,
    ]


def test_segments_are_what_the_model_is_fed(minilm: LoadedModel) -> None:
    fed = minilm.tokenizer("One text.", "Another one.")
    assert list(encode(minilm, "One text.", "Another one.").segments) == fed["token_type_ids"]


def test_word_pieces_make_one_word(minilm: LoadedModel) -> None:
    assert words_of(minilm, "An unbelievable embedding!") == ["An", "unbelievable", "embedding", "!"]


def test_words_of_sentencepiece_split_off_punctuation(e5: LoadedModel) -> None:
    words = ["He", "said", ":", '"', "unbelievable", '",', "didn't", "he", "?"]
    assert words_of(e5, 'He said: "unbelievable", didn\'t he?') == words


def test_chinese_words(minilm: LoadedModel, e5: LoadedModel) -> None:
    assert words_of(minilm, "天天上") == ["天", "天", "上"]
    found = words_of(e5, "今天天气很好。")
    assert "".join(found) == "今天天气很好。"
    assert found[-1] == "。"
    assert len(found) >= 4
    assert all(1 <= len(word) <= 3 for word in found)


def test_chinese_and_english_side_by_side(e5: LoadedModel) -> None:
    found = words_of(e5, "我用Python写程序")
    assert "Python" in found
    assert "".join(found) == "我用Python写程序"


def test_repeated_tokens_stay_distinct_by_position(minilm: LoadedModel) -> None:
    found = encode(minilm, "the cat and the dog")
    assert found.labels == ["[CLS]", "the₂", "cat", "and", "the₅", "dog", "[SEP]"]


@given(st.text(alphabet="ab ▁₁₂#1", min_size=1, max_size=40))
def test_labels_are_always_distinct(minilm: LoadedModel, text: str) -> None:
    if text.strip():
        labels = encode(minilm, text).labels
        assert len(set(labels)) == len(labels)


@given(st.text(min_size=1, max_size=60))
def test_any_text_can_be_encoded(minilm: LoadedModel, e5: LoadedModel, text: str) -> None:
    for model in (minilm, e5):
        try:
            found = encode(model, text)
        except InputError:
            assert not any(character.isalnum() for character in text)
            continue
        assert len(found.tokens) == len(found.labels) == len(found.words) == len(found.spans) == len(found)
        numbers = [word for word in found.words if word is not None]
        assert numbers == sorted(numbers)
        assert set(numbers) == set(range(len(set(numbers))))
        for span in found.spans:
            assert span is None or 0 <= span[0] <= span[1] <= len(found.text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_taken(minilm: LoadedModel, e5: LoadedModel, text: str) -> None:
    for model in (minilm, e5):
        found = encode(model, "x " + text, text if text.strip() else None)
        assert len(found) >= 3
        for label in found.labels:
            assert label == "".join(readable(c) for c in label if c != "▁") or "▁" in label


def test_lone_surrogates_are_replaced_one_for_one() -> None:
    assert clean("a\ud800b\udfff") == "a\ufffdb\ufffd"


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u3000"])
def test_nothing_to_encode(minilm: LoadedModel, text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        encode(minilm, text)


def test_a_text_of_which_nothing_is_left_is_a_clear_error(minilm: LoadedModel) -> None:
    with pytest.raises(InputError, match="Nothing in this text"):
        encode(minilm, "\x01\u200b")


def test_the_character_limit_holds_before_tokenising(minilm: LoadedModel) -> None:
    with pytest.raises(TextTooLong, match="100,001 characters; at most 100,000"):
        encode(minilm, "x" * (MAX_CHARACTERS + 1))
    with pytest.raises(TextTooLong):
        encode(minilm, "x", "y" * (MAX_CHARACTERS + 1))


def test_a_long_text_is_cut_and_says_where(minilm: LoadedModel) -> None:
    text = "word " * 600
    found = encode(minilm, text)
    assert len(found) == 512
    assert found.tokens[0] == "[CLS]"
    assert found.tokens[-1] == "[SEP]"
    assert found.truncation is not None
    assert (found.truncation.kept, found.truncation.total) == (512, 602)
    assert found.truncation.text_from == 5 * 510
    assert found.truncation.pair_from is None


def test_of_two_texts_the_longer_is_cut_first(minilm: LoadedModel) -> None:
    found = encode(minilm, "a " * 700, "b " * 100)
    assert len(found) == 512
    assert found.tokens.count("b") == 100
    assert found.truncation is not None
    assert found.truncation.pair_from is None
    even = encode(minilm, "a " * 700, "b " * 600)
    assert abs(even.tokens.count("a") - even.tokens.count("b")) <= 1
    assert len(even) == 512


def test_cutting_is_what_the_tokenizer_itself_would_do(minilm: LoadedModel, e5: LoadedModel) -> None:
    for model in (minilm, e5):
        alone = model.tokenizer("many words " * 400, truncation=True, max_length=512)["input_ids"]
        assert encode(model, "many words " * 400).ids == alone
        # The comparison must leave the shared tokenizer as it was.
        model.tokenizer.backend_tokenizer.no_truncation()


@pytest.mark.parametrize(
    ("token", "label"),
    [
        ("▁the", "the"),
        ("▁", "▁"),
        ("##ing", "##ing"),
        ("\u200b", "⟨U+200B⟩"),
        ("a\x00", "a⟨U+0000⟩"),
        ("\n", "⏎"),
    ],
)
def test_readable(token: str, label: str) -> None:
    assert readable(token) == label


def test_the_longest_text_takes_no_longer_than_its_length_asks(minilm: LoadedModel) -> None:
    """Counted, not timed: the tokenizer's lists are taken out once, for each look at one copies all of it."""
    looks: Counter[str] = Counter()

    class Counting:
        def __init__(self, found: Any) -> None:
            self._found = found

        def __getattr__(self, name: str) -> Any:
            looks[name] += 1
            return getattr(self._found, name)

    class Tokenizer:
        def __call__(self, *given: Any, **how: Any) -> Any:
            return SimpleNamespace(encodings=[Counting(minilm.tokenizer(*given, **how).encodings[0])])

        def __getattr__(self, name: str) -> Any:
            return getattr(minilm.tokenizer, name)

    found = encode(dataclasses.replace(minilm, tokenizer=Tokenizer()), "字" * MAX_CHARACTERS)
    assert found.truncation is not None
    assert found.truncation.total == MAX_CHARACTERS + 2
    assert set(looks.values()) == {1}
