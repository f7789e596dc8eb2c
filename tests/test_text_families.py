"""encode() and its kin with a tokenizer of every kind: what is fed, what is read, where it is from, which word."""

import copy
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
import regex
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import BartConfig, BartForConditionalGeneration, T5Config, T5ForConditionalGeneration
from transformers.models.bart.modeling_bart import shift_tokens_right

from tests.tokenizers_made import BYTES, FALLBACK, NAMES, PYTHON, UNIGRAM, WORDPIECE, made, with_tokenizer
from viz.attention.merging import merge_encoding, word_groups
from viz.errors import InputError, ModelRefused, TextTooLong
from viz.inputs.text import MAX_CHARACTERS, Encoding, encode, encode_ids, encode_target
from viz.inputs.text.token_strings import writing_of
from viz.models import LoadedModel

# Letters with the marks, joiners and direction marks that stand on, between and around them, of many scripts.
MARKED_TEXT = st.text(
    "ae ن\u0301\u0308\u202e\u2066\u200f\u200d\u200c\x07\n नम\u094d\u0947ש\u05b8ท\u0e34\u0e48猫👩🏽🇨🇳\ufe0f",
    min_size=1,
    max_size=16,
)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
PLAIN_TEXT = st.text("abcdefghil nostuvw.,'!\n今天气很好猫狗", min_size=1, max_size=40)


HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def words_of(found: Encoding) -> list[str]:
    """The text of each word, from the first of its tokens' spans to the last."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for word, span in zip(found.words, found.spans, strict=True):
        if word is not None and span is not None:
            spans.setdefault(word, []).append(span)
    whole = [found.text[min(s[0] for s in own) : max(s[1] for s in own)] for own in spans.values()]
    return [word.strip() for word in whole if word.strip()]


def form(text: str) -> str:
    """Compatible characters alike, no case, no accents, no spaces."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in folded if not unicodedata.combining(c) and not c.isspace())


@pytest.mark.parametrize("name", NAMES)
@given(text=ANY_TEXT)
def test_any_text_gives_a_whole_encoding(name: str, text: str) -> None:
    model = with_tokenizer(name)
    try:
        found = encode(model, text)
    except InputError:
        assert not any(character.isalnum() for character in text)
        return
    assert found.ids == made(name)(text)["input_ids"]
    check_whole(found)


@pytest.mark.parametrize("name", NAMES)
@given(text=MARKED_TEXT)
def test_words_hold_their_marks_and_show_nothing_invisible(name: str, text: str) -> None:
    model = with_tokenizer(name)
    try:
        found = encode(model, text)
    except InputError:
        return
    check_whole(found)
    begins = [span[0] for span in found.spans if span is not None]
    assert begins == sorted(begins)
    groups = word_groups(found)
    words = merge_encoding(found, groups)
    assert not any(unicodedata.category(c) in HIDDEN for label in words.labels for c in label)
    boundaries = {0, *(match.end() for match in regex.finditer(r"\X", text)), *begins}
    for word, span in zip(words.words, words.spans, strict=True):
        assert word is None or span is None or span[0] == span[1] or span[1] in boundaries
    written = [set(label.rstrip("₀₁₂₃₄₅₆₇₈₉′")) for label in words.labels]
    assert {"␣"} not in written or not text.strip()


def check_whole(found: Encoding) -> None:
    length = len(found)
    for field in (found.tokens, found.labels, found.segments, found.special, found.words, found.spans):
        assert len(field) == length
    assert len(set(found.labels)) == length
    assert all(found.labels)
    for label in found.labels:
        assert not any(unicodedata.category(c) in HIDDEN for c in label)
    numbers = [word for word in found.words if word is not None]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(len(set(numbers))))
    for special, word, span in zip(found.special, found.words, found.spans, strict=True):
        assert special == (word is None) == (span is None)
        assert span is None or 0 <= span[0] <= span[1] <= len(found.text)


