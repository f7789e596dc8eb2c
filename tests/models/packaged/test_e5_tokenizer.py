"""The tokenizer of multilingual-e5-small against the one in C that its package has, and its offsets."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.models.sentences import SENTENCES
from viz.models import LoadedModel
from viz.models.packaged.e5_file import E5File, parse
from viz.models.packaged.packages import E5_PACKAGE, find_folder

SPECIAL = ("<s>", "</s>", "<pad>", "<unk>", "<mask>")


@pytest.fixture(scope="module")
def source(e5_folder: Path) -> E5File:
    return parse((e5_folder / E5_PACKAGE.files[0].name).read_bytes())


def _mapped_characters() -> list[str]:
    return sorted(parse((find_folder(E5_PACKAGE) / E5_PACKAGE.files[0].name).read_bytes()).normalisation)


# The engine takes C strings, which end at a NUL, in UTF-8, which has no surrogates.
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
MAPPED = st.text(st.sampled_from(_mapped_characters()) | st.sampled_from("  aé中\u0301"), max_size=40)
LANGUAGE = st.lists(
    st.sampled_from([word for text in SENTENCES.values() for word in text.split()]), max_size=12
)
TEXTS = ANY | MAPPED | LANGUAGE.map(" ".join)


def _count(e5: LoadedModel, text: str) -> int:
    """How many tokens the engine should count: it gives each unknown character one of its own."""
    found = e5.tokenizer(text).encodings[0]
    unknown = e5.tokenizer.unk_token_id
    return sum(
        len(token) if token_id == unknown else 1
        for token, token_id in zip(found.tokens, found.ids, strict=True)
    )


@pytest.mark.parametrize("text", SENTENCES.values(), ids=SENTENCES.keys())
def test_sentences_have_as_many_tokens_as_the_engine_counts(e5: LoadedModel, engine: Any, text: str) -> None:
    assert _count(e5, f"passage: {text}") == engine.token_count(text)
    assert _count(e5, f"query: {text}") == engine.token_count(text, is_query=True)


def test_the_sentences_are_in_at_least_ten_scripts() -> None:
    letters = {c for text in SENTENCES.values() for c in text if c.isalpha()}
    assert len({unicodedata.name(letter, "?").split()[0] for letter in letters} - {"?"}) >= 10


@given(TEXTS)
@settings(max_examples=300)
def test_any_text_has_as_many_tokens_as_the_engine_counts(e5: LoadedModel, engine: Any, text: str) -> None:
    assume(not any(token in text for token in SPECIAL))
    assert _count(e5, f"passage: {text}") == engine.token_count(text)


def test_each_character_is_normalised_as_the_file_says(e5: LoadedModel, source: E5File) -> None:
    normalizer = e5.tokenizer.backend_tokenizer.normalizer
    for block in range(0, 0x110000, 0x400):
        if 0xD800 <= block < 0xE000:
            continue  # surrogates are no characters
        characters = [chr(point) for point in range(block, block + 0x400)]
        expected = "|".join(source.normalisation.get(character, character) for character in characters)
        assert normalizer.normalize_str("|".join(characters)) == expected.replace("  ", " "), hex(block)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Hello world!", [0, 35378, 8999, 38, 2]),  # as published with XLM-R, whose vocabulary this is
        ("", [0, 2]),
        ("\x01", [0, 2]),
    ],
)
def test_known_ids(e5: LoadedModel, text: str, ids: list[int]) -> None:
    assert e5.tokenizer(text)["input_ids"] == ids


def test_a_pair_is_put_together_as_xlm_r_does_with_all_segments_0(e5: LoadedModel) -> None:
    first, second = (e5.tokenizer(text, add_special_tokens=False)["input_ids"] for text in ("Hello", "world"))
    pair = e5.tokenizer("Hello", "world", return_special_tokens_mask=True)
    assert pair["input_ids"] == [0, *first, 2, 2, *second, 2]
    assert set(pair["token_type_ids"]) == {0}
    assert pair["special_tokens_mask"] == [1, *(0 for _ in first), 1, 1, *(0 for _ in second), 1]
    assert pair.sequence_ids() == [None, *(0 for _ in first), None, None, *(1 for _ in second), None]
    assert e5.tokenizer.num_special_tokens_to_add(pair=True) == 4


def test_special_ids_are_the_ones_of_the_file(e5: LoadedModel) -> None:
    tokenizer = e5.tokenizer
    assert [tokenizer.bos_token_id, tokenizer.pad_token_id, tokenizer.eos_token_id] == [0, 1, 2]
    assert [tokenizer.unk_token_id, tokenizer.mask_token_id] == [3, 250001]
    assert e5.model.config.pad_token_id == tokenizer.pad_token_id
    assert tokenizer("a <mask> b")["input_ids"].count(250001) == 1


@given(TEXTS)
@settings(max_examples=200)
def test_offsets_lead_back_to_the_characters_of_each_token(
    e5: LoadedModel, source: E5File, text: str
) -> None:
    assume(not any(token in text for token in SPECIAL))
    found = e5.tokenizer(text, return_offsets_mapping=True)
    tokens = found.encodings[0].tokens
    before = 0
    for token, (start, end), sequence in zip(
        tokens, found["offset_mapping"], found.sequence_ids(), strict=True
    ):
        if sequence is None:
            assert (start, end) == (0, 0)
            continue
        assert 0 <= start < end <= len(text)
        assert start >= before or text[start] in source.normalisation or token == "▁"
        before = start
        stands_for = "".join(source.normalisation.get(character, character) for character in text[start:end])
        assert token.replace("▁", "") in stands_for.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("\x01\x02hello  world", [("▁hell", "hell"), ("o", "o"), ("▁world", " world")]),
        ("ﬁne ½", [("▁fine", "ﬁne"), ("▁1⁄2", " ½")]),
        ("好 🦩🦩", [("▁", "好"), ("好", "好"), ("▁", " "), ("🦩🦩", "🦩🦩")]),
        ("a\0b", [("▁a", "a"), ("\0", "\0"), ("b", "b")]),
    ],
)
def test_pieces_and_what_they_stand_for(e5: LoadedModel, text: str, pieces: list[tuple[str, str]]) -> None:
    found = e5.tokenizer(text, return_offsets_mapping=True, add_special_tokens=False)
    spans = [text[start:end] for start, end in found["offset_mapping"]]
    assert list(zip(found.encodings[0].tokens, spans, strict=True)) == pieces


@given(st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace").decode()))
def test_no_text_makes_it_fail_with_one_text_or_two(e5: LoadedModel, text: str) -> None:
    vocabulary = len(e5.tokenizer)
    for found in (e5.tokenizer(text), e5.tokenizer(text, text), e5.tokenizer([text, text])):
        ids = found["input_ids"]
        assert all(
            0 <= token_id < vocabulary
            for row in (ids if isinstance(ids[0], list) else [ids])
            for token_id in row
        )
