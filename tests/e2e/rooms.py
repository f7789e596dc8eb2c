"""Where the explorer is looked at: each theme, each language, and a phone or a projector, in four rooms.

A room is one page that the tests of a file share: loading it anew would take longer than what they test. A
test starts with `room.at(link)`, which follows a link as the browser's Back does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.e2e.conftest import PHONE
from tests.e2e.explorer import Explorer, go
from tests.harness.server import Server
from tests.harness.settle import listen, settled
from tests.harness.watch import Watch
from viz.language import Language

PROJECTOR = ViewportSize(width=1920, height=1080)


@dataclass(frozen=True)
class Room:
    """A page of the app in one theme, language and size."""

    name: str
    page: Page
    language: Language
    touch: bool

    def at(self, address: str) -> Explorer:
        """Go there; the explorer as it then is."""
        self.page.mouse.move(1, 1)
        go(self.page, address)
        return Explorer(self.page, self.language)


# Every theme with every language, every theme with every size, every language with every size.
ROOMS: dict[str, tuple[Literal["light", "dark"], Language, ViewportSize]] = {
    "light-en-projector": ("light", "en", PROJECTOR),
    "dark-zh-projector": ("dark", "zh", PROJECTOR),
    "dark-en-phone": ("dark", "en", PHONE),
    "light-zh-phone": ("light", "zh", PHONE),
}


@pytest.fixture(scope="module", params=ROOMS)
def room(request: pytest.FixtureRequest, server: Server, browser: Browser) -> Iterator[Room]:
    """One of `ROOMS`, open on the first page for all tests of a file."""
    theme, language, size = ROOMS[request.param]
    touch = size is PHONE
    context = browser.new_context(
        viewport=size,
        locale="zh-CN" if language == "zh" else "en-US",
        color_scheme=theme,
        timezone_id="UTC",
        has_touch=touch,
        is_mobile=touch,
        reduced_motion="reduce" if theme == "dark" else "no-preference",
    )
    watch = Watch(context, server.url.removeprefix("http://"))
    page = context.new_page()
    listen(page)
    page.goto(server.url)
    yield Room(request.param, settled(page), language, touch)
    context.close()
    watch.check()
