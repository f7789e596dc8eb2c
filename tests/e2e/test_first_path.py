"""The main job in a real browser: paste a text, see its attention, in both languages and themes."""

import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.harness import server as servers
from tests.harness.settle import IMAGE, listen, scrolled, settled


def paste(page: Page, text: str, box: str = "Text") -> None:
    """Put `text` into a text box and leave the box, as a person would."""
    page.get_by_label(box, exact=True).fill(text)
    page.keyboard.press("Control+Enter")
    settled(page)


def pictures(page: Page) -> int:
    return page.locator(IMAGE).count()


def sentence(page: Page) -> Locator:
    """The text as the explorer shows it, token by token."""
    page.locator('.ax-tab[data-view="sentence"]').click()
    return page.locator(".ax-sentence")


def in_link(page: Page, name: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("locale", "title"), [("en-US", "What does each head look at?"), ("zh-CN", "每个头在看什么？")]
)
def test_the_first_visit_needs_no_click(
    new_page: NewPage, shot: Shot, theme: str, locale: str, title: str
) -> None:
    page = new_page(theme="dark" if theme == "dark" else "light", locale=locale)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".ax-map canvas").first).to_be_visible()
    assert page.locator('[data-testid="stAlert"]').count() == 0
    shot(f"first-visit-{theme}-{locale[:2]}", page)


def test_paste_english(page: Page, shot: Shot) -> None:
    paste(page, "Time flies like an arrow; fruit flies like a banana.")
    expect(sentence(page)).to_contain_text("Time flies like an arrow; fruit flies like a banana.")
    assert in_link(page, "text").startswith("Time flies")
    shot("paste-english", page)


