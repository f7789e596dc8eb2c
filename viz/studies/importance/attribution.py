"""Which tokens an output comes from by gradient x input, and how well attention agrees with it.

The output is a vector: a token's last hidden state, or the sentence vector. Its gradient x input for token k is
J x_k, with x_k the word embedding of k and J the Jacobian of the output by x_k: what changes as x_k grows in
proportion. Token k gets its Euclidean length, ||J x_k|| (Brunner et al. 2020, "On Identifiability in Transformers",
take the length of J in the same way). The length of the output itself would not serve as one number: a layer
normalisation at the end keeps it nearly constant, so its gradient is near 0. What a masked-language model predicts is
one number, whose gradient x input captum's `InputXGradient` computes.

Neither is the truth about a model: gradients tell of small changes, and attention of one step inside the model (Jain &
Wallace 2019, "Attention is not Explanation"). Where the two disagree, neither alone explains the output.
"""

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import rankdata

from viz.attention.checks import Array, frozen
from viz.errors import MetricError
from viz.inputs.text import Encoding, encode
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.forward import hooked, last_hidden, readable_errors, reader
from viz.studies.importance.masked_runs import (
    Progress,
    check_derivatives,
    derivatives,
    model_inputs,
    text_chunks,
)
from viz.studies.importance.masked_word import Candidate, masked_inputs, predictions


@dataclass(frozen=True, eq=False)
class Attribution:
    """||J x||: `tokens` for each token's last hidden state, [query, key]; `sentence` for the sentence vector, [key].

    0 or more, in the units of the hidden states.
    """

    encoding: Encoding
    tokens: Array
    sentence: Array


def attribute(
    model: LoadedModel,
    text: str,
    pair: str | None = None,
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> Attribution:
    """Gradient x input of each token's last hidden state, and of the sentence vector (their mean), by each token.

    Exact, in forward mode: each token is one more direction, so the time grows with the square of the tokens or more.
    Of a model with an encoder and a decoder, the encoder's. `progress(done, total)` counts tokens. Raises as `encode`
    does, `ModelRefused` for BLOOM, and `Cancelled`.
    """
    check_derivatives(model)
    encoding = encode(model, text, pair)
    count = len(encoding)
    inputs = model_inputs(model, encoding)
    words = _word_embeddings(model, inputs["input_ids"])
    tokens, sentence = np.zeros((count, count)), np.zeros(count)

    def hidden(scale: torch.Tensor) -> torch.Tensor:
        with model.lock, _replaced_embeddings(model, words * scale[:, None]):
            return last_hidden(model, inputs)[0]

    for _encoding, slices in text_chunks([encoding], count, progress, cancelled):
        for keys in slices:
            directions = torch.eye(count, device=words.device)[keys]
            # To scale the embedding of k by 1 + t is to move it by t x_k: the derivative by t is J x_k.
            with readable_errors(model, count):
                parts = derivatives(hidden, torch.ones_like(directions[0]), directions).cpu()
            tokens[:, keys] = parts.norm(dim=-1).T.numpy()
            sentence[keys] = parts.mean(dim=1).norm(dim=-1).numpy()
    return Attribution(encoding, frozen(tokens), frozen(sentence))


@dataclass(frozen=True, eq=False)
class PredictionAttribution:
    """Gradient x input of the logit of `predicted` for the masked token at `position`, [key]: signed, in logits."""

    encoding: Encoding
    position: int
    predicted: Candidate
    keys: Array


def attribute_prediction(
    model: LoadedModel, network: Any, text: str, position: int, pair: str | None = None
) -> PredictionAttribution:
    """Gradient x input, by each token's word embedding, of the likeliest prediction for a masked token.

    Computed by captum (Kokhlikyan et al. 2020). The part of the masked token is that of the mask. Raises as
    `predictions` does.
    """
    # Imported here: it takes as long as all the rest, and few pages need it.
    from captum.attr import InputXGradient

    prediction = predictions(model, network, text, position, pair=pair, top=1)
    encoding, best = prediction.encoding, prediction.before[0]
    inputs = masked_inputs(model, encoding, [position])
    words = _word_embeddings(model, inputs["input_ids"])

    def logits(embeddings: torch.Tensor) -> torch.Tensor:
        with _replaced_embeddings(model, embeddings):
            output: torch.Tensor = network(**inputs).logits[:, position]
        return output

    with readable_errors(model, len(encoding)), model.lock, torch.enable_grad():
        parts = InputXGradient(logits).attribute(words.requires_grad_(), target=best.id)
    keys = parts[0].sum(dim=-1).detach().cpu().numpy()
    return PredictionAttribution(encoding, position, best, frozen(keys))


def rank_agreement(attention: Array, attribution: Array, hide: Sequence[bool] | None = None) -> Array:
    """Spearman's rank correlation of attention and attribution over the keys of each query: [query], from -1 to 1.

    Both are [query, key] (or [key], as of one query): attention may be the mean over a layer's heads, or a rollout.
    Keys marked in `hide` are left out, and so are those where both are exactly 0, such as the keys that a decoder does
    not see yet. NaN for a query with fewer than 3 keys, or whose keys are all equal by one of the two. Raises
    `MetricError` where the shapes differ.
    """
    one, other = np.atleast_2d(attention), np.atleast_2d(attribution)
    kept = np.ones(one.shape[-1], dtype=bool) if hide is None else ~np.asarray(hide, dtype=bool)
    if one.shape != other.shape or len(kept) != one.shape[-1]:
        raise MetricError(
            _("Attention of the shape {one} and attribution of the shape {other} cannot be compared."),
            one=str(attention.shape),
            other=str(attribution.shape),
        )
    seen = (one != 0) | (other != 0)
    return frozen(
        np.array([_spearman(a[kept & s], b[kept & s]) for a, b, s in zip(one, other, seen, strict=True)])
    )


def _spearman(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])


def _word_embeddings(model: LoadedModel, ids: torch.Tensor) -> torch.Tensor:
    """The word embeddings that the model reads for these ids, [1, token, width]."""
    with model.lock, torch.no_grad():
        words: torch.Tensor = reader(model).get_input_embeddings()(ids)
    return words.clone()


def _replaced_embeddings(model: LoadedModel, words: torch.Tensor) -> AbstractContextManager[None]:
    """Within the block the model reads these word embeddings, whatever its input ids. The caller holds its lock."""
    embeddings = reader(model).get_input_embeddings()
    return hooked([embeddings.register_forward_hook(lambda *_arguments: words)])
