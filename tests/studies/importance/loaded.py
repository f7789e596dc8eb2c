"""Small models for these tests, and a copy to change by hand."""

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForMaskedLM

from tests.tiny import made_for, tiny_config
from viz.inputs.text import encode
from viz.models.card import LoadedModel
from viz.models.checkpoints.checkpoint import load_checkpoint, read_card
from viz.models.forward import feed, last_hidden

TEXT = "The cat sat on the mat."
OTHER = "Two dogs slept, and nobody saw them."


def tiny(name: str, folder: Path, **changes: Any) -> LoadedModel:
    made = made_for(name, folder, **changes)
    return with_biases(load_checkpoint(made, read_card(made, f"local:{name}", "local"), "test"))


def with_biases(model: LoadedModel) -> LoadedModel:
    """The tiny model with biases, which are 0 in a new one, so that one left out is noticed."""
    draw = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, parameter in model.model.named_parameters():
            if parameter.dim() == 1 and "bias" in name:
                parameter.normal_(std=0.25, generator=draw)
    return model


def with_head(model: LoadedModel, name: str, seed: int = 3) -> tuple[LoadedModel, Any]:
    """That tokenizer with a random model that has a masked-language head: (the bare model in it, all of it)."""
    torch.manual_seed(seed)
    size = model.model.config.vocab_size
    network = AutoModelForMaskedLM.from_config(
        tiny_config(name, vocab_size=size), attn_implementation="eager"
    )
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() > 1:
                parameter.normal_(std=0.25)
    network.eval().requires_grad_(False)
    return replace(model, model=network.base_model), network


def copied(model: LoadedModel, dtype: torch.dtype = torch.float32) -> LoadedModel:
    """A model of its own to change; word embeddings, most of a model's size, stay shared where they can."""
    words = model.model.get_input_embeddings().weight
    memo = {id(words): words} if dtype == words.dtype else {}
    return replace(model, model=copy.deepcopy(model.model, memo).to(dtype))


def hidden_of(model: LoadedModel, text: str = TEXT) -> torch.Tensor:
    """The last hidden states, [token, hidden], by a plain forward pass."""
    encoding = encode(model, text)
    with torch.inference_mode():
        return last_hidden(model, feed(model, [encoding.ids], [encoding.segments]))[0]


def without_by_hand(model: LoadedModel, layer: int, head: int) -> LoadedModel:
    """A copy in which that head's rows of W_O are 0, by the family's own names."""
    other = copied(model)
    network, heads = other.model.base_model, model.card.heads
    with torch.no_grad():
        match model.model.config.model_type:
            case "bert":
                weight = network.encoder.layer[layer].attention.output.dense.weight
            case "gpt2":
                weight = network.h[layer].attn.c_proj.weight.T
            case "llama":
                weight = network.layers[layer].self_attn.o_proj.weight
            case "t5":
                weight = network.encoder.block[layer].layer[0].SelfAttention.o.weight
            case "modernbert":
                weight = network.layers[layer].attn.Wo.weight
        dim = weight.shape[1] // heads
        weight[:, head * dim : (head + 1) * dim] = 0
    return other
