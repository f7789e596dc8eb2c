"""Tiny models of all families and token sequences for them, with no tokenizer behind them."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from tests.tiny import VOCABULARY, tiny_model
from viz.inputs.encoding import Encoding
from viz.models.card import LoadedModel, ModelCard
from viz.models.families.sizes import shape_of

MOST_TOKENS = 64


def made_model(model_type: str, model: Any = None) -> LoadedModel:
    """A random model of that family, or the one given as such."""
    inner = model if model is not None else tiny_model(model_type)
    inner.set_attn_implementation("eager")
    shape = shape_of(inner.config, model_type)
    card = ModelCard(
        model_type,
        model_type,
        (),
        shape.layers,
        shape.heads,
        MOST_TOKENS,
        "",
        "hub",
        "",
        kinds=shape.kinds,
        decoder_layers=shape.decoder_layers,
        decoder_heads=shape.decoder_heads,
    )
    return LoadedModel(card, inner.requires_grad_(False), SimpleNamespace(pad_token_id=None), "made")


def made_encoding(length: int, seed: int, special: bool = True) -> Encoding:
    """So many tokens, none of them padding; the first and the last are special ones unless told otherwise.

    Their words are the letters of a text in which some occur again.
    """
    source = np.random.default_rng(seed)
    letters = "".join(source.choice(list("abcdefgh,.")) for _at in range(length))
    inside = range(1, length - 1) if special else range(length)
    return Encoding(
        token_ids=tuple(int(number) for number in source.integers(5, VOCABULARY, length)),
        token_strings=tuple(letters),
        token_labels=tuple(letters),
        segments=(0,) * length,
        special=tuple(at not in inside for at in range(length)),
        words=tuple(at if at in inside else None for at in range(length)),
        spans=tuple((at, at + 1) if at in inside else None for at in range(length)),
        text=letters,
    )


def made_encodings(lengths: Sequence[int], special: bool = True) -> list[Encoding]:
    """Sequences of these lengths."""
    return [made_encoding(length, seed, special) for seed, length in enumerate(lengths)]
