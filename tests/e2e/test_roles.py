"""The roles of heads in a real browser: drawn, measured over many texts, stopped, and left for a head."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.e2e.test_first_path import in_link, pictures
from tests.harness.settle import settled
from viz.studies.corpus.generated_sentences import sentences

ENOUGH_MS = 120_000
WIDE = ViewportSize(width=1920, height=1080)
IMAGES = '[data-testid="stImage"] img'


def drawn(page: Page, title: str) -> None:
    """Assert that both pictures are there, no word of an error, and nothing wider than the window."""
    expect(page.locator(IMAGES)).to_have_count(2, timeout=ENOUGH_MS)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_it_opens_with_no_click(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/roles")
    drawn(page, "What does each head do?")
    expect(page.get_by_text("Layer 4 · Head 2:")).to_be_visible()
    shot("roles-light-en", page)


def test_it_measures_many_texts_in_chinese_and_dark(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/roles?over=grammar", theme="dark", locale="zh-CN", size=WIDE)
    drawn(page, "每个头在做什么？")
    expect(page.get_by_text("的头在两半文本中角色相同")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_have_count(3, timeout=ENOUGH_MS)
    shot("roles-dark-zh", settled(page))


def test_it_fits_a_phone(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/roles", size=PHONE)
    drawn(page, "What does each head do?")
    for part in page.locator('[data-testid="stMain"] [data-testid="stElementContainer"]').all():
        box = part.bounding_box()
        assert box is None or box["x"] + box["width"] <= PHONE["width"] + 1
    shot("roles-phone", page)


def test_a_ticked_row_opens_the_head_in_the_explorer_and_back_comes_back(new_page: NewPage) -> None:
    page = new_page("/roles?layer=4&head=5")
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": 18, "y": 35 + 2 * 35 + 17})  # the third row's box
    page.wait_for_url(lambda address: "/roles" not in address)
    settled(page)
    assert (in_link(page, "layer"), in_link(page, "head")) == ("1", "3")
    expect(page.get_by_role("heading", level=1)).to_have_text("What does each head look at?")
    page.go_back()
    settled(page)
    drawn(page, "What does each head do?")


@pytest.mark.parametrize("texts", [900])
def test_own_texts_are_measured_stopped_and_taken_up_again(new_page: NewPage, shot: Shot, texts: int) -> None:
    page = new_page("/roles?over=own")
    box = page.get_by_role("textbox", name="Or paste them, one text a line")
    box.fill("\n".join(sentences(texts, seed=7)))
    box.press("Control+Enter")
    page.get_by_role("button", name=f"Measure {texts} texts").click()
    expect(page.get_by_text("Measuring every head on 900 texts")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    assert pictures(page) == 0
    shot("roles-stopped", page)
    # What is on screen tells whether anything was done yet.
    page.get_by_role("button", name="Go on").or_(page.get_by_role("button", name="Start again")).click()
    drawn(page, "What does each head do?")
    expect(page.get_by_text(f"Texts: {texts} ·")).to_be_visible()
    expect(page.get_by_text("have the same role in two halves")).to_be_visible()
