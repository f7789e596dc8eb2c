"""The explorer with what no installed model gives: many heads, three kinds of maps, other scripts, harmful data."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, Shot
from tests.e2e.explorer import Explorer, go, told
from tests.e2e.explorer_shapes import CASES, HOSTILE, SCRIPTS
from tests.harness import server as servers
from tests.harness.server import Server
from tests.harness.settle import listen, settled
from tests.harness.watch import Watch
from viz.language import Language


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("shapes") / "server.log"
    with servers.running(servers.ROOT / "tests" / "e2e" / "explorer_shapes.py", log) as started:
        yield started


@pytest.fixture(scope="module")
def alone(shapes: Server, browser: Browser) -> Iterator[Page]:
    """A page with the explorer and nothing else."""
    context = browser.new_context(viewport=DESKTOP, timezone_id="UTC")
    watch = Watch(context, shapes.url.removeprefix("http://"))
    page = context.new_page()
    listen(page)
    page.goto(shapes.url)
    yield settled(page)
    context.close()
    watch.check()
    assert servers.UNCAUGHT not in shapes.printed()


def at(page: Page, language: Language = "en", **params: str) -> Explorer:
    go(page, "/?" + urlencode({**params, "lang": language}))
    return Explorer(page, language)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_24_layers_of_16_heads(alone: Page, shot: Shot, size: str) -> None:
    seen = at(alone, case="large")
    alone.set_viewport_size(PHONE if size == "phone" else DESKTOP)
    settled(alone)
    expect(seen.root.locator(".ax-cell")).to_have_count(24 * 16)
    box = seen.cell(23, 15).bounding_box()
    frame = seen.root.bounding_box()
    assert box is not None
    assert frame is not None
    assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
    assert box["width"] >= 14
    seen.cell(23, 15).click()
    assert seen.picked() == (23, 15)
    shot(f"explorer-large-{size}", alone)
    alone.set_viewport_size(DESKTOP)


def test_encoder_decoder_and_cross(alone: Page, shot: Shot) -> None:
    seen = at(alone, case="seq2seq")

    def size() -> list[str | None]:
        return [seen.map.get_attribute(f"aria-{side}count") for side in ("row", "col")]

    assert size() == ["12", "12"]
    seen.switch("decoder").click()
    assert size() == ["12", "12"]
    seen.switch("cross").click()
    assert size() == ["12", "12"]
    shot("explorer-cross-map", alone)
    seen.tab("sentence").click()
    queries = seen.root.locator('.ax-token[data-side="queries"]')
    keys = seen.root.locator('.ax-token[data-side="keys"]')
    assert "fatigué" in queries.all_inner_texts()
    assert "tired" in keys.all_inner_texts()
    queries.nth(5).click()
    assert all(keys.evaluate_all("tokens => tokens.map(token => token.style.backgroundColor !== '')"))
    assert not any(queries.evaluate_all("tokens => tokens.map(token => token.style.backgroundColor !== '')"))
    shot("explorer-cross-sentence", told(alone))
    seen.tab("lines").click()
    shot("explorer-cross-lines", told(alone))


@pytest.mark.parametrize("script", SCRIPTS)
def test_other_scripts(alone: Page, shot: Shot, script: str) -> None:
    seen = at(alone, "zh" if script == "chinese" else "en", case=script)
    seen.tab("sentence").click()
    tokens = seen.root.locator(".ax-token")
    assert tokens.all_inner_texts() == ["[CLS]", *SCRIPTS[script].split(), "[SEP]"]
    words = len(SCRIPTS[script].split())
    first, last = (tokens.nth(place).bounding_box() for place in (1, words))
    assert first is not None
    assert last is not None
    assert (first["x"] > last["x"]) is (script != "chinese")
    tokens.nth(3).click()
    shot(f"explorer-{script}-sentence", told(alone))
    for view in ("map", "lines"):
        seen.tab(view).click()
        shot(f"explorer-{script}-{view}", told(alone))


def test_hostile_tokens_run_nothing_and_are_shown_as_they_are(alone: Page, shot: Shot) -> None:
    seen = at(alone, case="hostile", view="map")
    for view in ("map", "lines", "sentence", "table"):
        seen.tab(view).click()
        seen.map.hover() if view == "map" else None
    assert seen.root.locator(".ax-table tbody th").count() == len(HOSTILE) + 2
    assert set(HOSTILE) < set(seen.root.locator(".ax-table tbody th").all_inner_texts())
    shot("explorer-hostile-table", alone)
    seen.tab("sentence").click()
    expect(seen.root.locator(".ax-token")).to_have_text(["[CLS]", *HOSTILE, "[SEP]"])
    seen.token(4).click()
    assert (
        seen.says("sentence_from", token=HOSTILE[3])
        == seen.root.locator(".ax-sentence .ax-hint").inner_text()
    )
    alone.wait_for_timeout(100)
    assert alone.evaluate("window.pwned === undefined")
    assert seen.root.locator("script, img, a, iframe, b:not(.ax-readout b)").count() == 0
    shot("explorer-hostile-sentence", alone)


@pytest.mark.parametrize("case", [name for name in CASES if name.startswith("broken")])
def test_a_damaged_payload_shows_an_error_and_the_next_one_its_picture(
    alone: Page, shot: Shot, case: str
) -> None:
    at(alone, case="good")
    seen = at(alone, case=case)
    error = seen.root.get_by_role("alert")
    expect(error).to_contain_text(seen.says("error_title"))
    expect(error).to_contain_text(seen.says("error_text"))
    if case == "broken-block":
        shot("explorer-damaged", alone)
    at(alone, case="good")
    expect(error).to_be_hidden()
    expect(seen.root.locator(".ax-cell")).to_have_count(12)


def test_a_damaged_payload_at_first_shows_an_error_too(shapes: Server, browser: Browser, shot: Shot) -> None:
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    listen(page)
    page.goto(f"{shapes.url}/?case=broken-cut&lang=zh")
    settled(page)
    seen = Explorer(page, "zh")
    expect(seen.root.get_by_role("alert")).to_contain_text(seen.says("error_title"))
    expect(seen.root.locator(".ax-wait")).to_be_hidden()
    shot("explorer-damaged-at-first", page)
    context.close()


def test_one_token_and_one_head(alone: Page) -> None:
    seen = at(alone, case="one-token")
    seen.tab("map").click()
    assert seen.map.get_attribute("aria-rowcount") == "1"
    seen.focus(seen.map)
    alone.keyboard.press("ArrowRight")
    assert seen.readout()[3] == "1.0000"
