"""How a representation holds while heads are pruned, the least important first, against a random order."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import normalize

from viz.attention.checks import Array, frozen
from viz.errors import InputError
from viz.language import _
from viz.models.card import LoadedModel
from viz.studies.importance.head_mask import Head, disabling_mask
from viz.studies.importance.masked_runs import (
    Progress,
    Text,
    all_heads,
    check_cancelled,
    chunks,
    cosine_loss,
    encode_texts,
    hidden_states,
    sentence_vectors,
)


@dataclass(frozen=True, eq=False)
class PruningCurve:
    """What is left after `pruned` heads are off, one entry a step, as means over texts.

    `sentence` is the cosine of the sentence vector with the whole model's, [step]; `tokens` that of each token's last
    hidden state, the mean over tokens, [step].
    """

    pruned: tuple[int, ...]
    sentence: Array
    tokens: Array


@dataclass(frozen=True, eq=False)
class Band:
    """Pruning in random orders: the mean over orders, and the lowest and highest, of the sentence cosine; [step]."""

    pruned: tuple[int, ...]
    mean: Array
    lowest: Array
    highest: Array


def least_first(importance: Array) -> tuple[Head, ...]:
    """The (layer, head) of [layer, head] from the least important on; of equals the first in the model first."""
    order = np.argsort(importance, axis=None, kind="stable")
    return tuple((int(at) // importance.shape[1], int(at) % importance.shape[1]) for at in order)


def pruning_curve(
    model: LoadedModel,
    texts: Sequence[Text],
    order: Sequence[Head],
    steps: Sequence[int] | None = None,
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> PruningCurve:
    """Prune heads in this order, (layer, head) from 0, and see what is left of each text's representation.

    `steps` are how many heads are off at each step; every number from none to all of `order` without it. Source of the
    curve: Michel et al. 2019, figure 3, there with a task's score. `progress(done, total)` counts steps through all
    texts. Raises `InputError` for steps beyond the order, and as `importance_by_ablation` does.
    """
    steps = range(len(order) + 1) if steps is None else steps
    if not steps or min(steps) < 0 or max(steps) > len(order):
        raise InputError(
            _("Steps of 0 to {most} heads were expected, as many as are in the order."), most=len(order)
        )
    full = all_heads(model)
    masks = torch.stack([disabling_mask(order[:count], *full.shape) for count in steps])
    encodings = encode_texts(model, texts)
    sentence, tokens = np.zeros(len(masks)), np.zeros(len(masks))
    for number, encoding in enumerate(encodings):
        with torch.inference_mode():
            hidden = hidden_states(model, encoding, full[None])
            whole, each = sentence_vectors(hidden), normalize(hidden.double(), dim=-1)
        for rows in chunks(len(masks), len(encoding)):
            check_cancelled(cancelled)
            with torch.inference_mode():
                hidden = hidden_states(model, encoding, masks[rows])
                sentence[rows] += 1 - cosine_loss(sentence_vectors(hidden), whole).numpy()
                lost = cosine_loss(normalize(hidden.double(), dim=-1), each).mean(dim=1)
                tokens[rows] += 1 - lost.numpy()
            if progress is not None:
                progress(number * len(masks) + rows.stop, len(encodings) * len(masks))
    count = len(encodings)
    return PruningCurve(tuple(steps), frozen(sentence / count), frozen(tokens / count))


def random_band(
    model: LoadedModel,
    texts: Sequence[Text],
    seeds: Sequence[int] = range(5),
    steps: Sequence[int] | None = None,
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> Band:
    """Prune all heads in a random order, one a seed: what any order would leave. `progress(done, total)` counts steps.

    Raises as `pruning_curve` does, and `InputError` without seeds.
    """
    if not seeds:
        raise InputError(_("At least one random order was expected."))
    heads = least_first(np.zeros(all_heads(model).shape, dtype=np.float32))
    curves = []
    for number, seed in enumerate(seeds):
        order = [heads[at] for at in np.random.default_rng(seed).permutation(len(heads))]
        told = _part(progress, number, len(seeds))
        curves.append(pruning_curve(model, texts, order, steps, told, cancelled))
    found = np.stack([curve.sentence for curve in curves])
    return Band(
        curves[0].pruned, frozen(found.mean(axis=0)), frozen(found.min(axis=0)), frozen(found.max(axis=0))
    )


def _part(progress: Progress | None, number: int, parts: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, total: progress(number * total + done, parts * total)
