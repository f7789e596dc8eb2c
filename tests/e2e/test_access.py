"""Every page for everyone: axe-core finds no barrier, all fits when enlarged or on a phone, and keys suffice.

axe-core's script comes with the package axe-playwright-python, so that nothing is fetched. Each page is visited in
either language, and looked at in either theme: the one it was opened in, and the one it is then turned to. The next
page is opened in that, and the languages begin with different ones: so each page is also opened in both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Frame, Page, ViewportSize, expect

from tests.e2e.conftest import DESKTOP, PHONE, NewPage
from tests.e2e.explorer import Explorer, follow, told
from tests.e2e.test_first_path import in_link
from tests.harness.server import Server
from tests.harness.settle import IMAGE, listen, scrolled, settled, switched
from tests.harness.watch import Watch
from viz.language import Language
from viz.language.catalogues import translations
from viz.lessons.lesson_list import LESSONS

LISTED = ("", "heads", "texts", "tokens", "roles", "flow", "importance", "bertviz", "learn", "guide")
PAGES = (*LISTED, *(lesson.slug for lesson in LESSONS))
BARRIERS = ("moderate", "serious", "critical")
# What is on a page besides what it opens with. Colours do not depend on the language: each is looked at in one.
STATES: dict[Language, dict[str, str]] = {
    "en": {
        "cut off": "/tokens?text=" + "word+" * 600,
        "a pair": "/heads?text=It+rains.&pair=We+stay.",
        "presented": "/many_heads?present=1",
    },
    "zh": {
        "no text": "/tokens?text=+",
        "ignored": "/?model=..%2Fx&head=x&layer=99&off=x",
        "to be downloaded": "/?model=nope",
    },
}
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# A desktop at 200% has half as many of CSS's pixels either way.
ENLARGED = ViewportSize(width=DESKTOP["width"] // 2, height=DESKTOP["height"] // 2)

# A frame of another page is looked at by itself: axe-core cannot look into one that is sandboxed.
RUN_AXE = """() => axe.run(document, { resultTypes: ["violations"], iframes: false })
  .then(({ violations }) => violations.flatMap(({ id, impact, nodes }) => nodes.map((node) => ({
    id, impact, html: node.html.slice(0, 200), why: node.failureSummary }))))"""

# Text and controls that are drawn beyond the window's edges, where nothing scrolls to them or says that they go on.
OUTSIDE = """() => {
  const found = [];
  const held = (element) => {
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
      if (at.matches?.('[data-testid="stMain"]')) return false;
      const { overflowX, textOverflow } = getComputedStyle(at);
      const inside = at.getBoundingClientRect().right <= innerWidth + 1;
      if (inside && (["auto", "scroll"].includes(overflowX) || textOverflow === "ellipsis")) return true;
    }
    return false;
  };
  const check = (element, boxes, what) => {
    const out = [...boxes].some(({ left, right, width, height }) =>
      width > 1 && height > 1 && (left < -1 || right > innerWidth + 1));
    if (out && element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !held(element)
        && !element.closest(".katex-mathml")) found.push(what.slice(0, 80));
  };
  const walk = (root) => {
    const range = document.createRange();
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (element.matches("img, canvas, button, textarea, select, input:not([type=range])"))
        check(element, [element.getBoundingClientRect()], element.outerHTML);
      for (const node of element.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE || !node.data.trim() || element.matches("style, script")) continue;
        range.selectNodeContents(node);
        check(element, range.getClientRects(), node.data);
      }
    }
  };
  const main = document.querySelector('[data-testid="stMain"]');
  walk(main);
  if (document.documentElement.scrollWidth > innerWidth) found.push("the document scrolls sideways");
  if (main.scrollWidth > main.clientWidth) found.push(`the page scrolls sideways: ${main.scrollWidth}`);
  return found;
}"""

THEME = "getComputedStyle(document.querySelector('.stApp')).colorScheme"
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 150))))"
FOCUSED = (
    "let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;"
)


@dataclass(frozen=True)
class Visitor:
    """A person's browser, open on the app in one language."""

    page: Page
    language: Language

    def opens(self, address: str) -> Page:
        """The page at the address, in a desktop's window, drawn to the end."""
        self.page.set_viewport_size(DESKTOP)
        title = self.page.get_by_role("heading", level=1)
        before, left = title.inner_text(), urlsplit(self.page.url).path
        follow(self.page, f"{address}{'&' if '?' in address else '?'}lang={self.language}")
        if left != urlsplit(address).path:
            expect(title).not_to_have_text(before)
        return settled(self.page)

    def barriers(self) -> list[tuple[str, dict[str, Any]]]:
        """What axe-core finds on the page and in its frames, in the theme it has and in the other, which it keeps."""
        first = self.page.evaluate(THEME)
        found = [(first, each) for frame in self.page.frames for each in barriers(frame)]
        other: Literal["light", "dark"] = "light" if first == "dark" else "dark"
        switched(self.page, other)
        self.page.wait_for_function(f"{THEME} === '{other}'")
        self.page.evaluate(DRAWN)
        return found + [(other, each) for frame in self.page.frames for each in barriers(frame)]