@pytest.mark.parametrize("name", NAMES)
@given(text=PLAIN_TEXT)
def test_the_span_of_each_token_holds_its_own_text(name: str, text: str) -> None:
    """Told by the bytes that a token stands for; a token of some of a character's bytes lies in that character."""
    if not text.strip():
        return
    found, writing = encode(with_tokenizer(name), text), writing_of(made(name))
    unknown = made(name).unk_token
    covered = ""
    for token, number, span in zip(found.tokens, found.ids, found.spans, strict=True):
        if span is None:
            continue
        held = text[slice(*span)]
        covered += held
        own = writing.data(token, number).strip()
        if token != unknown or name in BYTES:
            if writing.is_bytes(token, number):
                assert own in held.encode()
                assert len(held.encode().strip()) - len(own) <= 4
            else:
                assert form(own.decode()) == form(held)
    assert set(form(text)) == set(form(covered))


@pytest.mark.parametrize("name", NAMES)
@given(text=PLAIN_TEXT)
def test_no_word_has_a_space_within_and_chinese_characters_never_join_english(name: str, text: str) -> None:
    if not text.strip():
        return
    for word in words_of(encode(with_tokenizer(name), text)):
        assert len(word.split()) == 1
        if name not in PYTHON:  # what Marian does not know is one piece, whatever is in it
            assert not (any("a" <= c <= "z" for c in word) and any(c in "今天气很好猫狗" for c in word))


@pytest.mark.parametrize("name", NAMES)
def test_words_of_a_sentence(name: str) -> None:
    contraction = ["didn", "'", "t"] if name in WORDPIECE else ["didn", "'t"] if name in BYTES else ["didn't"]
    found = encode(with_tokenizer(name), "the cats  didn't sit on, unbelievable")
    assert words_of(found) == ["the", "cats", *contraction, "sit", "on", ",", "unbelievable"]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in (*PYTHON, "roformer")])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the <ent> cat", ["the", "<ent>", "cat"]),
        ("the  <ent>cat ", ["the", "<ent>", "cat"]),
        ("the cat \n the", ["the", "cat", "the"]),
        ("the cat\r <ent>", ["the", "cat", "<ent>"]),
        ("the cafe\u0301 नमस्ते", ["the", "cafe\u0301", "नमस्ते"]),
    ],
)
def test_spaces_and_marks_are_no_words_of_their_own(name: str, text: str, words: list[str]) -> None:
    tokenizer = copy.deepcopy(made(name))
    tokenizer.add_tokens(["<ent>"])
    found = encode(replace(with_tokenizer(name), tokenizer=tokenizer), text)
    shown = [label.rstrip("₀₁₂₃₄₅₆₇₈₉") for label in merge_encoding(found, word_groups(found)).labels]
    special = {each for each, mark in zip(found.labels, found.special, strict=True) if mark}
    unbroken = [label for label in shown if label not in special and not set(label) & set("⏎⟨")]
    assert unbroken == words


@pytest.mark.parametrize("name", [*BYTES, *FALLBACK])
def test_the_bytes_of_a_character_are_one_word_and_a_line_break_is_none_of_the_next(name: str) -> None:
    found = encode(with_tokenizer(name), "猫狗\nab")
    assert words_of(found) == ["猫", "狗", "ab"]
    own = [word for word, span in zip(found.words, found.spans, strict=True) if span == (0, 1)]
    assert len(own) > 1
    assert len(set(own)) == 1


@pytest.mark.parametrize(
    ("name", "text", "labels"),
    [
        ("bert", "The cats", ["[CLS]", "the", "cat", "##s", "[SEP]"]),
        ("gpt2", "the cat", ["the", " cat"]),
        ("roberta", "the cat", ["<s>", "the", " cat", "</s>"]),
        ("roberta-prefix", "the cat", ["<s>", " the", " cat", "</s>"]),
        ("qwen2", "a  the\n", ["a", "␣", " the", "⏎"]),
        ("gpt2", "今天天气", ["今天天气"]),
        ("gpt2", "狗猫", ["狗⟨1-2/3⟩", "狗⟨3/3⟩", "猫⟨1-2/3⟩", "猫⟨3/3⟩"]),
        ("gpt2", "狗狗", ["狗⟨1-2/3⟩₁", "狗⟨3/3⟩₂", "狗⟨1-2/3⟩₃", "狗⟨3/3⟩₄"]),
        ("roberta", "x 猫", ["<s>", "x", "␣", "猫⟨1-2/3⟩", "猫⟨3/3⟩", "</s>"]),
        ("llama", "the 猫", ["the", "▁", "猫⟨1/3⟩", "猫⟨2/3⟩", "猫⟨3/3⟩"]),
        ("llama-old", "cat\ncat", ["cat", "⏎", "c", "a", "t"]),
        ("t5", "the cat", ["the", "cat", "</s>"]),
        ("xlm-roberta", "the cat", ["<s>", "the", "cat", "</s>"]),
        ("marian", "The cat", ["▁", "T", "he", "cat", "</s>"]),
        ("deberta-v2", "on today", ["[CLS]", "on", "today", "[SEP]"]),
        ("gpt2", "x<|endoftext|>y", ["x", "<|endoftext|>", "y"]),
    ],
)
def test_labels(name: str, text: str, labels: list[str]) -> None:
    assert encode(with_tokenizer(name), text).labels == labels


