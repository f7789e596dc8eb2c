"""Hostile strings sent by a link through every page: none runs, asks another host, opens a dialog or shows an error.

All strings travel to every page, as the target and the saved views, and a share of them as the text, which is what
a page draws: a text of all of them has 800 tokens, and is opened once. The parameters that take something else get
a hostile value as well.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from tests.e2e.conftest import DESKTOP
from tests.harness import server as servers
from tests.harness.server import Server
from tests.harness.settle import PRINT, listen, scrolled, settled
from tests.harness.watch import Watch
from tests.hostile import IN_LINKS, SHORT
from viz.view.link_values import pack_text

PAGES = tuple(sorted(path.stem for path in (servers.ROOT / "pages").glob("*.py")))
START = "explore"  # the page without a name in its address

# Looks into the components' own trees too: what of a text became an element, an address or a handler?
MADE_OF_TEXT = """() => {
  const found = [];
  const look = (root) => {
    for (const each of root.querySelectorAll("*")) {
      for (const { name, value } of each.attributes) {
        const handler = name.startsWith("on") && value.includes("pwned");
        const leads = ["href", "src", "action", "srcset"].includes(name);
        const address = leads && /evil\\.invalid|^javascript:/i.test(value);
        if (handler || address) found.push(`${each.tagName} ${name}=${value}`);
      }
      if (each.shadowRoot) look(each.shadowRoot);
    }
  };
  look(document);
  return found;
}"""


@dataclass
class Canary:
    """A page with `pwned`, which every frame of it can call; it keeps what was called, and the dialogs there were."""

    page: Page
    sung: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.expose_function("pwned", lambda *said: self.sung.append(f"pwned{said}"))
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda opened: self.sung.append(f"popup {opened.url}"))

    def _dialog(self, dialog: Dialog) -> None:
        self.sung.append(f"{dialog.type} {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport=DESKTOP, locale="en-US", timezone_id="UTC")
    yield opened
    opened.close()


def shares() -> list[str]:
    """All strings in eight texts, each with some of every kind."""
    every = list(IN_LINKS.values())
    return [" ".join(every[start::8]) for start in range(8)]


def hostile_link(page: str, text: str, **changes: str) -> str:
    """The path of a link whose every parameter is hostile; `text` is what the page draws."""
    every = pack_text("\n".join(IN_LINKS.values()))
    script = IN_LINKS["script"] + IN_LINKS["markdown link"] + IN_LINKS["bidi"]
    lessons = {
        "by_hand": {"tokens": SHORT},
        "translator": {"sentence": (IN_LINKS["image"] + IN_LINKS["markdown image"])[:60]},
        "training": {"typed": IN_LINKS["image"]},
    }
    ignored = (
        "model",
        "model2",
        "layer",
        "head",
        "scope",
        "show",
        "answered",
        "off",
        "flow",
        "weigh",
        "lang",
    )
    params = {
        "text": pack_text(text),
        "pair": pack_text("".join(SHORT)),
        "other": pack_text(text),
        "target": every,
        "saved": pack_text("\n".join([f"{page}?text={script}", f"{script}?{script}", *IN_LINKS.values()])),
        "lessons": pack_text(json.dumps(lessons)),
        **dict.fromkeys(ignored, script),
        **changes,
    }
    # Bytes that are no UTF-8, which no library would write: half a surrogate, and what stands for no character.
    broken = "measure=%ED%A0%80%FF%C0%AF"
    return f"/{'' if page == START else page}?{urlencode(params)}&{broken}&{urlencode({script: script})}"


def visit(canary: Canary, server: Server, link: str) -> None:
    canary.page.goto(server.url + link)
    settled(canary.page)
    if canary.page.locator(PRINT).count():
        scrolled(canary.page)
    # What runs on its own, or once a pointer or the focus comes by.
    canary.page.mouse.move(640, 450)
    canary.page.keyboard.press("Tab")
    assert canary.sung == []
    assert canary.page.evaluate(MADE_OF_TEXT) == []
    assert canary.page.url.startswith(server.url + "/")
    expect(canary.page.get_by_test_id("stException")).to_have_count(0)
    assert "Traceback (most recent call last)" not in canary.page.locator("body").inner_text()


def test_no_string_of_a_link_is_more_than_text_on_any_page(server: Server, context: BrowserContext) -> None:
    assert len(PAGES) >= 17
    printed_before = len(server.printed())
    watch = Watch(context, server.url.removeprefix("http://"))
    canary = Canary(context.new_page())
    listen(canary.page)
    for page, text in zip(PAGES, cycle(shares()), strict=False):
        visit(canary, server, hostile_link(page, text))
        expect(canary.page.get_by_role("heading", level=1).first).to_be_visible()
    # All at once; presented; and with a lesson's state that is none.
    visit(canary, server, hostile_link(START, " ".join(IN_LINKS.values()), present="1"))
    broken = hostile_link("by_hand", shares()[0], lessons=IN_LINKS["script"], lang="zh")
    visit(canary, server, broken)
    watch.check()
    assert servers.UNCAUGHT not in server.printed()[printed_before:]


@pytest.mark.parametrize("name", ["script", "end of a script", "image", "drawing", "frame", "comment"])
def test_the_canary_sings_where_a_page_takes_a_text_for_html(context: BrowserContext, name: str) -> None:
    canary = Canary(context.new_page())
    canary.page.set_content(IN_LINKS[name])
    for _ in range(100):
        if canary.sung:
            break
        canary.page.wait_for_timeout(50)
    assert [said.partition("(")[0] for said in canary.sung] == ["pwned"]


def test_a_dialog_an_address_and_a_request_are_seen(context: BrowserContext) -> None:
    watch = Watch(context, "127.0.0.1")
    canary = Canary(context.new_page())
    canary.page.set_content(IN_LINKS["link"] + IN_LINKS["foreign image"] + "<script>alert(7)</script>")
    assert canary.sung == ["alert 7"]
    assert len(canary.page.evaluate(MADE_OF_TEXT)) == 2
    assert watch.foreign == ["https://evil.invalid/image.png"]
