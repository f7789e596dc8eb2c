"""How important each head is by a derivative: |dL/dxi|, where xi is a factor (1) on the head's output.

Source: Michel et al. 2019, "Are Sixteen Heads Really Better than One?", equation 2: the absolute value for each
example, then the mean over examples; they advise to scale each layer to an L2 norm of 1. The loss L is one of two:

- A model with a masked-language head has a loss of its own: `importance_by_masked_loss`.
- A sentence encoder without labels has none. The cosine with the unchanged vector does not serve, since its derivative
  is 0 at xi = 1, its best point. So L is the distance that the sentence vector moves, L(xi) = ||s(xi) - s(1)|| with s
  at length 1. It has a kink at xi = 1: to both sides it grows by ||ds/dxi||, which stands for |dL/dxi|. It is to
  ablation what a slope is to a step, since 1 - cosine is half the square of L.

A derivative tells of small changes. A head that is saturated, or that replaces another, may matter more or less when
it is disabled as a whole.
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
from viz.models.forward import readable_errors
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
    sentence_vectors,
    single_heads,
    text_chunks,
)
from viz.studies.importance.masked_word import check_head, masked_inputs


def importance_by_gradient(
    model: LoadedModel,
    texts: Sequence[Text],
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> Array:
    """How fast the sentence vector, at length 1, moves as one head is scaled down: the mean over texts, [layer, head].

    ||ds/dxi|| of this module's docstring, exact, in forward mode. Layers are not scaled; `scale_layers` does that.
    `progress(done, total)` counts heads through all texts. Raises as `importance_by_ablation` does, and `ModelRefused`
    for BLOOM.
    """
    check_derivatives(model)
    encodings = encode_texts(model, texts)
    full, directions = all_heads(model), single_heads(model)
    total = np.zeros(len(directions))
    for encoding, slices in text_chunks(encodings, len(directions), progress, cancelled):

        def sentence(xi: torch.Tensor, encoding: Encoding = encoding) -> torch.Tensor:
            return sentence_vectors(hidden_states(model, encoding, xi[None]))[0]

        for rows in slices:
            total[rows] += derivatives(sentence, full, directions[rows]).norm(dim=-1).numpy()
    return frozen((total / len(encodings)).reshape(full.shape))


def importance_by_masked_loss(
    model: LoadedModel,
    network: Any,
    texts: Sequence[Text],
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> Array:
    """|dL/dxi| of the masked-language loss, the mean over texts: [layer, head], in nats.

    L of a text is the mean over its tokens, special ones left out, of the negative log-probability of the token when
    only this token is masked. `network` is the transformers object with the masked-language head, and `model.model`
    the bare model in it. `progress(done, total)` counts texts. Raises `ModelRefused` where the network has no such
    head, and as `importance_by_ablation` does.
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
    """Each layer of [layer, head] scaled to an L2 norm of 1; one of zeros stays as it is (Michel et al. 2019, 4.1)."""
    norms = np.linalg.norm(importance, axis=1, keepdims=True)
    return frozen(np.divide(importance, norms, out=np.zeros_like(importance), where=norms > 0))


def _slope_of_masked_loss(
    model: LoadedModel, network: Any, encoding: Encoding, cancelled: threading.Event | None
) -> torch.Tensor:
    positions = [position for position, special in enumerate(encoding.special) if not special]
    slope = torch.zeros(all_heads(model).shape)
    for rows in chunks(len(positions), 2 * len(encoding)):
        check_cancelled(cancelled)
        masked = positions[rows]
        inputs = masked_inputs(model, encoding, masked)
        xi = all_heads(model).requires_grad_()
        with readable_errors(model, len(encoding)), torch.enable_grad():
            with scale_heads(model, xi):
                logits = network(**inputs).logits[range(len(masked)), masked].cpu()
            expected = torch.tensor([encoding.token_ids[position] for position in masked])
            loss = cross_entropy(logits.double(), expected, reduction="sum") / len(positions)
            slope += torch.autograd.grad(loss, xi)[0]
    return slope
