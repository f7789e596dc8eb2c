"""The translator in a real browser: stepped through, given a word that it does not know, set up, printed."""

from pathlib import Path

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.harness.settle import settled

IMAGES = '[data-testid="stImage"] img'


def test_a_class_steps_through_a_sentence(new_page: NewPage, shot: Shot, tmp_path: Path) -> None:
    page = new_page("/translator")
    expect(page.get_by_text("Step 6 of 8")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Next word").click()
    expect(page.get_by_text("Step 7 of 8")).to_be_visible()
    shot("translator-light-en", settled(page))

    box = page.get_by_label("French sentence")
    box.fill("le tigre dort")
    box.press("Enter")
    expect(page.get_by_text("The translator does not know the word")).to_be_visible()
    expect(box).to_have_value("le tigre dort")
    settled(page)
    page.get_by_role("button", name="Set it up").first.click()
    expect(page.get_by_text("Step 4 of 7")).to_be_visible()
    settled(page)
    again = new_page(page.url.removeprefix(page.url.split("/translator")[0]))
    expect(again.get_by_text("Step 4 of 7")).to_be_visible()
    settled(again)

    with again.expect_download() as waited:
        again.get_by_role("button", name="Handout for the class (PDF)").click()
    waited.value.save_as(tmp_path / "handout.pdf")
    (sheet,) = PdfReader(tmp_path / "handout.pdf").pages
    assert "she buys a beautiful red car" in " ".join(sheet.extract_text().split())


def test_in_chinese_on_a_dark_phone(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/translator", theme="dark", locale="zh-CN", size=PHONE)
    expect(page.get_by_text("第 6 步，共 8 步")).to_be_visible(timeout=60_000)
    settled(page)
    expect(page.locator(IMAGES)).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot("translator-dark-zh-phone", page)
