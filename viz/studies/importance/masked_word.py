"""What a masked-language model predicts for a masked token, with all its heads and without some.

`network` is the transformers object with the head (BertForMaskedLM and the like); the bare model in it is
`model.model`, the one that everything else here runs, so that switching its heads off changes both.
"""

from dataclasses import dataclass
from typing import Any

import torch

from viz.attention.checks import check_position
from viz.errors import InputError, ModelRefused
from viz.inputs.text import Encoding, encode, encode_ids
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.forward import readable_errors, repeated
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
    """The likeliest tokens for the masked one at `position`: with all heads, and without some; the likeliest first.

    `actual` is the token that stands there in the text.
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
    found = model.tokenizer.mask_token_id
    if not isinstance(found, int):
        raise ModelRefused(
            _("The tokenizer of {model} has no token for a mask. Choose a model such as {example}."),
            model=model.card.title,
            example="bert-base-uncased",
        )
    return found


def predictions(
    model: LoadedModel,
    network: Any,
    text: str,
    position: int,
    off: Heads = (),
    pair: str | None = None,
    top: int = 5,
) -> Predictions:
    """Mask the token at `position`, from 0, and see what stands there by the model, with and without heads `off`.

    Raises `ModelRefused` where there is no masked-language head, `MetricError` for a position that there is not,
    `InputError` for a special token's or a head that there is not, and as `encode` does.
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
    fed = dict(repeated(model_inputs(model, encoding), 2))
    fed["input_ids"] = fed["input_ids"].clone()
    fed["input_ids"][:, position] = mask_token(model)
    masks = torch.stack([full, disabling_mask(off, *full.shape)])
    with readable_errors(model, len(encoding)), scale_heads(model, masks), torch.inference_mode():
        before, after = network(**fed).logits[:, position].cpu().double().softmax(dim=-1)

    def candidate(number: int) -> Candidate:
        label = encode_ids(model, [number], special_first=False).labels[0]
        return Candidate(number, label, float(before[number]), float(after[number]))

    def likeliest(chances: torch.Tensor) -> tuple[Candidate, ...]:
        return tuple(candidate(int(at)) for at in chances.topk(min(top, len(chances))).indices)

    return Predictions(
        encoding, position, likeliest(before), likeliest(after), candidate(encoding.ids[position])
    )
