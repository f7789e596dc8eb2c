"""The picture for print: it is drawn and sent once a person has come to its place on the page, and then as ever."""

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.conftest import DESKTOP, PHONE, NewPage, Shot
from tests.e2e.explorer import Explorer, Traffic, told
from tests.harness.server import Server
from tests.harness.settle import IMAGE, PRINT, listen, scrolled, settled
from tests.harness.watch import Watch
from viz.language import Language
from viz.language.catalogues import translations

TALL = ViewportSize(width=1280, height=2400)
STILL_MS = 1500
LARGE = 20_000  # bytes, as a picture or the explorer's weights


def waiting(language: Language = "en") -> str:
    """What stands in the place of the picture."""
    return translations(language).gettext("The picture is drawn as soon as it is in view.")


def to_the_top(page: Page) -> None:
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(("language", "locale"), [("en", "en-US"), ("zh", "zh-CN")])
def test_it_comes_once_its_place_is_in_view_and_then_with_each_head(
    new_page: NewPage, shot: Shot, language: Language, locale: str, size: ViewportSize
) -> None:
    page = new_page(locale=locale, size=size, theme="light" if size is DESKTOP else "dark")
    seen = Explorer(page, language)
    seen.root.evaluate("root => { window.first = root; }")
    traffic = Traffic(page)
    page.wait_for_timeout(STILL_MS)
    assert (traffic.sent, traffic.received) == ([], [])
    expect(page.locator(IMAGE)).to_have_count(0)
    expect(page.get_by_text(waiting(language))).to_have_count(1)

    scrolled(page)
    page.wait_for_timeout(STILL_MS)
    expect(page.get_by_text(waiting(language))).to_have_count(0)
    expect(page.locator(IMAGE)).to_have_count(1)
    assert len(traffic.sent) == 1
    assert len([count for count in traffic.received if count > LARGE]) == 1
    assert seen.root.evaluate("root => root === window.first")

    to_the_top(page)
    seen.cell(1, 6).click()
    told(page)
    assert seen.says("head_name", layer=2, head=7) in (page.locator(IMAGE).get_attribute("alt") or "")
    assert len(traffic.sent) == 2
    assert len([count for count in traffic.received if count > LARGE]) == 2
    assert seen.root.evaluate("root => root === window.first")
    shot(f"in-view-{language}-{'desktop' if size is DESKTOP else 'phone'}", page)


def test_in_a_window_as_tall_as_the_page_it_comes_by_itself_and_once(new_page: NewPage) -> None:
    page = new_page("/?layer=99", size=TALL)
    traffic = Traffic(page)
    expect(page.locator(IMAGE)).to_have_count(1)
    expect(page.get_by_test_id("stAlert")).to_have_count(1)  # the note on the link stays
    settled(page)
    page.wait_for_timeout(STILL_MS)
    assert len(traffic.sent) <= 1


def test_who_leaves_the_page_and_comes_back_finds_it_as_it_opened(page: Page) -> None:
    scrolled(page)
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    links.nth(3).click()
    settled(page)
    links.nth(0).click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("What does each head look at?")
    expect(page.get_by_text(waiting())).to_have_count(1)
    scrolled(page)


def test_it_comes_for_a_page_that_is_printed(page: Page) -> None:
    expect(page.locator(IMAGE)).to_have_count(0)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(IMAGE)).to_have_count(1)


def test_a_choice_of_a_moment_before_is_kept(page: Page) -> None:
    """What the browser tells may come with an address of before that choice."""
    page.evaluate(
        f"""() => {{
          document.querySelectorAll('[data-testid=stNumberInputStepUp]')[1].click();
          document.querySelector('{PRINT}').scrollIntoView();
        }}"""
    )
    expect(page.locator(IMAGE)).to_have_count(1)
    settled(page)
    expect(page.get_by_label("Head", exact=True)).to_have_value("3")


def test_a_browser_that_cannot_tell_what_is_in_view_has_it_at_once(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    watch = Watch(context, server.url.removeprefix("http://"))
    page = context.new_page()
    listen(page)
    page.add_init_script("delete window.IntersectionObserver")
    page.goto(server.url)
    expect(settled(page).locator(IMAGE)).to_have_count(1)
    context.close()
    watch.check()
