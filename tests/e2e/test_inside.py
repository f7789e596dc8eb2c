"""The lesson inside the model in a real browser: cells answer to the pointer and the arrow keys."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.e2e.test_first_path import in_link
from tests.harness.settle import settled

READOUT = re.compile(
    r"(.+), dimension (\d+) of 32: q (−?[\d.]+) × k (−?[\d.]+) = (−?[\d.]+)\. .* (−?[\d.]+)\."
)


def readout(page: Page) -> tuple[str, int, float, float, float]:
    """The token, the dimension, and q, k and their product of the cell that is pointed at."""
    found = READOUT.fullmatch(page.locator(".cells .said").first.inner_text())
    assert found is not None
    q, k, product = (float(each.replace("−", "-")) for each in found.groups()[2:5])
    return found[1], int(found[2]), q, k, product


def test_the_cells_are_read_by_pointer_and_keys(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/inside")
    expect(page.get_by_role("heading", level=1)).to_have_text("The same, inside the model")
    expect(page.locator('[data-testid="stAlertContentSuccess"]')).to_have_count(3)
    rows = page.locator(".cells").first.locator("tbody tr")
    expect(rows).to_have_count(16)
    assert len(page.locator(".cells canvas").all()) == 1 + 16 * 4 + 1

    grid = page.locator(".cells .scroll").first
    grid.focus()
    page.keyboard.press("ArrowRight")  # begins at the row that is chosen
    page.keyboard.press("ArrowRight")
    token, dim, q, k, product = readout(page)
    assert (token, dim) == ("animal", 2)
    assert abs(q * k - product) < 0.01 * (1 + abs(q) + abs(k))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    token, dim, *_numbers = readout(page)
    assert (token, dim) == ("didn", 32)
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_text("Written out for didn:")).to_be_visible()
    assert '"key":3' in in_link(page, "lessons")

    rows.nth(1).locator("canvas").first.hover()
    assert readout(page)[0] == "the₂"
    page.locator(".text button", has_text="street").click()
    settled(page)
    expect(page.get_by_text("street is the query. Click another token")).to_be_visible()
    assert in_link(page, "lessons") == ""
    shot("inside-light-en", page)


def test_in_chinese_on_a_dark_phone(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/inside", theme="dark", locale="zh-CN", size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="狗咬人").click()
    settled(page)
    expect(page.get_by_text("只是换了位置").first).to_be_visible()
    assert in_link(page, "model") == "multilingual-e5-small"
    expect(page.locator('[data-testid="stAlertContentSuccess"]')).to_have_count(3)
    for each in page.locator(".cells").all():
        box = each.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]
    shot("inside-dark-zh-phone", page)
