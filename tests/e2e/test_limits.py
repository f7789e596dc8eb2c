"""Lesson 7 in a real browser: drawn with no click, measured on this machine, set up by a step, on a phone."""

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.harness.settle import settled

IMAGES = '[data-testid="stImage"] img'


def test_it_is_drawn_and_measured(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/limits")
    expect(page.locator(IMAGES)).to_have_count(8)
    page.get_by_role("button", name="Measure on this machine").click()
    expect(page.get_by_text("the time of attention grows as n to the power")).to_be_visible(timeout=60_000)
    expect(page.locator(IMAGES)).to_have_count(9)
    page.get_by_role("button", name="Set it up").nth(1).click()
    settled(page)
    expect(page.get_by_role("slider", name="Padding tokens")).to_have_value("12")
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    shot("limits-light-en", settled(page))


def test_it_fits_a_dark_phone_in_chinese(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/limits", theme="dark", locale="zh-CN", size=PHONE)
    expect(
        page.locator(IMAGES).nth(7)
    ).to_be_attached()  # one more where it was measured before: that is shared
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot("limits-dark-zh-phone", page)
