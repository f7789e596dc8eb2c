"""Toy tasks that a tiny Transformer learns while one watches: a sequence in, the right answer at every place.

Sequences are symbol numbers, int64 [sequence, place]. Which of them a model may train on and which are held out is a
property of the sequence and the seed alone, so that the two never overlap, however many are drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from viz.errors import InputError
from viz.language import _

TaskId = Literal["reverse", "copy", "sort", "brackets"]
Ids = NDArray[np.int64]

DIGITS = tuple("0123456789")
BRACKETS = ("(", ")", "[", "]")
NO_PARTNER = "·"
SHORTEST, LONGEST = 4, 12
MOST_HELD_OUT = 500

_HELD_OUT_OF = 10  # one sequence in ten
_DRAWS = 12  # a short length has few sequences: there may be fewer held out than were wished for
_BROKEN = 0.2  # of the brackets, in every other sequence


@dataclass(frozen=True)
class Task:
    """What is asked: `answer` maps ids [sequence, place] to the right labels [sequence, place].

    `symbols` are the signs a sequence is made of, by their number.
    """

    id: TaskId
    symbols: tuple[str, ...]
    answer: Callable[[Ids], Ids]
    draw: Callable[[int, int, np.random.Generator], Ids]

    def labels(self, length: int) -> tuple[str, ...]:
        """What an answer can be at a place, by its number: a symbol, or for brackets the partner's place from 1."""
        if self.id == "brackets":
            return (NO_PARTNER, *(str(place + 1) for place in range(length)))
        return self.symbols


def digits(count: int, length: int, rng: np.random.Generator) -> Ids:
    """Draw `count` sequences of digits, [sequence, place], each as likely as any other."""
    return rng.integers(0, len(DIGITS), (count, length))


def brackets(count: int, length: int, rng: np.random.Generator) -> Ids:
    """Draw `count` sequences of two kinds of brackets, [sequence, place].

    All are complete pairs at first, with one bracket too many where `length` is odd; every other sequence then has
    some of its brackets replaced by any.
    """
    candidates = np.array([_complete(length, rng) for _each in range(count)], dtype=np.int64).reshape(
        count, length
    )
    broken = rng.random((count, length)) < rng.choice([0.0, _BROKEN], (count, 1))
    return np.where(broken, rng.integers(0, len(BRACKETS), (count, length)), candidates)


def _complete(length: int, rng: np.random.Generator) -> list[int]:
    steps = iter(rng.integers(0, 4, 2 * length).tolist())
    row: list[int] = []
    still_open: list[int] = []
    for left in range(length - length % 2, 0, -1):
        step = next(steps)
        if not still_open or (step % 2 and len(still_open) < left):
            still_open.append(step // 2 * 2)
            row.append(still_open[-1])
        else:
            row.append(still_open.pop() + 1)
    if length % 2:
        row.insert(int(rng.integers(length)), next(steps))
    return row


def partners(ids: Ids) -> Ids:
    """For each bracket the place of its partner from 1, 0 where it has none: [sequence, place] to the same.

    Two brackets are partners where the first opens, the second closes, both are of one kind, and all between them are
    complete pairs.
    """
    sequences = np.zeros_like(ids)
    for row, symbols in enumerate(ids.tolist()):
        unpaired: list[int] = []
        for place, symbol in enumerate(symbols):
            if symbol % 2 and unpaired and symbols[unpaired[-1]] == symbol - 1:
                other = unpaired.pop()
                sequences[row, other], sequences[row, place] = place + 1, other + 1
            else:  # a closing bracket without a partner stays: nothing before it can pair with what comes later
                unpaired.append(place)
    return sequences


TASKS: dict[TaskId, Task] = {
    "reverse": Task("reverse", DIGITS, lambda ids: np.ascontiguousarray(ids[:, ::-1]), digits),
    "copy": Task("copy", DIGITS, lambda ids: ids.copy(), digits),
    "sort": Task("sort", DIGITS, lambda ids: np.sort(ids, axis=1), digits),
    "brackets": Task("brackets", BRACKETS, partners, brackets),
}


def is_held_out(ids: Ids, seed: int) -> NDArray[np.bool_]:
    """Whether each of [sequence, place] is kept for the test, [sequence]: one in ten, by a hash of it and `seed`."""
    state = np.full(len(ids), seed + 1, dtype=np.uint64)
    for place in range(ids.shape[1]):
        state = _mixed(state ^ ids[:, place].astype(np.uint64))
    return np.asarray(state % np.uint64(_HELD_OUT_OF) == 0)


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64 (Steele, Lea and Flood 2014), which spreads any change over all bits."""
    state = state + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def batch(task: Task, length: int, count: int, seed: int, step: int) -> Ids:
    """The `count` sequences, [sequence, place], that a model of `seed` trains on in `step`; none is held out."""
    rng = np.random.default_rng((seed, 1, step))
    kept = np.empty((0, length), dtype=np.int64)
    while len(kept) < count:
        candidates = task.draw(count - len(kept) + count // 4, length, rng)
        kept = np.concatenate([kept, candidates[~is_held_out(candidates, seed)]])
    return kept[:count]


@lru_cache(maxsize=64)
def held_out(task: Task, length: int, seed: int, most: int = MOST_HELD_OUT) -> Ids:
    """Up to `most` different sequences, [sequence, place], that no batch of `seed` ever holds; at least one."""
    rng = np.random.default_rng((seed, 2))
    sequences: dict[tuple[int, ...], None] = {}
    for draw in range(100 * _DRAWS):
        if len(sequences) >= most or (sequences and draw >= _DRAWS):
            break
        candidates = task.draw(most, length, rng)
        sequences.update(dict.fromkeys(map(tuple, candidates[is_held_out(candidates, seed)].tolist())))
    kept = np.array(list(sequences)[:most], dtype=np.int64)
    kept.setflags(write=False)
    return kept


def read(task: Task, length: int, typed: str) -> Ids:
    """What a person typed as one sequence, [1, place]; spaces and commas between the symbols are passed over.

    Raises `InputError` for a symbol that the task does not know, or another number of them than `length`.
    """
    signs = [sign for sign in typed[:200] if not sign.isspace() and sign not in ",，、"]
    for sign in signs:
        if sign not in task.symbols:
            raise InputError(
                _("{sign} is none of the signs of this task. It knows these: {signs}."),
                sign=sign,
                signs=" ".join(task.symbols),
            )
    if len(signs) != length:
        raise InputError(
            _("You gave {count} signs; this model reads exactly {length}. Please type {length}."),
            count=len(signs),
            length=length,
        )
    return np.array([[task.symbols.index(sign) for sign in signs]], dtype=np.int64)
