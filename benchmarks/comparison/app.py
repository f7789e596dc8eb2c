"""The app in Chromium: a text's way to its first map and on to the next head, and what is sent and held for it."""

import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from benchmarks.comparison.tabs import PAINTED, WAITS, waited
from benchmarks.comparison.texts import text_of
from benchmarks.first_picture import DPI, choose_next
from benchmarks.memory import peak_of_family
from benchmarks.tab import all_here, held, opened, print_seen
from tests.harness.client import client
from tests.harness.server import Server
from tests.harness.settle import GO, settled
from viz.attention import attend
from viz.models import LoadedModel
from viz.pictures.explorer.payload import encode
from viz.pictures.figures import overview, to_png

PRESSES, REST_MS = 12, 120  # the page is told after 300 ms without a press
RERUNS, PICTURES = 4, 5
SHORT = 128  # tokens; up to there three texts, else one


# All that has come to the page: over its socket, and what it loaded besides.
COUNT = """
performance.setResourceTimingBufferSize(5000);
window.allBytes = () => performance.getEntriesByType("resource")
  .reduce((sum, each) => sum + each.transferSize, window.__atlasTraffic.bytes);
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


@dataclass(frozen=True)
class Seen:
    """What one length of text took, in seconds and bytes.

    `tab` a new tab opened with the text, `visit` the bytes of that; `text` another text in an open tab, with every
    head in miniature, `sent` the bytes of that, for a page as it opens; `printed` the same once a person has scrolled
    to the picture for print; `weights` those of them that are the weights of all heads; `press` another head by a key,
    to the screen; `picture` another head's picture for print, by the server; `server` the most memory of its process so
    far; `heap` and `process` what the tab holds, that picture included.
    """

    tab: float
    visit: float
    text: float
    sent: float
    printed: float
    weights: int
    press: float
    picture: float
    server: int
    heap: int
    process: int


def first_map(server: Server, browser: Browser, model: LoadedModel, tokens: int) -> float:
    """When the first map was there in a tab that opens the app with a text, by the clock."""
    with opened(server, browser, model=model.card.id, text=text_of(model, tokens)) as page:
        return float(page.evaluate("window.firstMap"))


def seen(server: Server, browser: Browser, model: LoadedModel, tokens: int) -> Seen:
    """Open the app with a text of this length, and use it as a person does."""
    name = model.card.id
    count = 3 if tokens <= SHORT else 1
    texts = [text_of(model, tokens, 5 + 7 * number) for number in range(2 * count + 1)]
    with opened(server, browser, PAINTED, WAITS, COUNT, model=name, text=texts[0]) as page:
        all_here(page)
        tab = page.evaluate("window.firstMap - performance.timeOrigin / 1000")
        visit = page.evaluate("window.allBytes()")
        told = [_next_text(page, name, text) for text in texts[1 : count + 1]]
        waits, sent = zip(*told, strict=True)
        print_seen(page)
        printed = [_next_text(page, name, text)[1] for text in texts[count + 1 :]]
        press = _press(page)
        heap, process = held(page)
    return Seen(
        tab=tab,
        visit=visit,
        text=statistics.median(waits),
        sent=statistics.median(sent),
        printed=statistics.median(printed),
        weights=_weights(model, texts[0]),
        press=press,
        picture=_picture(server, model, texts[-1]),
        server=peak_of_family(server.process.pid),
        heap=heap,
        process=process,
    )


def every_head(model: LoadedModel, tokens: int) -> list[float]:
    """Seconds from a text to one picture of every head as PNG, the model called anew each time as in the script."""
    times = []
    for number in range(PICTURES + 1):
        text = text_of(model, tokens, number)
        began = time.perf_counter()
        to_png(overview(attend(model, text).encoder), DPI)
        times.append(time.perf_counter() - began)
    return times[1:]


def _next_text(page: Page, name: str, text: str) -> tuple[float, float]:
    before = page.evaluate("window.allBytes()")
    page.evaluate(NEXT_TEXT, "/?" + urlencode({"model": name, "text": text}))
    page.wait_for_function("() => window.drawn", timeout=60_000)
    settled(page, 120)
    all_here(page)
    return page.evaluate("window.drawn"), page.evaluate("window.allBytes()") - before


def _press(page: Page) -> float:
    page.locator(".ax-cell.picked").focus()
    for number in range(PRESSES):
        page.keyboard.press(("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowRight")[number % 4])
        page.wait_for_timeout(REST_MS)
    settled(page, 120)
    return statistics.median(waited(page, "keydown", PRESSES))


def _weights(model: LoadedModel, text: str) -> int:
    payload = encode(attend(model, text).maps)
    return len(payload.first) + (len(payload.more(payload.left)) if payload.left else 0)


def _picture(server: Server, model: LoadedModel, text: str) -> float:
    """Runs of the page for one head after another, none of them drawn before."""
    with client(server.url) as person:
        person.open("", urlencode({"model": model.card.id, "text": text}))
        person.scroll()
        times = []
        heads = iter([(5, head) for head in range(2, RERUNS + 2)])
        for _ in range(RERUNS):
            began = time.perf_counter()
            choose_next(person, heads, model=model.card.id, text=text)
            times.append(time.perf_counter() - began)
    return statistics.median(times)
