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
