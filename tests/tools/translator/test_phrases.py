"""The phrase grammar: its French, its alignment, and how its phrases are parted."""

import random
import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.translator.clauses import CONSTRUCTIONS
from tools.translator.noun_phrases import VOWELS, spoken, with_an
from tools.translator.phrases import Phrase, is_reserved, make_phrase, phrase_book
from tools.translator.word_tokenizer import make_tokenizer
from viz.errors import InputError
from viz.lessons.translator.lexicon import NOUNS, french_words

BOOK = phrase_book(3, 3_000, 400)
EVERY = (*BOOK.training, *BOOK.held_out)
TOKENIZER = make_tokenizer([*french_words(), *(phrase.english for phrase in EVERY)])
FULL_FORMS = ("je", "le", "la", "ne", "de", "me", "te", "que")


def french(phrase: Phrase) -> list[str]:
    return re.findall(r"[\w-]+'?|\?", phrase.french)


def english(phrase: Phrase) -> list[str]:
    return re.findall(r"\w+|\?", phrase.english)


def test_a_seed_gives_the_same_phrases_and_another_one_others() -> None:
    assert phrase_book(3, 200, 50) == phrase_book(3, 200, 50)
    assert phrase_book(3, 200, 50) != phrase_book(4, 200, 50)


def test_a_french_phrase_has_one_translation() -> None:
    rng, seen = random.Random(0), dict[str, str]()
    for _draw in range(8_000):
        phrase = make_phrase(rng)
        assert seen.setdefault(phrase.french, phrase.english) == phrase.english


def test_no_pairing_of_the_held_out_phrases_was_trained_on() -> None:
    trained = frozenset[str]().union(*(phrase.pairings for phrase in BOOK.training))
    assert all(phrase.pairings - trained for phrase in BOOK.held_out)
    assert not any(is_reserved(phrase) for phrase in BOOK.training)
    assert {phrase.french for phrase in BOOK.training}.isdisjoint(phrase.french for phrase in BOOK.held_out)
    assert (len(BOOK.training), len(BOOK.held_out)) == (3_000, 400)


def test_every_construction_is_trained_on_and_words_are_the_grammars() -> None:
    assert {phrase.construction for phrase in BOOK.training} == set(CONSTRUCTIONS)
    assert all(set(french(phrase)) <= french_words() for phrase in BOOK.training)


def test_no_vowel_meets_a_word_that_drops_its_own_before_one() -> None:
    for phrase in EVERY:
        words = french(phrase)
        for word, after in pairwise(words):
            assert not (word in FULL_FORMS and after.startswith(VOWELS)), phrase.french
            assert not (word.endswith("'") and not after.startswith(VOWELS)), phrase.french


def test_negation_stands_around_the_verb_and_its_pronoun() -> None:
    negated = [phrase for phrase in EVERY if {"pas", "jamais"} & set(french(phrase))]
    assert len(negated) > 400
    for phrase in negated:
        words = french(phrase)
        first = next(at for at, word in enumerate(words) if word in ("ne", "n'"))
        last = next(at for at, word in enumerate(words) if word in ("pas", "jamais"))
        assert 2 <= last - first <= 3, phrase.french
        assert {"not", "never", "cannot"} & set(phrase.english.split()), phrase.english


def test_an_stands_before_a_vowel_that_is_spoken() -> None:
    for phrase in EVERY:
        words = phrase.english.split()
        for word, after in pairwise(words):
            if word in ("a", "an"):
                assert (word == "an") == (after[0] in "aeiou" and after != "useful"), phrase.english


def test_links_join_words_that_are_there_and_swaps_cross() -> None:
    crossed = 0
    for phrase in EVERY:
        links = dict[int, set[int]]()
        for source, said in phrase.links:
            assert 0 <= source < len(french(phrase))
            assert 0 <= said < len(english(phrase))
            links.setdefault(said, set()).add(source)
        for adjective, noun in phrase.swaps:
            assert adjective < noun
            assert max(links[noun]) < min(links[adjective])
            crossed += 1
    assert crossed > 400


def test_links_of_a_noun_join_it_with_its_translation() -> None:
    meant = {
        form: noun.in_english(plural)
        for noun in NOUNS
        for plural in (True, False)
        for form in [noun.in_french(plural)]
    }
    told = Counter[bool]()
    for phrase in EVERY:
        words, said_as = french(phrase), english(phrase)
        for source, said in phrase.links:
            if words[source] in meant and said_as[said] not in ("a", "is", "are", "am"):
                noun = words[source] not in ("souris",)
                told[said_as[said] == meant[words[source]] or not noun] += 1
    assert told[True] > 1000
    assert told[False] == 0


@pytest.mark.parametrize(
    ("words", "spoken_as"),
    [
        (("je", "aime"), ["j'", "aime"]),
        (("le", "homme"), ["l'", "homme"]),
        (("je", "ne", "ai"), ["je", "n'", "ai"]),
        (("le", "chat"), ["le", "chat"]),
    ],
)
def test_words_that_meet(words: tuple[str, ...], spoken_as: list[str]) -> None:
    assert [word for word, _tag in spoken(tuple((word, "") for word in words))] == spoken_as


def test_a_useful_car_but_an_old_one() -> None:
    assert with_an((("a", ""), ("useful", ""), ("a", ""), ("old", ""))) == (
        ("a", ""),
        ("useful", ""),
        ("an", ""),
        ("old", ""),
    )


@given(st.integers(0, 2**32))
def test_any_state_gives_a_phrase_that_the_tokenizer_can_write(seed: int) -> None:
    phrase = make_phrase(random.Random(seed))
    assert phrase.french == phrase.french.strip()
    assert "  " not in phrase.french + phrase.english
    assert TOKENIZER.tokenize(phrase.french) == french(phrase)
    assert TOKENIZER.tokenize(phrase.english) == english(phrase)
    assert set(french(phrase)) <= french_words()


@pytest.mark.parametrize(("training", "held_out"), [(0, 1), (1, 0), (100_001, 1)])
def test_numbers_out_of_bounds(training: int, held_out: int) -> None:
    with pytest.raises(InputError, match="are possible"):
        phrase_book(0, training, held_out)


def test_a_part_of_the_grammar_with_too_few_phrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "tools.translator.phrases._MOST_VAIN", 20
    )  # else it looks for a minute before it gives up
    with pytest.raises(InputError, match="ask for fewer"):
        phrase_book(0, 20, 100_000, ("state",))
