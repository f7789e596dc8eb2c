"""How far a translator's cross-attention points at the word that is being translated.

    share = pointing(model, phrases)          [layer, head], how often the largest weight is on the right word
    best_head(share)                          the layer and head that do it most often

The grammar knows which word says which. Measured as in training, the decoder fed the right words so far: the row that
counts is that of the step which produces the word, one place before it. Which head to show is chosen on the phrases
trained on, and told of the held-out ones. (Alignment by attention: Bahdanau et al. 2015; by head: Garg et al. 2019.)
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from tools.translator.phrases import Phrase
from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.forward import feed

_BATCH = 100


def pointing(model: LoadedModel, phrases: Sequence[Phrase]) -> Weights:
    """[layer, head]: of adjectives and nouns that change places, the share whose largest weight is on the right word.

    From 0 to 1. One more head stands last: the mean of all.
    Raises `MetricError` where no phrase has such a word.
    """
    right, count = np.zeros(1), 0
    for at in range(0, len(phrases), _BATCH):
        part = phrases[at : at + _BATCH]
        largest = _largest(model, part)
        for row, phrase in enumerate(part):
            for word, meant in wanted(phrase).items():
                right = right + np.isin(largest[row, :, :, word], list(meant))
                count += 1
    if not count:
        raise MetricError(_("None of these phrases has words that change places. Please give others."))
    shares: Weights = np.asarray(right / count, dtype=np.float32)
    shares.setflags(write=False)
    return shares


def wanted(phrase: Phrase) -> dict[int, set[int]]:
    """Of English words that change places the French ones that say the same, both by their numbers from 0."""
    swapped = {word for swap in phrase.swaps for word in swap}
    links: dict[int, set[int]] = {}
    for french, english in phrase.links:
        if english in swapped:
            links.setdefault(english, set()).add(french)
    return links


def best_head(shares: Weights) -> tuple[int, int]:
    """The layer and the head with the largest share, the mean (the last of the heads) left out."""
    layer, head = np.unravel_index(int(shares[:, :-1].argmax()), shares[:, :-1].shape)
    return int(layer), int(head)


def _largest(model: LoadedModel, phrases: Sequence[Phrase]) -> NDArray[np.int64]:
    """[phrase, layer, head, step]: the number of the French word with the largest weight."""
    fed = feed(model, [model.tokenizer(phrase.french).input_ids for phrase in phrases])
    start = model.model.config.decoder_start_token_id
    decoder_ids = feed(model, [[start, *model.tokenizer(phrase.english).input_ids] for phrase in phrases])[
        "input_ids"
    ]
    with model.lock, torch.inference_mode():
        output = model.model(**fed, decoder_input_ids=decoder_ids, output_attentions=True, use_cache=False)
    weights = torch.stack(output.cross_attentions, dim=1)  # [phrase, layer, head, step, key]
    all_heads = torch.cat([weights, weights.mean(dim=2, keepdim=True)], dim=2)
    largest: NDArray[np.int64] = all_heads.argmax(dim=-1).cpu().numpy()
    return largest
