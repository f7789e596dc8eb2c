"""Which heads matter, in a real browser: it measures by itself, heads go off and on, and all of it is in the link."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.e2e.test_first_path import in_link, pictures
from tests.harness.settle import settled

PATH = "/importance"
ALERT = '[data-testid="stAlert"]'
LAST_LAYER = "6.1-12"
COMPUTED_WITHIN_MS = 120_000


def measured(page: Page) -> Page:
    """The page once all that takes long has been computed and drawn."""
    # The last of what is computed: the curve, and how well attention agrees.
    for said in (
        re.compile("With 36 heads pruned|剪除 36 个头后"),
        re.compile("attention is not an|注意力并不解释"),
    ):
        expect(page.get_by_text(said)).to_be_visible(timeout=COMPUTED_WITHIN_MS)
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    return settled(page)


def head(page: Page, layer: int, number: int) -> Locator:
    return page.get_by_role("switch", name=f"Layer {layer} · Head {number}", exact=True)


def cosine(page: Page) -> float:
    return float(page.get_by_test_id("stMetricValue").inner_text())


def test_it_measures_every_head_with_no_click(new_page: NewPage, shot: Shot) -> None:
    page = measured(new_page(PATH))
    expect(page.get_by_role("heading", level=1)).to_have_text("Which heads matter?")
    expect(page.locator(ALERT)).to_have_count(0)
    assert pictures(page) == 5
    assert cosine(page) == 1
    shot("importance-light-en", page)


def test_a_link_in_chinese_and_dark(new_page: NewPage, shot: Shot) -> None:
    page = measured(new_page(f"{PATH}?off={LAST_LAYER}", theme="dark", locale="zh-CN"))
    expect(page.get_by_role("heading", level=1)).to_have_text("哪些头重要？")
    expect(page.locator(ALERT)).to_have_count(0)
    expect(page.get_by_text("72 个头中关闭了 12 个。")).to_be_visible()
    assert in_link(page, "off") == LAST_LAYER
    assert pictures(page) == 6
    shot("importance-dark-zh", page)


def test_on_a_phone_nothing_is_wider_than_the_window(new_page: NewPage, shot: Shot) -> None:
    page = measured(new_page(PATH, size=PHONE))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for part in page.locator('[data-testid="stMain"] [data-testid="stElementContainer"]').all():
        box = part.bounding_box()
        assert box is None or box["x"] + box["width"] <= PHONE["width"] + 1
    head(page, 6, 12).scroll_into_view_if_needed()
    expect(head(page, 6, 12)).to_be_in_viewport()
    shot("importance-phone", page)


def test_quick_clicks_are_all_kept(new_page: NewPage) -> None:
    page = measured(new_page(PATH))
    for number in (1, 2, 3, 12):
        head(page, 6, number).click()
        expect(head(page, 6, number)).to_have_attribute("aria-checked", "false")
    settled(page)
    assert in_link(page, "off") == "6.1-3.12"
    less = cosine(page)
    assert less < 1
    expect(page.get_by_text("4 of 72 heads are off.")).to_be_visible()

    head(page, 6, 2).click()
    settled(page)
    assert in_link(page, "off") == "6.1.3.12"
    page.get_by_role("button", name="All on").click()
    settled(page)
    assert in_link(page, "off") == ""
    assert cosine(page) == 1
    expect(head(page, 6, 1)).to_have_attribute("aria-checked", "true")

    page.go_back()
    settled(page)
    assert in_link(page, "off") == "6.1.3.12"
    expect(head(page, 6, 1)).to_have_attribute("aria-checked", "false")


def test_heads_are_switched_from_the_keyboard(new_page: NewPage) -> None:
    page = measured(new_page(PATH))
    head(page, 1, 1).focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    expect(head(page, 1, 3)).to_be_focused()
    page.keyboard.press("Space")
    settled(page)
    assert in_link(page, "off") == "1.3"
    expect(head(page, 1, 3)).to_be_focused()
    page.keyboard.press("Enter")
    settled(page)
    assert in_link(page, "off") == ""


def test_a_click_on_a_token_asks_where_its_output_comes_from(new_page: NewPage) -> None:
    page = measured(new_page(PATH))
    expect(page.get_by_text("Where does the sentence vector come from?")).to_be_visible()
    token = page.locator(".text button", has_text="street")
    token.click()
    settled(page)
    expect(page.get_by_text("Where does the output of street come from?")).to_be_visible()
    expect(token).to_have_attribute("aria-pressed", "true")
    token.click()
    settled(page)
    expect(page.get_by_text("Where does the sentence vector come from?")).to_be_visible()


def test_presented_the_grid_still_answers(new_page: NewPage, shot: Shot) -> None:
    page = measured(new_page(f"{PATH}?present=1"))
    for kind in ("TextArea", "Button", "DownloadButton", "Expander", "Selectbox"):
        expect(page.get_by_test_id(f"st{kind}").filter(visible=True)).to_have_count(0)
    head(page, 6, 12).click()
    settled(page)
    assert in_link(page, "off") == "6.12"
    assert cosine(page) < 1
    shot("importance-presenting", page)
