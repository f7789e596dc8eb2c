"""What the tests of the explorer share: its parts by name, its words in either language, and what Python computed.

seen = Explorer(page, "zh")
seen.cell(2, 4).click()
assert seen.readout() == ...
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from tests.harness.settle import GO, settled
from viz.attention import AttentionResult, attend
from viz.language import Language
from viz.language.catalogues import translations
from viz.models import load_model
from viz.pictures.explorer.strings import TEXTS

EXCHANGE = 'globalThis[Symbol.for("attention-explorer.exchange")]'

_WEIGHTS = """async ([id, number, layer]) => {
  const weights = EXCHANGE.attention(id).layers[number][layer];
  const blob = new Blob([weights]);
  const url = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(blob);
  });
  return url.slice(url.indexOf(",") + 1);
}""".replace("EXCHANGE", EXCHANGE)


DEBOUNCE_MS = 300


def told(page: Page) -> Page:
    """Wait until Python knows what was picked last, and has answered."""
    page.wait_for_timeout(DEBOUNCE_MS + 150)
    return settled(page)


def link(**params: Any) -> str:
    """A link to the first page; `show` is a dict of the explorer's switches."""
    parts = [
        f"{name}={quote(json.dumps(value) if name == 'show' else str(value))}"
        for name, value in params.items()
        if value not in ("", {})
    ]
    return "/?" + "&".join(parts) if parts else "/"


def go(page: Page, address: str) -> Page:
    """Follow a link without a reload, as Back does."""
    return follow(told(page), address)


def follow(page: Page, address: str) -> Page:
    """The same from a page where nothing was picked that Python may not know of yet."""
    page.evaluate(GO, address)
    return settled(page)


def shown_in_link(page: Page) -> dict[str, Any]:
    """The explorer's switches as the address has them."""
    return shown_at(page.url)


def shown_at(url: str) -> dict[str, Any]:
    """The explorer's switches as an address has them."""
    packed = parse_qs(urlsplit(url).query).get("show", ["{}"])[0]
    found: dict[str, Any] = json.loads(packed)
    return found


def pinned(page: Page) -> Any:
    """The cell that is pinned, as the address has it: waited for, since a long text keeps the browser busy."""
    page.wait_for_url(lambda url: "pin" in shown_at(url), wait_until="commit")
    return shown_in_link(told(page))["pin"]


@cache
def computed(text: str, pair: str | None = None, model: str = "all-MiniLM-L6-v2") -> AttentionResult:
    """What Python computes for a text, once for all tests."""
    return attend(load_model(model), text, pair)


@dataclass(frozen=True)
class Explorer:
    """The explorer on a page, in the page's language."""

    page: Page
    language: Language = "en"

    @property
    def root(self) -> Locator:
        return self.page.locator(".ax")

    def says(self, name: str, **values: object) -> str:
        """The explorer's string of that name, translated and filled in."""
        text = translations(self.language).gettext(TEXTS[name])
        return text.format(**values) if values else text

    def cell(self, layer: int, head: int) -> Locator:
        """A head's miniature; layer and head from 0."""
        return self.root.locator(f'.ax-cell[data-layer="{layer}"][data-head="{head}"]')

    def picked(self) -> tuple[int, int]:
        cell = self.root.locator('.ax-cell[aria-selected="true"]')
        return int(cell.get_attribute("data-layer") or -1), int(cell.get_attribute("data-head") or -1)

    def switch(self, value: str) -> Locator:
        """The radio button of that value, by its label: what a person clicks."""
        return self.root.locator(f'.ax-seg label:has(input[value="{value}"])')

    def check(self, name: str) -> Locator:
        return self.root.locator("label.ax-check").filter(has_text=self.says(name))

    def tab(self, view: str) -> Locator:
        return self.root.locator(f'.ax-tab[data-view="{view}"]')

    def token(self, number: int) -> Locator:
        """A token of the sentence view, from 0."""
        return self.root.locator(f'.ax-token[data-unit="{number}"]')

    @property
    def map(self) -> Locator:
        return self.root.locator(".ax-map-area")

    def focus(self, part: Locator) -> None:
        """Put the focus on a part once it is to be seen: a hidden one takes none, and keys would go astray."""
        expect(part).to_be_visible()
        part.focus()
        expect(part).to_be_focused()

    def text(self, name: str) -> str:
        """The text of a part, such as "readout", "facts" or "below"."""
        return self.root.locator(f".ax-{name}").first.inner_text()

    def readout(self) -> list[str]:
        """The line of numbers below the map, part by part: query, arrow, key, weight, rank."""
        parts: list[str] = self.root.locator(".ax-readout").evaluate(
            "line => [...line.children].map(part => part.textContent)"
        )
        return parts

    def canvas(self, which: str) -> str:
        """A canvas as it is painted, for comparing."""
        painted: str = self.root.locator(which).evaluate("canvas => canvas.toDataURL()")
        return painted

    def weights(self, payload: str, number: int, layer: int) -> NDArray[np.uint16]:
        """A layer's weights as they lie in the browser, flat."""
        coded = self.page.evaluate(_WEIGHTS, [payload, number, layer])
        return np.frombuffer(base64.b64decode(coded), "<u2")


def top(values: Any, labels: list[str], count: int = 3) -> str:
    """The largest values with their labels, as the explorer lists them."""
    order = sorted(range(len(labels)), key=lambda at: (-values[at], at))[:count]
    return " · ".join(f"{labels[at]} {values[at]:.4f}" for at in order)


class Traffic:
    """The messages between a page and its server from now on, by their sizes in bytes."""

    def __init__(self, page: Page) -> None:
        self.sent: list[int] = []
        self.received: list[int] = []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameSent", self._note(self.sent))
        session.on("Network.webSocketFrameReceived", self._note(self.received))

    @staticmethod
    def _note(sizes: list[int]) -> Callable[[Any], None]:
        return lambda event: sizes.append(len(event["response"]["payloadData"]))
