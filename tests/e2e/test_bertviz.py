"""BertViz's views in a real browser: drawn without any other host, from a frame that reaches nothing."""

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.harness.settle import settled
from tests.harness.watch import Watch
from tests.pictures.figures.samples import attention_map
from viz.pictures.bertviz import head_view

HOSTILE = "</script><script>parent.pwned=top.pwned=1</script><img src=x onerror=parent.pwned=1>"


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[sandbox]")


def bertviz(new_page: NewPage, query: str = "", **settings: object) -> Page:
    """The page, reached from the start page as a person would."""
    page = new_page("/" + query, **settings)  # type: ignore[arg-type]
    page.get_by_test_id("stSidebarNav").get_by_text("BertViz").click()
    return settled(page)


@pytest.mark.parametrize(("theme", "locale"), [("light", "en-US"), ("dark", "zh-CN")])
def test_the_head_view_draws_every_line(new_page: NewPage, shot: Shot, theme: str, locale: str) -> None:
    page = bertviz(new_page, "?text=I+saw+her.&layer=2", theme=theme, locale=locale)
    lines = frame(page).locator("#attention line")
    expect(lines).to_have_count(12 * 6 * 6)
    expect(frame(page).locator("#layer")).to_have_value("2")
    squares = frame(page).locator("svg > g:last-child rect")
    expect(squares).to_have_count(12)
    assert len({square.get_attribute("fill") for square in squares.all()}) == 12
    expect(frame(page).locator("#left text")).to_have_text(["[CLS]", "i", "saw", "her", ".", "[SEP]"])
    shot(f"bertviz-head-{theme}-{locale[:2]}", page)


def test_pointing_at_a_token_leaves_its_lines_only(new_page: NewPage) -> None:
    page = bertviz(new_page, "?text=I+saw+her.")
    frame(page).locator("#left text").nth(2).hover()
    expect(frame(page).locator("#attention line[visibility='visible']")).to_have_count(12 * 6)
    frame(page).locator("#layer").select_option("5")
    expect(frame(page).locator("#attention line")).to_have_count(12 * 6 * 6)


@pytest.mark.parametrize(("theme", "locale"), [("light", "en-US"), ("dark", "zh-CN")])
def test_the_model_view_draws_every_head_and_opens_one(
    new_page: NewPage, shot: Shot, theme: str, locale: str
) -> None:
    page = bertviz(new_page, "?text=I+saw+her.&pair=She+left.", theme=theme, locale=locale)
    page.get_by_test_id("stMain").get_by_test_id("stButtonGroup").get_by_role("radio").nth(1).click()
    settled(page)
    expect(frame(page).locator(".attn_background")).to_have_count(72)
    frame(page).locator("#attn_background_3_4 ~ rect").click()
    expect(frame(page).locator("text.detail")).to_contain_text("4")
    expect(frame(page).locator("#filter option")).to_have_count(5)
    shot(f"bertviz-model-{theme}-{locale[:2]}", page)


def test_hostile_tokens_run_nothing(new_page: NewPage, shot: Shot) -> None:
    page = bertviz(new_page, "?text=" + quote(HOSTILE))
    expect(frame(page).locator("#left text").nth(1)).to_have_text("<₂")
    assert page.evaluate("window.pwned === undefined")
    assert frame(page).locator("body").evaluate("document.images.length") == 0
    shot("bertviz-hostile", page)


def test_the_frame_reaches_neither_the_page_nor_any_host(new_page: NewPage) -> None:
    """Whatever should run in it after all: it has no origin, and its policy lets nothing out."""
    page = bertviz(new_page)
    assert page.locator("iframe").get_attribute("sandbox") == "allow-scripts"
    body = frame(page).locator("body")
    assert body.evaluate("() => { try { return parent.document.title; } catch (e) { return e.name; } }") == (
        "SecurityError"
    )
    assert body.evaluate("() => { try { return localStorage.length; } catch (e) { return e.name; } }") == (
        "SecurityError"
    )
    assert body.evaluate("() => self.origin") == "null"


def test_the_documents_own_policy_lets_nothing_out(browser: Browser) -> None:
    """Also where it is opened without a frame around it."""
    context = browser.new_context()
    page = context.new_page()
    page.set_content(head_view(attention_map(["a", "b"]), 0).html)
    refused = page.evaluate(
        """async () => {
          const refused = [];
          document.addEventListener("securitypolicyviolation", ({ disposition, violatedDirective }) =>
            disposition === "enforce" && refused.push(violatedDirective));
          await fetch("http://127.0.0.1:1/out").catch(() => {});
          const image = new Image();
          image.src = "http://127.0.0.1:1/out.png";
          const script = document.createElement("script");
          script.src = "http://127.0.0.1:1/out.js";
          document.body.append(image, script);
          await new Promise((done) => setTimeout(done, 200));
          return refused.sort();
        }"""
    )
    context.close()
    assert refused == ["connect-src", "img-src", "script-src-elem"]


def test_a_long_text_is_led_to_the_explorer(new_page: NewPage, shot: Shot) -> None:
    page = bertviz(new_page, "?text=" + quote("word " * 200))
    expect(page.locator('[data-testid="stAlert"]')).to_contain_text("202 tokens; up to 111 can be drawn")
    shot("bertviz-long", page)
    page.get_by_text("Go to the explorer").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("What does each head look at?")


def test_the_downloaded_view_opens_from_disk(new_page: NewPage, browser: Browser, tmp_path: Path) -> None:
    page = bertviz(new_page, "?text=I+saw+her.")
    with page.expect_download() as download:
        page.get_by_text("Download the view").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "all-MiniLM-L6-v2-layer4-bertviz-head-view.html"
    context = browser.new_context(offline=True)
    watch = Watch(context, "")
    kept = context.new_page()
    kept.goto(path.as_uri())
    expect(kept.locator("#attention line")).to_have_count(12 * 6 * 6)
    context.close()
    assert [url for url in watch.foreign if not url.startswith("file:")] == []
    assert watch.errors == []


def test_on_a_phone(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/?text=I+saw+her.", size=PHONE)
    page.goto(page.url.replace("/?", "/bertviz?"))
    settled(page)
    expect(frame(page).locator("#attention line").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot("bertviz-phone", page)
