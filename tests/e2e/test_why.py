"""Lesson 1 in a real browser: parts of the diagram by mouse and by keyboard, marked for a model, kept in the link."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.e2e.test_first_path import in_link
from tests.harness.settle import settled


def part(page: Page, name: str) -> Locator:
    return page.locator(".stacks").get_by_role("button", name=name, exact=True).first


def test_parts_are_explained_by_mouse_and_by_keyboard(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/why")
    expect(part(page, "Self-attention")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("3,548,160")).to_be_visible()
    shot("why-light-en", page)

    part(page, "Cross-attention").click()
    settled(page)
    expect(page.get_by_text("keeps no parameters in this part")).to_be_visible()
    part(page, "Input embedding").focus()
    page.keyboard.press("Enter")
    settled(page)
    expect(part(page, "Input embedding")).to_be_focused()
    expect(page.get_by_text("11,721,216 parameters, 51.6%")).to_be_visible()
    assert '"part":"token_in"' in in_link(page, "lessons").replace(" ", "")

    page.get_by_test_id("stButtonGroup").get_by_text("GPT", exact=True).click()
    settled(page)
    assert "off" in (part(page, "Cross-attention").get_attribute("class") or "")
    assert "off" not in (part(page, "Masked self-attention").get_attribute("class") or "")
    expect(page.get_by_text("GPT · Decoder only")).to_be_visible()
    page.reload()
    expect(page.get_by_text("GPT · Decoder only")).to_be_visible()


def test_it_fits_a_dark_phone_in_chinese(new_page: NewPage, shot: Shot) -> None:
    page = new_page('/why?lessons={"why":{"marked":"whisper"}}', theme="dark", locale="zh-CN", size=PHONE)
    expect(part(page, "带掩码的自注意力")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    boxes = page.locator(".stacks g.box").all()
    assert len(boxes) == 15
    for box in boxes:
        outer, text = box.locator("rect").bounding_box(), box.locator("text").bounding_box()
        assert outer is not None
        assert text is not None
        assert outer["x"] <= text["x"]
        assert text["x"] + text["width"] <= outer["x"] + outer["width"] <= PHONE["width"]
    shot("why-dark-zh-phone", page)
