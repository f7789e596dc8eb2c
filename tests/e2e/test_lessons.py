"""The path through the lessons in a real browser: followed, answered, kept in the link, printed."""

from pathlib import Path

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.e2e.test_first_path import in_link
from tests.harness.settle import settled
from viz.language.catalogues import translations
from viz.lessons.lesson_list import LESSONS

RIGHT = '[data-testid="stAlertContentSuccess"]'


def answer(page: Page, question: int) -> None:
    """Choose options of a question one after the other until one is right."""
    asked = page.locator('[data-testid="stRadio"]').nth(question)
    before = page.locator(RIGHT).count()
    for option in range(asked.get_by_role("radio").count()):
        asked.locator("label").filter(has=page.get_by_role("radio")).nth(option).click()
        settled(page)
        if page.locator(RIGHT).count() > before:
            return
    raise AssertionError("no option is right")


def test_a_class_goes_its_way_and_comes_back_tomorrow(new_page: NewPage, shot: Shot, tmp_path: Path) -> None:
    page = new_page("/learn")
    shot("learn-light-en", page)
    page.get_by_test_id("stMain").get_by_text("2. Self-attention by hand").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Self-attention by hand")
    settled(page)
    for question in range(3):
        answer(page, question)
    assert in_link(page, "answered") == "4.5.6"

    with page.expect_download() as waited:
        page.get_by_role("button", name="Handout for the class (PDF)").click()
    waited.value.save_as(tmp_path / "handout.pdf")
    (sheet,) = PdfReader(tmp_path / "handout.pdf").pages
    assert "Self-attention by hand" in sheet.extract_text()

    again = new_page(page.url.removeprefix(page.url.split("/by_hand")[0]))
    expect(again.locator(RIGHT)).to_have_count(3)
    again.get_by_test_id("stMain").get_by_text("All lessons").click()
    settled(again)
    expect(again.get_by_text("3 of 21 questions answered.")).to_be_visible()


def test_in_chinese_on_a_dark_phone(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/learn?answered=1.2.3.4", theme="dark", locale="zh-CN", size=PHONE)
    zh = translations("zh").gettext
    for lesson in LESSONS:
        expect(page.get_by_text(f"{lesson.number}. {zh(lesson.title)}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot("learn-dark-zh-phone", page)
