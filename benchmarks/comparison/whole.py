"""What is compared, on which texts and models, and the one run of it that prints the table."""

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from benchmarks.comparison import app, machine, rival
from benchmarks.comparison.table import (
    NONE,
    Cell,
    Length,
    Line,
    Target,
    Tool,
    faster,
    heading,
    in_bytes,
    largest,
    markdown,
    part_of,
    smaller,
    usable,
)
from benchmarks.texts import text_of
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
# What a line is called, and the field of `Length` that it has of the app, the script and bertviz.
MEASURES = (
    ("first picture, model loaded", ("first", "first", "first")),
    ("the same in a new tab", ("new_tab", None, "first")),
    ("another head, on screen", ("switch", "switch", "switch")),
    ("another head, for print", ("print_switch", "switch", None)),
    ("all heads, on screen", ("first", "every", "every")),
    ("all heads, for print", ("print_every", "every", None)),
    ("bytes sent", ("sent", "sent", "sent")),
    ("of them weights", ("weights", None, "sent")),
    ("bytes sent, with the picture for print", ("print_sent", "sent", "sent")),
    ("bytes of a browser's first visit", ("visit", None, None)),
    ("memory of the process, at most", ("process", "process", "process")),
    ("memory of the tab", ("tab", None, "tab")),
)

FASTER, EVERY_WITHIN_S, BYTES_AT_MOST = 400, 1.0, 1 / 20


@dataclass(frozen=True)
class Compared:
    """All that was measured with one model."""

    model: LoadedModel
    app: Tool
    script: Tool
    bertviz: Tool

    @property
    def tools(self) -> tuple[Tool, Tool, Tool]:
        """The three, in the order of the table's columns."""
        return self.app, self.script, self.bertviz

    @property
    def shown(self) -> tuple[int, ...]:
        """The lengths of text that the table has."""
        return SHOWN[self.model.card.id]

    def beside(self, field: str) -> list[tuple[Cell, Cell]]:
        """Bytes of the app at each length that is shown, beside those that bertviz sends."""
        return [
            (getattr(self.app.length(tokens), field), self.bertviz.length(tokens).sent)
            for tokens in self.shown
        ]


def main() -> int:
    """Measure, print and keep the table; 1 where there is no browser to measure with."""
    path = browsers.find()
    if path is None:
        print(f"There is no browser: the comparison needs one. {browsers.HELP}")
        return 1
    began = time.monotonic()
    with TemporaryDirectory() as folder, browsers.chromium() as browser:
        compared = [_compared(name, browser, Path(folder)) for name in SHOWN]
    took = time.monotonic() - began
    text = _report(compared, machine.described(browsers.version(path)), took)
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
        ours = Tool(cold, {tokens: app.length(server, browser, model, tokens) for tokens in TRIED})
    say("the script ...")
    script = rival.of_script(name, TRIED, texts)
    say("bertviz ...")
    bertviz = rival.of_bertviz(name, TRIED, texts, browser, folder)
    compared = Compared(model, ours, script, bertviz)
    if name == MINILM:
        say("all heads ...")
        for tokens in compared.shown:
            _measure_every(compared, tokens, browser, folder)
    for tokens in compared.shown:  # computed where it was not tried
        theirs = bertviz.length(tokens)
        if not theirs.sent.value:
            weights = attend(model, texts(tokens)).encoder.weights
            bertviz.lengths[tokens] = replace(theirs, sent=in_bytes(rival.about_bytes(weights), "computed"))
    return compared


def _measure_every(compared: Compared, tokens: int, browser: Browser, folder: Path) -> None:
    """Every head at once, by each of the three."""
    model = compared.model
    name, text = model.card.id, text_of(model, tokens)
    # Before and after the grid, which takes so long that the machine may have slowed down meanwhile.
    times = app.every_head(model, tokens)
    grid = rival.every_head(name, text, GRID_WITHIN_S[tokens])
    times += app.every_head(model, tokens)
    tried = tokens in compared.bertviz.lengths
    view = rival.model_view(name, text, browser, folder) if tried else Length(tokens).first
    ours, script, bertviz = compared.tools
    ours.lengths[tokens] = replace(ours.length(tokens), print_every=Cell(statistics.median(times)))
    script.lengths[tokens] = replace(script.length(tokens), every=grid)
    bertviz.lengths[tokens] = replace(bertviz.length(tokens), every=view)


def _report(compared: Sequence[Compared], described: Sequence[str], took: float) -> str:
    targets = "\n".join(f"- {target}" for target in _targets(compared))
    table = markdown(line for part in compared for line in (heading(part.model.card.title), *_lines(part)))
    lines = "\n".join(f"- {line}" for line in described)
    return f"{table}\n\nTargets:\n\n{targets}\n\nMeasured on:\n\n{lines}\n- the whole run took {took:.0f} s\n"


def _lines(compared: Compared) -> Iterator[Line]:
    tools = compared.tools
    yield Line("first picture, all started anew", SHORTEST, tuple(tool.cold for tool in tools))
    for what, fields in MEASURES:
        for tokens in compared.shown[:1] if "visit" in fields else compared.shown:
            lengths = [tool.length(tokens) for tool in tools]
            if "every" in fields and lengths[0].print_every == NONE:
                continue
            cells = (
                getattr(length, name) if name else NONE for length, name in zip(lengths, fields, strict=True)
            )
            yield Line(what, tokens, tuple(cells))
    longest = (usable(map(tool.length, TRIED), rival.FIRST_S, rival.SWITCH_S) for tool in tools)
    yield Line("longest text that stays usable", None, tuple(longest))


def _targets(compared: Sequence[Compared]) -> Iterator[Target]:
    first = compared[0]
    heads = f"all {first.model.card.layers * first.model.card.heads} heads at"
    ours, longest = (first.app.length(tokens).print_every for tokens in (SHORTEST, LONGEST))
    yield faster(
        ours,
        first.script.length(SHORTEST).every,
        FASTER,
        f"{heads} {SHORTEST} tokens at least {FASTER} x as fast as seaborn's grids",
    )
    in_time = longest.within(EVERY_WITHIN_S)
    yield Target(f"{heads} {LONGEST} tokens in under {EVERY_WITHIN_S:g} s", str(longest), in_time)
    weights, sent, printed = (
        [pair for part in compared for pair in part.beside(field)]
        for field in ("weights", "sent", "print_sent")
    )
    yield smaller(
        weights, BYTES_AT_MOST, "the weights of all heads in at most a twentieth of bertviz's bytes"
    )
    note = f"with the picture for print, for information: {part_of(largest(printed))}"
    yield smaller(sent, BYTES_AT_MOST, "the same with all else that the page gets for a text", note)
