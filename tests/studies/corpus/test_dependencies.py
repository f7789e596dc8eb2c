import threading
from functools import reduce

import numpy as np
import pytest

from viz.attention import attend
from viz.errors import InputError
from viz.metrics.syntax import (
    ALL,
    OBLIQUE,
    OFFSETS,
    RELATIONS,
    SAME_ENTITY,
    Sentence,
    SyntaxScores,
    best_heads,
    score,
)
from viz.models import LoadedModel
from viz.studies.corpus import survey
from viz.studies.corpus.dependencies import score_sentences
from viz.studies.corpus.generated_sentences import trees
from viz.studies.corpus.survey import Survey


def last(
    model: LoadedModel, sentences: list[Sentence], so_far: Survey[SyntaxScores] | None = None
) -> Survey[SyntaxScores]:
    *_others, state = score_sentences(model, sentences, so_far)
    return state


def scores_of(state: Survey[SyntaxScores]) -> SyntaxScores:
    assert state.measures is not None
    return state.measures


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
    assert set(best) == {"nsubj", "dobj", "det", "amod", "poss", "pobj", SAME_ENTITY, OBLIQUE, ALL}
    for relation in ("nsubj", "dobj", "det", "amod", "poss", "pobj", SAME_ENTITY):
        assert best[relation].accuracy > best[relation].baseline + 0.1, relation
    assert best["det"].offset == 1
    assert best[SAME_ENTITY].accuracy > 0.9


def test_prepositions_and_obliques_are_those_that_plain_loops_count(minilm: LoadedModel) -> None:
    """Each by its own words of the grammar's trees, without the code under test."""
    given = trees(60)
    pairs: dict[str, list[tuple[int, int, int]]] = {"pobj": [], OBLIQUE: []}  # sentence, from, to
    for number, sentence in enumerate(given):
        for at, word in enumerate(sentence.words):
            if word.relation == "case" and word.head is not None:
                pairs["pobj"].append((number, word.head, at))
            if word.relation == "obl" and word.head is not None:
                pairs[OBLIQUE].append((number, at, word.head))
    correct = {name: np.zeros((6, 12), dtype=int) for name in pairs}
    for number, sentence in enumerate(given):
        found = attend(minilm, sentence.text).encoder
        spans = [span or (-1, -1) for span in found.queries.spans]
        tokens = [
            [at for at, (begin, _end) in enumerate(spans) if word.span[0] <= begin < word.span[1]]
            for word in sentence.words
        ]
        for name, every in pairs.items():
            for source, target in [(source, target) for which, source, target in every if which == number]:
                rows = found.weights[:, :, tokens[source]].mean(axis=2)
                to = [
                    rows[..., keys].sum(axis=-1) if at != source else rows[..., 0] * 0
                    for at, keys in enumerate(tokens)
                ]
                correct[name] += np.argmax(to, axis=0) == target
    scores = scores_of(last(minilm, given))
    for name, every in pairs.items():
        at = RELATIONS.index(name)
        assert scores.counts[at] == len(every) > 40
        assert (
            np.abs(scores.correct[at, 0] - correct[name]).max() <= 1
        )  # two words may be equal but for rounding
        offsets = [target - source for _number, source, target in every]
        assert scores.offsets[at].tolist() == [offsets.count(offset) for offset in OFFSETS]
    assert correct["pobj"].max() > 0.7 * len(pairs["pobj"]) > 0.7 * 2 * correct[OBLIQUE].max()


def test_what_was_stopped_goes_on_where_it_was(minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "_WINDOW_TEXTS", 4)
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
    assert (len(state.skipped), scores_of(state).sentences) == (1, 1)
    with pytest.raises(InputError, match="None of the"):
        list(score_sentences(minilm, [Sentence(" ", ())]))
