"""Back and Forward: each step leads to the view and the page that were there, and the ways on stay open."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewPage
from tests.harness.settle import settled

WAIT_MS = 30_000
HEADS = ("9", "8", "11", "5", "12", "3")


def _pick(page: Page, head: str) -> None:
    page.get_by_label("Head", exact=True).fill(head)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: f"head={head}" in url)
    settled(page)


def _open(page: Page, name: str, path: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(lambda url: urlsplit(url).path == path and "head=" in url)
    settled(page)


def _shown(page: Page) -> tuple[str, str, str, str]:
    """The page's path, its query, its title on the page and the head in its box."""
    address = urlsplit(page.url)
    head = page.get_by_label("Head", exact=True).input_value()
    return address.path, address.query, page.locator("h1").first.inner_text(), head


def _arrived(page: Page, step: tuple[str, str, str, str]) -> None:
    """AssertionError where the page does not come to show that step, and stay so."""
    expect(page.locator("h1").first).to_have_text(step[2], timeout=WAIT_MS)
    expect(page.get_by_label("Head", exact=True)).to_have_value(step[3], timeout=WAIT_MS)
    assert _shown(settled(page)) == step


def test_back_and_forward_over_ten_steps_and_three_pages(new_page: NewPage) -> None:
    page = new_page()
    steps = [_shown(page)]
    for head in HEADS[:3]:
        _pick(page, head)
        steps.append(_shown(page))
    visits = ("Most attended tokens", "/tokens", HEADS[3:5]), ("Compare heads", "/heads", HEADS[5:])
    for name, path, heads in visits:
        _open(page, name, path)
        steps.append(_shown(page))
        for head in heads:
            _pick(page, head)
            steps.append(_shown(page))
    _open(page, "Explore", "/")
    steps.append(_shown(page))
    _pick(page, "7")
    steps.append(_shown(page))
    assert len(steps) == 11
    assert len({step[0] for step in steps}) == 3
    for step in reversed(steps[:-1]):
        page.go_back()
        _arrived(page, step)
    for step in steps[1:]:
        page.go_forward()
        _arrived(page, step)


def test_an_address_edited_by_hand_opens_its_view(new_page: NewPage) -> None:
    page = new_page("/?head=4")
    _pick(page, "9")
    page.goto(page.url.replace("head=9", "head=6"))
    assert _shown(settled(page))[3] == "6"
    page.go_back()
    assert _shown(settled(page))[3] == "9"