def test_paste_chinese(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/?model=multilingual-e5-small", locale="zh-CN")
    paste(page, "床前明月光，疑是地上霜。举头望明月，低头思故乡。", box="文本")
    expect(sentence(page)).to_contain_text("床前明月光，疑是地上霜。举头望明月，低头思故乡。")
    assert pictures(scrolled(page)) == 1
    shot("paste-chinese", page)


def test_change_layer_and_head(page: Page, shot: Shot) -> None:
    for label, number in (("Layer", "2"), ("Head", "7")):
        page.get_by_label(label, exact=True).fill(number)
        page.keyboard.press("Enter")
        settled(page)
    expect(page.locator('.ax-cell[aria-selected="true"]')).to_have_attribute("data-head", "6")
    alt = scrolled(page).locator(IMAGE).first.get_attribute("alt")
    assert alt is not None
    assert "Layer 2 · Head 7" in alt
    assert (in_link(page, "layer"), in_link(page, "head")) == ("2", "7")
    shot("layer-2-head-7", page)


def test_quick_clicks_all_count(page: Page) -> None:
    """The address is always a step behind; no click may be undone by it."""
    for _ in range(4):
        page.get_by_test_id("stNumberInputStepUp").last.click()
    settled(page)
    expect(page.get_by_label("Head", exact=True)).to_have_value("6")
    assert in_link(page, "head") == "6"


def test_switch_language(page: Page, shot: Shot) -> None:
    page.get_by_role("radio", name="简体中文").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("每个头在看什么？")
    assert in_link(page, "lang") == "zh"
    expect(page.get_by_test_id("stSidebarNav")).to_contain_text("怎样读图")
    page.get_by_role("radio", name="English").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("What does each head look at?")


def test_reload_keeps_the_state(page: Page) -> None:
    paste(page, "The reload keeps this text.")
    page.get_by_label("Head", exact=True).fill("9")
    page.keyboard.press("Enter")
    settled(page)
    before = page.url
    page.reload()
    settled(page)
    assert page.url == before
    expect(page.get_by_label("Text", exact=True)).to_have_value("The reload keeps this text.")
    expect(page.get_by_label("Head", exact=True)).to_have_value("9")


def test_back_undoes_a_choice(page: Page) -> None:
    page.get_by_label("Head", exact=True).fill("9")
    page.keyboard.press("Enter")
    settled(page)
    page.go_back()
    settled(page)
    expect(page.get_by_label("Head", exact=True)).to_have_value("2")


def test_text_and_choices_survive_a_page_switch(page: Page, shot: Shot) -> None:
    paste(page, "This text goes along.")
    page.get_by_test_id("stSidebarNav").get_by_text("How to read it").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("How to read it")
    assert in_link(page, "text") == "This text goes along."
    shot("guide", page)
    page.get_by_test_id("stSidebarNav").get_by_text("Explore").click()
    settled(page)
    expect(page.get_by_label("Text", exact=True)).to_have_value("This text goes along.")


def test_text_and_choices_stay_on_the_way_through_all_pages(new_page: NewPage) -> None:
    page = new_page("/?text=I+saw+her.&layer=2&head=7")
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    for at in (1, 0, 3, 4, 1, 3, 0):
        links.nth(at).click()
        settled(page)
        expect(page.get_by_label("Text", exact=True)).to_have_value("I saw her.")
        expect(page.get_by_label("Head", exact=True)).to_have_value("7")


def test_the_guide_in_chinese_and_dark(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/guide", theme="dark", locale="zh-CN")
    expect(page.get_by_role("heading", level=1)).to_have_text("怎样读图")
    shot("guide-dark-zh", page)


def test_hostile_text_runs_nothing_and_is_shown_as_it_is(new_page: NewPage, shot: Shot) -> None:
    text = "<script>window.pwned=1</script><img src=x onerror='window.pwned=1'> $x^2$ **b** {{7*7}} :smile: [a](//b.c)"
    page = new_page("/?text=" + quote(text))
    assert page.evaluate("window.pwned === undefined")
    expect(sentence(page)).to_contain_text(text)
    expect(page.get_by_label("Text", exact=True)).to_have_value(text)
    assert page.locator("main a[href*='b.c'], .katex").count() == 0
    shot("hostile", page)


def test_a_hostile_link_is_noted_as_plain_text(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/?model=" + quote("<b>`x`</b> $y$ :smile:") + "&layer=99&lang=zz")
    alerts = page.locator('[data-testid="stAlert"]')
    assert alerts.count() == 3
    expect(alerts.first).to_contain_text("<b>`x`</b> $y$ :smile:")
    assert pictures(scrolled(page)) == 1
    assert alerts.count() == 3
    shot("bad-link", page)


def test_a_text_over_the_limit_stays_in_the_box(page: Page, shot: Shot) -> None:
    text = "word " * 20_001
    assert pictures(scrolled(page)) == 1
    paste(page, text)
    expect(page.locator('[data-testid="stAlert"]')).to_contain_text("100,005 characters; at most 100,000")
    expect(page.get_by_label("Text", exact=True)).to_have_value(text)
    assert pictures(page) == 0
    shot("over-the-limit", page)


def test_what_was_cut_is_struck_out(page: Page, shot: Shot) -> None:
    paste(page, "All work and no play makes Jack a dull boy. " * 60)
    cut = page.locator(".text .cut").first
    expect(cut).to_be_visible()
    assert "line-through" in cut.evaluate("element => getComputedStyle(element).textDecorationLine")
    shot("cut-off", page)


def test_an_empty_box_is_a_hint(page: Page, shot: Shot) -> None:
    assert pictures(scrolled(page)) == 1
    paste(page, "   ")
    expect(page.locator('[data-testid="stAlert"]')).to_contain_text("Type or paste a text")
    assert pictures(page) == 0
    shot("empty", page)


def test_the_whole_layer(page: Page, shot: Shot) -> None:
    scrolled(page).get_by_role("tab", name="This layer").click()
    settled(page)
    expect(page.get_by_role("tabpanel").locator("img").last).to_be_visible()
    shot("whole-layer", page)


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_on_a_phone(new_page: NewPage, shot: Shot, locale: str) -> None:
    page = scrolled(new_page(size=PHONE, locale=locale, theme="dark"))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for part in page.locator('[data-testid="stMain"] [data-testid="stElementContainer"]').all():
        box = part.bounding_box()
        assert box is None or box["x"] + box["width"] <= PHONE["width"] + 1
    shot(f"phone-{locale[:2]}", page)


def test_many_scripts(new_page: NewPage, shot: Shot) -> None:
    page = new_page()
    page.get_by_role("combobox", name=re.compile("Example")).click()
    page.get_by_role("option", name="Many languages in one text").click()
    settled(page)
    assert pictures(scrolled(page)) == 1
    assert in_link(page, "model") == "multilingual-e5-small"
    shot("many-scripts", page)


def test_a_servers_very_first_visit_may_go_to_any_page(browser: Browser, tmp_path: Path) -> None:
    """Until `st.navigation` has once been called, Streamlit would run the page alone, without the sidebar."""
    with servers.running(servers.ROOT / "app.py", tmp_path / "server.log") as fresh:
        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        listen(page)
        page.goto(fresh.url + "/guide?layer=2")
        settled(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("怎样读图")
        expect(page.get_by_test_id("stSidebarNav")).to_contain_text("探索")
        expect(page.get_by_label("层", exact=True)).to_have_value("2")
        context.close()
