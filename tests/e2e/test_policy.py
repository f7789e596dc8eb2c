"""The Content-Security-Policy of docs/security-headers.md: every page works under it, and it stops inline scripts.

All pages but BertViz's, that is, whose frame needs inline scripts, as is written there.
"""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from tests.e2e import server as servers
from tests.e2e.conftest import DESKTOP
from tests.e2e.explorer import Explorer, follow
from tests.e2e.server import Server
from tests.e2e.settle import listen, settled
from tests.e2e.test_access import PAGES
from tests.e2e.watch import Watch

_WRITTEN = (servers.ROOT / "docs" / "security-headers.md").read_text(encoding="utf-8")
_FOUND = re.search(r"```text\n(.+?)\n```", _WRITTEN)
assert _FOUND is not None
POLICY = _FOUND[1]
WITH_BERTVIZ = re.sub(r"'sha256-[^']+'", "'unsafe-inline'", POLICY)

# What a page is for, where that is not a picture made by the server.
MAIN = {
    "": ".ax-cell",
    "heads": "[data-testid=stVegaLiteChart] :is(canvas, svg)",
    "importance": "[data-testid=stBidiComponentIsolated] button",
    "learn": "[data-testid=stPageLink]",
    "guide": "[data-testid=stDataFrame] canvas",
    "by_hand": ".board td",
    "inside": "[data-testid=stBidiComponentIsolated] td",
    "why": "svg [role=button]",
}

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


def test_every_page_works_under_the_strict_policy(server: Server, context: BrowserContext) -> None:
    page, violations = under(context, POLICY)
    watch = Watch(context, server.url.removeprefix("http://"))
    page.goto(server.url + "/guide")
    settled(page)
    for path in PAGES:
        if path == "bertviz":
            continue
        follow(page, f"/{path}?text=I+saw+her.&layer=2&head=3")
        expect(page.locator("[data-testid=stMain] h1")).to_have_count(1)
        main = page.get_by_test_id("stMain").locator(MAIN.get(path, "img")).first
        expect(main).to_be_visible()
        assert (path, violations, watch.errors) == (path, [], [])

    follow(page, "/?text=I+saw+her.&layer=2&head=3")
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
