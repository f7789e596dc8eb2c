"""What flows through the layers, in a real browser: it draws, a click asks about another token, it presents."""

import json

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.e2e.test_compare_pages import ALERT, WIDE
from tests.e2e.test_first_path import in_link, pictures
from tests.harness.settle import settled

NARROW = "document.documentElement.scrollWidth <= window.innerWidth"


def about(page: Page) -> Locator:
    return page.get_by_role("heading", level=2).first


def test_it_opens_with_no_click_and_a_click_asks_about_another_token(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/flow")
    expect(page.get_by_role("heading", level=1)).to_have_text("What flows through the layers?")
    expect(page.locator(ALERT)).to_have_count(0)
    assert pictures(page) == 3
    expect(about(page)).to_contain_text("[CLS] after layer 6")
    assert page.evaluate(NARROW)
    shot("flow-light-en", page)

    token = page.locator(".text button", has_text="it").first
    token.click()
    settled(page)
    expect(token).to_have_attribute("aria-pressed", "true")
    expect(about(page)).to_contain_text("it after layer 6")
    assert json.loads(in_link(page, "show"))["tokens"] == [10]

    page.get_by_role("slider").focus()
    for _step in range(3):
        page.keyboard.press("ArrowLeft")
    settled(page)
    expect(about(page)).to_contain_text("it after layer 3")
    assert in_link(page, "depth") == "3"

    page.get_by_role("radio", name="Side by side").click()
    expect(page.locator('[data-testid="stImage"] img')).to_have_count(5, timeout=60_000)
    settled(page)
    assert in_link(page, "flow") == "beside"
    page.get_by_text("How this is computed").click()
    expect(page.locator(".katex").first).to_be_visible()
    shot("flow-beside", page)


def test_it_opens_in_chinese_and_dark_and_follows_chosen_heads(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/flow?depth=2", theme="dark", locale="zh-CN")
    expect(page.get_by_role("heading", level=1)).to_have_text("有什么穿过各层？")
    expect(about(page)).to_contain_text("第 2 层之后")
    page.get_by_role("radio", name="所选的头").click()
    settled(page)
    expect(page.get_by_test_id("stMultiSelect")).to_contain_text("第 4 层 · 第 2 头")
    expect(about(page)).to_contain_text("经由 第 4 层 · 第 2 头")
    assert in_link(page, "through") == "chosen"
    expect(page.locator(ALERT)).to_have_count(0)
    shot("flow-dark-zh", page)


def test_it_opens_on_a_phone(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/flow?flow=flow", size=PHONE)
    assert pictures(page) == 3
    assert page.evaluate(NARROW)
    for part in page.locator('[data-testid="stMain"] [data-testid="stElementContainer"]').all():
        box = part.bounding_box()
        assert box is None or box["x"] + box["width"] <= PHONE["width"] + 1
    shot("flow-phone", page)


def test_a_flow_that_takes_long_is_asked_for_watched_and_cancelled(new_page: NewPage, shot: Shot) -> None:
    text = "+".join(["All+work+and+no+play+makes+Jack+a+dull+boy."] * 10)
    page = new_page(f"/flow?flow=flow&text={text}")
    page.get_by_role("button", name="Compute the attention flow to every token").click()
    expect(page.get_by_text("Computing the attention flow to every token …")).to_be_visible()
    shot("flow-computing", page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(ALERT)).to_contain_text("Stopped.")
    settled(page)
    expect(page.get_by_role("button", name="Start again")).to_be_visible()
    assert pictures(page) == 3


def test_presented_it_has_no_controls(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/flow?present=1&depth=3&flow=beside", size=WIDE)
    expect(page.get_by_role("heading", level=1)).to_have_text("What flows through the layers?")
    expect(page.locator('[data-testid="stImage"] img')).to_have_count(5, timeout=60_000)
    settled(page)
    for kind in ("TextArea", "Selectbox", "MultiSelect", "ButtonGroup", "Checkbox", "Slider", "Expander"):
        expect(page.get_by_test_id(f"st{kind}")).to_have_count(0)
    shot("flow-presenting", page)
