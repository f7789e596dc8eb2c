"""From a text to its first picture, on to the next, and to every head in one: against a plain script."""

from collections.abc import Iterator
from functools import partial
from itertools import cycle, product
from urllib.parse import urlencode

from benchmarks.texts import text_of
from benchmarks.timing import Row, bare_forward, compare
from benchmarks.tutorial import interaction
from tests.harness.client import Client, client
from tests.harness.server import ROOT, running
from viz.attention import attend
from viz.models import LoadedModel, load_model
from viz.pictures.figures import heatmap, layer_grid, overview, to_png

MODEL = "all-MiniLM-L6-v2"
TOKENS = (29, 128, 512)
LAYER, HEAD = 2, 4
DPI = 160  # the most that the page draws with; the plain script saves at 200, as `st.pyplot` does

ATTEND_AT_MOST = 1.3
RERUN_AT_MOST = 0.5
GRID_AT_MOST = 1 / 50


def first_picture() -> Iterator[Row]:
    """Rows for each length of text, then for the page of the running app."""
    model = load_model(MODEL)
    for tokens in TOKENS:
        yield from _one_text(model, tokens)
    yield from _page(model, text_of(model, TOKENS[0]))


def _one_text(model: LoadedModel, tokens: int) -> Iterator[Row]:
    group, text = f"{tokens} tokens", text_of(model, tokens)
    attention = attend(model, text).encoder
    plain = partial(interaction, model.model, model.tokenizer, text, LAYER)
    forward = bare_forward(model, text)
    yield compare(group, "attend", lambda: attend(model, text), "bare forward", forward, ATTEND_AT_MOST)

    def one() -> bytes:
        return to_png(heatmap(attention, LAYER, HEAD), DPI)

    yield compare(group, "heat map of a head", one, "plain script, 1 head", lambda: plain([HEAD]))

    def grid() -> bytes:
        return to_png(layer_grid(attention, LAYER), DPI)

    heads = attention.heads
    at_most = GRID_AT_MOST if tokens == 128 else None
    baseline = f"plain script, {heads} heads"
    yield compare(group, f"grid of {heads} heads", grid, baseline, lambda: plain(range(heads)), at_most)


def _page(model: LoadedModel, text: str) -> Iterator[Row]:
    """Runs of the app's script in a session with a real server, as a person chooses one head after another."""
    # Two heads in turns are soon seen; in the order of all that follow, each is new.
    seen = cycle([(1, 1), (1, 2)])
    new = product(range(2, model.card.layers + 1), range(1, model.card.heads + 1))
    group = f"The page, {TOKENS[0]} tokens, on choosing another head"
    plain = partial(interaction, model.model, model.tokenizer, text, LAYER, [HEAD])
    with running(ROOT / "app.py") as server, client(server.url) as person:
        person.open("")  # loads the model
        for what, heads, at_most in (
            ("one seen before", seen, RERUN_AT_MOST),
            ("one not yet seen", new, None),
        ):
            choose = partial(choose_next, person, heads, text=text)
            yield compare(group, what, choose, "plain script, 1 head", plain, at_most)


def choose_next(person: Client, heads: Iterator[tuple[int, int]], **params: str) -> None:
    """Follow a link to the next layer and head, counted from 1, as Back does, and wait for its picture."""
    layer, head = next(heads)
    person.open("", urlencode({**params, "layer": layer, "head": head}))
    person.scroll()
    assert any(f"Layer {layer} · Head {head}:" in shown for shown in person.pictures), person.pictures


def every_head() -> Iterator[Row]:
    """All heads at 29 tokens; then at 512, where the plain script draws but one: all would take half an hour."""
    model = load_model(MODEL)
    yield _every_head(model, 29, range(model.card.layers), range(model.card.heads), GRID_AT_MOST)
    yield _every_head(model, 512, range(1), range(1), None)


def _every_head(model: LoadedModel, tokens: int, layers: range, heads: range, at_most: float | None) -> Row:
    text = text_of(model, tokens)
    attention = attend(model, text).encoder

    def plain() -> None:
        for layer in layers:
            interaction(model.model, model.tokenizer, text, layer, heads)

    what = f"all {attention.layers * attention.heads} heads"
    baseline = f"plain script, {len(layers) * len(heads)} of them"
    return compare(
        f"{tokens} tokens", what, lambda: to_png(overview(attention), DPI), baseline, plain, at_most
    )
