"""Pieces laid along a text, and tokenizers in Python."""

from typing import Any

import pytest
import sentencepiece
from hypothesis import given
from hypothesis import strategies as st

from tests.tokenizers_made import PYTHON, made, marian
from viz.inputs.text.tokenizer import Token, fit, lay_along, shifted, tokenize, tokenize_target

PLAIN = st.text("abcdefghi ,.'THElmnoprstuwy", min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("pieces", "text", "spans"),
    [
        (["▁The", "▁cat", "s"], "The  cats", [(0, 3), (5, 8), (8, 9)]),
        (["▁", "T", "he"], "The", [(0, 0), (0, 1), (1, 3)]),
        (["▁f", "i", "sh"], "ﬁsh", [(0, 1), (0, 1), (1, 3)]),
        (["▁été"], "e\u0301te\u0301", [(0, 5)]),
        (["▁STRASSE"], "straße", [(0, 6)]),
        (["▁a", "▁lost", "▁b"], "a b", [(0, 1), (2, 2), (2, 3)]),
        (["▁a", "▁b"], "a " + "\u200b" * 12 + "b", [(0, 1), (14, 15)]),
        (["▁a", "▁lost"], "a", [(0, 1), (1, 1)]),
        (["▁1", "▁½"], "1 1⁄2", [(0, 1), (2, 5)]),
        ([], "a", []),
        (["▁a"], "", [(0, 0)]),
    ],
)
def test_pieces_are_laid_along_the_text(pieces: list[str], text: str, spans: list[tuple[int, int]]) -> None:
    assert lay_along(pieces, text) == spans


def test_after_pieces_that_are_nowhere_the_next_are_found_again() -> None:
    text = "a " + "\u200b" * 100 + " the end of it"
    spans = lay_along(["▁a", "▁x1", "▁x2", "▁x3", "▁x4", "▁the", "▁end"], text)
    assert [text[slice(*span)] for span in spans[-2:]] == ["the", "end"]


def test_a_lost_piece_is_not_taken_for_one_far_off() -> None:
    text = "a " + "\u200b" * 100 + " the " + "\u200b" * 50 + " z end"
    spans = lay_along(["▁a", "▁x1", "▁x2", "▁x3", "▁x4", "▁the", "▁z", "▁end"], text)
    assert [text[slice(*span)] for span in spans[-3:]] == ["the", "", ""]


@given(st.lists(st.text(max_size=5), max_size=12), st.text(max_size=40))
def test_any_pieces_can_be_laid_along_any_text(pieces: list[str], text: str) -> None:
    spans = lay_along(pieces, text)
    assert len(spans) == len(pieces)
    assert all(0 <= begin <= end <= len(text) for begin, end in spans)
    assert [begin for begin, _end in spans] == sorted(begin for begin, _end in spans)


@given(PLAIN)
def test_spans_are_those_that_sentencepiece_itself_gives(text: str) -> None:
    """Its own account of where each piece is from, but for the spaces around words, which it counts in."""
    tokenizer = marian()
    source: sentencepiece.SentencePieceProcessor = tokenizer.spm_source
    own = [piece.surface.strip() for piece in source.encode(text, return_type="proto").pieces]
    spans = lay_along(tokenizer.tokenize(text), text)
    assert [text[slice(*span)] for span in spans] == own


def ids_of(tokens: list[Token]) -> list[int]:
    return [token.id for token in tokens]


@pytest.mark.parametrize("name", PYTHON)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_ids_are_those_of_the_tokenizers_own_call(name: str, text: str) -> None:
    tokenizer = made(name)
    assert ids_of(tokenize(tokenizer, text, None)) == tokenizer(text)["input_ids"]
    assert ids_of(tokenize(tokenizer, text, "the cat")) == tokenizer(text, "the cat")["input_ids"]
    assert ids_of(tokenize_target(tokenizer, text)) == tokenizer(text_target=text)["input_ids"]


@pytest.mark.parametrize("name", PYTHON)
def test_each_language_has_its_own_pieces_and_the_shared_tokenizer_stays_as_it_is(name: str) -> None:
    tokenizer = made(name)
    before = dict(vars(tokenizer))
    target = tokenize_target(tokenizer, "今天天气很好。")
    assert "<unk>" not in [token.text for token in target]
    assert "<unk>" in [token.text for token in tokenize(tokenizer, "今天天气很好。", None)]
    assert vars(tokenizer) == before
    assert tokenizer.current_spm is tokenizer.spm_source


def test_two_sessions_in_two_languages_do_not_disturb_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one tokenises a target, another's source text is cut into the source's pieces."""
    tokenizer = marian(separate=True)
    expected = tokenize(tokenizer, "the cat sat", None)
    seen: list[Any] = []
    switch = type(tokenizer)._switch_to_target_mode

    def switch_and_look(self: Any) -> None:
        switch(self)
        seen.append(tokenize(tokenizer, "the cat sat", None))

    monkeypatch.setattr(type(tokenizer), "_switch_to_target_mode", switch_and_look)
    tokenize_target(tokenizer, "今天")
    assert seen == [expected]


def test_an_end_token_that_a_person_typed_is_part_of_the_text() -> None:
    found = tokenize(marian(), "the </s> cat", None)
    assert [token.sequence for token in found if token.text == "</s>"] == [0, None]


@pytest.mark.parametrize(
    ("sequences", "ids", "fed"),
    [
        ([None, 0, None], [1, 5, 2], [9, 1, 5]),  # the tokenizer's own end token
        ([None, 0, 0], [1, 5, 2], [9, 1, 5, 2]),  # one that a person typed
        ([0, None, None], [5, 2, 7], [9, 5, 2, 7]),  # the tokenizer ends with something else
        ([None, 0, None], [9, 5, 2], [9, 5]),  # it begins as the decoder does
        ([0, 0], [9, 5], [9, 9, 5]),  # typed by a person
        ([None, 0, None], [3, 5, 4], [9, 5]),  # marks of another model
        ([None], [9], [9]),
        ([], [], [9]),
    ],
)
def test_what_a_decoder_is_fed_ends_before_the_end_token(
    sequences: list[int | None], ids: list[int], fed: list[int]
) -> None:
    tokens = [
        Token(number, str(number), (0, 0), sequence, sequence)
        for number, sequence in zip(ids, sequences, strict=True)
    ]
    found = shifted(tokens, Token(9, "9", (0, 0), None, None), {1, 2, 7, 9}, {2})
    assert ids_of(found) == fed
    assert [token.text for token in found] == [str(number) for number in fed]
    assert found[0].sequence is None
    assert [token.sequence for token in found].count(0) == sequences.count(0)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(3, 40))
def test_of_two_texts_the_longer_gives_way(first: int, second: int, limit: int) -> None:
    sequences = [None, *[0] * first, None, *[1] * second, None]
    kept = fit(sequences, limit)
    assert len(kept) == min(limit, len(sequences))
    counts = [sum(sequences[at] == number for at in kept) for number in (0, 1)]
    assert counts[0] == first or counts[1] == second or abs(counts[0] - counts[1]) <= 1
    assert counts[0] >= min(first, counts[1] - 1)
    assert counts[1] >= min(second, counts[0] - 1)
    assert sum(sequences[at] is None for at in kept) == 3
    for number in (0, 1):  # cut at its end
        places = [at for at, sequence in enumerate(sequences) if sequence == number]
        assert [at for at in kept if sequences[at] == number] == places[: counts[number]]
