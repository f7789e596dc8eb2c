"""What is compared, on which texts and models, and the one run of it that prints the table."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from benchmarks.comparison import app, machine, rival
from benchmarks.comparison.app import Seen
from benchmarks.comparison.rival import NOT_TRIED, Rival, about_bytes, memory
from benchmarks.comparison.table import (
    NONE,
    Cell,
    Line,
    Target,
    Trial,
    faster,
    heading,
    largest,
    markdown,
    part_of,
    smaller,
    usable,
)
from benchmarks.comparison.texts import text_of
from tests.harness import browser as browsers
from tests.harness.server import ROOT, running
from viz.attention import attend
from viz.models import LoadedModel, load_model

OUT = ROOT / "benchmarks" / "out" / "comparison.md"
MINILM, E5 = "all-MiniLM-L6-v2", "multilingual-e5-small"
TRIED = (29, 128, 256, 512)  # for how long a text may be
SHORTEST, LONGEST = TRIED[0], TRIED[-1]
SHOWN = {MINILM: (29, 128, 512), E5: (128, 512)}
GRID_WITHIN_S = {29: 240.0, 128: 20.0, 512: 20.0}  # seaborn's grid of all heads; at 29 tokens to its end

FASTER, EVERY_WITHIN_S, BYTES_AT_MOST = 400, 1.0, 1 / 20


@dataclass(frozen=True)
class Compared:
    """All that was measured with one model. `every` are all heads at each length: the app's picture of them, the
    script's grid, bertviz's model view."""

    model: LoadedModel
    cold: Cell
    app: dict[int, Seen]
    script: Rival
    bertviz: Rival
    bytes_of_bertviz: dict[int, Cell]
    every: dict[int, tuple[Cell, Cell, Cell]]


def main() -> int:
    """Measure, print and keep the table; 1 where there is no browser to measure with."""
    found = browsers.find()
    if found is None:
        print(f"There is no browser: the comparison needs one. {browsers.HELP}")
        return 1
    began = time.monotonic()
    with TemporaryDirectory() as folder, browsers.chromium() as browser:
        compared = [_compared(name, browser, Path(folder)) for name in (MINILM, E5)]
    took = time.monotonic() - began
    text = _written(compared, machine.described(browsers.version(found)), took)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(text, encoding="utf-8")
    print(f"\n{text}\nKept in {OUT.relative_to(ROOT)}.")
    return 0


def _compared(name: str, browser: Browser, folder: Path) -> Compared:
    say = partial(print, f"{name}:", flush=True)
    model = load_model(name)
    texts = partial(text_of, model)
    say("the app ...")
    began = time.time()
    with running(ROOT / "app.py") as server:
        cold = Cell(app.first_map(server, browser, model, SHORTEST) - began)
        mine = {tokens: app.seen(server, browser, model, tokens) for tokens in TRIED}
    say("the script ...")
    script = rival.of_script(name, TRIED, texts)
    say("bertviz ...")
    bertviz = rival.of_bertviz(name, TRIED, texts, browser, folder)
    every: dict[int, tuple[Cell, Cell, Cell]] = {}
    if name == MINILM:
        say("all heads ...")
        every = {tokens: _every(model, tokens, bertviz, browser, folder) for tokens in SHOWN[name]}
    sent = {tokens: _sent(model, bertviz, tokens) for tokens in SHOWN[name]}
    return Compared(model, cold, mine, script, bertviz, sent, every)


def _every(
    model: LoadedModel, tokens: int, bertviz: Rival, browser: Browser, folder: Path
) -> tuple[Cell, Cell, Cell]:
    name, text = model.card.id, text_of(model, tokens)
    # Before and after the grid, which takes so long that the machine may have slowed down meanwhile.
    times = app.every_head(model, tokens)
    grid = rival.every_head(name, text, GRID_WITHIN_S[tokens])
    times += app.every_head(model, tokens)
    tried = bertviz.lengths[tokens].first != NOT_TRIED
    view = rival.model_view(name, text, browser, folder) if tried else NOT_TRIED
    return Cell(statistics.median(times)), grid, view


def _written(compared: Sequence[Compared], described: Sequence[str], took: float) -> str:
    targets = "\n".join(f"- {target}" for target in _targets(compared))
    table = markdown(line for each in compared for line in (heading(each.model.card.title), *_lines(each)))
    lines = "\n".join(f"- {line}" for line in described)
    return f"{table}\n\nTargets:\n\n{targets}\n\nMeasured on:\n\n{lines}\n- the whole run took {took:.0f} s\n"


def _lines(each: Compared) -> Iterator[Line]:
    shown = SHOWN[each.model.card.id]
    ours, script, bertviz = each.app, each.script.lengths, each.bertviz.lengths
    yield Line("first picture, all started anew", SHORTEST, (each.cold, each.script.cold, each.bertviz.cold))
    for at in shown:
        yield Line(
            "first picture, model loaded", at, (Cell(ours[at].text), script[at].first, bertviz[at].first)
        )
    for at in shown:
        yield Line("the same in a new tab", at, (Cell(ours[at].tab), NONE, bertviz[at].first))
    for at in shown:
        yield Line(
            "another head, on screen", at, (Cell(ours[at].press), script[at].switch, bertviz[at].switch)
        )
    for at in shown:
        yield Line("another head, for print", at, (Cell(ours[at].picture), script[at].switch, NONE))
    for at, (_picture, grid, view) in each.every.items():
        yield Line("all heads, on screen", at, (Cell(ours[at].text), grid, view))
    for at, (picture, grid, _view) in each.every.items():
        yield Line("all heads, for print", at, (picture, grid, NONE))
    for at in shown:
        yield Line("bytes sent", at, (_bytes(ours[at].sent), script[at].sent, each.bytes_of_bertviz[at]))
    for at in shown:
        yield Line("of them weights", at, (_bytes(ours[at].weights), NONE, each.bytes_of_bertviz[at]))
    for at in shown:
        yield Line(
            "bytes sent, with the picture for print",
            at,
            (_bytes(ours[at].printed), script[at].sent, each.bytes_of_bertviz[at]),
        )
    yield Line("bytes of a browser's first visit", shown[0], (_bytes(ours[shown[0]].visit), NONE, NONE))
    for at in shown:
        server = _bytes(ours[at].server)
        yield Line("memory of the process, at most", at, (server, script[at].process, bertviz[at].process))
    for at in shown:
        yield Line("memory of the tab", at, (memory(ours[at].process, ours[at].heap), NONE, bertviz[at].tab))
    yield Line("longest text that stays usable", None, _usable(each))


def _usable(each: Compared) -> tuple[Cell, Cell, Cell]:
    mine = [Trial(tokens, Cell(seen.text), Cell(seen.press)) for tokens, seen in each.app.items()]
    others = ([length.trial for length in found.lengths.values()] for found in (each.script, each.bertviz))
    ours, script, bertviz = (usable(trials, rival.FIRST_S, rival.SWITCH_S) for trials in (mine, *others))
    return ours, script, bertviz


def _sent(model: LoadedModel, bertviz: Rival, tokens: int) -> Cell:
    """bertviz's bytes as they were, or computed where it was not tried."""
    sent = bertviz.lengths[tokens].sent
    return sent if sent.value else about_bytes(attend(model, text_of(model, tokens)).encoder.weights)