@pytest.mark.parametrize("name", ["gpt2", "llama"])
def test_a_character_that_the_limit_cuts_through_is_read_whole(name: str) -> None:
    whole = encode(with_tokenizer(name), "猫猫猫猫")
    for limit in range(1, len(whole)):
        found = encode(with_tokenizer(name, max_tokens=limit), "猫猫猫猫")
        assert len(found) == limit
        assert found.tokens == whole.tokens[:limit]
        assert all("⟨0x" not in label for label in found.labels)
        assert found.truncation is not None


def test_a_tokenizer_without_special_tokens_joins_two_texts() -> None:
    found = encode(with_tokenizer("gpt2"), "the cat", "the mat")
    assert not any(found.special)
    assert found.segments == (0,) * 2 + (1,) * (len(found) - 2)
    assert found.words[:3] == (0, 1, 2)
    single = encode(with_tokenizer("gpt2"), "x")
    assert (single.tokens, single.special, single.words) == (["x"], (False,), (0,))


@pytest.mark.parametrize("name", NAMES)
def test_two_texts_are_what_the_tokenizers_own_call_makes_of_them(name: str) -> None:
    found = encode(with_tokenizer(name), "the cat", "on the mat")
    assert found.ids == made(name)("the cat", "on the mat")["input_ids"]
    for text, segment in (("the cat", 0), ("on the mat", 1)):
        spans = [s for s, own in zip(found.spans, found.segments, strict=True) if s and own == segment]
        assert "".join(text[slice(*span)].strip() for span in spans) == text.replace(" ", "")


def test_padding_on_the_left_and_padding_that_is_the_end_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = encode(with_tokenizer("qwen2"), "the cat")
    monkeypatch.setattr(made("qwen2"), "padding_side", "left")
    monkeypatch.setattr(made("qwen2"), "truncation_side", "left")
    assert made("qwen2").pad_token_id == made("qwen2").eos_token_id
    assert encode(with_tokenizer("qwen2"), "the cat") == plain


@pytest.mark.parametrize("name", [name for name in NAMES if name not in (*PYTHON, "roformer")])
def test_the_backend_stays_as_it_is(name: str) -> None:
    model = with_tokenizer(name, max_tokens=6, decoder_start_token_id=0)
    encode(model, "the cat")
    before = made(name).backend_tokenizer.to_str()
    encode(model, "the cat sat on the mat " * 20, "and on")
    encode_target(model, "the cat")
    encode_ids(model, [5, 6, 7])
    assert made(name).backend_tokenizer.to_str() == before


# What a model wrote


@pytest.mark.parametrize("name", [*BYTES, *UNIGRAM, *FALLBACK, "marian"])
@pytest.mark.parametrize("text", ["the cats, sat on today", "今天 the 天气, isn't it", "a\nb  c"])
def test_ids_read_as_the_tokenizer_decodes_them(name: str, text: str) -> None:
    ids = made(name)(text, text_target=text)["labels"] if name == "marian" else made(name)(text)["input_ids"]
    found = encode_ids(with_tokenizer(name), ids, special_first=False)
    unknown = made(name).unk_token or "<none>"
    decoded = made(name).decode(ids, skip_special_tokens=name not in (*UNIGRAM, "marian"))
    for token in made(name).all_special_tokens:
        decoded = decoded.replace(token, "") if token != unknown else decoded
    assert found.text.replace(" ", "") == decoded.replace(" ", "")
    assert found.ids == list(ids)
    check_whole(found)
    content = [span for span in found.spans if span is not None]
    assert "".join(found.text[slice(*span)] for span in dict.fromkeys(content)) == found.text


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_any_ids_can_be_shown(name: str, data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.integers(0, len(made(name)) + 3), min_size=1, max_size=12))
    found = encode_ids(with_tokenizer(name), ids)
    assert found.ids == ids
    assert found.special[0]
    assert found.pair is None
    check_whole(found)


