"""What the explorer sends: its bytes against BertViz's page, and the time to make them against the forward pass."""

from collections.abc import Iterator

import torch
from bertviz import head_view

from benchmarks.comparison.rival import about_bytes
from benchmarks.texts import text_of
from benchmarks.timing import Row, bare_forward, compare
from viz.attention import AttentionMap, attend
from viz.models import LoadedModel, load_model
from viz.pictures.explorer.payload import Payload, encode

MODELS = ("all-MiniLM-L6-v2", "multilingual-e5-small")
TIMED_TOKENS = (29, 128, 512)
SIZED_TOKENS = (16, 29, 64, 128, 256, 512)
WHOLE_PAGE_UP_TO = 64  # above, BertViz's page would take gigabytes to make
ENCODE_AT_MOST = {29: 1.0, 128: 1.0}
BYTES_AT_MOST = 1 / 20
MOST_AT_128 = 4_000_000


def run() -> Iterator[Row]:
    """Rows for each embedded model and length of text; above the budget only the first message is timed."""
    for name in MODELS:
        model = load_model(name)
        for tokens in SIZED_TOKENS:
            yield from _sizes(model, tokens)
        for tokens in TIMED_TOKENS:
            yield _times(model, tokens)


def _sizes(model: LoadedModel, tokens: int) -> Iterator[Row]:
    attention = attend(model, text_of(model, tokens)).encoder
    ours = all_bytes(encode([attention]))
    whole = tokens <= WHOLE_PAGE_UP_TO
    baseline = "bertviz head view" if whole else "bertviz, from its JSON"
    theirs = _page_bytes(attention) if whole else about_bytes(attention.weights)
    group, what = f"{model.card.title}, bytes of all layers", f"{tokens} tokens"
    yield Row(group, what, ours, baseline, theirs, BYTES_AT_MOST, "bytes")
    if tokens == 128 and model.card.layers == 12:
        yield Row(group, what, ours, "target", MOST_AT_128, 1.0, "bytes")


def all_bytes(payload: Payload) -> int:
    """The bytes of a payload with all its layers."""
    return len(payload.first) + (len(payload.more(payload.left)) if payload.left else 0)


def _page_bytes(attention: AttentionMap) -> int:
    """The bytes of BertViz's head view, made by BertViz."""
    layers = [torch.tensor(layer)[None] for layer in attention.weights]
    page = head_view(layers, attention.queries.tokens, prettify_tokens=False, html_action="return")
    return len(page.data.encode())


def _times(model: LoadedModel, tokens: int) -> Row:
    text = text_of(model, tokens)
    maps = attend(model, text).maps
    group = f"{model.card.title}, {tokens} tokens, first message of {len(encode(maps).first):,} bytes"
    forward = bare_forward(model, text)
    return compare(group, "encode", lambda: encode(maps), "bare forward", forward, ENCODE_AT_MOST.get(tokens))
