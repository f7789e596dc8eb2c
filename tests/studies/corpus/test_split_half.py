"""Two halves of many texts: together the same as all of them, taken up where they were stopped."""

import threading

import numpy as np
import pytest

from viz.errors import InputError
from viz.metrics.role_labels import role_agreement
from viz.metrics.role_measures import RoleMeasures
from viz.models import LoadedModel
from viz.studies.corpus.generated_sentences import sentences
from viz.studies.corpus.role_survey import FEWEST_TEXTS, Halves, measure_halves, measure_texts
from viz.studies.corpus.sample_sentences import CHINESE, ENGLISH

TEXTS = sentences(31)


def last(model: LoadedModel, texts: list[str], so_far: Halves | None = None) -> Halves:
    *_others, state = measure_halves(model, texts, so_far)
    return state


def whole(model: LoadedModel, texts: list[str]) -> RoleMeasures:
    *_others, state = measure_texts(model, texts)
    assert state.measures is not None
    return state.measures


def test_both_halves_are_all_texts(minilm: LoadedModel) -> None:
    found = last(minilm, TEXTS)
    expected = whole(minilm, TEXTS)
    np.testing.assert_allclose(found.measures.values, expected.values, atol=1e-5)
    assert (found.measures.texts, found.measures.tokens) == (expected.texts, expected.tokens)
    assert (found.done, found.total) == (31, 31)


def test_agreement_is_that_of_every_other_text(minilm: LoadedModel) -> None:
    found = last(minilm, TEXTS)
    assert found.agreement == role_agreement(whole(minilm, TEXTS[::2]), whole(minilm, TEXTS[1::2]))
    assert 0.5 < found.agreement <= 1


def test_few_texts_are_not_halved(minilm: LoadedModel) -> None:
    few = last(minilm, TEXTS[: FEWEST_TEXTS - 1])
    assert few.second is None
    assert few.agreement is None
    assert few.done == few.total == FEWEST_TEXTS - 1
    assert last(minilm, TEXTS[:FEWEST_TEXTS]).agreement is not None


def test_stopped_it_goes_on_with_the_same_outcome(minilm: LoadedModel) -> None:
    states = list(measure_halves(minilm, TEXTS))
    assert [state.done for state in states] == sorted(state.done for state in states)
    stopped = states[0]
    assert 0 < stopped.done < 31
    again = last(minilm, TEXTS, stopped)
    np.testing.assert_allclose(again.measures.values, states[-1].measures.values, atol=1e-6)
    assert list(measure_halves(minilm, TEXTS, again)) == []


def test_cancelled_it_ends(minilm: LoadedModel) -> None:
    cancelled = threading.Event()
    cancelled.set()
    assert list(measure_halves(minilm, TEXTS, None, cancelled)) == []


def test_what_is_left_out_has_its_place_among_all(minilm: LoadedModel) -> None:
    texts = [" " if at in (4, 7, 20) else text for at, text in enumerate(TEXTS)]
    found = last(minilm, texts)
    assert [one.place for one in found.skipped] == [4, 7, 20]
    assert found.measures.texts == 28


def test_nothing_to_read_is_refused(minilm: LoadedModel) -> None:
    with pytest.raises(InputError, match="None of the"):
        list(measure_halves(minilm, [" "] * 3))


def test_the_samples_are_a_hundred_different_sentences_each() -> None:
    for sample, longest in ((ENGLISH, 120), (CHINESE, 40)):
        assert len(set(sample)) == len(sample) == 100
        assert all(text == text.strip() and 5 < len(text) <= longest for text in sample)
    assert all(text.isascii() for text in ENGLISH)
    assert not any(letter.isascii() and letter.isalpha() for text in CHINESE for letter in text)
