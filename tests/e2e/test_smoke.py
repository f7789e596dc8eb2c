"""The app starts and draws something in a browser, in both themes and on a phone."""

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import PHONE, NewPage, Shot


def test_the_first_visit_draws_a_page(page: Page, shot: Shot) -> None:
    assert page.locator('[data-testid="stMain"] h1').first.is_visible()
    assert page.locator('[data-testid="stException"]').count() == 0
    assert shot("first-visit", page).stat().st_size > 10_000


@pytest.mark.parametrize(("theme", "is_dark"), [("light", False), ("dark", True)])
def test_the_theme_follows_the_browser(new_page: NewPage, shot: Shot, theme: str, is_dark: bool) -> None:
    page = new_page(theme="dark" if is_dark else "light")
    background = page.evaluate("""getComputedStyle(document.querySelector('[data-testid="stApp"]'))
                                  .backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)""")
    assert (sum(background) / 3 < 128) is is_dark
    shot(f"theme-{theme}", page)


def test_on_a_phone_nothing_lies_outside_the_window(new_page: NewPage, shot: Shot) -> None:
    page = new_page(size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot("phone", page)
