"""Tokens as a person reads them: the bytes of a character put together again, nothing invisible, labels distinct."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers.convert_slow_tokenizer import bytes_to_unicode

from tests.tokenizers_made import BYTES, FALLBACK, NAMES, PYTHON, UNIGRAM, WORDPIECE, made
from viz.inputs.text.token_strings import Writing, distinct, read_run, spell, writing_of


@pytest.mark.parametrize(
    ("run", "parts"),
    [
        ([b"the", b" cat"], ["the", " cat"]),
        ([b"\xe7", b"\x8c", b"\xab"], ["猫⟨1/3⟩", "猫⟨2/3⟩", "猫⟨3/3⟩"]),
        ([b" \xe7\x8c", b"\xab!"], [" 猫⟨1-2/3⟩", "猫⟨3/3⟩!"]),
        ([b"\xe7\x8c", b"\xab\xe7", b"\x8b\x97"], ["猫⟨1-2/3⟩", "猫⟨3/3⟩狗⟨1/3⟩", "狗⟨2-3/3⟩"]),
        ([b"\xf0\x9f", b"\x99\x82"], ["🙂⟨1-2/4⟩", "🙂⟨3-4/4⟩"]),
        ([b"\xe7", b"a"], ["⟨0xE7⟩", "a"]),
        ([b"\xc0\x80\xff"], ["⟨0xC0⟩⟨0x80⟩⟨0xFF⟩"]),
        ([b"\xed\xa0\x80"], ["⟨0xED⟩⟨0xA0⟩⟨0x80⟩"]),  # a surrogate is no character
        ([b"\xef\xbf\xbd"], ["\ufffd"]),
        ([b"a\n"], ["a⏎"]),
        ([b"\xe2\x80", b"\x8b"], ["⟨U+200B⟩⟨1-2/3⟩", "⟨U+200B⟩⟨3/3⟩"]),
        ([b"\xe7", b"", b"\x8c\xab"], ["猫⟨1/3⟩", "", "猫⟨2-3/3⟩"]),
        ([], []),
    ],
)
def test_parts_of_characters(run: list[bytes], parts: list[str]) -> None:
    assert list(spell(run).parts) == parts


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20), st.lists(st.integers(0, 60), max_size=12)
)
def test_bytes_of_a_text_cut_anywhere_spell_the_text(text: str, cuts: list[int]) -> None:
    data = text.encode()
    edges = [0, *sorted(cut for cut in cuts if cut <= len(data)), len(data)]
    run = [data[begin:end] for begin, end in pairwise(edges)]
    found = spell(run)
    assert found.text == text
    for own, (begin, end) in zip(run, found.spans, strict=True):
        around = text[begin:end].encode()
        assert own in around
        # Whole but for the first and the last character, of which it has a part at least.
        assert not own or len(around) - len(own) <= 6
        assert bool(own) == (end > begin)


@given(st.binary(max_size=40))
def test_any_bytes_spell_a_text_as_long_as_the_replacing_decoder_would_have_it_or_longer(data: bytes) -> None:
    found = spell([data[at : at + 1] for at in range(len(data))])
    valid = data.decode(errors="ignore")
    assert [c for c in found.text if c != "\ufffd"] == [c for c in valid if c != "\ufffd"]
    assert len(found.parts) == len(data)
    assert all(found.parts)


def test_byte_letters_are_those_of_gpt2() -> None:
    writing = Writing("bytes", False, frozenset())
    letters = bytes_to_unicode()
    assert set(letters.values()) == set(pre_tokenizers.ByteLevel.alphabet())
    assert {byte: writing.data(letter, 0) for byte, letter in letters.items()} == {
        byte: bytes([byte]) for byte in range(256)
    }


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_byte_level_tokens_are_read_as_their_own_decoder_reads_them(text: str) -> None:
    token = "".join(bytes_to_unicode()[byte] for byte in text.encode())
    assert Writing("bytes", False, frozenset()).data(token, 0).decode() == decoders.ByteLevel().decode(
        [token]
    )


def test_how_each_tokenizer_writes_is_told_by_its_own_decoder() -> None:
    schemes = {name: writing_of(made(name)).scheme for name in NAMES}
    assert {name for name, scheme in schemes.items() if scheme == "bytes"} == set(BYTES)
    assert {name for name, scheme in schemes.items() if scheme == "spaces"} == {*UNIGRAM, *FALLBACK, *PYTHON}
    assert {name for name, scheme in schemes.items() if scheme == "pieces"} == set(WORDPIECE)
    assert all(writing_of(made(name)).byte_fallback for name in FALLBACK)
    assert not any(writing_of(made(name)).byte_fallback for name in [*BYTES, *UNIGRAM, *WORDPIECE])


def test_without_a_decoder_the_rest_of_the_backend_tells() -> None:
    backend = Tokenizer(models.BPE({"a": 0}, [], byte_fallback=True))
    tokenizer = SimpleNamespace(backend_tokenizer=backend, added_tokens_decoder={})
    assert writing_of(tokenizer) == Writing("pieces", False, frozenset())
    backend.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(), pre_tokenizers.ByteLevel()])
    assert writing_of(tokenizer) == Writing("bytes", False, frozenset())
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    assert writing_of(tokenizer) == Writing("spaces", True, frozenset())
    backend.decoder = decoders.WordPiece()
    assert writing_of(tokenizer) == Writing("pieces", False, frozenset())


def test_a_decoder_in_python_tells_nothing_and_is_no_error() -> None:
    class Own:
        def decode_chain(self, tokens: list[str]) -> list[str]:
            return tokens

    backend = Tokenizer(models.BPE({"a": 0}, []))
    backend.decoder = decoders.Decoder.custom(Own())
    tokenizer = SimpleNamespace(backend_tokenizer=backend, added_tokens_decoder={})
    assert writing_of(tokenizer).scheme == "pieces"


@pytest.mark.parametrize(
    ("writing", "token", "data"),
    [
        (Writing("bytes", False, frozenset({7})), "Ġé", "Ġé".encode()),
        (Writing("spaces", True, frozenset({7})), "▁<", "▁<".encode()),
        (Writing("spaces", True, frozenset({7})), "<0x41>", b"<0x41>"),
        (Writing("pieces", False, frozenset({7})), "##a", b" ##a"),
        (Writing("pieces", False, frozenset()), "##a", b"a"),
        (Writing("pieces", False, frozenset()), "a", b" a"),
        (Writing("spaces", True, frozenset()), "▁a", b" a"),
        (Writing("spaces", True, frozenset()), "<0x41>", b"A"),
        (Writing("spaces", False, frozenset()), "<0x41>", b"<0x41>"),
        (Writing("spaces", False, frozenset()), "\ud800", "\ufffd".encode()),
    ],
)
def test_what_a_token_stands_for(writing: Writing, token: str, data: bytes) -> None:
    assert writing.data(token, 7) == data


@pytest.mark.parametrize(
    ("writing", "tokens", "shown"),
    [
        (Writing("bytes", False, frozenset()), ["Ġthe", "Ġ", "ĠĠ", "Ċ", "x"], [" the", "␣", "␣␣", "⏎", "x"]),
        (Writing("bytes", False, frozenset()), ["ĠÂł", "ãĢĢ"], ["␣⟨U+00A0⟩", "⟨U+3000⟩"]),
        (Writing("pieces", False, frozenset()), ["Ġthe", "<0xE7>", "▁x"], ["Ġthe", "<0xE7>", "x"]),
        (Writing("spaces", True, frozenset()), ["▁Ġ", "<0xE7>", "<0x0A>"], ["Ġ", "⟨0xE7⟩", "⏎"]),
        (Writing("spaces", False, frozenset()), ["<0xE7>"], ["<0xE7>"]),
        (Writing("bytes", False, frozenset()), ["日本"], ["日本"]),  # written in no byte's letter
    ],
)
def test_the_scheme_decides_how_a_token_reads(writing: Writing, tokens: list[str], shown: list[str]) -> None:
    assert read_run(tokens, range(len(tokens)), writing) == shown


def test_an_added_token_is_plain_text_in_every_scheme() -> None:
    # "é" is a letter for the byte 0xE9, which alone is part of no character.
    assert read_run(["é", "é"], [0, 7], Writing("bytes", False, frozenset({7}))) == ["⟨0xE9⟩", "é"]
    assert read_run(["<0x41>"], [7], Writing("spaces", True, frozenset({7}))) == ["<0x41>"]


@given(st.lists(st.text("a₁₂′", max_size=4), max_size=12))
def test_labels_always_differ(shown: list[str]) -> None:
    labels = distinct(shown)
    assert len(set(labels)) == len(shown)
    assert all(label.startswith(own) for label, own in zip(labels, shown, strict=True))
