"""Fixtures of the end-to-end tests: one server, one browser, pages that are watched, screenshots.

    def test_something(page, shot):                 # a desktop page of the app, open and settled
        page.get_by_label("Head").fill("5")
        shot("head-5", settled(page))

    def test_on_a_phone(new_page, shot):
        page = new_page("/?lang=zh", theme="dark", locale="zh-CN", size=PHONE)

A test fails if a page asks another host for anything, if it raises an error in the browser, or if
the server logs an error that the app did not catch.
"""

import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Literal, Protocol

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.harness import browser as browsers
from tests.harness import server as servers
from tests.harness.server import Server
from tests.harness.settle import listen, settled
from tests.harness.watch import Watch
from viz.ui.exhibits.bitmaps.drawers import UNSENT

HERE = Path(__file__).resolve().parent
SCREENSHOTS = HERE / "screenshots"
DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=360, height=780)
LONGEST_PICTURE_PX = 8000

Shot = Callable[[str, Page], Path]


class NewPage(Protocol):
    """Opens a path of the app in a browser of its own and waits until it is drawn."""

    def __call__(
        self,
        path: str = "/",
        *,
        theme: Literal["light", "dark"] = "light",
        locale: str = "en-US",
        size: ViewportSize = DESKTOP,
    ) -> Page: ...


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and run them last: what is quick to find is found first.

    Where several workers run files side by side, those of this folder are spread evenly among the others instead: a
    test that waits for a browser leaves its processor to others.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
    others, ours = ([path for path in files if (HERE in path.parents) == here] for here in (False, True))
    places = {path: (at + 0.5) / len(each) for each in (others, ours) for at, path in enumerate(each)}
    spread = hasattr(config, "workerinput")
    order = sorted(others + ours, key=places.__getitem__) if spread else others + ours
    items[:] = [item for path in order for item in files[path]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the server printed beside a failure."""
    report = yield
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and server is not None:
        report.sections.append(("What the app's server printed last", server.printed()[-10_000:]))
    return report


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app on a free port of this machine, with the user's own cache of models."""
    log = tmp_path_factory.mktemp("server") / "server.log"
    with servers.running(servers.ROOT / "app.py", log) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium that reaches this machine only."""
    with browsers.chromium() as opened:
        yield opened


@pytest.fixture
def new_page(server: Server, browser: Browser) -> Iterator[NewPage]:
    """Opens pages of the app, watches them all, and closes them after the test."""
    contexts = []
    watches = []
    printed_before = len(server.printed())

    def open_page(
        path: str = "/",
        *,
        theme: Literal["light", "dark"] = "light",
        locale: str = "en-US",
        size: ViewportSize = DESKTOP,
    ) -> Page:
        context = browser.new_context(viewport=size, locale=locale, color_scheme=theme, timezone_id="UTC")
        contexts.append(context)
        watches.append(Watch(context, server.url.removeprefix("http://")))
        page = context.new_page()
        listen(page)
        page.goto(server.url + path)
        return settled(page)

    yield open_page
    for context in contexts:
        context.close()
    for watch in watches:
        watch.check()
    printed = server.printed()[printed_before:]
    assert servers.UNCAUGHT not in printed, "A page raised; see what was printed"
    assert UNSENT not in printed, "A figure cannot be pickled; see what was printed"


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """The first visit: the app's start page on a desktop, in English, light."""
    return new_page()


@pytest.fixture
def shot() -> Shot:
    """`shot(name, page)` keeps a picture of the whole page for people to look at."""
    return take_shot


def take_shot(name: str, page: Page) -> Path:
    """Save screenshots/<name>.png, as tall as all that the page holds."""
    assert re.fullmatch(r"[a-z0-9-]+", name), f"A picture's name is of a-z, 0-9 and -, not {name!r}"
    SCREENSHOTS.mkdir(exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    size = page.viewport_size
    assert size is not None
    # Streamlit scrolls within the page: only a window as tall as the content shows all of it.
    needed = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll('[data-testid="stMain"], section')]
                             .map((part) => part.scrollHeight))"""
    )
    page.set_viewport_size(
        ViewportSize(width=size["width"], height=min(max(needed, size["height"]), LONGEST_PICTURE_PX))
    )
    settled(page).screenshot(path=path, animations="disabled")
    page.set_viewport_size(size)
    return path
