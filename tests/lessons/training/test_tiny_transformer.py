"""The tiny model: its maps, its weights as one vector, and that all of torch's own random numbers stay as they are."""

import numpy as np
import pytest
import torch
from transformers import BertForTokenClassification

from viz.lessons.training import tiny_transformer as tiny
from viz.lessons.training.toy_tasks import TASKS, TaskId


@pytest.mark.parametrize(("task", "layers", "heads"), [("reverse", 1, 1), ("sort", 2, 4), ("brackets", 3, 2)])
def test_every_row_of_its_attention_sums_to_one(task: TaskId, layers: int, heads: int) -> None:
    asked = TASKS[task]
    model = tiny.make(asked, 7, layers, heads, 0)
    assert isinstance(model, BertForTokenClassification)
    found = tiny.run(model, asked.draw(5, 7, np.random.default_rng(0)))
    assert found.weights.shape == (layers, 5, heads, 7, 7)
    assert found.logits.shape == (5, 7, len(asked.labels(7)))
    np.testing.assert_allclose(found.weights.sum(-1), 1.0, atol=1e-5)
    assert not found.weights.flags.writeable
    assert (found.labels == found.logits.argmax(-1)).all()


def test_a_seed_decides_all_weights() -> None:
    first, again, other = (tiny.weights_of(tiny.make(TASKS["copy"], 8, 1, 2, seed)) for seed in (5, 5, 6))
    assert (first == again).all()
    assert (first != other).any()
    assert not first.flags.writeable


def test_weights_laid_in_are_the_models_own() -> None:
    asked = TASKS["copy"]
    one, other = (tiny.make(asked, 8, 2, 2, seed) for seed in (0, 1))
    ids = asked.draw(3, 8, np.random.default_rng(0))
    flat = torch.from_numpy(tiny.weights_of(one).copy())
    parameters = tiny.lay_in(other, flat)
    assert sum(each.numel() for each in parameters) == flat.numel()
    assert (tiny.run(one, ids).logits == tiny.run(other, ids).logits).all()
    with torch.no_grad():
        flat.zero_()
    assert (tiny.run(other, ids).logits == 0).all()