def _bytes(count: float) -> Cell:
    return Cell(count, "bytes")


def _targets(compared: Sequence[Compared]) -> Iterator[Target]:
    first = compared[0]
    ours, grid, _view = first.every[SHORTEST]
    longest = first.every[LONGEST][0]
    heads = f"all {first.model.card.layers * first.model.card.heads} heads at"
    yield faster(
        ours, grid, FASTER, f"{heads} {SHORTEST} tokens at least {FASTER} x as fast as seaborn's grids"
    )
    in_time = longest.within(EVERY_WITHIN_S)
    yield Target(f"{heads} {LONGEST} tokens in under {EVERY_WITHIN_S:g} s", str(longest), in_time)
    weights, sent = _beside(compared, _weights_of), _beside(compared, _sent_of)
    printed = part_of(largest(_beside(compared, _printed_of)))
    yield smaller(
        weights, BYTES_AT_MOST, "the weights of all heads in at most a twentieth of bertviz's bytes"
    )
    yield smaller(
        sent,
        BYTES_AT_MOST,
        "the same with all else that the page gets for a text",
        f"with the picture for print, for information: {printed}",
    )


def _beside(compared: Sequence[Compared], count: Callable[[Seen], float]) -> list[tuple[Cell, Cell]]:
    """The app's bytes at each length that is shown, beside bertviz's."""
    return [
        (_bytes(count(each.app[at])), each.bytes_of_bertviz[at])
        for each in compared
        for at in SHOWN[each.model.card.id]
    ]


def _weights_of(seen: Seen) -> float:
    return seen.weights


def _sent_of(seen: Seen) -> float:
    return seen.sent


def _printed_of(seen: Seen) -> float:
    return seen.printed
