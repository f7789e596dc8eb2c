"""How important each head is by a derivative: |dL/dxi|, xi a factor (1) on the head's output.

Source: Michel et al. 2019, "Are Sixteen Heads Really Better than One?", equation 2: the absolute value for each
example, then the mean over examples; the L2 norm of each layer set to 1 as they advise. What differs is L:

- A model with a masked-language head has a loss of its own, `importance_by_masked_loss`.
- A sentence encoder without labels has none. A loss such as the cosine with the untouched vector has the derivative 0
  at xi = 1, its best point. L is therefore the distance that the sentence vector has moved, L(xi) = ||s(xi) - s(1)||
  with s at length 1. It has a kink there: to either side it grows by ||ds/dxi||, which is taken for |dL/dxi|. It is to
  ablation what a slope is to a step, since 1 - cosine is half the square of L.

A derivative tells of small changes: a head that is saturated, or stands in for another, may matter more, or less, when
it is switched off altogether.
"""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from viz.attention.checks import Array, frozen
from viz.inputs.encoding import Encoding
from viz.models.card import LoadedModel
from viz.models.forward import readable_errors, repeated
from viz.studies.importance.head_mask import scale_heads
from viz.studies.importance.masked_runs import (
    Progress,
    Text,
    all_heads,
    check_cancelled,
    check_derivatives,
    chunks,
    derivatives,
    encode_texts,
    hidden_states,
    model_inputs,
    sentence_vectors,
    single_heads,
)
from viz.studies.importance.masked_word import check_head, mask_token


def importance_by_gradient(
    model: LoadedModel,
    texts: Sequence[Text],
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> Array:
    """How fast the sentence vector, at length 1, moves as each head is turned down: the mean over texts, [layer, head].

    ||ds/dxi|| as this file's docstring explains, exact, in forward mode. Not scaled by layer; `scale_layers` does that.
    `progress(done, total)` counts heads through all texts. Raises as `importance_by_ablation` does, and `ModelRefused`
    for BLOOM.
    """
    check_derivatives(model)
    encodings = encode_texts(model, texts)
    full, directions = all_heads(model), single_heads(model)
    total = np.zeros(len(directions))
    for number, encoding in enumerate(encodings):

        def sentence(xi: torch.Tensor, encoding: Encoding = encoding) -> torch.Tensor:
            return sentence_vectors(hidden_states(model, encoding, xi[None]))[0]

        for rows in chunks(len(directions), len(encoding)):
            check_cancelled(cancelled)
            total[rows] += derivatives(sentence, full, directions[rows]).norm(dim=-1).numpy()
            if progress is not None:
                progress(number * len(directions) + rows.stop, len(encodings) * len(directions))
    return frozen((total / len(encodings)).reshape(full.shape))


def importance_by_masked_loss(
    model: LoadedModel,
    network: Any,
    texts: Sequence[Text],
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> Array:
    """|dL/dxi| of the masked-language loss, the mean over texts: [layer, head], nats.

    L of a text is the mean, over its tokens that are not special, of the negative log-probability of the token when it
    alone is masked. `network` is the transformers object with the head, and `model.model` the bare model in it.
    `progress(done, total)` counts texts. Raises `ModelRefused` where the network has no such head, and as
    `importance_by_ablation` does.
    """
    check_head(model, network)
    encodings = encode_texts(model, texts)
    total = torch.zeros(all_heads(model).shape)
    for number, encoding in enumerate(encodings, start=1):
        total += _slope_of_masked_loss(model, network, encoding, cancelled).abs()
        if progress is not None:
            progress(number, len(encodings))
    return frozen((total / len(encodings)).numpy())


def scale_layers(importance: Array) -> Array:
    """Each layer's heads scaled to an L2 norm of 1 (a layer of 0 stays so), [layer, head]. Michel et al. 2019, 4.1."""
    norms = np.linalg.norm(importance, axis=1, keepdims=True)
    return frozen(np.divide(importance, norms, out=np.zeros_like(importance), where=norms > 0))


def _slope_of_masked_loss(
    model: LoadedModel, network: Any, encoding: Encoding, cancelled: threading.Event | None
) -> torch.Tensor:
    places = [at for at, special in enumerate(encoding.special) if not special]
    fed = model_inputs(model, encoding)
    slope = torch.zeros(all_heads(model).shape)
    for some in chunks(len(places), 2 * len(encoding)):
        check_cancelled(cancelled)
        masked = torch.tensor(places[some])
        rows = dict(repeated(fed, len(masked)))
        rows["input_ids"] = rows["input_ids"].clone()
        rows["input_ids"][range(len(masked)), masked] = mask_token(model)
        xi = all_heads(model).requires_grad_()
        with readable_errors(model, len(encoding)), torch.enable_grad():
            with scale_heads(model, xi):
                logits = network(**rows).logits[range(len(masked)), masked].cpu()
            wanted = fed["input_ids"][0, masked].cpu()
            loss = cross_entropy(logits.double(), wanted, reduction="sum") / len(places)
            slope += torch.autograd.grad(loss, xi)[0]
    return slope
