"""Waits until Streamlit has drawn everything: nothing runs, nothing is stale, nothing is on its way.

The frontend keeps the state of the script on its root element, but after a click that state changes
only when the server answers. So the socket is listened to as well: what was sent last must have been
answered, and all must then have been quiet for a moment. The scripts of components begin later still: a
component is drawn once it holds more than its styles and the box they come in, and does not say that it is busy.
"""

from typing import Literal

from playwright.sync_api import Page

QUIET_MS = 250
# A message that asks for no run gets no answer; after this long none is expected any more.
ANSWER_WITHIN_MS = 5000

LISTEN = """
(() => {
  const traffic = (window.__atlasTraffic = { sent: 0, received: 0, bytes: 0 });
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        traffic.received = performance.now();
        traffic.bytes += data.size ?? data.byteLength ?? data.length;
      });
    }
    send(data) {
      traffic.sent = performance.now();
      super.send(data);
    }
  };
})();
"""

IS_SETTLED = """
([quietMs, answerMs, since]) => {
  const now = performance.now();
  const { sent, received } = window.__atlasTraffic;
  const app = document.querySelector('[data-testid="stApp"]');
  const busy = '[data-stale="true"], [data-testid="stSkeleton"], [data-testid="stAppSkeleton"], [aria-busy="true"]';
  const unfinished = ({ shadowRoot: root }) =>
    root?.querySelector(busy) || (root?.querySelector("style") && root.querySelectorAll(":not(style)").length < 2);
  return (
    app !== null &&
    app.dataset.testScriptState === "notRunning" &&
    app.dataset.testConnectionState === "CONNECTED" &&
    document.querySelector(busy) === null &&
    ![...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')].some(unfinished) &&
    [...document.images].every((image) => image.complete) &&
    (received >= sent || now - sent > answerMs) &&
    now - Math.max(sent, received, since) > quietMs
  );
}
"""

# A browser's own way to a link without a new page: what its Back button does.
GO = """(link) => {
  history.pushState({}, "", link);
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}"""

# What is drawn only once it is in view: a person scrolls there, and waits for the picture.
PRINT = ".st-key-print_seen"
TO_PRINT = f"() => document.querySelector('{PRINT}').scrollIntoView()"
IMAGE = '[data-testid="stImage"] img'


def listen(page: Page) -> None:
    """Make a page that was not yet opened keep the times of its socket's messages."""
    page.add_init_script(LISTEN)


def settled(page: Page, timeout_s: float = 120) -> Page:
    """Wait until the app is drawn to the end; returns the page. Playwright's TimeoutError if it never is."""
    page.wait_for_selector('[data-testid="stApp"]', timeout=timeout_s * 1000)
    since = page.evaluate("performance.now()")
    page.wait_for_function(
        IS_SETTLED, arg=[QUIET_MS, ANSWER_WITHIN_MS, since], polling=50, timeout=timeout_s * 1000
    )
    return page


def last_sent(page: Page) -> float:
    """When the page last told the server something, on the page's own clock, in milliseconds."""
    return float(page.evaluate("window.__atlasTraffic.sent"))


def switched(page: Page, theme: Literal["light", "dark"]) -> Page:
    """The page in its other theme, once it has said so and its pictures have come anew; returns the page."""
    before = last_sent(page)
    page.emulate_media(color_scheme=theme)
    page.wait_for_function("(before) => window.__atlasTraffic.sent > before", arg=before)
    return settled(page)


def scrolled(page: Page) -> Page:
    """Scroll the first page to its pictures for print and wait until one is drawn there; returns the page."""
    page.evaluate(TO_PRINT)
    page.wait_for_selector(IMAGE)
    return settled(page)
