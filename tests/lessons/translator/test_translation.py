"""Step by step: the same words as `generate`, the same weights as `attend`, and plain words where it cannot be done."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.translator.phrases import phrase_book
from tools.translator.train import generated
from viz.attention import attend
from viz.errors import InputError, VizError
from viz.lessons.translator.lexicon import french_words, words_by_kind
from viz.lessons.translator.translation import (
    EXAMPLES,
    MOST_CHARACTERS,
    MOST_WORDS,
    Translation,
    read,
    translate,
    translator,
)


@pytest.mark.slow
def test_the_steps_say_what_generate_says() -> None:
    model = translator()
    texts = [phrase.french for phrase in phrase_book(11, 1, 150).held_out] + list(EXAMPLES)
    said = generated(model, texts)
    for text, expected in zip(texts, said, strict=True):
        found = translate(model, text)
        assert found.english == expected, text
        assert found.steps[-1].word == "</s>"


@pytest.fixture(scope="module")
def found() -> Translation:
    return translate(translator(), EXAMPLES[0])


def test_the_weights_are_those_of_attend(found: Translation) -> None:
    whole = attend(translator(), EXAMPLES[0])
    np.testing.assert_allclose(found.encoder, whole.encoder.weights, atol=1e-5)
    np.testing.assert_allclose(found.cross, whole.cross.weights, atol=1e-5)
    np.testing.assert_allclose(found.own, whole.decoder.weights, atol=1e-5)
    assert whole.cross.queries.tokens == [step.fed for step in found.steps]


def test_the_candidates_are_the_softmax_of_one_pass_over_all_words(found: Translation) -> None:
    model = translator()
    ids = model.tokenizer.convert_tokens_to_ids([step.fed for step in found.steps])
    with torch.inference_mode():
        logits = model.model(
            input_ids=torch.tensor([found.source.ids]), decoder_input_ids=torch.tensor([ids])
        ).logits
    chances = torch.exp(torch.log_softmax(logits[0].double(), -1)).numpy()
    for row, step in zip(chances, found.steps, strict=True):
        best = np.sort(row)[::-1][: len(step.candidates)]
        np.testing.assert_allclose([each.probability for each in step.candidates], best, atol=1e-5)
        assert step.candidates[0].word == step.word


def test_each_step_is_fed_what_the_one_before_it_said(found: Translation) -> None:
    assert found.steps[0].fed == "<s>"
    for before, after in pairwise(found.steps):
        assert after.fed == before.word
    assert found.words == ("I", "do", "not", "see", "the", "black", "cat")


def test_arrays_are_read_only_and_causal(found: Translation) -> None:
    for weights in (found.encoder, found.cross, found.own):
        assert weights.dtype == np.float32
        assert not weights.flags.writeable
    later = np.triu(np.ones(found.own.shape[2:], dtype=bool), 1)
    assert not found.own[:, :, later].any()
    np.testing.assert_allclose(found.own.sum(-1), 1, atol=1e-5)
    np.testing.assert_allclose(found.cross.sum(-1), 1, atol=1e-5)
    assert found.nbytes == found.encoder.nbytes + found.cross.nbytes + found.own.nbytes


def test_black_looks_at_noir_over_chat_and_the_lines_cross(found: Translation) -> None:
    looked = found.cross[-1].mean(axis=0).argmax(-1)
    words = [step.word for step in found.steps]
    source = found.source.tokens
    assert source[looked[words.index("black")]] == "noir"
    assert source[looked[words.index("cat")]] == "chat"
    assert looked[words.index("black")] > looked[words.index("cat")]


@pytest.mark.parametrize(
    "text", ["Je suis étudiant.", "JE SUIS ÉTUDIANT!", "je suis e\u0301tudiant", " je  suis étudiant "]
)
def test_capitals_stops_and_decomposed_letters_change_nothing(text: str) -> None:
    assert translate(translator(), text).english == "I am a student"


def test_both_apostrophes_end_a_word() -> None:
    model = translator()
    assert read(model, "l’homme").tokens == read(model, "l'homme").tokens == ["l'", "homme", "</s>"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("le tigre dort", "tigre"),
        ("the cat", "the"),
        ("le <s> chat", "<s>"),
        ("le chat</s>", "</s>"),
        ("le <unk>", "<unk>"),
        ("<b>chat</b>", "<"),
        ("猫", "猫"),
        ("le chat 😀", "😀"),
    ],
)
def test_a_word_that_it_does_not_know_is_named(text: str, word: str) -> None:
    with pytest.raises(InputError) as caught:
        read(translator(), text)
    assert caught.value.values["word"] == word
    assert set(str(caught.value.values["near"]).split(", ")) <= french_words()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "There is no sentence"),
        ("  \n", "There is no sentence"),
        (". . !", "Nothing in this text"),
        ("a" * (MOST_CHARACTERS + 1), "at most 120"),
        ("le " * MOST_WORDS, "was taught at most"),
    ],
)
def test_what_is_no_sentence(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(translator(), text)


@settings(max_examples=30, deadline=None)
@given(
    st.text(max_size=MOST_CHARACTERS)
    | st.lists(st.sampled_from(sorted(french_words())), max_size=25).map(" ".join)
)
def test_any_text_gives_a_translation_or_a_sentence_of_ours(text: str) -> None:
    try:
        found = translate(translator(), text)
    except VizError:
        return
    assert 1 <= len(found.steps) <= 32


def test_every_example_is_known_and_all_kinds_of_words_are_listed() -> None:
    assert all(read(translator(), text) for text in EXAMPLES)
    kinds = words_by_kind()
    assert list(kinds) == ["nouns", "adjectives", "verbs", "others"]
    assert {"chat", "noir", "mange", "pas"} == {
        word
        for words, word in zip(kinds.values(), ("chat", "noir", "mange", "pas"), strict=True)
        if word in words
    }
