"""A document of bertviz's in Chromium: how long until it is painted, and until a click is."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, TimeoutError

from benchmarks.tab import held, tab

CLICKS = 5
REST_MS = 250

# A frame is asked for, and another after it: the second comes once the first has been handed over to be shown.
PAINTED = """
window.afterPaint = (tell) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => tell(Date.now() / 1000);
  channel.port2.postMessage(0);
}));
addEventListener("load", () => window.afterPaint((at) => { window.painted = at; }));
"""

# The browser's own measure of how long a person waits: from the hand to the next picture on the screen, in steps of
# 8 ms. What is faster than two frames is not told, and counts as that.
LEAST_MS = 16
WAITS = f"""
window.waits = {{}};
new PerformanceObserver((list) => {{
  for (const event of list.getEntries()) (window.waits[event.name] ??= []).push(event.duration);
}}).observe({{ type: "event", durationThreshold: {LEAST_MS} }});
"""


def waited(page: Page, event: str, times: int) -> list[float]:
    """Seconds from each of `times` events to the screen; those too short for the browser to tell as the shortest."""
    told: list[float] = page.evaluate("(name) => window.waits[name] ?? []", event)[-times:]
    return [wait / 1000 for wait in told] + [LEAST_MS / 1000] * (times - len(told))


@dataclass
class Drawn:
    """A document in a tab: when it was painted by the clock, what clicks took, and what the tab holds in bytes.

    `failed` says what was wrong with what is missing.
    """

    painted: float | None = None
    clicks: list[float] = field(default_factory=list)
    heap: int = 0
    process: int = 0
    failed: str = ""


def draw(browser: Browser, file: Path, within_s: float, click: str) -> Drawn:
    """Open the document in a tab of its own and click on what `click` finds, one head after another."""
    drawn = Drawn()
    with tab(browser, PAINTED, WAITS) as page:
        until = time.monotonic() + within_s
        try:
            page.goto(file.as_uri(), wait_until="commit", timeout=within_s * 1000)
            page.wait_for_function("window.painted", timeout=_left_ms(until))
            drawn.painted = page.evaluate("window.painted")
            _click(page, click, until, drawn)
            drawn.heap, drawn.process = held(page)
        except TimeoutError:
            drawn.failed = "over time"
        except Error:
            drawn.failed = "the tab crashed"
    return drawn


def _click(page: Page, click: str, until: float, drawn: Drawn) -> None:
    for number in range(CLICKS):
        began = time.monotonic()
        page.locator(click).nth(number + 1).click(timeout=_left_ms(until))
        page.evaluate("new Promise((done) => window.afterPaint(done))")
        page.wait_for_timeout(REST_MS)
        drawn.clicks = waited(page, "click", number + 1)
        if time.monotonic() - began > (until - time.monotonic()):
            break


def _left_ms(until: float) -> float:
    return max(1.0, 1000 * (until - time.monotonic()))
