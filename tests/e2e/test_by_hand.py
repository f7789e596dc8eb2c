"""Self-attention by hand in a real browser: the sum of the selected cell, by pointer and by keyboard."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.e2e.test_first_path import in_link
from tests.harness.settle import settled


def equation(page: Page, step: str) -> Locator:
    """A step's matrices and the sum below them."""
    return page.locator(f'[data-equation="{step}"]')


def cell(page: Page, step: str, row: int, column: int) -> Locator:
    return equation(page, step).locator(".result tbody tr").nth(row).locator("td").nth(column)


def marked(page: Page, step: str, side: str) -> list[str]:
    return equation(page, step).locator(f"td.{side}").all_inner_texts()


def test_the_sum_of_the_cell_in_hand_is_written_out(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/by_hand")
    said = equation(page, "scores").locator(".sum")
    expect(said).to_have_text("S[cat, sat] = 1.00 · 0.50 + 0.00 · 1.00 = 0.50")

    runs = page.evaluate("window.__atlasTraffic.sent")
    cell(page, "scores", 2, 3).hover()
    expect(said).to_have_text("S[mat, on] = 1.50 · (−0.75) + 1.00 · 1.50 ≈ 0.38")
    assert (marked(page, "scores", "left"), marked(page, "scores", "right")) == (
        ["1.50", "1.00"],
        ["−0.75", "1.50"],
    )
    cell(page, "weights", 3, 3).click()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    expect(cell(page, "weights", 2, 2)).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(cell(page, "weights", 2, 3)).to_be_focused()
    assert (cell(page, "weights", 2, 3).get_attribute("aria-label") or "").startswith("A[mat, on] = e ^ 0.27")
    assert len(marked(page, "weights", "left")) == 4
    assert page.evaluate("window.__atlasTraffic.sent") == runs  # no trip to the server
    shot("by-hand-light-en", page)

    # The selected cell stays when the numbers change.
    page.get_by_role("textbox", name="X, row 3, column 1").fill("2")
    page.keyboard.press("Enter")
    settled(page)
    expect(said).to_have_text("S[mat, on] = 2.50 · (−0.75) + 1.00 · 1.50 ≈ −0.38")
    assert "[2.0,1.0]" in in_link(page, "lessons")
    page.reload()
    settled(page)
    expect(cell(page, "q", 2, 0)).to_have_text("2.50")


def test_it_is_walked_through_in_chinese_on_a_dark_phone(new_page: NewPage, shot: Shot) -> None:
    page = new_page('/by_hand?lessons={"by_hand":{"causal":true}}', theme="dark", locale="zh-CN", size=PHONE)
    expect(page.locator('[data-testid="stImage"] img')).to_have_count(3)
    shot("by-hand-dark-zh-phone", settled(page))
    for _step in range(5):
        page.get_by_role("button", name="下一步").click()
        settled(page)
    expect(page.locator("[data-equation]")).to_have_count(1)
    expect(page.get_by_role("heading", name="5 · softmax：得分变成权重")).to_be_visible()
    cell(page, "weights", 1, 3).click()
    expect(equation(page, "weights").locator(".sum")).to_contain_text("A[坐在, 上] = e−∞")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for matrix in equation(page, "weights").locator(".matrix").all():
        box = matrix.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]
