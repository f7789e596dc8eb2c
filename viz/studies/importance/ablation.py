"""What a text's representation loses without some heads, and how important each is.

One head is left out at a time, or more and more: the least important first, or in random orders.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import normalize

from viz.attention.checks import Array, frozen
from viz.attention.maps import Head
from viz.errors import InputError
from viz.inputs.text import Encoding, encode
from viz.language import _
from viz.metrics.measures import ranked_heads
from viz.models.card import LoadedModel
from viz.studies.importance.head_mask import Heads, disabling_mask
from viz.studies.importance.masked_runs import (
    Progress,
    Text,
    all_heads,
    cosine_loss,
    encode_texts,
    hidden_states,
    sentence_vectors,
    single_heads,
    text_chunks,
)


@dataclass(frozen=True, eq=False)
class Ablation:
    """One text without the `disabled` heads, compared with the same text under all heads.

    `tokens` holds for each token the cosine of its two last hidden states, [token]; `sentence` is the cosine of the
    two sentence vectors (the mean over all tokens, special ones included). 1 is no change, 0 nothing in common.
    """

    disabled: tuple[Head, ...]
    tokens: Array
    sentence: float
    encoding: Encoding


def ablate(model: LoadedModel, text: str, pair: str | None = None, disabled: Heads = ()) -> Ablation:
    """Run one text, or two, with all heads and without the `disabled` ones, (layer, head) from 0.

    `ablate(model, "The cat sat.", disabled=[(5, 0)]).sentence` is the cosine of the two sentence vectors. Of a model
    with an encoder and a decoder, these are the encoder's heads. Raises as `encode` does, `InputError` for a head that
    the model does not have, and `ModelRefused` where its output projections are not known.
    """
    encoding = encode(model, text, pair)
    full = all_heads(model)
    masks = torch.stack([full, disabling_mask(disabled, *full.shape)])
    with torch.inference_mode():
        hidden = hidden_states(model, encoding, masks)
        units, vectors = normalize(hidden.double(), dim=-1), sentence_vectors(hidden)
        tokens = 1 - cosine_loss(units[0], units[1])
        sentence = 1 - float(cosine_loss(vectors[0], vectors[1]))
    return Ablation(tuple(sorted(disabled)), frozen(tokens.numpy()), sentence, encoding)


def importance_by_ablation(
    model: LoadedModel,
    texts: Sequence[Text],
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> Array:
    """How much the sentence vector changes when one head is left out, [layer, head]: 0 not at all, 2 the opposite.

    1 - cosine of the sentence vectors (the mean over all tokens, special ones included) with and without the head, as
    a mean over texts. Michel et al. 2019, "Are Sixteen Heads Really Better than One?", look at the score of a task;
    here there is no task, so the representation is compared. A head that others can replace seems unimportant.

    `progress(done, total)` counts heads through all texts. Raises as `ablate` does, and `Cancelled`.
    """
    encodings = encode_texts(model, texts)
    masks = 1 - single_heads(model)
    total = np.zeros(len(masks))
    for encoding, slices in text_chunks(encodings, len(masks), progress, cancelled):
        with torch.inference_mode():
            whole = sentence_vectors(hidden_states(model, encoding, all_heads(model)[None]))
        for rows in slices:
            with torch.inference_mode():
                without = sentence_vectors(hidden_states(model, encoding, masks[rows]))
                total[rows] += cosine_loss(without, whole).numpy()
    return frozen((total / len(encodings)).reshape(all_heads(model).shape))


@dataclass(frozen=True, eq=False)
class PruningCurve:
    """What is left once `pruned` heads are disabled, one entry for each step, as means over texts.

    `sentence` is the cosine of the sentence vector with that of the whole model, [step]; `tokens` the cosine of each
    token's last hidden state with that of the whole model, as a mean over tokens, [step].
    """

    pruned: tuple[int, ...]
    sentence: Array
    tokens: Array


@dataclass(frozen=True, eq=False)
class Band:
    """Pruning in random orders: the mean, the lowest and the highest sentence cosine over the orders, [step]."""

    pruned: tuple[int, ...]
    mean: Array
    lowest: Array
    highest: Array


def least_first(importance: Array) -> tuple[Head, ...]:
    """The (layer, head), from 0, in order of their `importance` [layer, head], the least important first.

    Equal ones stay in the order of the model.
    """
    return ranked_heads(-importance, importance.size)


def pruning_curve(
    model: LoadedModel,
    texts: Sequence[Text],
    order: Sequence[Head],
    steps: Sequence[int] | None = None,
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> PruningCurve:
    """Prune heads in this order, (layer, head) from 0, and measure what is left of each text's representation.

    `steps` says how many heads are disabled at each step; without it, every number from 0 to all of `order`. Source of
    the curve: Michel et al. 2019, figure 3, which shows the score of a task. `progress(done, total)` counts steps
    through all texts. Raises `InputError` for steps beyond the order, and as `importance_by_ablation` does.
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
    for encoding, slices in text_chunks(encodings, len(masks), progress, cancelled):
        with torch.inference_mode():
            hidden = hidden_states(model, encoding, full[None])
            whole, whole_tokens = sentence_vectors(hidden), normalize(hidden.double(), dim=-1)
        for rows in slices:
            with torch.inference_mode():
                hidden = hidden_states(model, encoding, masks[rows])
                sentence[rows] += 1 - cosine_loss(sentence_vectors(hidden), whole).numpy()
                lost = cosine_loss(normalize(hidden.double(), dim=-1), whole_tokens).mean(dim=1)
                tokens[rows] += 1 - lost.numpy()
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
    """Prune all heads in random orders, one for each seed: what an order without any idea behind it leaves.

    `steps` as in `pruning_curve`; `progress(done, total)` counts steps through all orders and texts.
    Raises as `pruning_curve` does, and `InputError` without seeds.
    """
    if not seeds:
        raise InputError(_("At least one random order was expected."))
    heads = least_first(np.zeros(all_heads(model).shape, dtype=np.float32))
    curves = []
    for number, seed in enumerate(seeds):
        order = [heads[index] for index in np.random.default_rng(seed).permutation(len(heads))]
        part = _part(progress, number, len(seeds))
        curves.append(pruning_curve(model, texts, order, steps, part, cancelled))
    cosines = np.stack([curve.sentence for curve in curves])  # [order, step]
    mean, lowest, highest = (
        frozen(values) for values in (cosines.mean(axis=0), cosines.min(axis=0), cosines.max(axis=0))
    )
    return Band(curves[0].pruned, mean, lowest, highest)


def _part(progress: Progress | None, number: int, parts: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, total: progress(number * total + done, parts * total)
