"""The explorer's weights by their address, on a server in a folder of its site: fetched once, or recovered."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.conftest import DESKTOP, Shot
from tests.e2e.explorer import Explorer, Traffic, link, told
from tests.harness import server as servers
from tests.harness.server import Server
from tests.harness.settle import listen, settled
from tests.harness.watch import Watch
from viz.language import Language

TEXT = "The keeper of the lighthouse counted what was left of her boats."
OTHER = "Two were gone; the third lay upside down on the stones."
WEIGHTS = "**/weights/*"
# Of each time that weights were fetched: the address, and the bytes that came over the network.
FETCHED = """() => performance.getEntriesByType("resource")
  .filter(({ name }) => name.includes("/weights/")).map(({ name, transferSize }) => [name, transferSize])"""

Open = Callable[[str, str], Page]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("folder") / "server.log"
    with servers.running(servers.ROOT / "app.py", log, base="atlas") as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport=DESKTOP, locale="en-US", timezone_id="UTC")
    yield opened
    opened.close()


def at(server: Server, context: BrowserContext, text: str, language: Language = "en") -> Page:
    page = context.new_page()
    listen(page)
    page.goto(f"{server.url}{link(text=text, lang=language)}")
    return settled(page)


def test_weights_come_from_below_the_folder_and_are_fetched_once(
    server: Server, context: BrowserContext
) -> None:
    watch = Watch(context, urlsplit(server.url).netloc)
    page = at(server, context, TEXT)
    seen = Explorer(page)
    expect(seen.root.locator(".ax-cell")).to_have_count(72)
    [(address, size)] = page.evaluate(FETCHED)
    assert address.startswith(f"{server.url}/weights/")
    assert size > 20_000
    assert TEXT.split()[1] not in address
    traffic = Traffic(page)
    page.get_by_role("link", name="Compare heads").first.click()
    page.wait_for_url("**/atlas/heads?*")
    settled(page)
    page.get_by_role("link", name="Explore").first.click()
    page.wait_for_url("**/atlas/?*")
    settled(page)
    expect(seen.root.locator(".ax-cell")).to_have_count(72)
    again = page.evaluate(FETCHED)
    assert [name for name, _size in again] == [address] * len(again)
    assert [size for _name, size in again[1:]] == [0] * (len(again) - 1)
    assert len(again) > 1
    assert max(traffic.received) < 400_000
    page.reload()
    settled(page)
    assert page.evaluate(FETCHED) == [[address, 0]]
    other = at(server, context, TEXT)
    assert other.evaluate(FETCHED)[0][0] == address  # another session, the same copy
    watch.check()
    assert address.rsplit("/", 1)[1] not in server.printed()


def answered(page: Page, answer: Callable[[Route], None]) -> None:
    """From now on `answer` is what is at the addresses of weights."""
    page.route(WEIGHTS, answer)


def new_text(page: Page, text: str) -> None:
    page.get_by_label("Text", exact=True).fill(text)
    page.keyboard.press("Control+Enter")


def test_where_something_else_is_at_their_address_they_come_by_the_session(
    server: Server, context: BrowserContext
) -> None:
    page = at(server, context, TEXT)
    seen = Explorer(page)
    answered(page, lambda route: route.fulfill(content_type="text/html", body="<html>Log in</html>"))
    new_text(page, OTHER)
    seen.tab("sentence").click()
    expect(seen.root.get_by_text("upside", exact=True)).to_be_visible()
    expect(seen.root.get_by_role("alert")).to_be_hidden()
    seen.cell(2, 3).click()
    told(page)
    assert seen.picked() == (2, 3)
    # What a replica that never heard of the address says, or one that let go of it:
    page.unroute(WEIGHTS)
    answered(page, lambda route: route.fulfill(status=404))
    new_text(page, TEXT)
    expect(seen.root.get_by_text("lighthouse", exact=True)).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_network_that_is_said_and_a_button_tries_again(
    server: Server, context: BrowserContext, shot: Shot, language: Language
) -> None:
    answers: list[Callable[[Route], None]] = [lambda route: route.abort()]
    context.route(WEIGHTS, lambda route: answers[-1](route))
    page = at(server, context, f"{language}. {TEXT}", language)
    seen = Explorer(page, language)
    error = seen.root.get_by_role("alert")
    expect(error).to_contain_text(seen.says("error_fetch"))
    shot(f"explorer-not-fetched-{language}", page)
    held: list[Route] = []
    answers.append(held.append)
    again = error.get_by_role("button", name=seen.says("try_again"))
    again.click()
    expect(error).to_be_hidden()
    expect(seen.root.locator(".ax-wait")).to_have_text(seen.says("waiting"))
    expect(seen.root).to_have_attribute("aria-busy", "true")
    held[0].abort()
    expect(error).to_be_visible()
    answers.append(lambda route: route.continue_())
    again.click()
    expect(seen.root.locator(".ax-cell")).to_have_count(72)
    expect(error).to_be_hidden()
    expect(seen.root).to_have_attribute("aria-busy", "false")
