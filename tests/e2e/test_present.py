"""Presenting: the controls hidden, and keys that step through the saved views."""

from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.conftest import NewPage, Shot
from tests.e2e.test_first_path import in_link
from tests.harness.settle import settled


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settled(page)


def test_views_are_saved_and_stepped_through(new_page: NewPage, shot: Shot) -> None:
    page = new_page(size=ViewportSize(width=1920, height=1080))
    page.get_by_text("Present", exact=True).click()
    _press(page, "Save this view")
    page.get_by_label("Head", exact=True).fill("9")
    page.keyboard.press("Enter")
    page.wait_for_url("**/*head=9*")
    settled(page)
    _press(page, "Save this view")
    _press(page, "Start presenting")
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_count(0)
    expect(page.locator(".bar")).to_contain_text("2 of 2")
    shot("presenting", page)

    page.keyboard.press("ArrowLeft")
    settled(page)
    expect(page.locator(".bar")).to_contain_text("1 of 2")
    assert in_link(page, "head") == ""
    page.keyboard.press("PageDown")
    settled(page)
    assert in_link(page, "head") == "9"

    page.reload()
    settled(page)
    expect(page.locator(".bar")).to_contain_text("2 of 2")
    _press(page, "Stop presenting")
    expect(page.get_by_label("Text", exact=True)).to_be_visible()
