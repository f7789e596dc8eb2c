import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from tests.metrics.samples import PIECES, encoding, pieces_map, random_weights
from viz.attention import AttentionMap, attend
from viz.errors import MetricError
from viz.inputs.encoding import Encoding
from viz.metrics.role_measures import (
    LINEAR,
    MEASURES,
    RoleMeasures,
    measure_index,
    measure_roles,
    patterns,
    sum_measures,
)
from viz.models import LoadedModel

# "A dog, a Dog's!": "a" and "dog" occur twice, whatever their case; a sign is no word.
REPEATED = encoding(
    "A dog, a Dog!",
    [
        ("[CLS]", None, None),
        ("a", (0, 1), 0),
        ("do", (2, 4), 1),
        ("##g", (4, 5), 1),
        (",", (5, 6), 2),
        ("a", (7, 8), 3),
        ("dog", (9, 12), 4),
        ("!", (12, 13), 5),
        ("[SEP]", None, None),
    ],
)
SAME = {1: [5], 2: [6], 3: [6], 5: [1], 6: [2, 3]}
PLAIN = encoding("one two one", [("one", (0, 3), 0), ("two", (4, 7), 1), ("one", (8, 11), 2)])


def causal_weights(seed: int, tokens: int) -> np.ndarray:
    weights = np.tril(random_weights(seed, 2, 3, tokens, tokens))
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights


