"""From which tokens an output comes by gradient x input, and how well attention agrees with it.

An output here is a vector: a token's last hidden state, or the sentence vector. Gradient x input of each of its
numbers for token k is the part of it that a change of k's word embedding x_k in proportion brings, J x_k with J the
Jacobian; its Euclidean length, ||J x_k||, is what k is given (Brunner et al. 2020, "On Identifiability in
Transformers", take the length of J the same way). The length of the output alone would not do for one number instead:
a layer normalisation at the end keeps it nearly the same, and its gradient near 0. What a masked-language model
predicts is a number, and its gradient x input is taken as it is, by captum's `InputXGradient`.

Neither is the truth about a model: gradients tell of small changes, and attention of one step inside (Jain & Wallace
2019, "Attention is not Explanation"). Where the two disagree, neither alone explains the output.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from viz.models.forward import last_hidden, readable_errors, reader
from viz.studies.importance.masked_runs import (
    Progress,
    check_cancelled,
    check_derivatives,
    chunks,
    derivatives,
    model_inputs,
)
from viz.studies.importance.masked_word import Candidate, check_head, mask_token, predictions


@dataclass(frozen=True, eq=False)
class Attribution:
    """||J x||: `tokens` for each token's last hidden state, [query, key]; `sentence` for the sentence vector, [key].

    In the units of the hidden states, 0 or more.
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

    Exact, in forward mode: each token is one more direction, so that the time grows with the square of the tokens or
    more. Of a model with a decoder beside its encoder, the encoder. `progress(done, total)` counts tokens. Raises
    as `encode` does, `ModelRefused` for BLOOM, and `Cancelled`.
    """
    check_derivatives(model)
    encoding = encode(model, text, pair)
    count = len(encoding)
    fed, words = model_inputs(model, encoding), _embedded(model, encoding)
    tokens, sentence = np.zeros((count, count)), np.zeros(count)

    def hidden(scale: torch.Tensor) -> torch.Tensor:
        with model.lock, _given(model, words * scale[:, None]):
            return last_hidden(model, fed)[0]

    for keys in chunks(count, count):
        check_cancelled(cancelled)
        each = torch.eye(count, device=words.device)
        # To scale the embedding of k by 1 + t is to move it by t x_k: the derivative by t is J x_k.
        with readable_errors(model, count):
            moved = derivatives(hidden, torch.ones_like(each[0]), each[keys]).cpu()
        tokens[:, keys] = moved.norm(dim=-1).T.numpy()
        sentence[keys] = moved.mean(dim=1).norm(dim=-1).numpy()
        if progress is not None:
            progress(keys.stop, count)
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

    Computed by captum (Kokhlikyan et al. 2020). The masked token's own part is that of the mask. Raises as
    `predictions` does.
    """
    # Imported here: it takes as long as the rest together, and few pages need it.
    from captum.attr import InputXGradient

    check_head(model, network)
    found = predictions(model, network, text, position, pair=pair, top=1)
    encoding, best = found.encoding, found.before[0]
    fed = dict(model_inputs(model, encoding))
    fed["input_ids"] = fed["input_ids"].clone()
    fed["input_ids"][0, position] = mask_token(model)
    words = _embedded(model, encoding, fed["input_ids"])

    def logits(given: torch.Tensor) -> torch.Tensor:
        with _given(model, given):
            out: torch.Tensor = network(**fed).logits[:, position]
        return out

    with readable_errors(model, len(encoding)), model.lock, torch.enable_grad():
        parts = InputXGradient(logits).attribute(words.requires_grad_(), target=best.id)
    keys = parts[0].sum(dim=-1).detach().cpu().numpy()
    return PredictionAttribution(encoding, position, best, frozen(keys))


def rank_agreement(attention: Array, attribution: Array, hide: Sequence[bool] | None = None) -> Array:
    """Spearman's rank correlation over keys, for each query, of attention with attribution: [query], from -1 to 1.

    Both are [query, key] (or [key], as a single query): attention as the mean over a layer's heads or a rollout, say.
    Keys marked in `hide` are left out. A query whose keys are all alike by either, or that has fewer than 3 keys, has
    none: NaN. Keys where both are exactly 0 are no keys of that query, as those that a decoder does not see yet. Raises
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


def _embedded(model: LoadedModel, encoding: Encoding, ids: torch.Tensor | None = None) -> torch.Tensor:
    """The word embeddings that the model reads, [1, token, its width]."""
    ids = model_inputs(model, encoding)["input_ids"] if ids is None else ids
    with model.lock, torch.no_grad():
        found: torch.Tensor = reader(model).get_input_embeddings()(ids)
    return found.clone()


@contextmanager
def _given(model: LoadedModel, words: torch.Tensor) -> Iterator[None]:
    """Within the block the model reads these word embeddings, whatever ids it is fed. The caller holds its lock."""

    def replace(*_anything: object) -> torch.Tensor:
        return words

    hook = reader(model).get_input_embeddings().register_forward_hook(replace)
    try:
        yield
    finally:
        hook.remove()
