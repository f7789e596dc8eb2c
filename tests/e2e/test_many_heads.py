"""The lesson on many heads in a real browser: a split that fails and is mended, its handout, and a head opened."""

import io
from pathlib import Path

import pypdf
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.harness.settle import settled

ENOUGH_MS = 60_000


def test_a_split_is_mended_the_handout_saved_and_a_head_opened(new_page: NewPage, shot: Shot) -> None:
    page = new_page(
        "/many_heads?text=The cat saw the other cat, the other cat saw the dog, and the dog saw the cat."
    )
    expect(page.get_by_text("36 of 72 heads are off.")).to_be_visible(timeout=ENOUGH_MS)
    shot("many-heads-light-en", settled(page))

    page.get_by_role("button", name="Set it up").first.click()
    settled(page)
    expect(page.get_by_text("would be left over")).to_be_visible()
    page.get_by_role("button", name="Take 4: d_k = 128").click()
    settled(page)
    expect(page.get_by_text("would be left over")).to_have_count(0)
    expect(page.get_by_role("spinbutton", name="h (heads)")).to_have_value("4")

    with page.expect_download() as saved:
        page.get_by_role("button", name="Handout for the class (PDF)").click()
    (sheet,) = pypdf.PdfReader(io.BytesIO(Path(saved.value.path()).read_bytes())).pages
    printed = " ".join(sheet.extract_text().split())
    assert "The cat saw the other cat, the other cat saw the dog, and the dog saw the cat." in printed
    assert "512 / 4 = 128" in printed

    page.get_by_role("button", name="Open in Explore").first.click()
    page.wait_for_url(lambda address: "/many_heads" not in address)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("What does each head look at?")
    assert "head=3" in page.url


def test_it_fits_a_phone_in_chinese_and_dark(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/many_heads", theme="dark", locale="zh-CN", size=PHONE)
    expect(page.get_by_text("72 个头中关掉了 36 个。")).to_be_visible(timeout=ENOUGH_MS)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for part in page.locator('[data-testid="stMain"] [data-testid="stElementContainer"]').all():
        box = part.bounding_box()
        assert box is None or box["x"] + box["width"] <= PHONE["width"] + 1
    shot("many-heads-phone-dark-zh", settled(page))
