"""A tab of a real Chromium with the app in it: opened, waited for, and how much memory it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from benchmarks.memory import private
from tests.harness.server import Server
from tests.harness.settle import GO, LISTEN, scrolled, settled

REST_MS = 120  # the page is told after 300 ms without a press
FIND = """
window.ax = null;
window.firstMap = null;
(function look() {
  if (!window.ax?.isConnected) {
    for (const host of document.querySelectorAll('[data-testid="stBidiComponentIsolated"], [data-testid="stMain"] *')) {
      const explorer = host.shadowRoot?.querySelector(".ax");
      if (explorer) window.ax = explorer;
    }
  }
  const map = window.ax?.querySelector(".ax-map-area canvas");
  if (map?.width > 300 && !window.ax.querySelector(".ax-panels").hidden) window.firstMap ??= Date.now() / 1000;
  if (!window.firstMap) requestAnimationFrame(look);
})();
"""


@contextmanager
def tab(browser: Browser, *scripts: str) -> Iterator[Page]:
    """A new tab that shares nothing with others; `scripts` run in each page that it opens, before the page's own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    for script in scripts:
        page.add_init_script(script)
    try:
        yield page
    finally:
        context.close()


@contextmanager
def opened(server: Server, browser: Browser, *scripts: str, **params: str) -> Iterator[Page]:
    """The app's first page by a link of these parameters, drawn to the end.

    `window.ax` is the explorer's element there, and `window.firstMap` when its first map was there, in seconds.
    """
    with tab(browser, LISTEN, FIND, *scripts) as page:
        page.goto(f"{server.url}/?{urlencode(params)}")
        yield settled(page)


def follow(page: Page, **params: str) -> None:
    """Go on to a link of these parameters, as the Back button does."""
    page.evaluate(GO, "/?" + urlencode(params))


def press_arrows(page: Page, presses: int) -> None:
    """Go from head to head in the atlas, resting as long as a quick hand does; no run of the page falls in between."""
    page.locator(".ax-cell.picked").focus()
    for number in range(presses):
        page.keyboard.press(("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowRight")[number % 4])
        page.wait_for_timeout(REST_MS)


def all_here(page: Page) -> None:
    """Wait until every layer has come."""
    page.wait_for_function("""() => {
      const exchange = globalThis[Symbol.for("attention-explorer.exchange")];
      const link = exchange?.linkOf("explorer");
      const attention = link && exchange.attention(link.show);
      return attention && attention.layers.every((layers) => layers.every(Boolean));
    }""")
    settled(page)


def print_seen(page: Page) -> None:
    """Scroll down to the pictures for print, so that from now on they are drawn and sent, and back up."""
    scrolled(page)
    page.evaluate("""document.querySelector('[data-testid="stMain"]').scrollTo(0, 0)""")
    settled(page)


def held(page: Page) -> tuple[int, int]:
    """What the page's scripts hold with their buffers, and the private memory of the tab's process, both in bytes.

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
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return max((private(process["id"]) for process in processes if process["type"] == "renderer"), default=0)
