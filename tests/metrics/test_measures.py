from typing import get_args

import numpy as np
import pytest
import scipy.stats

from tests.metrics.samples import pieces_map
from viz.errors import MetricError
from viz.metrics.measures import Measure, measure_heads


@pytest.mark.parametrize("measure", get_args(Measure))
def test_every_measure_gives_one_number_a_head(measure: Measure) -> None:
    values = measure_heads(pieces_map(), measure)
    assert values.shape == (2, 3)
    assert values.dtype == np.float32
    assert not values.flags.writeable


def test_each_measures_what_its_name_says() -> None:
    found = pieces_map(7)
    weights = found.weights[1, 2].astype(np.float64)
    at = np.arange(8)
    expected = {
        "first": weights[:, 0].mean(),
        "closing": weights[:, 7].mean(),
        "punctuation": weights[:, [4, 6]].sum(axis=1).mean(),
        "sink": weights[1:, 0].mean(),
        "itself": np.trace(weights) / 8,
        "before": np.mean([weights[q, q - 1] for q in range(1, 8)]),
        "after": np.mean([weights[q, q + 1] for q in range(7)]),
        "distance": np.mean([(weights[q] * abs(at - q)).sum() for q in range(8)]),
        "entropy": np.mean([scipy.stats.entropy(row) for row in weights]),
    }
    assert set(expected) == set(get_args(Measure))
    for name, value in expected.items():
        assert measure_heads(found, name)[1, 2] == pytest.approx(value, abs=1e-5), name  # type: ignore[arg-type]


def test_another_name_is_refused() -> None:
    with pytest.raises(MetricError, match="no measure weight"):
        measure_heads(pieces_map(), "weight")  # type: ignore[arg-type]
