"""Watch it learn, in a real browser: begun, seen on its way, stopped, gone on with, brought back, asked."""

import json

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.harness.settle import settled
from viz.view.link_values import pack_text

SLOW: dict[str, dict[str, object]] = {"training": {"task": "brackets", "length": 6, "layers": 2}}
QUICK: dict[str, dict[str, object]] = {"training": {"task": "reverse", "length": 5, "typed": "12345"}}
LEARNED_WITHIN_MS = 90_000


def path_to(state: dict[str, dict[str, object]]) -> str:
    return f"/training?lessons={pack_text(json.dumps(state))}"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_it_is_begun_stopped_and_gone_on_with(new_page: NewPage, shot: Shot) -> None:
    page = new_page(path_to(SLOW))
    expect(page.get_by_text("Before the first step the weights are random")).to_be_visible()
    press(page, "Start")
    expect(page.get_by_text("of the held-out sequences right").first).to_be_visible()
    expect(page.locator('[data-testid="stImage"] img')).to_have_count(2)  # drawn while it goes on
    press(page, "Stop training")
    expect(page.get_by_text("Stopped. What is done so far is kept")).to_be_visible()
    settled(page)
    at = int(page.get_by_test_id("stMetricValue").first.inner_text())
    assert at > 0
    shot("training-light-en", page)
    press(page, "Go on")
    expect(page.get_by_role("button", name="Stop training", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").first).not_to_have_text(str(at))
    press(page, "Stop training")
    settled(page)
    assert int(page.get_by_test_id("stMetricValue").first.inner_text()) > at


def test_it_learns_on_a_phone_in_chinese_and_dark(new_page: NewPage, shot: Shot) -> None:
    page = new_page(path_to(QUICK), theme="dark", locale="zh-CN", size=PHONE)
    press(page, "开始")
    expect(page.get_by_text("学会了。")).to_be_visible(timeout=LEARNED_WITHIN_MS)
    settled(page)
    expect(page.get_by_test_id("stCode")).to_contain_text("5 4 3 2 1   正确")
    handle = page.get_by_role("slider", name="回看第几步的样子")
    handle.focus()
    for _step in range(3):
        handle.press("ArrowLeft")
    settled(page)
    expect(page.get_by_test_id("stMetricValue").nth(1)).not_to_have_text("–")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_text("回看第几步的样子").scroll_into_view_if_needed()
    shot("training-phone-dark-zh", page)
