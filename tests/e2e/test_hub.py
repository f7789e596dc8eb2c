"""Models of the hub in a real browser: typed, watched, cancelled, and from a link; the hub is one on loopback."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewPage, Shot
from tests.e2e.test_first_path import in_link, paste
from tests.harness import server as servers
from tests.harness.server import Server
from tests.harness.settle import settled
from tests.hub_models import pickled, tiny_bert
from tests.hub_server import HubServer

TEXT = "The cat sat on the mat because it was tired."
SOME_SECONDS, FOR_EVER = (100_000, 0.06), (10_000, 0.2)
WEIGHTS = 4_000_000  # bytes, at least


@pytest.fixture(scope="module")
def hub() -> Iterator[HubServer]:
    with HubServer() as found:
        for seed, name in enumerate(("watched", "cancelled", "linked", "second", "shared", "reloaded")):
            found.add(f"someone/{name}", tiny_bert(hidden=256, seed=seed))
        found.add("someone/pickled", pickled(tiny_bert()))
        yield found


@pytest.fixture(scope="module")
def server(hub: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, with this hub in the place of the real one and an empty cache."""
    home = tmp_path_factory.mktemp("home")
    environment = {**hub.environment(home), "ATTENTION_ATLAS_CACHE": ""}
    with servers.running(servers.ROOT / "app.py", home / "server.log", environment=environment) as started:
        yield started


@pytest.fixture(autouse=True)
def no_faults(hub: HubServer) -> Iterator[None]:
    yield
    hub.faults.trickle = None


def box(page: Page, label: str = "Model") -> Locator:
    return (
        page.get_by_test_id("stSelectbox")
        .filter(has=page.get_by_text(label, exact=True))
        .get_by_role("combobox")
    )


def type_name(page: Page, name: str, label: str = "Model") -> None:
    box(page, label).fill(name)
    page.get_by_role("option", name=f"Add: {name}").wait_for()
    page.keyboard.press("Enter")


def panel(page: Page) -> Locator:
    return page.get_by_test_id("stProgress")


def megabytes_done(page: Page) -> float:
    """How far it is, by what stands above the bar, once that says anything of the weights."""
    line = panel(page).get_by_text(re.compile(r" of [45]\.\d MB · .*model\.safetensors"))
    return float(line.inner_text().split(" MB")[0].split()[0])


def picture(page: Page) -> Locator:
    return page.locator(".ax-cell").first


def weights_asked_for(hub: HubServer, since: int) -> list[str | None]:
    """The ranges of the requests for weights; None is a whole file."""
    return [each.range for each in hub.requests[since:] if each.host == "cdn" and each.method == "GET"]


def test_a_typed_model_is_downloaded_before_ones_eyes_and_shown(
    page: Page, hub: HubServer, shot: Shot
) -> None:
    paste(page, TEXT)
    hub.faults.trickle = SOME_SECONDS
    type_name(page, "someone/watched")
    early = megabytes_done(page)
    expect(panel(page).get_by_role("progressbar")).to_be_visible()
    page.wait_for_function(
        "before => parseFloat(document.querySelector('[data-testid=stProgress]')?.innerText) > before",
        arg=early,
    )
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
    shot("hub-progress", page)
    expect(picture(page)).to_be_visible(timeout=60_000)
    settled(page)
    assert in_link(page, "model") == "someone/watched"
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
    commit = hub.repos["someone/watched"].revisions["main"].id
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text(f"Revision {commit[:12]}")).to_be_visible()
    expect(sidebar.get_by_text("2 layers × 4 heads, at most 64 tokens")).to_be_visible()
    assert page.locator(".ax-cell").count() == 8
    shot("hub-shown", page)


