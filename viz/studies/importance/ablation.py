"""What a text's representation loses without some heads, and how important each head is by leaving it out."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import normalize

from viz.attention.checks import Array, frozen
from viz.inputs.text import Encoding, encode
from viz.models.card import LoadedModel
from viz.studies.importance.head_mask import Head, Heads, disabling_mask
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
    single_heads,
)


@dataclass(frozen=True, eq=False)
class Ablation:
    """One text with some heads off, beside itself with all of them.

    `tokens` are the cosines of each token's last hidden state with and without, [token]; `sentence` is that of the
    mean over all tokens, special ones included. 1 is no change, and 0 nothing in common.
    """

    off: tuple[Head, ...]
    tokens: Array
    sentence: float
    encoding: Encoding


def ablate(model: LoadedModel, text: str, pair: str | None = None, off: Heads = ()) -> Ablation:
    """Run one text, or two, with all heads and without those of `off`, as (layer, head) from 0.

    Of a model with a decoder beside its encoder, the encoder's heads. Raises as `encode` does, `InputError` for a head
    that there is not, and `ModelRefused` where the output projections are not known.
    """
    encoding = encode(model, text, pair)
    full = all_heads(model)
    masks = torch.stack([full, disabling_mask(off, *full.shape)])
    with torch.inference_mode():
        hidden = hidden_states(model, encoding, masks)
        units, vectors = normalize(hidden.double(), dim=-1), sentence_vectors(hidden)
        tokens = 1 - cosine_loss(units[0], units[1])
        sentence = 1 - float(cosine_loss(vectors[0], vectors[1]))
    return Ablation(tuple(sorted(off)), frozen(tokens.numpy()), sentence, encoding)


def importance_by_ablation(
    model: LoadedModel,
    texts: Sequence[Text],
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> Array:
    """How much the sentence vector changes without each head alone, [layer, head]; 0 is not at all, 2 the opposite.

    1 - cosine of the sentence vector (mean over all tokens, special ones included) with and without the head, and the
    mean of that over texts. Michel et al. 2019 leave out one head at a time and look at the score of a task; here,
    without a task, it is the representation. A head that others can stand in for shows as unimportant.

    `progress(done, total)` counts heads through all texts. Raises as `ablate` does, and `Cancelled`.
    """
    encodings = encode_texts(model, texts)
    masks = 1 - single_heads(model)
    total = np.zeros(len(masks))
    for number, encoding in enumerate(encodings):
        with torch.inference_mode():
            whole = sentence_vectors(hidden_states(model, encoding, all_heads(model)[None]))
        for rows in chunks(len(masks), len(encoding)):
            check_cancelled(cancelled)
            with torch.inference_mode():
                without = sentence_vectors(hidden_states(model, encoding, masks[rows]))
                total[rows] += cosine_loss(without, whole).numpy()
            if progress is not None:
                progress(number * len(masks) + rows.stop, len(encodings) * len(masks))
    return frozen((total / len(encodings)).reshape(all_heads(model).shape))