def test_what_a_model_wrote_has_words_and_readable_labels() -> None:
    ids = made("gpt2")("the cats sat. 今天猫")["input_ids"]
    found = encode_ids(with_tokenizer("gpt2"), [made("gpt2").eos_token_id, *ids])
    assert found.labels[0] == "<|endoftext|>"
    assert found.spans[0] is None
    assert found.text == "the cats sat. 今天猫"
    assert words_of(found) == ["the", "cats", "sat", ".", "今天", "猫"]
    assert found.labels[-2:] == ["猫⟨1-2/3⟩", "猫⟨3/3⟩"]


def test_bytes_with_a_structural_token_between_make_no_character() -> None:
    start, middle = made("llama").convert_tokens_to_ids(["<0xE7>", "</s>"])
    rest = made("llama").convert_tokens_to_ids(["<0x8C>", "<0xAB>"])
    found = encode_ids(with_tokenizer("llama"), [start, middle, *rest], special_first=False)
    assert found.labels == ["⟨0xE7⟩", "</s>", "⟨0x8C⟩", "⟨0xAB⟩"]
    assert found.text == "\ufffd\ufffd\ufffd"


def test_after_a_structural_token_within_the_next_word_keeps_its_space() -> None:
    ids = made("t5").convert_tokens_to_ids(["▁the", "</s>", "▁cat", "s"])
    found = encode_ids(with_tokenizer("t5"), ids, special_first=False)
    assert found.text == "the cats"
    assert found.spans == ((0, 3), None, (3, 7), (7, 8))
    assert found.words == (0, None, 1, 1)


def test_the_first_token_is_special_only_where_it_starts_the_decoder() -> None:
    ids = made("gpt2")("the cat")["input_ids"]
    assert encode_ids(with_tokenizer("gpt2"), ids).special == (True, False)
    plain = encode_ids(with_tokenizer("gpt2"), ids, special_first=False)
    assert plain.special == (False, False)
    assert plain.text == "the cat"


def test_pieces_of_words_are_spelled_with_the_spaces_between() -> None:
    ids = made("bert")("the cats sat")["input_ids"]
    found = encode_ids(with_tokenizer("bert"), ids, special_first=False)
    assert found.text == "the cats sat"
    assert words_of(found) == ["the", "cats", "sat"]


def test_no_ids_are_a_clear_error() -> None:
    with pytest.raises(InputError, match="no tokens"):
        encode_ids(with_tokenizer("gpt2"), [])


# What a decoder is fed for a target


def bart() -> Any:
    sizes = {"d_model": 8, "encoder_layers": 1, "decoder_layers": 1, "vocab_size": 500}
    heads = {
        "encoder_attention_heads": 1,
        "decoder_attention_heads": 1,
        "encoder_ffn_dim": 8,
        "decoder_ffn_dim": 8,
    }
    return BartForConditionalGeneration(BartConfig(**sizes, **heads, decoder_start_token_id=2))


def t5() -> Any:
    return T5ForConditionalGeneration(
        T5Config(
            vocab_size=500, d_model=8, d_kv=8, d_ff=8, num_layers=1, num_heads=1, decoder_start_token_id=0
        )
    )


def with_model(name: str, network: Any, max_tokens: int = 64) -> LoadedModel:
    return LoadedModel(with_tokenizer(name, max_tokens).card, network, made(name), "0")


@pytest.mark.parametrize("text", ["the cat", "今天 the 天气", "x"])
def test_a_target_is_shifted_as_bart_and_t5_shift_their_labels(text: str) -> None:
    network = bart()
    labels = made("bart")(text_target=text, return_tensors="pt")["input_ids"]
    expected = shift_tokens_right(labels, network.config.pad_token_id, network.config.decoder_start_token_id)
    assert encode_target(with_model("bart", network), text).ids == expected[0].tolist()

    network = t5()
    labels = made("t5")(text_target=text, return_tensors="pt")["input_ids"]
    assert encode_target(with_model("t5", network), text).ids == network._shift_right(labels)[0].tolist()


BERT = {name: made("bert").convert_tokens_to_ids(name) for name in ("[CLS]", "[SEP]", "[PAD]")}


