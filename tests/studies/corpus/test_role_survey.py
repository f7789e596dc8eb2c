import threading
from collections.abc import Sequence

import numpy as np
import pytest
import torch

from tests.studies.corpus.made import made_encodings, made_model
from viz.attention import AttentionMap, attend
from viz.errors import AttentionError, InputError
from viz.metrics.role_labels import label_heads, role_agreement
from viz.metrics.role_measures import RoleMeasures, measure_roles, sum_measures
from viz.models import LoadedModel
from viz.studies.corpus import survey
from viz.studies.corpus.batches import LayerReader
from viz.studies.corpus.generated_sentences import sentences
from viz.studies.corpus.role_survey import measure_batch, measure_texts
from viz.studies.corpus.survey import Survey

LENGTHS = (9, 5, 13, 2, 9)
TEXTS = [
    "The cat saw the other cat, and the cat ran!",
    "Why?",
    "A very long sentence, in which nothing happens, is written here for all to read.",
    "Dogs bark.",
]


def the_same(found: RoleMeasures, expected: RoleMeasures) -> None:
    np.testing.assert_allclose(found.values, expected.values, atol=1e-5)
    np.testing.assert_allclose(found.uniform, expected.uniform, atol=1e-6)
    np.testing.assert_array_equal(found.counts, expected.counts)
    assert (found.texts, found.tokens, found.causal) == (expected.texts, expected.tokens, expected.causal)


def last(
    model: LoadedModel, texts: Sequence[str], so_far: Survey[RoleMeasures] | None = None
) -> Survey[RoleMeasures]:
    *_others, state = measure_texts(model, texts, so_far)
    return state


def measures_of(state: Survey[RoleMeasures]) -> RoleMeasures:
    assert state.measures is not None
    return state.measures


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_many_texts_measure_as_each_alone(name: str, request: pytest.FixtureRequest) -> None:
    model: LoadedModel = request.getfixturevalue(name)
    expected = sum_measures([measure_roles(attend(model, text).encoder) for text in TEXTS])
    state = last(model, TEXTS)
    the_same(measures_of(state), expected)
    assert (state.done, state.total, state.cut, state.skipped) == (4, 4, 0, ())


@pytest.mark.parametrize("family", ["roberta", "deberta-v2", "modernbert", "t5", "gpt2", "bloom", "llama"])
def test_a_batch_measures_as_its_texts_alone(family: str) -> None:
    model = made_model(family)
    causal = model.card.kinds[0] == "decoder"
    texts = made_encodings(LENGTHS, special=not causal)
    stack = model.model.get_encoder() if "cross" in model.card.kinds else model.model
    expected = []
    for text in texts:
        with torch.inference_mode():
            layers = stack(
                input_ids=torch.tensor([text.ids]),
                attention_mask=torch.ones(1, len(text)),
                output_attentions=True,
            ).attentions
        weights = torch.cat(list(layers)).numpy()
        expected.append(measure_roles(AttentionMap(model.card.kinds[0], weights, text, text)))
    the_same(measure_batch(model, LayerReader(model), texts), sum_measures(expected))


def test_what_was_stopped_goes_on_where_it_was(minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "_WINDOW_TEXTS", 4)
    texts = sentences(10)
    whole = list(measure_texts(minilm, texts))
    assert [state.done for state in whole] == [4, 8, 10]

    stop = threading.Event()
    seen: list[Survey[RoleMeasures]] = []
    for state in measure_texts(minilm, texts, cancelled=stop):
        seen.append(state)
        if state.done == 4:
            stop.set()
    assert [state.done for state in seen] == [4]
    rest = list(measure_texts(minilm, texts, seen[-1]))
    assert [state.done for state in rest] == [8, 10]
    np.testing.assert_array_equal(measures_of(rest[-1]).sums, measures_of(whole[-1]).sums)
    assert list(measure_texts(minilm, texts, rest[-1])) == []


def test_texts_with_nothing_to_read_are_left_out_and_said_so(minilm: LoadedModel) -> None:
    texts = ["The cat sat.", "   ", "word " * 600, "\u200b\u200b"]
    state = last(minilm, texts)
    assert [skipped.place for skipped in state.skipped][:1] == [1]
    assert "empty" in str(state.skipped[0].problem)
    assert state.cut == 1
    assert measures_of(state).texts == 4 - len(state.skipped)


def test_nothing_but_empty_texts_is_an_error(minilm: LoadedModel) -> None:
    for texts in ([" ", "\n"], []):
        with pytest.raises(InputError, match="None of the"):
            list(measure_texts(minilm, texts))


def test_weights_that_are_not_finite_are_an_error() -> None:
    model = made_model("bert")
    reader = LayerReader(model)
    with torch.no_grad():
        next(p for name, p in model.model.named_parameters() if "query.weight" in name).fill_(float("nan"))
    with pytest.raises(AttentionError, match="not finite"):
        measure_batch(model, reader, made_encodings((4,)))


def test_roles_are_stable_between_two_halves(minilm: LoadedModel) -> None:
    texts = sentences(400)
    left, right = measures_of(last(minilm, texts[:200])), measures_of(last(minilm, texts[200:]))
    assert role_agreement(left, right) >= 0.8
    named = {role.name for row in label_heads(left) for role in row}
    assert {"before", "after", "first", "broad", None} <= named
    assert label_heads(left)[0][2].name == "before"


def test_the_grammar_gives_the_same_sentences_each_time() -> None:
    assert sentences(5) == sentences(50)[:5]
    assert sentences(5, seed=1) != sentences(5)
