"""View -> link -> somebody else's browser -> the same view, on every page.

Fifty random views go to a session of their own with the real server each, over the socket that a browser would open,
fewer of them to the pages that draw more. A visit in Chromium takes some seconds, so there it is one for each page, of
a view in which everything differs from the first visit's.
"""

from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.Element_pb2 import Element

from tests.harness.client import client
from tests.harness.server import Server
from tests.harness.settle import listen, settled
from tests.harness.watch import Watch
from tests.view.test_state import VIEWS
from viz.pictures.explorer.selection import Selection
from viz.view.link import from_params, to_params
from viz.view.state import DEFAULT, ViewState

PAGES = {
    "": 5,
    "heads": 4,
    "texts": 6,
    "tokens": 6,
    "roles": 4,
    "flow": 4,
    "importance": 3,
    "bertviz": 5,
    "guide": 3,
    "learn": 2,
    "why": 2,
    "inside": 2,
    "many_heads": 2,
    "limits": 2,
}  # with how many views each is opened
EVERY_PAGE = pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "explore")
NOTE = ":material/link_off:"  # stands before each note on a link

SHORT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=16)
SHORT_VIEWS = st.builds(replace, VIEWS, text=SHORT, pair=SHORT | st.just(""), other=SHORT)

EVERYTHING = ViewState(
    model="multilingual-e5-small",
    text="Füße & 注意力 = 100 % + #?",
    pair="A second one.",
    layer=9,
    head=4,
    scope="layer",
    specials=False,
    switches=Selection(heads=((0, 0), (11, 11), (2, 3)), tokens=(3,), unit="words", renormalise=True),
    measure="before",
    compare="models",
    other="Füße & 注意力 = 99 %",
    model2="all-MiniLM-L6-v2",
    layer2=5,
    head2=7,
    stretch=True,
    target="Ein Ziel & 目标",
    off=((0, 2), (11, 0), (11, 1)),
    lessons='{"limits":{"window":3}}',
    answered=(1, 2, 21),
    flow="raw",
    depth=5,
    through="chosen",
    over="chinese",
    role_measure="entropy",
    weigh="norm",
    saved=("?", "heads?layer=2"),
    present=True,
    language="zh",
)


def visit(server: Server, path: str, query: str) -> tuple[str, list[Element]]:
    """Open a page in a session of its own; returns the address's query at the end, and all elements sent."""
    with client(server.url) as person:
        person.open(path, query)
        return person.query, person.elements


def view_at(query: str) -> ViewState:
    """The view that an address stands for; AssertionError where anything in it was ignored."""
    view, notes = from_params(dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True)))
    assert notes == ()
    return view


@EVERY_PAGE
def test_a_link_shows_the_view_it_was_made_of(server: Server, path: str) -> None:
    @seed(list(PAGES).index(path))  # else every page would get the same views
    @settings(max_examples=PAGES[path], phases=[Phase.generate], database=None)
    @given(SHORT_VIEWS)
    def check(view: ViewState) -> None:
        check_a_link_to(view, server, path)

    check()


def check_a_link_to(view: ViewState, server: Server, path: str) -> None:
    """AssertionError where a fresh session does not show the very view that the link was made of."""
    link = urlencode(to_params(view))
    address, elements = visit(server, path, link)
    assert view_at(address) == view

    alerts = [element.alert for element in elements if element.HasField("alert")]
    assert not [alert.body for alert in alerts if alert.icon == NOTE or alert.format == Alert.ERROR]
    assert not any(element.HasField("exception") for element in elements)
    numbers = [each.number_input.value for each in elements if each.HasField("number_input")]
    typed = [each.text_area.value for each in elements if each.HasField("text_area")]
    if not view.present:
        assert numbers[:2] == [view.layer + 1, view.head + 1]
        if path == "roles" and view.over != "text":
            assert view.text not in typed
        else:
            assert path == "guide" or typed[0] == view.text
        if path == "texts" and view.compare == "texts":
            assert typed[1] == view.other
        elif path == "texts":
            assert numbers[2:] == [view.layer2 + 1, view.head2 + 1]


def test_there_are_fifty_views() -> None:
    assert sum(PAGES.values()) == 50


def test_a_link_that_is_not_right_is_noted(server: Server) -> None:
    """So that the test above can fail: what it looks for is there where it should be."""
    address, elements = visit(server, "heads", "layer=99&head=2")
    assert view_at(address) == replace(DEFAULT, layer=5)
    alerts = [element.alert.icon for element in elements if element.HasField("alert")]
    assert alerts == [NOTE]


@EVERY_PAGE
def test_a_link_opens_the_same_view_in_a_fresh_browser(server: Server, browser: Browser, path: str) -> None:
    assert all(getattr(EVERYTHING, each.name) != getattr(DEFAULT, each.name) for each in fields(ViewState))
    # Where the controls are hidden, their values cannot be read.
    view = replace(EVERYTHING, present=path == "heads")
    context = browser.new_context(locale="en-US", timezone_id="UTC")
    watch = Watch(context, server.url.removeprefix("http://"))
    page = context.new_page()
    listen(page)
    page.goto(f"{server.url}/{path}?{urlencode(to_params(view))}")
    settled(page)
    assert urlsplit(page.url).path == f"/{path}"
    assert view_at(urlsplit(page.url).query) == view
    expect(page.get_by_test_id("stAlert").filter(has_text="链接")).to_have_count(0)
    if view.present:
        expect(page.get_by_role("button", name="结束演示")).to_be_visible()
    else:
        expect(page.get_by_label("层", exact=True)).to_have_value("10")
        expect(page.get_by_label("头", exact=True)).to_have_value("5")
        expect(page.get_by_text("已保存的视图：2")).to_be_visible()
    if path == "tokens":
        expect(page.get_by_role("combobox", name="数值")).to_have_value("给前一个词元的占比")
    context.close()
    watch.check()
