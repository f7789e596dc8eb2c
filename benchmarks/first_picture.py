"""From a text to its first picture, and on to the next: against a plain script, for three lengths of text."""

from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice, product
from typing import Any
from urllib.parse import urlencode

import torch

from benchmarks.timing import Row, compare
from benchmarks.tutorial import interaction
from tests.harness.client import Client, client
from tests.harness.server import ROOT, running
from viz.attention import attend
from viz.models import LoadedModel, load_model
from viz.pictures.figures import heatmap, layer_grid, to_png

TOKENS = (29, 128, 512)
LAYER, HEAD = 2, 4
DPI = 160  # the most that the page draws with; the plain script saves at 200, as `st.pyplot` does
SENTENCE = "the cat sat on the mat because it was tired of the long way home"

ATTEND_AT_MOST = 1.3
RERUN_AT_MOST = 0.5
GRID_AT_MOST = 1 / 50


def run() -> Iterator[Row]:
    """Rows for each length of text, then for the page of the running app."""
    model = load_model("all-MiniLM-L6-v2")
    for tokens in TOKENS:
        yield from _one_text(model, tokens)
    yield from _page(model, TOKENS[0])


def text_of(model: LoadedModel, tokens: int) -> str:
    """A text that the model's tokenizer makes just so many tokens of, the two special ones counted."""
    text = " ".join(islice(cycle(SENTENCE.split()), tokens - 2))
    assert len(model.tokenizer(text)["input_ids"]) == tokens, "each word of SENTENCE has to be one token"
    return text


def _one_text(model: LoadedModel, tokens: int) -> Iterator[Row]:
    group = f"{tokens} tokens"
    text = text_of(model, tokens)
    inputs = model.tokenizer(text, return_tensors="pt")
    found = attend(model, text).encoder
    heads = range(found.weights.shape[1])

    def forward() -> Any:
        with torch.inference_mode():
            return model.model(**inputs, output_attentions=True)

    def plain(*heads: int) -> bytes:
        return interaction(model.model, model.tokenizer, text, LAYER, heads)

    yield compare(group, "attend", lambda: attend(model, text), "bare forward", forward, ATTEND_AT_MOST)
    yield compare(
        group,
        "heat map of a head",
        lambda: to_png(heatmap(found, LAYER, HEAD), DPI),
        "plain script, 1 head",
        lambda: plain(HEAD),
    )
    yield compare(
        group,
        f"grid of {len(heads)} heads",
        lambda: to_png(layer_grid(found, LAYER), DPI),
        f"plain script, {len(heads)} heads",
        lambda: plain(*heads),
        GRID_AT_MOST if tokens == 128 else None,
    )


def _page(model: LoadedModel, tokens: int) -> Iterator[Row]:
    """Runs of the app's script in a session with a real server, as a person chooses one head after another."""
    text = text_of(model, tokens)
    # Two heads in turns are soon seen; in the order of all that follow, each is new.
    seen = cycle([(1, 1), (1, 2)])
    new = product(range(2, model.card.layers + 1), range(1, model.card.heads + 1))
    group = f"The page, {tokens} tokens, on choosing another head"

    def plain() -> bytes:
        return interaction(model.model, model.tokenizer, text, LAYER, [HEAD])

    with running(ROOT / "app.py") as server, client(server.url) as person:
        person.open("")  # loads the model
        baseline = "plain script, 1 head"
        for what, heads, at_most in (
            ("one seen before", seen, RERUN_AT_MOST),
            ("one not yet seen", new, None),
        ):
            choose = partial(choose_next, person, heads, text=text)
            yield compare(group, what, choose, baseline, plain, at_most)


def choose_next(person: Client, heads: Iterator[tuple[int, int]], **params: str) -> None:
    """Follow a link to the next layer and head, counted from 1, as Back does, and wait for its picture."""
    layer, head = next(heads)
    person.open("", urlencode({**params, "layer": layer, "head": head}))
    person.scroll()
    assert any(f"Layer {layer} · Head {head}:" in shown for shown in person.pictures), person.pictures
