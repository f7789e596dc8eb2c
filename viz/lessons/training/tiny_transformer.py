"""The model that learns: a BERT of transformers' own, made tiny, that fills in the whole answer at once.

Eager attention, so that its maps can be shown; no dropout, so that a seed alone decides what it becomes. Its weights
travel as one flat vector, in the order of `model.parameters()`.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.utils import parameters_to_vector, vector_to_parameters
from transformers import BertConfig, BertForTokenClassification

from viz.attention.checks import Array, frozen
from viz.lessons.training.toy_tasks import Ids, Task

WIDTH = 64  # d_model: 1, 2 and 4 heads divide it
_INNER = 128  # of the feed-forward part
_SPREAD = 0.1  # of the first weights; BERT's 0.02 is for a model ten times as wide


@dataclass(frozen=True, eq=False)
class Reading:
    """What a model makes of sequences: logits [sequence, place, label], weights [layer, sequence, head, query, key]."""

    logits: Array
    weights: Array

    @property
    def labels(self) -> Ids:
        """The answer, [sequence, place]: at each place the label with the largest logit."""
        return np.asarray(self.logits.argmax(-1))


def make(task: Task, length: int, layers: int, heads: int, seed: int) -> BertForTokenClassification:
    """A model with random weights drawn by `seed`, for sequences of exactly `length` places."""
    config = BertConfig(
        vocab_size=len(task.symbols),
        hidden_size=WIDTH,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=_INNER,
        max_position_embeddings=length,
        type_vocab_size=1,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=_SPREAD,
        num_labels=len(task.labels(length)),
        pad_token_id=None,
        attn_implementation="eager",
    )
    model = BertForTokenClassification(config)
    # Drawn anew by a generator of its own: the one that all of torch shares belongs to other sessions, too.
    drawn = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for values in model.parameters():
            if values.ndim == 2:
                values.normal_(0.0, _SPREAD, generator=drawn)
    return model


def weights_of(model: BertForTokenClassification) -> Array:
    """All weights as one read-only vector, [weight]."""
    return frozen(parameters_to_vector(model.parameters()).detach().numpy())


def lay_in(model: BertForTokenClassification, flat: torch.Tensor) -> list[torch.Tensor]:
    """Make the weights parts of `flat`, [weight]: what changes there changes the model. Returns its parameters."""
    vector_to_parameters(flat, model.parameters())
    return list(model.parameters())


def run(model: BertForTokenClassification, ids: Ids) -> Reading:
    """What the model answers for `ids`, [sequence, place], and where it looks."""
    with torch.inference_mode():
        out = model(input_ids=torch.from_numpy(ids.copy()), output_attentions=True)
    return Reading(frozen(out.logits.numpy()), frozen(torch.stack(out.attentions).numpy()))
