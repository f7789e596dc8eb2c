"""Token ids in, the tensors that a model is fed out; and the part of a model that reads a text.

Axes: row (a text, or one of many copies of it), token, hidden.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils.hooks import RemovableHandle

from viz.errors import NotEnoughMemory, VizError, is_memory
from viz.language import _
from viz.models.card import LoadedModel

ModelInputs = Mapping[str, torch.Tensor]


def feed(
    model: LoadedModel, ids: Sequence[Sequence[int]], segments: Sequence[Sequence[int]] | None = None
) -> ModelInputs:
    """What the model is fed for texts of these token ids, each [row, token], padded on the right to the longest.

    `segments` says which text a token is from, where the model tells two texts apart; 0 for all without it.
    """
    longest = max(len(row) for row in ids)
    device = model.model.device

    def table(rows: Sequence[Sequence[int]], padding: int) -> torch.Tensor:
        return torch.tensor([[*row, *[padding] * (longest - len(row))] for row in rows], device=device)

    fed = {
        "input_ids": table(ids, padding_id(model)),
        "attention_mask": table([[1] * len(row) for row in ids], 0),
    }
    if getattr(model.model.config, "type_vocab_size", 0) > 1:
        fed["token_type_ids"] = table(segments or [[0] * len(row) for row in ids], 0)
    return fed


def padding_id(model: LoadedModel) -> int:
    """What fills the places after a text; masked, so any number does, but RoBERTa counts positions by it."""
    for source in (reader(model).config, model.tokenizer):
        number = getattr(source, "pad_token_id", None)
        if isinstance(number, int) and number >= 0:
            return number
    return 0


def repeated(fed: ModelInputs, rows: int) -> ModelInputs:
    """One text's tensors, [1, token], as so many copies of it, [row, token]."""
    return {name: tensor.expand(rows, -1) for name, tensor in fed.items()}


def reader(model: LoadedModel) -> Any:
    """The part that reads the text: the model itself, or the encoder of one that has a decoder beside it."""
    return model.model.get_encoder() if "cross" in model.card.kinds else model.model


def forward(model: LoadedModel, fed: ModelInputs, network: Any = None, **options: Any) -> Any:
    """What `network`, the reader where it is None, gives in one pass; none keeps keys and values for a next one.

    The caller holds the model's lock.
    """
    network = reader(model) if network is None else network
    if network is model.model and model.card.kinds != ("encoder",):
        options["use_cache"] = False
    return network(**fed, **options)


@contextmanager
def hooked(handles: Iterable[RemovableHandle]) -> Iterator[None]:
    """Hooks for one pass: they are gone when it ends, however it ends."""
    hooks = list(handles)
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def last_hidden(model: LoadedModel, fed: ModelInputs) -> torch.Tensor:
    """The reader's last hidden states, [row, token, hidden]. The caller holds the model's lock."""
    hidden: torch.Tensor = forward(model, fed).last_hidden_state
    return hidden


def mean_pooled(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The sentence vectors: the mean over a text's tokens, special ones included and padding left out.

    [row, token, hidden] and the attention mask [row, token] -> [row, hidden]. As in Reimers & Gurevych 2019.
    """
    weight = mask.to(hidden.dtype)
    return torch.einsum("rth,rt->rh", hidden, weight) / weight.sum(dim=1, keepdim=True)


@contextmanager
def readable_errors(model: LoadedModel, tokens: int) -> Iterator[None]:
    """What torch raises inside becomes one sentence, a `VizError`: `NotEnoughMemory` where it is that."""
    try:
        yield
    except (RuntimeError, ValueError, IndexError, MemoryError) as exc:
        if is_memory(exc):
            raise NotEnoughMemory(
                _(
                    "There is not enough memory for {model} on this text ({tokens} tokens). Give a shorter text, or "
                    "try again: what was kept of other texts is let go of now."
                ),
                model=model.card.title,
                tokens=tokens,
            ) from exc
        raise VizError(
            _("{model} failed on this text ({tokens} tokens): {reason}. Please try a shorter text."),
            model=model.card.title,
            tokens=tokens,
            reason=str(exc),
        ) from exc
