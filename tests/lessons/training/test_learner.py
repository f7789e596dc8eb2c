"""Learning, its looks, stopping and going on, and the core that it keeps to."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from viz.lessons.training import learner as training
from viz.lessons.training import tiny_transformer as tiny
from viz.lessons.training.learner import (
    MOST_STEPS,
    PASSED,
    Look,
    Setting,
    Training,
    begin,
    example,
    next_look,
    one_core,
    read_by,
    share_on,
    train,
    wanted,
)
from viz.lessons.training.toy_tasks import TASKS, batch, held_out

SHORT = Setting(length=5)


def after(setting: Setting, looks: int) -> Training:
    with one_core():
        return list(islice(train(begin(setting)), looks))[-1]


def finished(setting: Setting) -> Training:
    with one_core():
        *_before, last = train(begin(setting))
    return last


def test_it_learns_to_reverse_and_shows_the_anti_diagonal() -> None:
    state = finished(SHORT)
    assert state.learned
    assert state.finished
    assert state.passed_at is not None
    assert state.passed_at < state.step < 300
    first, last = state.looks[0], state.looks[-1]
    assert first.accuracy < 0.05
    assert last.loss < 0.2
    keys = wanted(SHORT.asked, example(SHORT))
    assert (keys == np.fliplr(np.eye(5))).all()
    assert share_on(first.weights, keys).max() < 0.5
    assert share_on(last.weights, keys).max() > 0.8


def test_its_accuracy_is_that_of_whole_held_out_sequences() -> None:
    state = after(SHORT, 8)
    ids = held_out(SHORT.asked, 5, 0)
    answered = read_by(state, ids).labels
    right = [
        list(row) == list(reversed(given)) for row, given in zip(answered.tolist(), ids.tolist(), strict=True)
    ]
    assert state.looks[-1].accuracy == np.mean(right)
    assert 0 < np.mean(right) < 1


def test_a_look_is_what_the_model_of_that_step_does_on_the_example() -> None:
    state = after(Setting(length=6, layers=2, heads=4), 3)
    found = read_by(state, example(state.setting))
    look = state.looks[-1]
    assert look.weights.shape == (2, 4, 6, 6)
    np.testing.assert_allclose(look.weights, found.weights[:, 0], atol=1e-5)
    assert list(look.answer) == found.labels[0].tolist()
    assert [each.step for each in state.looks] == [0, 5, 10, 15]
    assert not look.weights.flags.writeable


def test_stopped_and_gone_on_it_has_the_same_weights_as_without_a_stop() -> None:
    whole = after(SHORT, 6)
    stopped = after(SHORT, 2)
    with one_core():
        *_between, later = islice(train(stopped), 4)
    assert later.step == whole.step == 30
    assert (later.flat == whole.flat).all()
    assert (later.moments == whole.moments).all()
    assert later.looks[-1].loss == whole.looks[-1].loss
    assert [look.accuracy for look in later.looks] == [look.accuracy for look in whole.looks]
    assert stopped.step == 10  # what was kept is as it was


def test_another_seed_is_another_training() -> None:
    assert (after(SHORT, 1).flat != after(replace(SHORT, seed=1), 1).flat).any()


def test_cancelled_it_ends_without_another_state() -> None:
    cancelled = threading.Event()
    states = train(begin(SHORT), cancelled)
    next(states)
    cancelled.set()
    assert list(states) == []


def test_its_steps_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MOST_STEPS", 12)
    state = finished(Setting(task="brackets", length=4))
    assert state.step == 15
    assert not state.learned
    assert state.passed_at is None


def test_looks_are_many_at_first_and_few_in_all() -> None:
    steps = [0]
    while steps[-1] < MOST_STEPS:
        steps.append(next_look(steps[-1]))
    assert steps[:4] == [0, 5, 10, 15]
    assert steps[-2:] == [MOST_STEPS - 20, MOST_STEPS]
    assert len(steps) < 200


def test_it_has_learned_only_after_some_looks_in_a_row() -> None:
    state = begin(SHORT)
    good, bad = (replace(state.looks[0], accuracy=share) for share in (PASSED, PASSED - 0.01))

    def seen(*looks: Look) -> Training:
        return replace(state, looks=looks)

    assert seen(*[good] * 5).learned
    assert not seen(*[good] * 4).learned
    assert not seen(good, good, good, bad, good).learned
    assert seen(bad, *[good] * 5).learned


def test_a_step_is_one_of_adam() -> None:
    """Against torch's own optimiser, on the same batches."""
    learner = training._Learner(SHORT, None)
    model = tiny.make(SHORT.asked, 5, 1, 2, 0)
    adam = torch.optim.Adam(model.parameters(), betas=(0.9, 0.98), eps=1e-8)
    for step in range(4):
        ids = batch(SHORT.asked, 5, 64, 0, step)
        for group in adam.param_groups:
            group["lr"] = 2e-3 * (step + 1) / 50
        logits = model(input_ids=torch.from_numpy(ids)).logits
        right = torch.from_numpy(ids[:, ::-1].copy())
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), right.flatten())
        adam.zero_grad()
        loss.backward()
        adam.step()
        assert learner.learn() == pytest.approx(float(loss.detach()), abs=1e-5)
    # A weight whose gradient is all but 0 moves by the rate either way: the keys' biases, which softmax cancels.
    close = np.isclose(learner.look(0.0).flat, tiny.weights_of(model), atol=2e-4)
    assert close.mean() > 0.99


def test_the_keys_wanted_hold_the_right_answer() -> None:
    for task in ("reverse", "copy", "sort"):
        setting = Setting(task=task, length=7)
        ids = example(setting)
        right = setting.asked.answer(ids)[0]
        keys = wanted(setting.asked, ids)
        for query, key in np.argwhere(keys):
            assert ids[0, key] == right[query]
        assert keys.any(-1).all()
    setting = Setting(task="brackets", length=8)
    keys = wanted(setting.asked, example(setting))
    assert (keys == keys.T).all()
    assert keys.sum() == (TASKS["brackets"].answer(example(setting)) > 0).sum() > 0


def test_shares_are_means_over_the_queries_that_want_something() -> None:
    weights = np.array([[[[0.25, 0.75], [0.5, 0.5]]]], dtype=np.float32)
    keys = np.array([[False, True], [False, False]])
    assert share_on(weights, keys).tolist() == [[0.75]]
    assert share_on(weights, np.array([[True, False], [True, True]])).tolist() == [[0.625]]
    assert share_on(weights, np.zeros((2, 2), dtype=bool)).tolist() == [[0.0]]


@pytest.fixture
def threads() -> Iterator[int]:
    """More threads than one for torch's sums, until the test ends."""
    before = torch.get_num_threads()
    torch.set_num_threads(several := max(2, before))
    yield several
    torch.set_num_threads(before)


def test_one_core_is_this_threads_alone(threads: int) -> None:
    found: dict[str, int] = {}

    def look(name: str) -> None:
        found[name] = torch.get_num_threads()

    def work() -> None:
        with one_core():
            look("within")
            other = threading.Thread(target=look, args=("another",))
            other.start()
            other.join()
        look("after")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == {"within": 1, "another": threads, "after": threads}
    assert torch.get_num_threads() == threads
