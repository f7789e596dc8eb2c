"""How important each head of MiniLM is: many rows at once, against one forward pass a head and the time aimed at."""

from collections.abc import Iterator
from functools import partial

import torch

from benchmarks.first_picture import text_of
from benchmarks.timing import Row, compare
from viz.inputs.text import encode
from viz.models import LoadedModel, load_model
from viz.models.forward import feed, last_hidden
from viz.studies.importance import disable_heads, importance_by_ablation, importance_by_gradient

TOKENS = 30
AIM_S = 3.0


def run() -> Iterator[Row]:
    """All 72 heads on one text of 30 tokens, by leaving each out and by its derivative."""
    model = load_model("all-MiniLM-L6-v2")
    text = text_of(model, TOKENS)
    group = f"All heads of {model.card.id} on {TOKENS} tokens"
    for what, importance in (("ablation", importance_by_ablation), ("gradient", importance_by_gradient)):
        ours, theirs = partial(importance, model, [text]), partial(_one_by_one, model, text)
        row = compare(group, what, ours, "one head at a time", theirs)
        yield row
        yield Row(group, what, row.seconds, "the time aimed at", AIM_S, 1.0)


def _one_by_one(model: LoadedModel, text: str) -> list[torch.Tensor]:
    encoding = encode(model, text)
    fed = feed(model, [encoding.ids], [encoding.segments])
    vectors = []
    for layer in range(model.card.layers):
        for head in range(model.card.heads):
            with disable_heads(model, [(layer, head)]), torch.inference_mode():
                vectors.append(last_hidden(model, fed).mean(dim=1))
    return vectors
