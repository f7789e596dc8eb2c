import threading
from functools import reduce

import numpy as np
import pytest

from viz.attention import attend
from viz.corpus import dependencies
from viz.corpus.dependencies import Scored, score_sentences
from viz.corpus.grammar import trees
from viz.errors import InputError
from viz.metrics.syntax import ALL, SAME_ENTITY, Sentence, SyntaxScores, best_heads, score
from viz.models import LoadedModel


def last(model: LoadedModel, sentences: list[Sentence], so_far: Scored | None = None) -> Scored:
    *_others, state = score_sentences(model, sentences, so_far)
    return state


def scores_of(state: Scored) -> SyntaxScores:
    assert state.scores is not None
    return state.scores


def test_many_sentences_score_as_each_alone(minilm: LoadedModel) -> None:
    given = trees(12)
    expected = reduce(SyntaxScores.__add__, [score(attend(minilm, one.text).encoder, one) for one in given])
    found = scores_of(last(minilm, given))
    np.testing.assert_array_equal(found.offsets, expected.offsets)
    np.testing.assert_array_equal(found.counts, expected.counts)
    # Two words may be equally strong but for rounding.
    assert np.abs(found.correct - expected.correct).sum() <= 2
    assert found.sentences == 12


def test_heads_of_minilm_follow_the_grammar_beyond_any_offset(minilm: LoadedModel) -> None:
    best = {found.relation: found for found in best_heads(scores_of(last(minilm, trees(120))))}
    assert set(best) == {"nsubj", "dobj", "det", "amod", "poss", "pobj", SAME_ENTITY, ALL}
    for relation in ("nsubj", "dobj", "det", "amod", "poss", SAME_ENTITY):
        assert best[relation].accuracy > best[relation].baseline + 0.1, relation
    assert best["det"].offset == 1
    assert best[SAME_ENTITY].accuracy > 0.9


def test_what_was_stopped_goes_on_where_it_was(minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "_WINDOW", 4)
    given = trees(10)
    whole = list(score_sentences(minilm, given))
    assert [state.done for state in whole] == [4, 8, 10]
    stop = threading.Event()
    seen = []
    for state in score_sentences(minilm, given, cancelled=stop):
        seen.append(state)
        stop.set()
    assert [state.done for state in seen] == [4]
    rest = last(minilm, given, seen[0])
    np.testing.assert_array_equal(scores_of(rest).correct, scores_of(whole[-1]).correct)


def test_sentences_with_nothing_to_read_are_left_out(minilm: LoadedModel) -> None:
    state = last(minilm, [Sentence(" ", ()), *trees(1)])
    assert (state.skipped, scores_of(state).sentences) == (1, 1)
    with pytest.raises(InputError, match="None of the"):
        list(score_sentences(minilm, [Sentence(" ", ())]))
