"""The explorer in the running app in Chromium: from key press to picture, the first map, and memory."""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.explorer import TEXT, text_of
from benchmarks.timed_server import MARK
from benchmarks.timing import Row
from tests.e2e import browser as browsers
from tests.e2e import server as servers
from tests.e2e.server import ROOT, Server
from tests.e2e.settle import listen, settled
from tests.e2e.watch import CHROMIUM_ARGUMENTS
from viz.models import load_model

MINILM, E5 = "all-MiniLM-L6-v2", "multilingual-e5-small"
KEY_TARGETS = {128: 0.016, 512: 0.033}
FIRST_MAP_TARGET = 1.5
MEMORY_TARGET = 400e6
PRESSES = 40
TEXTS, GROWN_BY = 50, 1.1
HUB = 'globalThis[Symbol.for("attention-explorer.hub")]'

# The explorer tells the browser how long a press took by its own clock; to that is added what the canvas still has to
# do, by reading a pixel back. The frame that follows is noted too: it waits for the screen.
COUNT_PRESSES = """() => {
  const measure = performance.measure.bind(performance);
  window.presses = { drawn: [], shown: [] };
  performance.measure = (name, span) => {
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

FIND = """
window.ax = null;
window.firstMap = null;
(function look() {
  if (!window.ax?.isConnected) {
    for (const each of document.querySelectorAll('[data-testid="stBidiComponentIsolated"], [data-testid="stMain"] *')) {
      const found = each.shadowRoot?.querySelector(".ax");
      if (found) window.ax = found;
    }
  }
  const map = window.ax?.querySelector(".ax-map-area canvas");
  if (map?.width > 300 && !window.ax.querySelector(".ax-panels").hidden) window.firstMap ??= Date.now() / 1000;
  if (!window.firstMap) requestAnimationFrame(look);
})();
"""


def run() -> Iterator[Row]:
    """Rows for switching heads, for the first map of a long text, and for memory."""
    found = browsers.find()
    if found is None:
        print(f"There is no browser: not measured. {browsers.HELP}")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        with servers.running(ROOT / "app.py", Path(folder) / "app.log", "benchmarks.timed_server") as server:
            for model in (MINILM, E5):
                yield from _presses(server, browser, model)
            yield from _first_map(server, browser)
            yield from _memory(server, browser)
            yield from _growth(server, browser, "the app")
        alone = ROOT / "benchmarks" / "explorer_alone.py"
        with servers.running(alone, Path(folder) / "alone.log") as server:
            yield from _growth(server, browser, "the explorer alone")
        browser.close()


@contextmanager
def _opened(server: Server, browser: Browser, **params: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    listen(page)
    page.add_init_script(FIND)
    page.goto(f"{server.url}/?{urlencode(params)}")
    yield settled(page, 120)
    context.close()


def _all_here(page: Page) -> None:
    """Wait until every layer has come."""
    page.wait_for_function("""() => {
      const hub = globalThis[Symbol.for("attention-explorer.hub")];
      const link = hub.linkOf("explorer");
      const found = link && hub.attention(link.show);
      return found && found.layers.every((layers) => layers.every(Boolean));
    }""")
    settled(page, 120)


def _presses(server: Server, browser: Browser, model: str) -> Iterator[Row]:
    loaded = load_model(model)
    for tokens, target in KEY_TARGETS.items():
        with _opened(server, browser, model=model, text=text_of(loaded, tokens)) as page:
            _all_here(page)
            page.evaluate(COUNT_PRESSES)
            page.locator(".ax-cell.picked").focus()
            # Between presses the page is left to rest for as long as a quick hand does; no rerun falls in between.
            for press in range(PRESSES):
                page.keyboard.press(("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowRight")[press % 4])
                page.wait_for_timeout(120)
            times = page.evaluate("window.presses")
            drawn, shown = (statistics.median(times[name]) / 1000 for name in ("drawn", "shown"))
            group = f"{loaded.card.title}, {tokens} tokens, median of {len(times['drawn'])} key presses"
            yield Row(group, "to painted canvas", drawn, "target", target, 1.0)
            yield Row(group, "to the next frame", shown, "(for information)", target)


def _first_map(server: Server, browser: Browser) -> Iterator[Row]:
    model = load_model(E5)
    waits = []
    for attempt in range(3):
        text = text_of(model, 512)[attempt * 4 :]
        with _opened(server, browser, model=E5, text=text) as page:
            ready = float(server.printed().rsplit(MARK, 1)[1].split()[0])
            waits.append(page.evaluate("window.firstMap") - ready)
    group = f"{model.card.title}, 512 tokens, median of {len(waits)} visits"
    yield Row(group, "ready to first map", statistics.median(waits), "target", FIRST_MAP_TARGET, 1.0)


def _memory(server: Server, browser: Browser) -> Iterator[Row]:
    model = load_model(E5)
    group = "Memory of the tab, after a collection of garbage"
    with _opened(server, browser, model=E5, text=text_of(model, 512)) as page:
        _all_here(page)
        heap, process = _bytes(page)
        yield Row(group, "12x12, 512: heap", heap, "target", MEMORY_TARGET, 1.0, "bytes")
        yield Row(group, "12x12, 512: process", process, "target", MEMORY_TARGET, 1.0, "bytes")


def _growth(server: Server, browser: Browser, what: str) -> Iterator[Row]:
    """Memory after `TEXTS` texts. The app's process also keeps pictures for print that are gone from the page, in
    Chromium's own cache; how the explorer does is seen where it is alone."""
    group = f"Memory of the tab, {TEXTS} texts one after another in {what}"
    with _opened(server, browser, text=TEXT) as page:
        held = {}
        for number in range(1, TEXTS + 1):
            text = f"Text {number}. {TEXT[number:]}"
            page.evaluate(
                """(link) => {
                  history.pushState({}, "", link);
                  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
                }""",
                "/?" + urlencode({"text": text}),
            )
            page.wait_for_timeout(100)
            settled(page, 120)
            if number in (TEXTS // 5, TEXTS):
                held[number] = _bytes(page)
        early, late = held[TEXTS // 5], held[TEXTS]
        assert page.evaluate(f"{HUB}.payloads()") == 1, "texts that are gone are still held"
        for part, at in (("heap", 0), ("process", 1)):
            yield Row(group, part, late[at], f"after {TEXTS // 5} texts", early[at], GROWN_BY, "bytes")


def _bytes(page: Page) -> tuple[int, int]:
    """What the page's scripts hold with their buffers, and the private memory of the tab's process.

    Chromium keeps pictures that are gone from a page, decoded, until memory runs short; so it is told that it does.
    """
    session = page.context.new_cdp_session(page)
    session.send("Memory.simulatePressureNotification", {"level": "critical"})
    session.send("HeapProfiler.enable")
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
        page.wait_for_timeout(300)
    usage: dict[str, Any] = session.send("Runtime.getHeapUsage")
    heap = sum(int(usage.get(name, 0)) for name in ("usedSize", "embedderHeapUsedSize", "backingStorageSize"))
    session.detach()
    return heap, _process_bytes(page)


def _process_bytes(page: Page) -> int:
    """The largest renderer of the browser: Linux only, 0 elsewhere."""
    browser = page.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    sizes = [0]
    for process in found:
        file = Path(f"/proc/{process['id']}/smaps_rollup")
        if process["type"] == "renderer" and file.exists():
            lines = dict(line.split(":", 1) for line in file.read_text().splitlines()[1:])
            sizes.append(
                sum(int(lines[name].split()[0]) for name in ("Private_Clean", "Private_Dirty")) * 1024
            )
    return max(sizes)
