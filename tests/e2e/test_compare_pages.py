"""The pages that compare heads, texts and tokens, in a real browser: they draw, they answer, they present."""

import json
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.e2e.test_first_path import in_link, pictures
from tests.harness.settle import settled

WIDE = ViewportSize(width=1920, height=1080)
ALERT = '[data-testid="stAlert"]'


@dataclass(frozen=True)
class Opening:
    """A page, its titles, and how many pictures it draws on the first visit (presented: without the closed boxes)."""

    path: str
    english: str
    chinese: str
    drawn: int
    presented: int


PAGES = [
    Opening("heads", "How do heads differ?", "各个头有什么不同？", 2, 2),
    Opening("texts", "What does a changed word change?", "换一个词，会改变什么？", 3, 3),
    Opening("tokens", "Which tokens get the attention?", "哪些词元得到注意力？", 4, 4),
]
EVERY_PAGE = pytest.mark.parametrize("opening", PAGES, ids=lambda opening: opening.path)


def drawn(page: Page, opening: Opening, title: str) -> None:
    """Assert that all is there, no word of a warning, and nothing wider than the window."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(ALERT)).to_have_count(0)
    assert pictures(page) == opening.drawn
    if opening.path == "heads":
        expect(page.get_by_test_id("stVegaLiteChart").locator("svg")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def shown(page: Page) -> dict[str, object]:
    """What the link holds beyond the text, layer and head."""
    found: dict[str, object] = json.loads(in_link(page, "show") or "{}")
    return found


@EVERY_PAGE
def test_it_opens_with_no_click(new_page: NewPage, shot: Shot, opening: Opening) -> None:
    page = new_page(f"/{opening.path}")
    drawn(page, opening, opening.english)
    shot(f"{opening.path}-light-en", page)


@EVERY_PAGE
def test_it_opens_in_chinese_and_dark(new_page: NewPage, shot: Shot, opening: Opening) -> None:
    page = new_page(f"/{opening.path}", theme="dark", locale="zh-CN")
    drawn(page, opening, opening.chinese)
    shot(f"{opening.path}-dark-zh", page)


@EVERY_PAGE
def test_it_opens_on_a_phone(new_page: NewPage, shot: Shot, opening: Opening) -> None:
    page = new_page(f"/{opening.path}", size=PHONE)
    drawn(page, opening, opening.english)
    for part in page.locator('[data-testid="stMain"] [data-testid="stElementContainer"]').all():
        box = part.bounding_box()
        assert box is None or box["x"] + box["width"] <= PHONE["width"] + 1
    shot(f"{opening.path}-phone", page)


@EVERY_PAGE
def test_presented_it_has_no_controls(new_page: NewPage, shot: Shot, opening: Opening) -> None:
    page = new_page(f"/{opening.path}?present=1", size=WIDE)
    expect(page.get_by_role("heading", level=1)).to_have_text(opening.english)
    assert pictures(page) == opening.presented
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    kinds = (
        "TextArea",
        "Selectbox",
        "MultiSelect",
        "ButtonGroup",
        "Checkbox",
        "Button",
        "DownloadButton",
        "Expander",
    )
    for kind in kinds:
        expect(page.get_by_test_id(f"st{kind}")).to_have_count(0)
    shot(f"{opening.path}-presenting", page)
    page.get_by_role("button", name="Stop presenting").click()
    settled(page)
    drawn(page, opening, opening.english)
    assert in_link(page, "present") == ""


def point(page: Page, name: str) -> Locator:
    """A head in the picture of how alike all heads are."""
    return page.get_by_test_id("stVegaLiteChart").locator(f'[aria-label="{name}"]')


def test_a_click_on_a_point_takes_that_head(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/heads")
    first, second = ("Layer 1 · Head 3", "1", "3"), ("Layer 6 · Head 4", "6", "4")
    for name, layer, head in (first, second, first):
        point(page, name).click()
        settled(page)
        assert (in_link(page, "layer"), in_link(page, "head")) == (layer, head)
        expect(page.get_by_label("Layer", exact=True)).to_have_value(layer)
        expect(page.get_by_label("Head", exact=True)).to_have_value(head)
        expect(page.get_by_role("combobox", name="Selected head")).to_have_value(name)
    shot("heads-point", page)

    # The same point once more, after another head was taken elsewhere.
    page.get_by_label("Layer", exact=True).fill("3")
    page.keyboard.press("Enter")
    settled(page)
    assert in_link(page, "layer") == "3"
    point(page, first[0]).click()
    settled(page)
    assert in_link(page, "layer") == "1"


def test_a_head_is_taken_from_the_keyboard(new_page: NewPage) -> None:
    page = new_page("/heads")
    page.get_by_role("combobox", name="Selected head").focus()
    page.keyboard.type("Layer 6 · Head 12")
    page.keyboard.press("Enter")
    settled(page)
    assert (in_link(page, "layer"), in_link(page, "head")) == ("6", "12")
    expect(page.get_by_label("Head", exact=True)).to_have_value("12")


def test_two_heads_are_swapped_and_speak_the_other_language(new_page: NewPage) -> None:
    page = new_page("/heads")
    first, second = (
        page.get_by_role("combobox", name="First head"),
        page.get_by_role("combobox", name="Second head"),
    )
    expect(first).to_have_value("Layer 4 · Head 2")
    page.get_by_role("button", name="Swap").click()
    settled(page)
    expect(first).to_have_value("Layer 4 · Head 3")
    expect(second).to_have_value("Layer 4 · Head 2")
    assert shown(page)["heads"] == [[3, 2], [3, 1]]

    page.get_by_role("radio", name="简体中文").click()
    settled(page)
    expect(page.get_by_role("combobox", name="第一个头")).to_have_value("第 4 层 · 第 3 头")
    expect(page.get_by_test_id("stMultiSelect")).to_contain_text("第 4 层 · 第 3 头")
    page.get_by_role("button", name="交换").click()
    settled(page)
    assert shown(page)["heads"] == [[3, 1], [3, 2]]


def test_a_click_on_a_token_asks_about_it(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/tokens")
    about = page.get_by_role("heading", level=2).filter(has_text="About")
    expect(about).to_contain_text("animal")
    token = page.locator(".text button", has_text="street")
    token.click()
    settled(page)
    expect(about).to_contain_text("street")
    expect(token).to_have_attribute("aria-pressed", "true")
    assert shown(page)["tokens"] == [8]
    shot("tokens-asked", page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    settled(page)
    expect(about).to_contain_text("because")


def test_a_minimal_pair_is_compared(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/texts")
    page.get_by_role("combobox", name="Minimal pair").click()
    page.get_by_role("option", name="With and without a negation").click()
    settled(page)
    expect(page.get_by_label("Text to compare with", exact=True)).to_have_value("The film was not good.")
    assert in_link(page, "other") == "The film was not good."
    expect(page.get_by_text("7 places are the same, 1 stands in one text alone.")).to_be_visible()
    expect(page.get_by_text("Hatched: (1) stands")).to_be_visible()
    assert pictures(page) == 3
    shot("texts-negation", page)


def test_two_models_are_compared(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/texts", locale="zh-CN", size=WIDE)
    page.get_by_role("radio", name="两个模型").click()
    settled(page)
    assert in_link(page, "compare") == "models"
    page.get_by_label("第二个模型的头", exact=True).fill("7")
    page.keyboard.press("Enter")
    settled(page)
    assert in_link(page, "head2") == "7"
    assert pictures(page) == 3
    shot("texts-two-models", page)
