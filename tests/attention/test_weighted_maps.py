"""A result with lengths in place of its weights: the same tokens, every map, and what it is says so."""

from pathlib import Path

import numpy as np
import pytest

from tests.studies.importance.loaded import tiny
from viz.attention import attend
from viz.attention.norms import as_norms, layer_norms, value_norms, weighted_norms
from viz.errors import MetricError, ModelRefused
from viz.models import LoadedModel

TEXT = "The animal didn't cross the street because it was too tired."


def test_a_weighed_result_has_the_lengths_and_says_so(minilm: LoadedModel) -> None:
    result = attend(minilm, TEXT)
    found = as_norms(minilm, result)
    assert (found.encoder.quantity, result.encoder.quantity) == ("norm", "attention")
    assert found.encoder.weights.dtype == np.float32
    assert not found.encoder.weights.flags.writeable
    np.testing.assert_array_equal(found.encoder.weights, weighted_norms(minilm, result))
    expected = result.encoder.weights * value_norms(minilm, result)[:, :, None, :]
    np.testing.assert_allclose(found.encoder.weights, expected, rtol=1e-6)
    assert found.encoder.top == found.encoder.weights.max() > 1
    assert (found.encoder.queries, found.revision, found.card) == (
        result.encoder.queries,
        result.revision,
        result.card,
    )


def test_lengths_are_not_weighed_again(minilm: LoadedModel) -> None:
    found = as_norms(minilm, attend(minilm, TEXT))
    for each in (as_norms, weighted_norms, value_norms, layer_norms):
        with pytest.raises(MetricError, match="lengths already"):
            each(minilm, found)


def test_every_map_of_an_encoder_and_decoder_is_weighed(tmp_path: Path) -> None:
    model = tiny("t5", tmp_path)
    result = attend(model, TEXT, target="It did not go.")
    found = as_norms(model, result)
    assert [each.kind for each in found.maps] == ["encoder", "decoder", "cross"]
    assert {each.quantity for each in found.maps} == {"norm"}
    for each in found.maps:
        np.testing.assert_array_equal(each.weights, weighted_norms(model, result, each.kind))
    assert found.target == result.target


def test_where_the_values_are_not_known_it_is_refused(
    minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viz.models.families.projections._PATHS", {})
    with pytest.raises(ModelRefused, match="cannot be found"):
        as_norms(minilm, attend(minilm, TEXT))
