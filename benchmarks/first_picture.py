"""From a text to its first picture, and on to the next: against a plain script, for three lengths of text."""

from collections.abc import Iterator
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import torch

from benchmarks.session import session
from benchmarks.timing import Row, compare
from benchmarks.tutorial import interaction
from viz.attention import attend
from viz.models import LoadedModel, load_model
from viz.pictures.figures import heatmap, layer_grid, to_png

APP = Path(__file__).resolve().parents[1] / "app.py"
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
    if not APP.exists():
        print("app.py is not there: the page is not measured")
        return
    text = text_of(model, tokens)
    # Two heads in turns are soon seen; in the order of all that follow, each is new.
    seen = cycle([(1, 1), (1, 2)])
    new = product(range(2, model.card.layers + 1), range(1, model.card.heads + 1))
    group = f"The page, {tokens} tokens, on choosing another head"

    def plain() -> bytes:
        return interaction(model.model, model.tokenizer, text, LAYER, [HEAD])

    with session(APP) as opened:

        def choose(choices: Iterator[tuple[int, int]]) -> None:
            layer, head = next(choices)
            pictures = opened.run(text=text, layer=str(layer), head=str(head))
            assert any(f"Layer {layer} · Head {head}:" in shown for shown in pictures), pictures

        opened.run()  # loads the model
        baseline = "plain script, 1 head"
        yield compare(group, "one seen before", lambda: choose(seen), baseline, plain, RERUN_AT_MOST)
        yield compare(group, "one not yet seen", lambda: choose(new), baseline, plain)
