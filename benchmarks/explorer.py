"""What the explorer sends: its bytes against BertViz's page, and the time to make them against the forward pass."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from bertviz import head_view
from numpy.typing import NDArray

from benchmarks.timing import Row, compare
from viz.attention import attend
from viz.inputs.text import encode as tokenise
from viz.models import LoadedModel, load_model
from viz.pictures.explorer.payload import encode

MODELS = ("all-MiniLM-L6-v2", "multilingual-e5-small")
TIMED_TOKENS = (29, 128, 512)
SIZED_TOKENS = (16, 29, 64, 128, 256, 512)
WHOLE_PAGE_UP_TO = 64  # above, BertViz's page would take gigabytes to make
ENCODE_AT_MOST = {29: 1.0, 128: 1.0}
BYTES_AT_MOST = 1 / 20
MOST_AT_128 = 4_000_000
TEXT = (
    "When the storm had passed, the keeper of the lighthouse, who had not slept since Tuesday, climbed down "
    "and counted what was left of her boats. Two were gone; the third, the oldest, lay upside down on the "
    "stones, and somebody's cat was sitting on it as if it had always been there. "
)


def run() -> Iterator[Row]:
    """Rows for each embedded model and length of text; above the budget only the first message is timed."""
    for name in MODELS:
        model = load_model(name)
        yield from _sizes(model)
        for tokens in TIMED_TOKENS:
            yield _times(model, tokens)


def _sizes(model: LoadedModel) -> Iterator[Row]:
    for tokens in SIZED_TOKENS:
        found = attend(model, text_of(model, tokens)).encoder
        payload = encode([found])
        ours = len(payload.first) + (len(payload.more(payload.left)) if payload.left else 0)
        whole = tokens <= WHOLE_PAGE_UP_TO
        page = page_bytes if whole else computed_bytes
        weights, labels = found.weights, found.queries.tokens
        theirs = page(weights, labels)
        if whole:
            assert computed_bytes(weights, labels) == theirs, "BertViz's page is more than its frame and JSON"
        baseline = "bertviz head view" if whole else "bertviz, from its JSON"
        group = f"{model.card.title}, bytes of all layers"
        yield Row(group, f"{tokens} tokens", ours, baseline, theirs, BYTES_AT_MOST, "bytes")
        if tokens == 128 and model.card.layers == 12:
            yield Row(group, f"{tokens} tokens", ours, "target", MOST_AT_128, 1.0, "bytes")


def page_bytes(weights: NDArray[np.float32], tokens: list[str]) -> int:
    """The bytes of BertViz's head view of [layer, head, query, key], made by BertViz."""
    layers = [torch.tensor(layer)[None] for layer in weights]
    return len(head_view(layers, tokens, prettify_tokens=False, html_action="return").data.encode())


def computed_bytes(weights: NDArray[np.float32], tokens: list[str]) -> int:
    """The same bytes from the lengths of its JSON, layer by layer: a page is a frame with the JSON in it twice."""
    few = weights[:, :, :1, :1]
    more = _json_bytes(weights, tokens) - _json_bytes(few, tokens[:1])
    return page_bytes(few, tokens[:1]) + 2 * more


def _json_bytes(weights: NDArray[np.float32], tokens: list[str]) -> int:
    """The part of BertViz's JSON that grows with the text: the weights, and the tokens of both sides."""
    return sum(len(json.dumps(layer.tolist())) for layer in weights) + 2 * len(json.dumps(tokens))


def _times(model: LoadedModel, tokens: int) -> Row:
    text = text_of(model, tokens)
    inputs = model.tokenizer(text, return_tensors="pt")
    maps = attend(model, text).maps
    size = len(encode(maps).first)

    def forward() -> Any:
        with torch.inference_mode():
            return model.model(**inputs, output_attentions=True)

    group = f"{model.card.title}, {tokens} tokens, first message of {size:,} bytes"
    return compare(group, "encode", lambda: encode(maps), "bare forward", forward, ENCODE_AT_MOST.get(tokens))


def text_of(model: LoadedModel, tokens: int) -> str:
    """Running text that is cut to about `tokens` tokens of this model, the special ones counted."""
    text = TEXT * 12
    spans = tokenise(model, text).spans
    last = spans[tokens - 2]
    assert last is not None
    return text[: last[1]]
