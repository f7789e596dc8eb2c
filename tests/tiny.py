"""Tiny random models of real transformers classes, saved as their authors would save them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModel, AutoModelForSeq2SeqLM

from tests.tokenizers_made import made
from viz.models.families.family import FAMILIES

VOCABULARY = 400
_PLAIN = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 37,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
    "bos_token_id": 2,
    "eos_token_id": 3,
}
_ROBERTA = _PLAIN | {"pad_token_id": 1, "type_vocab_size": 1}
_GROUPED = _PLAIN | {"num_key_value_heads": 2}
_BART = {
    "vocab_size": VOCABULARY,
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 3,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 37,
    "decoder_ffn_dim": 37,
    "max_position_embeddings": 64,
    "bos_token_id": 0,
    "pad_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 2,
    "forced_eos_token_id": None,
}
_T5 = {
    "vocab_size": VOCABULARY,
    "d_model": 32,
    "num_layers": 2,
    "num_decoder_layers": 3,
    "num_heads": 4,
    "d_kv": 8,
    "d_ff": 37,
    "pad_token_id": 0,
    "eos_token_id": 1,
    "decoder_start_token_id": 0,
}
_SIZES: Mapping[str, Mapping[str, Any]] = {
    "distilbert": {
        "vocab_size": VOCABULARY,
        "dim": 32,
        "n_layers": 2,
        "n_heads": 4,
        "hidden_dim": 37,
        "max_position_embeddings": 64,
        "pad_token_id": 0,
    },
    "roberta": _ROBERTA,
    "roberta-prelayernorm": _ROBERTA,
    "xlm-roberta": _ROBERTA,
    "camembert": _ROBERTA,
    "data2vec-text": _ROBERTA,
    "mpnet": _ROBERTA,
    "albert": _PLAIN | {"embedding_size": 16},
    "electra": _PLAIN | {"embedding_size": 16},
    "deberta": _PLAIN | {"relative_attention": True, "pos_att_type": ["p2c", "c2p"]},
    "deberta-v2": _PLAIN
    | {"relative_attention": True, "position_buckets": 8, "pos_att_type": ["p2c", "c2p"]},
    "modernbert": _PLAIN
    | {"local_attention": 8, "global_attn_every_n_layers": 2, "cls_token_id": 2, "sep_token_id": 3},
    "rembert": _PLAIN | {"input_embedding_size": 16, "output_embedding_size": 16},
    "gpt2": {
        "vocab_size": VOCABULARY,
        "n_embd": 32,
        "n_layer": 2,
        "n_head": 4,
        "n_positions": 64,
        "bos_token_id": 2,
        "eos_token_id": 3,
    },
    "gpt_neo": {
        "vocab_size": VOCABULARY,
        "hidden_size": 32,
        "num_layers": 2,
        "num_heads": 4,
        "attention_types": [[["global", "local"], 1]],
        "window_size": 4,
        "max_position_embeddings": 64,
        "bos_token_id": 2,
        "eos_token_id": 3,
    },
    "bloom": {"vocab_size": VOCABULARY, "hidden_size": 32, "n_layer": 2, "n_head": 4},
    "opt": _PLAIN | {"ffn_dim": 37, "word_embed_proj_dim": 32, "pad_token_id": 1},
    "llama": _GROUPED,
    "mistral": _GROUPED | {"sliding_window": 6},
    "qwen2": _GROUPED,
    "qwen3": _GROUPED | {"head_dim": 8},
    "bart": _BART,
    "marian": _BART,
    "pegasus": _BART,
    "t5": _T5,
    "mt5": _T5,
}


def tiny_config(model_type: str, **changes: Any) -> Any:
    """A small configuration of that family, as its real class."""
    return AutoConfig.for_model(model_type, **({**_SIZES.get(model_type, _PLAIN), **changes}))


def tiny_model(model_type: str, seed: int = 0, **changes: Any) -> Any:
    """A random model of that family whose attention is far from uniform."""
    torch.manual_seed(seed)
    writes = model_type in FAMILIES and "cross" in FAMILIES[model_type].kinds
    kind: Any = AutoModelForSeq2SeqLM if writes else AutoModel
    return far_from_uniform(kind.from_config(tiny_config(model_type, **changes)))


def far_from_uniform(model: Any) -> Any:
    """The same model, with weights large enough for its attention to differ from token to token."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1 and parameter.requires_grad:
                parameter.normal_(std=0.25)
    return model.eval()


_TOKENIZERS = {
    "roberta": "roberta",
    "roberta-prelayernorm": "roberta",
    "data2vec-text": "roberta",
    "xlm-roberta": "xlm-roberta",
    "camembert": "camembert",
    "albert": "albert",
    "mpnet": "mpnet",
    "deberta": "roberta",
    "deberta-v2": "deberta-v2",
    "modernbert": "qwen2",
    "roformer": "roformer",
    "rembert": "albert",
    "gpt2": "gpt2",
    "gpt_neo": "gpt2",
    "gpt_neox": "gpt2",
    "bloom": "qwen2",
    "opt": "gpt2",
    "llama": "llama",
    "mistral": "llama",
    "qwen2": "qwen2",
    "qwen3": "qwen2",
    "bart": "bart",
    "marian": "marian",
    "pegasus": "t5",
    "t5": "t5",
    "mt5": "t5",
}


def matching_sizes(model_type: str) -> tuple[str, dict[str, int]]:
    """The name of a tokenizer of the kind that the family has, and the sizes and special tokens that go with it."""
    name = _TOKENIZERS.get(model_type, "bert")
    tokenizer = made(name)
    roles = {"pad_token_id": tokenizer.pad_token_id, "eos_token_id": tokenizer.eos_token_id}
    if model_type in ("marian", "t5", "mt5", "pegasus"):
        roles["decoder_start_token_id"] = tokenizer.pad_token_id
    elif model_type == "bart":
        roles["decoder_start_token_id"] = tokenizer.eos_token_id
    given = {role: number for role, number in roles.items() if number is not None}
    return name, {"vocab_size": max(VOCABULARY, max(tokenizer.get_vocab().values()) + 1), **given}


def made_for(model_type: str, folder: Path, seed: int = 0, **changes: Any) -> Path:
    """A folder with a tiny model of that family and a tokenizer of the kind the family has, as its authors save it."""
    name, sizes = matching_sizes(model_type)
    tiny_model(model_type, seed, **{**sizes, **changes}).save_pretrained(folder)
    made(name).save_pretrained(folder)
    return folder
