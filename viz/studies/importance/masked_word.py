"""What a masked-language model predicts for a masked token, with all its heads and without some of them.

`network` is the transformers object with the masked-language head (such as BertForMaskedLM). Its bare model is
`model.model`, which all other studies run, so that heads disabled there are disabled in `network` too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from viz.attention.checks import check_position
from viz.errors import InputError, ModelRefused
from viz.inputs.text import Encoding, encode, encode_ids
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.forward import ModelInputs, readable_errors, repeated
from viz.studies.importance.head_mask import Heads, disabling_mask, scale_heads
from viz.studies.importance.masked_runs import all_heads, model_inputs


@dataclass(frozen=True)
class Candidate:
    """A token of the vocabulary, as a person reads it, and its probability with all heads and without some."""

    id: int
    label: str
    before: float
    after: float


@dataclass(frozen=True)
class Predictions:
    """The likeliest tokens for the masked one at `position`, from 0, the likeliest first.

    `before` are the likeliest with all heads, `after` those without the disabled ones; `actual` is the token of the
    text.
    """

    encoding: Encoding
    position: int
    before: tuple[Candidate, ...]
    after: tuple[Candidate, ...]
    actual: Candidate


def can_predict(network: Any) -> bool:
    """Whether this transformers object has a masked-language head."""
    return type(network).__name__.endswith("ForMaskedLM") and network.get_output_embeddings() is not None


def check_head(model: LoadedModel, network: Any) -> None:
    """Raise `ModelRefused` unless `network` has a masked-language head on this very model, and a token for a mask."""
    if not can_predict(network) or network.base_model is not model.model:
        raise ModelRefused(
            _(
                "{model} has no masked-language head, so it predicts no tokens. Choose a model such as {example}."
            ),
            model=model.card.title,
            example="bert-base-uncased",
        )
    mask_token(model)


def mask_token(model: LoadedModel) -> int:
    """The id of the mask. Raises `ModelRefused` where the tokenizer has none."""
    token_id = model.tokenizer.mask_token_id
    if not isinstance(token_id, int):
        raise ModelRefused(
            _("The tokenizer of {model} has no token for a mask. Choose a model such as {example}."),
            model=model.card.title,
            example="bert-base-uncased",
        )
    return token_id


def masked_inputs(model: LoadedModel, encoding: Encoding, positions: Sequence[int]) -> ModelInputs:
    """The model's inputs for one copy of a text for each of `positions`, the token there masked: [row, token].

    Raises `ModelRefused` where the tokenizer has no mask.
    """
    inputs = repeated(model_inputs(model, encoding), len(positions))
    ids = inputs["input_ids"].clone()
    ids[range(len(positions)), positions] = mask_token(model)
    return {**inputs, "input_ids": ids}


def predictions(
    model: LoadedModel,
    network: Any,
    text: str,
    position: int,
    disabled: Heads = (),
    pair: str | None = None,
    top: int = 5,
) -> Predictions:
    """Mask the token at `position`, from 0, and predict it with all heads and without the `disabled` ones.

    Gives the `top` likeliest tokens of both. Raises `ModelRefused` where there is no masked-language head,
    `MetricError` for a position outside the text, `InputError` for that of a special token and for a head that the
    model does not have, and as `encode` does.
    """
    check_head(model, network)
    encoding = encode(model, text, pair)
    check_position(position, len(encoding))
    if encoding.special[position]:
        raise InputError(
            _("Token {position} is a special one, which is no word to predict. Please choose another."),
            position=position + 1,
        )
    full = all_heads(model)
    inputs = masked_inputs(model, encoding, [position, position])
    masks = torch.stack([full, disabling_mask(disabled, *full.shape)])
    with readable_errors(model, len(encoding)), scale_heads(model, masks), torch.inference_mode():
        before, after = network(**inputs).logits[:, position].cpu().double().softmax(dim=-1)

    def candidate(token_id: int) -> Candidate:
        label = encode_ids(model, [token_id], special_first=False).labels[0]
        return Candidate(token_id, label, float(before[token_id]), float(after[token_id]))

    def likeliest(probabilities: torch.Tensor) -> tuple[Candidate, ...]:
        indices = probabilities.topk(min(top, len(probabilities))).indices
        return tuple(candidate(int(token_id)) for token_id in indices)

    return Predictions(
        encoding, position, likeliest(before), likeliest(after), candidate(encoding.ids[position])
    )
