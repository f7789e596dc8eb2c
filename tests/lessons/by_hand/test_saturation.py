"""Random vectors: their scores grow with the root of the dimensions, and softmax saturates unless they are divided."""

import math

import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import entropy

from viz.errors import InputError
from viz.lessons.by_hand.saturation import DOUBLINGS, growth, nats, one_draw, slope


def test_the_scores_spread_as_the_root_of_d_k() -> None:
    found = growth(8)
    np.testing.assert_allclose(found.spread / np.sqrt(DOUBLINGS), 1, atol=0.12)


def test_without_the_division_the_softmax_saturates_and_with_it_it_does_not() -> None:
    found = growth(8)
    assert (np.diff(found.entropy_plain) < 0).all()
    assert (np.diff(found.slope_plain[3:]) < 0).all()
    assert found.entropy_plain[-1] < 0.15 < 1.5 < found.entropy_divided.min()
    assert np.ptp(found.entropy_divided) < 0.25
    assert np.ptp(found.slope_divided) < 0.05
    assert found.entropy_divided.max() < math.log(8)
    np.testing.assert_allclose(found.entropy_plain[0], found.entropy_divided[0])


@pytest.mark.parametrize(("d_k", "keys"), [(1, 2), (64, 8), (512, 16)])
def test_one_draw_is_what_scipy_computes_and_always_the_same(d_k: int, keys: int) -> None:
    found = one_draw(d_k, keys, 3)
    assert found.scores.shape == found.plain.shape == found.divided.shape == (keys,)
    np.testing.assert_allclose(found.plain, softmax(found.scores), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.divided, softmax(found.scores / math.sqrt(d_k)), rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(found.scores, one_draw(d_k, keys, 3).scores)
    assert (found.scores != one_draw(d_k, keys, 4).scores).all()
    assert not found.scores.flags.writeable


def test_entropy_and_slope_are_what_they_are_called() -> None:
    weights = np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5], [1.0, 0.0, 0.0]])
    np.testing.assert_allclose(nats(weights), entropy(weights, axis=-1), atol=1e-12)
    np.testing.assert_allclose(slope(weights), [0.25, 0.25, 0.0])
    scores, step = np.array([0.3, -1.0, 2.0]), 1e-6
    change = [
        (softmax(scores + step * np.eye(3)[at])[at] - softmax(scores)[at]) / step for at in range(len(scores))
    ]
    assert slope(softmax(scores)) == pytest.approx(max(change), rel=1e-4)


@pytest.mark.parametrize(("d_k", "keys"), [(0, 8), (513, 8), (64, 1), (64, 17)])
def test_what_is_out_of_bounds_is_refused(d_k: int, keys: int) -> None:
    with pytest.raises(InputError, match="please choose a number from"):
        one_draw(d_k, keys, 0)
    with pytest.raises(InputError, match="please choose a number from"):
        growth(keys, (d_k,))
