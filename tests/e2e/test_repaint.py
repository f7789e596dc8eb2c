"""The theme is switched while a page is open."""

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import NewPage, Shot
from tests.harness.settle import last_sent, switched

_STILL_MS = 1000


def _pictures(page: Page) -> list[str]:
    return list(page.eval_on_selector_all('[data-testid="stMain"] img', "all => all.map((each) => each.src)"))


@pytest.mark.parametrize("path", ["/heads", "/heads?present=1", "/heads?lang=zh"])
def test_pictures_take_the_new_theme_once(new_page: NewPage, shot: Shot, path: str) -> None:
    page = new_page(path)
    light = _pictures(page)
    assert light
    dark = _pictures(switched(page, "dark"))
    assert len(dark) == len(light)
    assert not {*dark} & {*light}

    # Asked for once, and not again and again.
    sent = last_sent(page)
    page.wait_for_timeout(_STILL_MS)
    assert last_sent(page) == sent
    shot("switched-to-dark" + path.replace("/heads", "").replace("?", "-").replace("=", "-"), page)

    assert _pictures(switched(page, "light")) == light
