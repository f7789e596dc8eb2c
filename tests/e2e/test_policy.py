"""The Content-Security-Policy that the app sends: every page works under it, and it stops inline scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import DESKTOP
from tests.e2e.explorer import Explorer, follow
from tests.e2e.test_access import PAGES
from tests.harness.server import Server
from tests.harness.settle import listen, settled
from tests.harness.watch import Watch

# What a page is for, where that is not a picture made by the server.
MAIN = {
    "": ".ax-cell",
    "heads": "[data-testid=stVegaLiteChart] :is(canvas, svg)",
    "importance": "[data-testid=stBidiComponentIsolated] button",
    "bertviz": "iframe",
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
    yield opened
    opened.close()


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and what violates the policy in it and in its frames."""
    violations: list[str] = []
    context.expose_function("violated", lambda said: violations.append(said))
    context.add_init_script(_REPORT)
    page = context.new_page()
    listen(page)
    return page, violations


def test_every_page_works_under_the_strict_policy(server: Server, context: BrowserContext) -> None:
    page, violations = watched(context)
    watch = Watch(context, server.url.removeprefix("http://"))
    page.goto(server.url + "/guide")
    settled(page)
    for path in PAGES:
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


@pytest.mark.parametrize(("language", "model_view"), [("en", "Model view"), ("zh", "模型视图")])
def test_bertviz_draws_under_the_policy(
    server: Server, context: BrowserContext, language: str, model_view: str
) -> None:
    page, violations = watched(context)
    page.goto(f"{server.url}/bertviz?text=I+saw+her.&lang={language}")
    settled(page)
    vis = page.frame_locator("iframe").locator("body.head #vis svg")
    expect(vis.first).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("radio", name=model_view).click()
    settled(page)
    expect(page.frame_locator("iframe").locator("body.model #vis svg").first).to_be_visible()
    assert violations == []


def test_a_file_is_taken_under_the_headers(server: Server, context: BrowserContext, tmp_path: Path) -> None:
    page, violations = watched(context)
    page.goto(f"{server.url}/roles?over=own")
    settled(page)
    texts = tmp_path / "texts.txt"
    texts.write_text("I saw her.\nShe left.\n", encoding="utf-8")
    page.get_by_test_id("stMain").locator("input[type=file]").set_input_files(texts)
    settled(page)
    expect(page.get_by_test_id("stFileChipName")).to_contain_text("texts.txt")
    assert violations == []
