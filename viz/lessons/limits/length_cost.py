"""What the length of a text costs: counted from a model's sizes, and measured on the machine that this runs on.

For n tokens of width d, a layer multiplies 2 n^2 d times between pairs of tokens (scores, then weighted sums), and n
times what its weight matrices hold. The first grows with the square of n, the second with n (Vaswani et al. 2017,
table 1).
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from viz.errors import Cancelled, MetricError
from viz.language import _
from viz.lessons.why.path_lengths import multiplications
from viz.models.card import LoadedModel
from viz.models.families.family import known_family
from viz.models.families.parameters import ATTENTION, by_role, parameter_groups, width
from viz.models.forward import feed, forward, readable_errors

_LONGEST = 512
_SHORTEST = 8
_LENGTHS = 5
_SECONDS = 2.5  # of all measuring
_LEAST_ROUNDS, _MOST_ROUNDS = 3, 10
_FITTED = 3
_BYTES = 4  # of a float32


@dataclass(frozen=True)
class Sizes:
    """What the costs are counted from: layers, heads, width d, and the weights that each token is multiplied with."""

    layers: int
    heads: int
    width: int
    matrices: int

    def attention_bytes(self, tokens: int) -> int:
        """The memory of all attention weights, in bytes: layers * heads * n^2 * 4."""
        return self.layers * self.heads * tokens * tokens * _BYTES

    def attention_work(self, tokens: int) -> int:
        """Multiplications of all layers that grow with the square: scores and weighted sums, 2 n^2 d a layer."""
        return self.layers * multiplications("attention", tokens, self.width)[1]

    def other_work(self, tokens: int) -> int:
        """Multiplications of all layers that grow with the length: each token with every weight matrix."""
        return tokens * self.matrices

    @property
    def crossover(self) -> int:
        """The length from which on scores and weighted sums are more than half of the multiplications."""
        return -(-self.matrices // self.attention_work(1))


def sizes_of(model: LoadedModel) -> Sizes:
    """The sizes of the first of the model's stacks, whose attention a text goes through."""
    groups = parameter_groups(model)
    stack = "decoder" if model.card.kinds[0] == "decoder" else "encoder"
    roles = by_role(tuple(group for group in groups if group.stack == stack and not group.cross))
    matrices = sum(roles.get(role, 0) for role in (*ATTENTION, "feed_forward"))
    if known_family(model).shares_layers:
        matrices = matrices * model.card.layers // model.model.config.num_hidden_groups
    return Sizes(model.card.layers, model.card.heads, width(model), matrices)


@dataclass(frozen=True)
class Timed:
    """The shortest time in seconds that one length took: the attention of all layers alone, and the whole model."""

    tokens: int
    attention: float
    whole: float


def lengths_for(limit: int) -> tuple[int, ...]:
    """The lengths to measure: doubled from one to the next, the longest the model's limit or 512."""
    longest = min(limit, _LONGEST)
    lengths = [longest]
    while len(lengths) < _LENGTHS and lengths[0] // 2 >= _SHORTEST:
        lengths.insert(0, lengths[0] // 2)
    return tuple(lengths)


def measure(
    model: LoadedModel, report: Callable[[int, int], None], cancelled: threading.Event
) -> tuple[Timed, ...]:
    """Time both at each of `lengths_for`, round after round, for about two seconds and a half.

    What else the computer does can only make a run longer: the shortest of the rounds counts, and as they go over all
    lengths in turn, what holds it up for a while does not meet one length alone. Tells `report(done, total)` before
    each round. Raises `Cancelled` once `cancelled` is set.
    """
    lengths = lengths_for(model.card.max_tokens)
    runs = [run for tokens in lengths for run in (_attention(model, tokens), _forward(model, tokens))]
    shortest = [_timed(run, cancelled) for run in runs]  # the first round also asks for the memory
    begun = time.perf_counter()
    for done in range(_MOST_ROUNDS):
        if done >= _LEAST_ROUNDS and time.perf_counter() - begun > _SECONDS:
            break
        report(done, _MOST_ROUNDS)
        times = [_timed(run, cancelled) for run in runs]
        shortest = list(map(min, shortest, times)) if done else times
    report(_MOST_ROUNDS, _MOST_ROUNDS)
    pairs = zip(lengths, shortest[::2], shortest[1::2], strict=True)
    return tuple(Timed(tokens, attention, whole) for tokens, attention, whole in pairs)


def exponent(tokens: Sequence[int], seconds: Sequence[float]) -> float:
    """The p in seconds = c * tokens^p, by least squares on the logarithms. Raises `MetricError` below two lengths."""
    if len(tokens) < 2 or len(tokens) != len(seconds) or min(seconds) <= 0 or min(tokens) < 1:
        raise MetricError(_("An exponent needs the times of two lengths or more, each above 0."))
    return float(np.polyfit(np.log(tokens), np.log(seconds), 1)[0])


def long_end(timed: Sequence[Timed]) -> Sequence[Timed]:
    """The longest texts: with short ones, what is measured is the calls themselves and not their work."""
    return timed[-_FITTED:]


def _timed(run: Callable[[], None], cancelled: threading.Event) -> float:
    """Seconds of one run. Raises `Cancelled` where it was told to stop."""
    if cancelled.is_set():
        raise Cancelled("")
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _attention(model: LoadedModel, tokens: int) -> Callable[[], None]:
    """softmax(Q K^T / sqrt(d_k)) V for every head of every layer, on random numbers of the model's sizes."""
    layers, heads = model.card.layers, model.card.heads
    dim = max(1, width(model) // heads)
    made = torch.Generator().manual_seed(0)
    q, k, v = (torch.randn(1, heads, tokens, dim, generator=made) for _each in range(3))

    def run() -> None:
        with torch.inference_mode():
            for _layer in range(layers):
                torch.softmax(q @ k.transpose(-1, -2) * dim**-0.5, dim=-1) @ v

    return run


def _forward(model: LoadedModel, tokens: int) -> Callable[[], None]:
    """One forward pass of the part that reads texts, over that many tokens."""
    # Any token but padding: which one it is changes nothing of the time.
    token = 1 if getattr(model.model.config, "pad_token_id", None) == 0 else 0
    fed = feed(model, [[token] * tokens])

    def run() -> None:
        with readable_errors(model, tokens), model.lock, torch.inference_mode():
            forward(model, fed)

    return run