def by_loops(found: AttentionMap) -> dict[str, tuple[np.ndarray, int]]:
    """Each measure's sum and count, one weight at a time."""
    given, causal = found.queries, found.kind == "decoder"
    layers, heads, count, _keys = found.weights.shape
    content = [at for at in range(count) if not given.special[at]]
    sums = {name: np.zeros((layers, heads)) for name in MEASURES}
    counts = dict.fromkeys(MEASURES, 0)
    signs = [at for at in content if given.token_strings[at] in (",", "!", ".")]
    for query in range(count):
        visible = query + 1 if causal else count
        row = found.weights[:, :, query].astype(np.float64)
        smooth = 0.9999 * row[..., :visible] + 0.0001 / visible
        spread = scipy.stats.entropy(smooth, axis=-1) if visible > 1 else np.zeros((layers, heads))
        sums["entropy"] += spread
        counts["entropy"] += 1
        if query == 0 and given.special[0] and not causal:
            sums["first_entropy"] += spread
            counts["first_entropy"] += 1
        if query not in content:
            continue
        keys = {
            "itself": [query],
            "before": [query - 1] if query - 1 in content else [],
            "after": [query + 1] if query + 1 in content else [],
            "first": [0] if given.special[0] else [],
            "closing": [at for at in range(1, count) if given.special[at]],
            "punctuation": signs,
            "same_word": SAME.get(query, []) if given is REPEATED else [2 - query] if query in (0, 2) else [],
            "sink": [0] if query else [],
        }
        for name, all_keys in keys.items():
            seen = [key for key in all_keys if key < visible]
            sums[name] += row[..., seen].sum(axis=-1)
            counts[name] += bool(seen)
        sums["distance"] += sum(row[..., key] * abs(query - key) for key in range(count))
        counts["distance"] += 1
    return {name: (sums[name], counts[name]) for name in MEASURES}


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("given_text", [REPEATED, PLAIN])
@given(seed=st.integers(0, 10_000))
def test_measures_equal_loops(given_text: Encoding, causal: bool, seed: int) -> None:
    count = len(given_text)
    weights = causal_weights(seed, count) if causal else random_weights(seed, 2, 3, count, count)
    found = AttentionMap("decoder" if causal else "encoder", weights, given_text, given_text)
    measures = measure_roles(found)
    for name, (sums, often) in by_loops(found).items():
        at = measure_index(name)
        assert measures.counts[at] == often, name
        np.testing.assert_allclose(measures.sums[at], sums, atol=1e-5, err_msg=name)
        expected = sums / often if often else np.full(sums.shape, np.nan)
        np.testing.assert_allclose(measures.values[at], expected, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("given_text", [REPEATED, PLAIN, PIECES])
def test_uniform_attention_gives_what_is_expected_of_it(given_text: Encoding, causal: bool) -> None:
    count = len(given_text)
    rows = np.tri(count) if causal else np.ones((count, count))
    rows /= rows.sum(axis=-1, keepdims=True)
    weights = np.broadcast_to(rows, (2, 3, count, count)).astype(np.float32)
    measures = measure_roles(
        AttentionMap("decoder" if causal else "encoder", weights, given_text, given_text)
    )
    np.testing.assert_allclose(measures.values[:, 1, 2], measures.uniform, atol=1e-5)


def test_uniform_shares_by_hand() -> None:
    uniform = measure_roles(pieces_map()).uniform
    named = dict(zip(MEASURES, uniform.tolist(), strict=True))
    assert named["itself"] == named["before"] == named["first"] == pytest.approx(1 / 8)
    assert named["punctuation"] == pytest.approx(2 / 8)
    assert named["entropy"] == pytest.approx(np.log(8), abs=1e-6)
    assert np.isnan(named["same_word"])  # no word occurs twice
    # The six tokens that are not special, at 1 to 6: the mean distance to the places 0 to 7.
    assert named["distance"] == pytest.approx(np.mean([abs(q - k) for q in range(1, 7) for k in range(8)]))


def test_a_head_that_does_one_thing_measures_1() -> None:
    count = len(REPEATED)
    for name, offset in (("itself", 0), ("before", -1), ("after", 1)):
        weights = np.zeros((1, 1, count, count), dtype=np.float32)
        at = np.clip(np.arange(count) + offset, 0, count - 1)
        weights[0, 0, np.arange(count), at] = 1
        measures = measure_roles(AttentionMap("encoder", weights, REPEATED, REPEATED))
        assert measures.value(name)[0, 0] == pytest.approx(1)  # type: ignore[arg-type]
        assert measures.value("entropy")[0, 0] < 0.01


def test_a_sum_is_the_measure_of_both_texts() -> None:
    one, other = measure_roles(pieces_map(1)), measure_roles(pieces_map(2))
    both = one + other
    at = measure_index("itself")
    expected = (one.values[at] * one.counts[at] + other.values[at] * other.counts[at]) / both.counts[at]
    np.testing.assert_allclose(both.values[at], expected, atol=1e-6)
    assert (both.texts, both.tokens) == (2, 16)
    np.testing.assert_array_equal(sum_measures([one, other, one]).sums, (one + other + one).sums)


def test_measures_of_other_models_are_not_added() -> None:
    with pytest.raises(MetricError, match="cannot be added"):
        measure_roles(pieces_map(1)) + measure_roles(pieces_map(1, layers=3))
    with pytest.raises(MetricError, match="No text was measured"):
        sum_measures([])


def test_what_leaves_cannot_be_changed() -> None:
    measures = measure_roles(pieces_map())
    for values in (measures.values, measures.uniform, measures.sums, measures.counts):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0


def test_signs_are_told_by_the_text_and_not_by_how_tokens_are_written() -> None:
    written = encoding(" , yes", [("Ġ,", (0, 2), 0), ("Ġyes", (2, 6), 1)])
    asked = patterns(written).linear[LINEAR.index("punctuation")]
    np.testing.assert_array_equal(asked, [[1, 0], [1, 0]])


def test_cross_attention_and_unknown_measures_are_refused() -> None:
    crossed = AttentionMap("cross", random_weights(0, 2, 3, len(PLAIN), len(PIECES)), PLAIN, PIECES)
    with pytest.raises(MetricError, match="same tokens"):
        measure_roles(crossed)
    with pytest.raises(MetricError, match="no measure colour"):
        measure_index("colour")


def test_a_real_text(minilm: LoadedModel) -> None:
    measures = measure_roles(attend(minilm, "The cat saw the other cat.").encoder)
    assert isinstance(measures, RoleMeasures)
    assert measures.value("before")[0, 2] > 0.9  # MiniLM's layer 1, head 3 looks at the token before
    assert measures.counts[measure_index("same_word")] == 4
