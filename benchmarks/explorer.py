"""Making the explorer's bytes, against the model's forward pass that they follow."""

from collections.abc import Iterator
from typing import Any

import torch

from benchmarks.timing import Row, compare
from viz.attention import attend
from viz.explorer.payload import encode
from viz.models import LoadedModel, load_model
from viz.text import encode as tokenise

TOKENS = (29, 128, 512)
ENCODE_AT_MOST = {29: 1.0, 128: 1.0}
TEXT = (
    "When the storm had passed, the keeper of the lighthouse, who had not slept since Tuesday, climbed down "
    "and counted what was left of her boats. Two were gone; the third, the oldest, lay upside down on the "
    "stones, and somebody's cat was sitting on it as if it had always been there. "
)


def run() -> Iterator[Row]:
    """Rows for each embedded model and length of text; above the budget only the first message is timed."""
    for name in ("all-MiniLM-L6-v2", "multilingual-e5-small"):
        model = load_model(name)
        for tokens in TOKENS:
            yield _row(model, tokens)


def _row(model: LoadedModel, tokens: int) -> Row:
    text = text_of(model, tokens)
    inputs = model.tokenizer(text, return_tensors="pt")
    maps = attend(model, text).maps
    size = len(encode(maps).first)

    def forward() -> Any:
        with torch.inference_mode():
            return model.model(**inputs, output_attentions=True)

    group = f"{model.card.title}, {tokens} tokens, {size:,} bytes"
    return compare(group, "encode", lambda: encode(maps), "bare forward", forward, ENCODE_AT_MOST.get(tokens))


def text_of(model: LoadedModel, tokens: int) -> str:
    """Running text that is cut to about `tokens` tokens of this model, the special ones counted."""
    text = TEXT * 12
    spans = tokenise(model, text).spans
    last = spans[tokens - 2]
    assert last is not None
    return text[: last[1]]
