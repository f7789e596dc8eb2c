"""A tiny Transformer learns a toy task, look by look: what it gets wrong, how often it is right, where it looks.

Every look is a whole state: training can stop at any of them and go on later, with the same result as without a stop.
Which sequences a step trains on, and the first weights, come from the seed alone.
"""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from pydantic import Field
from pydantic.dataclasses import dataclass as checked
from torch.optim.adam import adam

from viz.attention.checks import Array, frozen
from viz.lessons.training import tiny_transformer as tiny
from viz.lessons.training.toy_tasks import LONGEST, SHORTEST, TASKS, Ids, Task, TaskId, batch, held_out

MOST_STEPS = 3_000
MOST_SEED = 99
PASSED = 0.99  # of the held-out sequences, the whole answer right
_LOOKS_PASSED = 5  # one after the other, then it has learned: the maps sharpen meanwhile

_OFTEN, _SELDOM, _AT_FIRST = 5, 20, 200  # steps between looks: often at first, where most happens
_BATCH = 64
_RATE = 2e-3
_WARM_UP, _FULL = 50, 200  # steps in which the rate grows, and after which it falls with their square root
_KEEP, _KEEP_SQUARES, _TINY = 0.9, 0.98, 1e-8  # of Adam


@checked(frozen=True)
class Setting:
    """All that a training depends on. `length` counts the places of a sequence."""

    task: TaskId = "reverse"
    length: Annotated[int, Field(ge=SHORTEST, le=LONGEST)] = 8
    layers: Annotated[int, Field(ge=1, le=3)] = 1
    heads: Literal[1, 2, 4] = 2
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)] = 0

    @property
    def asked(self) -> Task:
        """The task itself."""
        return TASKS[self.task]


@dataclass(frozen=True, eq=False)
class Look:
    """How it stands at one step.

    `loss` is the mean cross-entropy (nats) over the sequences since the look before, `accuracy` the share of held-out
    sequences whose whole answer is right; `answer`, [place], and `weights`, [layer, head, query, key], are those of the
    example.
    """

    step: int
    loss: float
    accuracy: float
    answer: tuple[int, ...]
    weights: Array


@dataclass(frozen=True, eq=False)
class Training:
    """A training at one step, with all that it needs to go on: `flat` and `moments` are [weight], [2, weight]."""

    setting: Setting
    step: int
    flat: Array
    moments: Array
    looks: tuple[Look, ...]

    @property
    def passed_at(self) -> int | None:
        """The first step at which 99 % of the held-out sequences were right; None where it has not come."""
        return next((look.step for look in self.looks if look.accuracy >= PASSED), None)

    @property
    def learned(self) -> bool:
        """Whether it has passed at some looks in a row."""
        last = self.looks[-_LOOKS_PASSED:]
        return len(last) == _LOOKS_PASSED and all(look.accuracy >= PASSED for look in last)

    @property
    def finished(self) -> bool:
        """Whether there is nothing more to do: it has learned, or has had all its steps."""
        return self.learned or self.step >= MOST_STEPS

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        return self.flat.nbytes + self.moments.nbytes + sum(look.weights.nbytes + 500 for look in self.looks)


