"""The explorer in the running app in Chromium: from key press to picture, the first map, and memory."""

import statistics
from collections.abc import Callable, Iterator

from playwright.sync_api import Browser, Page

from benchmarks.tab import all_here, follow, held, opened, press_arrows, print_seen
from benchmarks.texts import TEXT, text_of
from benchmarks.timed_server import MARK
from benchmarks.timing import Row
from tests.harness import browser as browsers
from tests.harness.server import ROOT, Server, running
from tests.harness.settle import settled
from viz.models import load_model

MINILM, E5 = "all-MiniLM-L6-v2", "multilingual-e5-small"
KEY_TARGETS = {128: 0.016, 512: 0.033}
FIRST_MAP_TARGET = 1.5
MEMORY_TARGET = 400e6
PRESSES = 40
TEXTS, GROWN_BY = 50, 1.1
EXCHANGE = 'globalThis[Symbol.for("attention-explorer.exchange")]'

# The explorer tells the browser how long a press took by its own clock; to that is added what the canvas still has to
# do, by reading a pixel back. The frame that follows is noted too: it waits for the screen.
COUNT_PRESSES = """() => {
  const measure = performance.measure.bind(performance);
  window.presses = { drawn: [], shown: [] };
  performance.measure = (name, span) => {
    if (name !== "explorer:key-to-drawn") return measure(name, span);
    const canvas = window.ax.querySelector(".ax-map-area canvas");
    canvas.getContext("2d").getImageData(0, 0, 1, 1);
    window.presses.drawn.push(performance.now() - span.start);
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.presses.shown.push(performance.now() - span.start);
      channel.port2.postMessage(0);
    });
    return measure(name, span);
  };
}"""


def run() -> Iterator[Row]:
    """Rows for switching heads, for the first map of a long text, and for memory."""
    if browsers.find() is None:
        print(f"There is no browser: not measured. {browsers.HELP}")
        return
    with browsers.chromium() as browser:
        with running(ROOT / "app.py", module="benchmarks.timed_server") as server:
            for model in (MINILM, E5):
                for tokens in KEY_TARGETS:
                    yield from _presses(server, browser, model, tokens)
            yield from _first_map(server, browser)
            yield from _memory(server, browser)
            yield from _growth(server, browser, "the app", print_seen)
        with running(ROOT / "benchmarks" / "explorer_alone.py") as server:
            yield from _growth(server, browser, "the explorer alone")


def _presses(server: Server, browser: Browser, name: str, tokens: int) -> Iterator[Row]:
    model, target = load_model(name), KEY_TARGETS[tokens]
    with opened(server, browser, model=name, text=text_of(model, tokens)) as page:
        all_here(page)
        print_seen(page)
        page.evaluate(COUNT_PRESSES)
        press_arrows(page, PRESSES)
        times = page.evaluate("window.presses")
    drawn, shown = (statistics.median(times[name]) / 1000 for name in ("drawn", "shown"))
    group = f"{model.card.title}, {tokens} tokens, median of {len(times['drawn'])} key presses"
    yield Row(group, "to painted canvas", drawn, "target", target, 1.0)
    yield Row(group, "to the next frame", shown, "(for information)", target)


def _first_map(server: Server, browser: Browser) -> Iterator[Row]:
    model = load_model(E5)
    waits = []
    for attempt in range(3):
        with opened(server, browser, model=E5, text=text_of(model, 512, attempt)) as page:
            ready = float(server.printed().rsplit(MARK, 1)[1].split()[0])
            waits.append(page.evaluate("window.firstMap") - ready)
    group = f"{model.card.title}, 512 tokens, median of {len(waits)} visits"
    yield Row(group, "ready to first map", statistics.median(waits), "target", FIRST_MAP_TARGET, 1.0)


def _memory(server: Server, browser: Browser) -> Iterator[Row]:
    with opened(server, browser, model=E5, text=text_of(load_model(E5), 512)) as page:
        all_here(page)
        print_seen(page)
        sizes = held(page)
    group = "Memory of the tab, after a collection of garbage"
    for part, size in zip(("heap", "process"), sizes, strict=True):
        yield Row(group, f"12x12, 512: {part}", size, "target", MEMORY_TARGET, 1.0, "bytes")


def _growth(
    server: Server, browser: Browser, what: str, begin: Callable[[Page], None] = lambda _page: None
) -> Iterator[Row]:
    """Memory after `TEXTS` texts. The app's process also keeps pictures for print that are gone from the page, in
    Chromium's own cache; how the explorer does is seen where it is alone."""
    group = f"Memory of the tab, {TEXTS} texts one after another in {what}"
    sizes = []
    with opened(server, browser, text=TEXT) as page:
        begin(page)
        for number in range(1, TEXTS + 1):
            follow(page, text=f"Text {number}. {TEXT[number:]}")
            page.wait_for_timeout(100)
            settled(page)
            if number in (TEXTS // 5, TEXTS):
                sizes.append(held(page))
        assert page.evaluate(f"{EXCHANGE}.payloads()") == 1, "texts that are gone are still held"
    for part, early, late in zip(("heap", "process"), *sizes, strict=True):
        yield Row(group, part, late, f"after {TEXTS // 5} texts", early, GROWN_BY, "bytes")