@pytest.mark.parametrize(
    ("roles", "labels"),
    [
        ({"decoder_start_token_id": "[CLS]", "eos_token_id": "[SEP]"}, ["[CLS]", "the", "cat"]),
        ({"decoder_start_token_id": "[PAD]"}, ["[PAD]", "the", "cat"]),
        (
            {"decoder_start_token_id": "[SEP]", "bos_token_id": "[CLS]", "eos_token_id": "[SEP]"},
            ["[SEP]", "[CLS]", "the", "cat"],
        ),
    ],
)
@pytest.mark.parametrize("network", ["t5", "bart"])
def test_beside_a_tokenizer_of_bert_a_decoder_is_fed_the_models_own_special_ids(
    network: str, roles: dict[str, str], labels: list[str]
) -> None:
    made_network = {"t5": t5, "bart": bart}[network]()
    ids = {"bos_token_id": None, "eos_token_id": None, "pad_token_id": BERT["[PAD]"]}
    for config in (made_network.config, made_network.generation_config):
        for name, number in {**ids, **{name: BERT[token] for name, token in roles.items()}}.items():
            setattr(config, name, number)
    found = encode_target(with_model("bert", made_network), "the cat")
    assert found.labels == labels
    assert found.special == tuple(label.startswith("[") for label in labels)


@pytest.mark.parametrize("name", PYTHON)
def test_a_target_of_marian_is_cut_by_the_targets_own_pieces(name: str) -> None:
    pad = made(name).pad_token_id
    labels = made(name)(text_target="今天天气很好。")["input_ids"]
    found = encode_target(with_tokenizer(name, decoder_start_token_id=pad), "今天天气很好。")
    assert found.ids == shift_tokens_right(torch.tensor([labels]), pad, pad)[0].tolist()
    assert found.tokens[0] == "<pad>"
    assert found.special == (True, *[False] * (len(found) - 1))
    assert "".join(found.text[slice(*span)] for span in found.spans if span) == "今天天气很好。"


def test_a_target_reads_like_a_text_with_a_start_token() -> None:
    found = encode_target(with_model("bart", bart()), "the cat")
    assert found.labels == ["</s>", "<s>", "the", " cat"]
    assert found.special == (True, True, False, False)
    assert found.words == (None, None, 0, 1)
    assert found.segments == (0, 0, 0, 0)
    assert (found.text, found.pair, found.truncation) == ("the cat", None, None)


def test_a_long_target_is_cut_and_says_where() -> None:
    found = encode_target(with_model("bart", bart(), max_tokens=10), "the " * 30)
    assert len(found) == 10
    assert found.truncation is not None
    assert found.truncation.kept == 10
    assert found.truncation.total > 30
    assert found.truncation.text_from is not None
    assert found.text[: found.truncation.text_from].split() == ["the"] * 8


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_an_empty_target_is_a_clear_error(text: str) -> None:
    with pytest.raises(InputError, match="target text is empty"):
        encode_target(with_tokenizer("bart", decoder_start_token_id=2), text)


def test_a_target_is_bounded_and_needs_a_start_token() -> None:
    with pytest.raises(TextTooLong):
        encode_target(with_tokenizer("bart", decoder_start_token_id=2), "x" * (MAX_CHARACTERS + 1))
    with pytest.raises(ModelRefused, match="does not say which token"):
        encode_target(with_tokenizer("bart"), "the cat")


@pytest.mark.parametrize(
    ("config", "start"),
    [
        ({"decoder_start_token_id": 4, "bos_token_id": 1, "pad_token_id": 2}, 4),
        ({"decoder_start_token_id": None, "bos_token_id": 1, "pad_token_id": 2}, 1),
        ({"bos_token_id": None, "pad_token_id": 2}, 2),
    ],
)
def test_where_no_start_token_is_named_the_first_or_the_padding_token_starts(
    config: dict[str, Any], start: int
) -> None:
    assert encode_target(with_tokenizer("bart", **config), "the cat").ids[0] == start


@pytest.mark.parametrize("name", NAMES)
@given(text=ANY_TEXT)
def test_any_text_can_be_a_target(name: str, text: str) -> None:
    try:
        found = encode_target(with_tokenizer(name, decoder_start_token_id=0), text)
    except InputError:
        assert not any(character.isalnum() for character in text)
        return
    assert found.ids[0] == 0
    assert found.special[0]
    check_whole(found)