@pytest.fixture(scope="module", params=["en", "zh"])
def visitor(request: pytest.FixtureRequest, server: Server, browser: Browser) -> Iterator[Visitor]:
    """One page for all visits in a language: loading the app anew takes longer than looking at it."""
    language: Language = request.param
    context = browser.new_context(
        viewport=DESKTOP,
        locale="zh-CN" if language == "zh" else "en-US",
        color_scheme="dark" if language == "zh" else "light",
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    watch = Watch(context, server.url.removeprefix("http://"))
    page = context.new_page()
    listen(page)
    page.goto(server.url)
    yield Visitor(settled(page), language)
    context.close()
    watch.check()


def barriers(frame: Frame) -> list[dict[str, Any]]:
    """What axe-core finds in a frame that is more than minor, element by element."""
    frame.evaluate(AXE)
    found: list[dict[str, Any]] = frame.evaluate(RUN_AXE)
    return [each for each in found if each["impact"] in BARRIERS]


def outside(page: Page, size: ViewportSize) -> list[str]:
    """What is lost at the sides of a window of that size."""
    page.set_viewport_size(size)
    page.evaluate(DRAWN)
    found: list[str] = page.evaluate(OUTSIDE)
    return found


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_for_everyone(visitor: Visitor, path: str) -> None:
    page = visitor.opens(f"/{path}")
    if path == "":
        scrolled(page)
    assert visitor.barriers() == []
    assert outside(page, PHONE) == []
    # English words are the longer ones.
    if visitor.language == "en":
        assert outside(page, ENLARGED) == []


def test_each_state_is_for_everyone(visitor: Visitor) -> None:
    for name, address in STATES[visitor.language].items():
        page = visitor.opens(address)
        assert (name, visitor.barriers()) == (name, [])
        assert (name, outside(page, PHONE)) == (name, [])


def test_what_is_picked_and_what_opens_is_for_everyone(visitor: Visitor) -> None:
    page = visitor.opens("/")
    words = translations(visitor.language).gettext
    seen = Explorer(page, visitor.language)
    seen.cell(2, 3).click()
    seen.tab("sentence").click()
    told(page)
    page.get_by_test_id("stSidebar").get_by_text(words("Share and restore"), exact=True).click()
    assert visitor.barriers() == []
    page.get_by_role("button", name=words("Share this view")).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    settled(page)
    assert visitor.barriers() == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_what_is_wrong_is_found(browser: Browser) -> None:
    """The checks themselves: they find what they are for."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.set_content(
        """<html lang="en"><title>t</title><main data-testid="stMain"><h1>Wrong</h1><select><option>1</select>
        <p style="color: #ccc; background: #fff">faint</p><button style="margin-left: 350px">beyond</button></main>"""
    )
    assert {each["id"] for each in barriers(page.main_frame)} == {"select-name", "color-contrast"}
    assert any("beyond" in each for each in outside(page, PHONE))
    context.close()


def tab_to(page: Page, there: str, key: str = "Tab", at_most: int = 80) -> None:
    """Press `key` until the element that has the focus, called `at`, is `there` (JavaScript)."""
    for _ in range(at_most):
        page.keyboard.press(key)
        if page.evaluate(f"() => {{ {FOCUSED} return Boolean({there}); }}"):
            return
    raise AssertionError(f"{at_most} times {key} do not lead to: {there}")


def focus_is_seen(page: Page) -> bool:
    """Whether what has the focus, or what stands for it, is drawn in another way than when it has not."""
    look = (
        "(at) => JSON.stringify([at, at.parentElement, at.parentElement?.parentElement].map((each) => each && "
        "[getComputedStyle(each).outline, getComputedStyle(each).boxShadow, getComputedStyle(each).borderColor]))"
    )
    seen: bool = page.evaluate(
        f"() => {{ {FOCUSED} const look = {look}; const on = look(at); at.blur(); const off = look(at);"
        " at.focus({ focusVisible: true }); return on !== off; }"
    )
    return seen


def test_keys_are_enough_for_the_main_job(new_page: NewPage) -> None:
    page = new_page()
    text = "Keys alone open every head."

    tab_to(page, "at.matches('textarea')")
    assert focus_is_seen(page)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    settled(page)
    assert in_link(page, "text") == text

    tab_to(page, "at.matches('.ax-cell')")
    assert focus_is_seen(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    told(page)
    assert (in_link(page, "layer"), in_link(page, "head")) == ("5", "4")

    tab_to(page, "at.closest('[data-testid=stTabs]')")
    page.wait_for_selector(IMAGE)
    tab_to(page, "at.matches('button') && at.textContent.includes('Download')")
    assert focus_is_seen(page)
    page.keyboard.press("Enter")
    settled(page)
    assert barriers(page.main_frame) == []
    tab_to(
        page,
        "at.closest('[data-testid=stPopoverBody]') && at.matches('[data-testid=stBaseButton-secondary]')",
    )
    with page.expect_download() as waited:
        page.keyboard.press("Enter")
    assert waited.value.suggested_filename.endswith(".png")
    page.keyboard.press("Escape")
    settled(page)

    tab_to(
        page,
        "at.matches('[role=radio], [type=radio]') && at.closest('[data-testid=stSidebar]')",
        key="Shift+Tab",
        at_most=150,
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("每个头在看什么？")
    assert in_link(page, "text") == text
