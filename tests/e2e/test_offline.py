"""The explorer's document, opened from disk in a real browser that has no network."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import DESKTOP, SCREENSHOTS, NewPage
from tests.e2e.explorer import Explorer, computed
from tests.harness.settle import scrolled, settled
from tests.harness.watch import Watch
from tests.pictures.figures.samples import attention_map
from viz.language.catalogues import translations
from viz.pictures.explorer import offline
from viz.pictures.explorer.payload import encode
from viz.pictures.explorer.selection import Selection
from viz.pictures.explorer.strings import strings
from viz.pictures.export import read_bundle

HOSTILE = "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=1>"
ENGLISH = strings(lambda text: text)

_COLOURS = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


class Open(Protocol):
    """Opens a document from disk, in a browser without a network."""

    def __call__(
        self, document: bytes, *, theme: Literal["light", "dark"] = "light", locale: str = "en-US"
    ) -> Page: ...


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    contexts: list[BrowserContext] = []
    watches: list[tuple[Watch, str]] = []

    def open_document(
        document: bytes, *, theme: Literal["light", "dark"] = "light", locale: str = "en-US"
    ) -> Page:
        path = tmp_path / f"{len(contexts)}.html"
        path.write_bytes(document)
        context = browser.new_context(viewport=DESKTOP, locale=locale, color_scheme=theme, offline=True)
        contexts.append(context)
        watches.append((Watch(context, ""), path.as_uri()))
        page = context.new_page()
        page.goto(path.as_uri())
        expect(page.locator(".ax-cell").first).to_be_visible()
        return page

    yield open_document
    for context in contexts:
        context.close()
    for watch, own in watches:
        assert set(watch.foreign) <= {own}
        assert watch.errors == []


def keep(name: str, page: Page) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True, animations="disabled")


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "zh")])
def test_it_draws_and_heads_are_switched_by_keys(
    opened: Open, theme: Literal["light", "dark"], language: Literal["en", "zh"]
) -> None:
    result = computed("The cat sat on the mat because it was tired.")
    words = strings(translations(language).gettext)
    document = offline.page(
        encode(result.maps), words, Selection(layer=3, head=4), title="MiniLM · “The cat”", language=language
    )
    page = opened(document, theme=theme)
    seen = Explorer(page, language)
    assert page.title() == page.locator("h1").inner_text() == "MiniLM · “The cat”"
    assert seen.picked() == (3, 4)
    picture = page.locator(".ax-map canvas").first
    assert picture.evaluate(_COLOURS) > 10
    before = picture.evaluate("canvas => canvas.toDataURL()")
    seen.focus(seen.cell(3, 4))
    page.keyboard.press("]")
    expect(seen.cell(3, 5)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("}")
    expect(seen.cell(4, 5)).to_have_attribute("aria-selected", "true")
    assert picture.evaluate("canvas => canvas.toDataURL()") != before
    ground = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 21, 27)"}[theme]
    assert seen.root.get_attribute("data-theme") == theme
    keep(f"offline-{theme}-{language}", page)
    page.keyboard.press("s")
    expect(seen.token(1)).to_have_text("The")


def test_it_follows_the_systems_theme_while_it_is_open(opened: Open) -> None:
    page = opened(
        offline.page(encode([attention_map(["a", "b"])]), ENGLISH, Selection(), title="t", language="en")
    )
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".ax")).to_have_attribute("data-theme", "dark")


def test_layers_of_a_long_text_come_and_those_left_out_are_said(opened: Open) -> None:
    payload = encode([attention_map([f"w{at}" for at in range(12)], layers=4)], layer=1, budget=1)
    limit = payload.nbytes + len(payload.more([(0, 0)]))
    page = opened(
        offline.page(payload, ENGLISH, Selection(layer=1), title="Long", language="en", limit=limit)
    )
    seen = Explorer(page)
    expect(page.locator("#note")).to_have_text(
        "The text is long: this file has only the layers 1, 2. The app has all of them."
    )
    seen.cell(0, 2).click()
    assert page.locator(".ax-map canvas").first.evaluate(_COLOURS) > 10
    seen.cell(3, 2).click()
    expect(page.locator(".ax-empty")).to_have_text(
        "Layer 4 is not in this file, which would be too large with it."
    )
    keep("offline-long", page)


def test_hostile_text_runs_nothing(opened: Open) -> None:
    words = {**ENGLISH, "title": HOSTILE, "view_map": HOSTILE}
    found = attention_map([HOSTILE, "b", HOSTILE])
    page = opened(offline.page(encode([found]), words, Selection(), title=HOSTILE, language="en"))
    assert page.locator("h1").inner_text() == HOSTILE
    for view in ("sentence", "lines", "table", "map"):
        page.locator(f'.ax-tab[data-view="{view}"]').click()
    page.locator('.ax-tab[data-view="table"]').click()
    expect(page.locator(".ax-table").first).to_contain_text("<script>")
    assert page.evaluate("window.pwned === undefined && document.images.length === 0")
    keep("offline-hostile", page)


def test_the_apps_download_opens_and_is_in_the_bundle(
    new_page: NewPage, opened: Open, tmp_path: Path
) -> None:
    page = new_page("/?text=I+saw+her.&layer=2&head=3")
    scrolled(page).get_by_role("button", name="Download").first.click()
    kept = {}
    for form, label in (("html", "HTML"), ("zip", "All in one (ZIP)")):
        page.get_by_role("radio", name=label, exact=True).click()
        settled(page)
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save {form.upper()}").click()
        download.value.save_as(tmp_path / form)
        kept[download.value.suggested_filename] = (tmp_path / form).read_bytes()
    (document, bundle) = kept.values()
    assert [name.split(".")[-1] for name in kept] == ["html", "zip"]
    assert read_bundle(bundle).provenance.text == "I saw her."
    with zipfile.ZipFile(BytesIO(bundle)) as archive:
        name = "all-MiniLM-L6-v2-layer2-head3-explorer.html"
        assert archive.read(name) == document
    seen = Explorer(opened(document))
    assert seen.picked() == (1, 2)
    assert "I saw her." in seen.page.title()
