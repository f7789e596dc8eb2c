"""The Content-Security-Policy of docs/security-headers.md: the app works under it, and it stops inline scripts."""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from tests.e2e import server as servers
from tests.e2e.conftest import DESKTOP
from tests.e2e.explorer import Explorer
from tests.e2e.server import Server
from tests.e2e.settle import listen, settled

_WRITTEN = (servers.ROOT / "docs" / "security-headers.md").read_text(encoding="utf-8")
_FOUND = re.search(r"```text\n(.+?)\n```", _WRITTEN)
assert _FOUND is not None
POLICY = _FOUND[1]
WITH_BERTVIZ = re.sub(r"'sha256-[^']+'", "'unsafe-inline'", POLICY)

_REPORT = """document.addEventListener("securitypolicyviolation", (event) =>
  violated(`${event.effectiveDirective} ${event.blockedURI}`))"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport=DESKTOP, locale="en-US", timezone_id="UTC")
    # A page whose answer is handed over by the test counts as one from elsewhere, which may not ask this machine.
    with suppress(Error):
        opened.grant_permissions(["local-network-access"])
    yield opened
    opened.close()


def under(context: BrowserContext, policy: str) -> tuple[Page, list[str]]:
    """A page whose documents come with the policy, and what violates it."""
    violations: list[str] = []

    def answer(route: Route) -> None:
        if route.request.resource_type != "document":
            route.continue_()
            return
        found = route.fetch()
        route.fulfill(response=found, headers={**found.headers, "content-security-policy": policy})

    context.expose_function("violated", lambda said: violations.append(said))
    context.add_init_script(_REPORT)
    context.route("**/*", answer)
    page = context.new_page()
    listen(page)
    return page, violations


def test_the_pages_work_under_the_strict_policy(server: Server, context: BrowserContext) -> None:
    page, violations = under(context, POLICY)
    for path in ("/by_hand", "/learn", "/?text=I+saw+her.&layer=2&head=3"):
        page.goto(server.url + path)
        settled(page)
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
    seen = Explorer(page)
    assert seen.picked() == (1, 2)
    seen.cell(3, 4).click()
    expect(seen.cell(3, 4)).to_have_attribute("aria-selected", "true")
    assert violations == []
    # And it does stop a script that is written into the page.
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran === undefined")
    assert violations == ["script-src-elem inline"]


def test_bertviz_works_with_inline_scripts(server: Server, context: BrowserContext) -> None:
    page, violations = under(context, WITH_BERTVIZ)
    page.goto(server.url + "/bertviz?text=I+saw+her.")
    settled(page)
    expect(page.frame_locator("iframe").locator("#vis svg").first).to_be_visible()
    assert violations == []
