"""The app in Chromium: a text's way to its first map and on to the next head, and what is sent and held for it."""

import statistics
from functools import partial
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from benchmarks.comparison.document import PAINTED, WAITS, waited
from benchmarks.comparison.rival import memory
from benchmarks.comparison.table import Cell, Length, in_bytes
from benchmarks.explorer import all_bytes
from benchmarks.memory import of_family, peak
from benchmarks.pictures import DPI, choose_next
from benchmarks.tab import all_here, held, opened, press_arrows, print_seen
from benchmarks.texts import text_of
from benchmarks.timing import seconds
from tests.harness.client import client
from tests.harness.server import Server
from tests.harness.settle import GO, settled
from viz.attention import attend
from viz.models import LoadedModel
from viz.pictures.explorer.payload import encode
from viz.pictures.figures import overview, to_png

PRESSES, RERUNS, PICTURES = 12, 4, 5
SHORT = 128  # tokens; up to there three texts, else one

# All that has come to the page: over its socket, and what it loaded besides.
COUNT = """
performance.setResourceTimingBufferSize(5000);
window.allBytes = () => performance.getEntriesByType("resource")
  .reduce((sum, resource) => sum + resource.transferSize, window.__atlasTraffic.bytes);
"""

# Follows a link, and notes how long it took until the other text's map and miniatures were on the screen.
NEXT_TEXT = """(link) => {
  const exchange = globalThis[Symbol.for("attention-explorer.exchange")];
  const before = exchange.linkOf("explorer").show;
  const began = Date.now() / 1000;
  window.drawn = null;
  (GO)(link);
  (function look() {
    const link = exchange.linkOf("explorer");
    if (link && link.show !== before && exchange.attention(link.show)) {
      window.afterPaint((at) => { window.drawn = at - began; });
    } else requestAnimationFrame(look);
  })();
}""".replace("GO", GO)


def first_map(server: Server, browser: Browser, model: LoadedModel, tokens: int) -> float:
    """When the first map was there in a tab that opens the app with a text, by the clock."""
    with opened(server, browser, model=model.card.id, text=text_of(model, tokens)) as page:
        return float(page.evaluate("window.firstMap"))


def length(server: Server, browser: Browser, model: LoadedModel, tokens: int) -> Length:
    """Open the app with a text of this length, and use it as a person does: on to other texts, heads, and the print.

    What it takes to print is measured once a person has scrolled to the picture; the tab's memory has that picture, the
    process's is the most so far.
    """
    name = model.card.id
    count = 3 if tokens <= SHORT else 1
    texts = [text_of(model, tokens, 5 + 7 * number) for number in range(2 * count + 1)]
    with opened(server, browser, PAINTED, WAITS, COUNT, model=name, text=texts[0]) as page:
        all_here(page)
        new_tab = page.evaluate("window.firstMap - performance.timeOrigin / 1000")
        visit = page.evaluate("window.allBytes()")
        waits, sent = zip(*[_next_text(page, name, text) for text in texts[1 : count + 1]], strict=True)
        print_seen(page)
        print_sent = [_next_text(page, name, text)[1] for text in texts[count + 1 :]]
        press_arrows(page, PRESSES)
        settled(page)
        switch = statistics.median(waited(page, "keydown", PRESSES))
        heap, process = held(page)
    return Length(
        tokens,
        first=Cell(statistics.median(waits)),
        switch=Cell(switch),
        sent=in_bytes(statistics.median(sent)),
        process=in_bytes(of_family(server.process.pid, peak)),
        tab=memory(process, heap),
        new_tab=Cell(new_tab),
        visit=in_bytes(visit),
        weights=in_bytes(all_bytes(encode(attend(model, texts[0]).maps))),
        print_sent=in_bytes(statistics.median(print_sent)),
        print_switch=Cell(_print_switch(server, model, texts[-1])),
    )


def every_head(model: LoadedModel, tokens: int) -> list[float]:
    """Seconds from a text to one picture of every head as PNG, the model called anew each time as in the script."""

    def draw(text: str) -> bytes:
        return to_png(overview(attend(model, text).encoder), DPI)

    times = [seconds(partial(draw, text_of(model, tokens, number))) for number in range(PICTURES + 1)]
    return times[1:]


def _next_text(page: Page, name: str, text: str) -> tuple[float, float]:
    before = page.evaluate("window.allBytes()")
    page.evaluate(NEXT_TEXT, "/?" + urlencode({"model": name, "text": text}))
    page.wait_for_function("() => window.drawn", timeout=60_000)
    settled(page)
    all_here(page)
    return page.evaluate("window.drawn"), page.evaluate("window.allBytes()") - before


def _print_switch(server: Server, model: LoadedModel, text: str) -> float:
    """Runs of the page for one head after another, none of them drawn before."""
    with client(server.url) as person:
        person.open("", urlencode({"model": model.card.id, "text": text}))
        person.scroll()
        heads = iter([(5, head) for head in range(2, RERUNS + 2)])
        choose = partial(choose_next, person, heads, model=model.card.id, text=text)
        return statistics.median(seconds(choose) for _ in range(RERUNS))