def test_a_cancelled_download_goes_on_from_where_it_was(page: Page, hub: HubServer, shot: Shot) -> None:
    paste(page, TEXT)
    hub.faults.trickle = FOR_EVER
    since = len(hub.requests)
    type_name(page, "someone/cancelled")
    megabytes_done(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("was cancelled. Your text is still here.")).to_be_visible()
    expect(panel(page)).to_have_count(0)
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
    settled(page)
    shot("hub-cancelled", page)
    hub.faults.trickle = None
    page.get_by_role("button", name="Try again").click()
    expect(picture(page)).to_be_visible(timeout=60_000)
    first, second = weights_asked_for(hub, since)
    assert first is None
    assert second is not None
    assert 0 < int(second.removeprefix("bytes=").removesuffix("-")) < WEIGHTS


def test_a_link_asks_before_it_downloads(new_page: NewPage, hub: HubServer, shot: Shot) -> None:
    since = len(hub.requests)
    page = new_page("/?model=someone/linked&text=The+cat+sat.&lang=zh", theme="dark", locale="zh-CN")
    expect(page.get_by_text("还不在这台电脑上")).to_be_visible()
    assert hub.requests[since:] == []
    shot("hub-offer-dark-zh", page)
    hub.faults.trickle = SOME_SECONDS
    page.get_by_role("button", name="下载").click()
    megabytes = panel(page).get_by_text(re.compile(r"/ \d\.\d MB · .*model\.safetensors"))
    expect(megabytes).to_be_visible()
    shot("hub-progress-dark-zh", page)
    expect(picture(page)).to_be_visible(timeout=60_000)
    settled(page)
    assert in_link(page, "model") == "someone/linked"
    expect(page.get_by_label("文本", exact=True)).to_have_value("The cat sat.")


@pytest.mark.parametrize(
    ("name", "said"),
    [("someone/nothing", "has no model"), ("someone/pickled", "only as")],
)
def test_what_the_hub_cannot_give_is_said_in_its_place(page: Page, shot: Shot, name: str, said: str) -> None:
    paste(page, TEXT)
    type_name(page, name)
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text(said)
    expect(alert).to_contain_text(name)
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
    settled(page)
    shot(f"hub-{name.partition('/')[2]}", page)
    page.get_by_role("button", name="Back to all-MiniLM-L6-v2").click()
    expect(picture(page)).to_be_visible()
    settled(page)
    assert in_link(page, "model") == ""
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)


def test_a_path_is_no_name(page: Page, hub: HubServer) -> None:
    since = len(hub.requests)
    type_name(page, "../../etc/passwd")
    expect(page.get_by_test_id("stAlert")).to_contain_text("../../etc/passwd cannot be the name of a model")
    settled(page)
    expect(picture(page)).to_be_visible()
    assert in_link(page, "model") == ""
    assert hub.requests[since:] == []


def test_the_second_model_is_downloaded_the_same_way(new_page: NewPage, shot: Shot) -> None:
    page = new_page("/texts?compare=models&text=The+cat+sat.")
    type_name(page, "someone/second", "Second model")
    expect(page.get_by_text("someone/second, Layer 1 · Head 1")).to_have_count(0)
    expect(page.locator('[data-testid="stImage"] img')).to_have_count(3, timeout=60_000)
    settled(page)
    assert in_link(page, "model2") == "someone/second"
    expect(page.get_by_label("Layer of the second model", exact=True)).to_be_enabled()
    shot("hub-second-model", page)


def test_two_browsers_share_one_download(new_page: NewPage, hub: HubServer) -> None:
    since = len(hub.requests)
    hub.faults.trickle = SOME_SECONDS
    first, second = new_page(), new_page()
    type_name(first, "someone/shared")
    megabytes_done(first)
    type_name(second, "someone/shared")
    for page in (first, second):
        expect(picture(page)).to_be_visible(timeout=60_000)
        settled(page)
    assert weights_asked_for(hub, since) == [None]


def test_a_reload_does_not_stop_the_download(page: Page, hub: HubServer) -> None:
    since = len(hub.requests)
    hub.faults.trickle = SOME_SECONDS
    type_name(page, "someone/reloaded")
    megabytes_done(page)
    page.reload()
    expect(picture(page)).to_be_visible(timeout=60_000)
    settled(page)
    assert in_link(page, "model") == "someone/reloaded"
    assert weights_asked_for(hub, since) == [None]
