"""The curve of what is left, against single ablations, and against random orders."""

import threading

import numpy as np
import pytest

from tests.studies.importance.loaded import OTHER, TEXT
from viz.errors import Cancelled, InputError
from viz.models import LoadedModel
from viz.studies.importance import ablate, importance_by_ablation, least_first, pruning_curve, random_band


def test_each_step_is_the_ablation_of_so_many_heads(small: LoadedModel) -> None:
    importance = importance_by_ablation(small, [TEXT, OTHER])
    order = least_first(importance)
    curve = pruning_curve(small, [TEXT, OTHER], order)
    assert curve.pruned == tuple(range(len(order) + 1))
    assert curve.sentence[0] == pytest.approx(1, abs=1e-6)
    for count in (1, 3, len(order)):
        alone = [ablate(small, text, disabled=order[:count]) for text in (TEXT, OTHER)]
        assert curve.sentence[count] == pytest.approx(np.mean([each.sentence for each in alone]), abs=1e-5)
        assert curve.tokens[count] == pytest.approx(np.mean([each.tokens.mean() for each in alone]), abs=1e-5)
    for each in (curve.sentence, curve.tokens):
        assert each.dtype == np.float32
        assert not each.flags.writeable


def test_only_the_steps_that_are_asked_for(small: LoadedModel) -> None:
    order = least_first(np.arange(8, dtype=np.float32).reshape(2, 4))
    every, some = (pruning_curve(small, [TEXT], order, steps) for steps in (None, (0, 5, 8)))
    assert some.pruned == (0, 5, 8)
    np.testing.assert_allclose(some.sentence, every.sentence[[0, 5, 8]], atol=1e-5)


def test_the_least_important_come_first_and_equals_in_the_order_of_the_model() -> None:
    importance = np.array([[0.3, 0.1, 0.2], [0.1, 0.0, 0.3]], dtype=np.float32)
    assert least_first(importance) == ((1, 1), (0, 1), (1, 0), (0, 2), (0, 0), (1, 2))


def test_pruning_the_least_important_first_holds_better_than_at_random(minilm: LoadedModel) -> None:
    texts, steps = [TEXT, OTHER], (0, 12, 24, 36, 48, 60)
    curve = pruning_curve(minilm, texts, least_first(importance_by_ablation(minilm, texts)), steps)
    band = random_band(minilm, texts, range(3), steps)
    assert band.pruned == curve.pruned
    assert curve.sentence[1:].mean() > band.mean[1:].mean() + 0.02
    worst = pruning_curve(minilm, texts, least_first(-importance_by_ablation(minilm, texts)), steps)
    assert worst.sentence[1:].mean() < band.mean[1:].mean() - 0.02


def test_a_band_is_of_whole_orders_and_the_same_each_time(bert: LoadedModel) -> None:
    one, again = (random_band(bert, [TEXT], (1, 2, 3)) for _ in range(2))
    assert np.array_equal(one.mean, again.mean)
    assert np.all(one.lowest <= one.mean)
    assert np.all(one.mean <= one.highest)
    assert np.any(one.lowest < one.highest)
    np.testing.assert_allclose([one.lowest[0], one.highest[0]], 1, atol=1e-6)
    np.testing.assert_allclose(one.lowest[-1], one.highest[-1], atol=1e-5)  # at the end all heads are off
    rows = [random_band(bert, [TEXT], (seed,)).mean for seed in (1, 2, 3)]
    np.testing.assert_allclose(one.mean, np.mean(rows, axis=0), atol=1e-6)


def test_progress_counts_every_order(bert: LoadedModel) -> None:
    told: list[tuple[int, int]] = []
    random_band(bert, [TEXT, OTHER], (1, 2), progress=lambda done, total: told.append((done, total)))
    assert [done for done, _total in told] == sorted(done for done, _total in told)
    assert told[-1] == (36, 36)  # 2 orders of 2 texts, of 0 to 8 heads each


def test_it_stops_when_it_is_told_to(bert: LoadedModel) -> None:
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(Cancelled):
        random_band(bert, [TEXT], cancelled=stopped)


def test_wrong_orders_and_steps_are_refused(bert: LoadedModel) -> None:
    for steps in ((), (-1,), (3,)):
        with pytest.raises(InputError, match="0 to 2 heads"):
            pruning_curve(bert, [TEXT], [(0, 0), (0, 1)], steps)
    with pytest.raises(InputError, match="Layer 9"):
        pruning_curve(bert, [TEXT], [(8, 0)])
    with pytest.raises(InputError, match="random order"):
        random_band(bert, [TEXT], ())