def next_look(step: int) -> int:
    """The step of the look that comes after `step`: often at first, where most happens."""
    every = _OFTEN if step < _AT_FIRST else _SELDOM
    return (step // every + 1) * every


def begin(setting: Setting) -> Training:
    """A training of which no step is done, with its first look: what chance alone gives."""
    learner = _Learner(setting, None)
    return learner.look(float("nan"))


def train(so_far: Training, cancelled: threading.Event | None = None) -> Iterator[Training]:
    """Go on from `so_far`: one state after the other (`next_look`), until it is finished or `cancelled` is set."""
    learner = _Learner(so_far.setting, so_far)
    state = so_far
    while not state.finished:
        losses = []
        for _step in range(state.step, next_look(state.step)):
            if cancelled is not None and cancelled.is_set():
                return
            losses.append(learner.learn())
        state = learner.look(float(np.mean(losses)))
        yield state


def example(setting: Setting) -> Ids:
    """The sequence on which the maps are looked at, [1, place]: a held-out one with as many answers as can be."""
    sequences = held_out(setting.asked, setting.length, setting.seed)
    place = _telling(setting.asked.answer(sequences))
    return sequences[place : place + 1]


def _telling(answers: Ids) -> int:
    """Which of [sequence, place] has the most different answers."""
    return int(np.argmax([len(set(row)) for row in answers.tolist()]))


def read_by(state: Training, ids: Ids) -> tiny.Reading:
    """What the model answers as it stands at `state`, for sequences [sequence, place] of the setting's length."""
    setting = state.setting
    model = tiny.make(setting.asked, setting.length, setting.layers, setting.heads, setting.seed).eval()
    tiny.lay_in(model, torch.from_numpy(state.flat.copy()))
    return tiny.run(model, ids)


def wanted(task: Task, ids: Ids) -> NDArray[np.bool_]:
    """The keys that hold what each place has to answer, [query, key], for one sequence [1, place].

    For brackets that is the partner; a bracket without one has no such key.
    """
    right, places = task.answer(ids)[0], np.arange(ids.shape[1])
    match task.id:
        case "copy":
            keys = places[:, None] == places
        case "reverse":
            keys = places[::-1, None] == places
        case "sort":
            keys = right[:, None] == ids[0]
        case "brackets":
            keys = right[:, None] == places + 1
    return np.asarray(keys)


def share_on(weights: Array, keys: NDArray[np.bool_]) -> Array:
    """The mean share of attention on `keys`, [query, key], of each head of [layer, head, query, key]: [layer, head].

    Queries without any such key are left out; without any at all it is 0.
    """
    asked = keys.any(-1)
    share: Array = (weights * keys).sum(-1)[..., asked].sum(-1) / max(1, int(asked.sum()))
    return share.astype(np.float32)


def _rate(step: int) -> float:
    """The schedule of Vaswani et al. (2017), with a level part between its growth and its fall."""
    return _RATE * min(1.0, step / _WARM_UP, math.sqrt(_FULL / step))


@contextmanager
def one_core() -> Iterator[None]:
    """Have torch compute on this thread alone within: so small a model gains nothing from more, and others need them.

    torch keeps the number per thread, and a default that new threads begin with, which is set with it: that one is put
    back at once, from another thread.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    back = threading.Thread(target=torch.set_num_threads, args=(before,))
    back.start()
    back.join()
    try:
        yield
    finally:
        torch.set_num_threads(before)


class _Learner:
    """The model at work, and Adam (Kingma and Ba 2015) on all its weights as one vector."""

    def __init__(self, setting: Setting, so_far: Training | None) -> None:
        self._setting = setting
        self._model = tiny.make(setting.asked, setting.length, setting.layers, setting.heads, setting.seed)
        self._step = so_far.step if so_far else 0
        self._looks = so_far.looks if so_far else ()
        flat = so_far.flat if so_far else tiny.weights_of(self._model)
        moments = so_far.moments if so_far else np.zeros((2, len(flat)), dtype=np.float32)
        self._flat = torch.from_numpy(flat.copy())
        self._moments = torch.from_numpy(moments.copy())
        self._parameters = tiny.lay_in(self._model, self._flat)
        self._held_out = held_out(setting.asked, setting.length, setting.seed)
        self._answers = setting.asked.answer(self._held_out)
        self._example = _telling(self._answers)

    def learn(self) -> float:
        """One step; the loss before it."""
        task = self._setting.asked
        ids = batch(task, self._setting.length, _BATCH, self._setting.seed, self._step)
        logits = self._model(input_ids=torch.from_numpy(ids)).logits
        right = torch.from_numpy(task.answer(ids))
        loss = F.cross_entropy(logits.flatten(0, 1), right.flatten())
        gradients = torch.autograd.grad(loss, self._parameters)
        mean, squares = self._moments
        # Not the class Adam: its first step imports torch's compiler, for seconds and much memory.
        adam(
            [self._flat],
            [torch.cat([gradient.flatten() for gradient in gradients])],
            [mean],
            [squares],
            [],
            [torch.tensor(float(self._step))],
            foreach=False,
            amsgrad=False,
            beta1=_KEEP,
            beta2=_KEEP_SQUARES,
            lr=_rate(self._step + 1),
            weight_decay=0.0,
            eps=_TINY,
            maximize=False,
        )
        self._step += 1
        return float(loss.detach())

    def look(self, loss: float) -> Training:
        """The state as it is now, with one more look."""
        reading = tiny.run(self._model, self._held_out)
        weights = frozen(reading.weights[:, self._example])
        right = (reading.labels == self._answers).all(-1)
        answer = tuple(reading.labels[self._example].tolist())
        self._looks = (*self._looks, Look(self._step, loss, float(right.mean()), answer, weights))
        flat, moments = frozen(self._flat.numpy()), frozen(self._moments.numpy())
        return Training(self._setting, self._step, flat, moments, self._looks)
