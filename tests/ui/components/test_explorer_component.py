"""The explorer in a page, without a browser: what goes back and forth, and what is believed."""

import json
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pictures.explorer.messages import header_of
from viz.pictures.explorer.selection import Selection


def page() -> None:
    import streamlit as st

    from tests.pictures.explorer.samples import attention, encoding, lengths
    from viz.pictures.explorer.payload import encode
    from viz.pictures.explorer.selection import Selection
    from viz.pictures.explorer.strings import strings
    from viz.ui.components.explorer_component import explorer

    found = attention(4, 3, encoding(st.session_state.get("tokens", 9)))
    payload = encode([lengths(found) if st.session_state.get("norms") else found], budget=10)
    passed = st.session_state.setdefault("page", Selection(layer=1))
    address = st.session_state.get("address", "")
    st.session_state.got = explorer(payload, strings(str), passed, "ex", address=address)
    st.session_state.id = payload.id


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page).run()


def got(app: AppTest) -> Selection:
    assert not app.exception
    found: Selection = app.session_state["got"]
    return found


def send(app: AppTest, **fields: Any) -> Selection:
    app.session_state["ex"] = {"selection": {"of": app.session_state["id"], "seq": 1, **fields}}
    app.run()
    return got(app)


def parts(app: AppTest, kind: str) -> list[Any]:
    return [
        each.proto
        for each in app.main
        if each.type == "bidi_component" and each.proto.WhichOneof("data") == kind
    ]


def test_at_first_the_pages_selection_holds(app: AppTest) -> None:
    assert got(app) == Selection(layer=1)


def test_what_the_browser_sends_is_bounded(app: AppTest) -> None:
    assert send(app, layer=2, head=99, tokens=[1, 400]) == Selection(layer=2, tokens=(1,))


@pytest.mark.parametrize(
    "raw", [None, "text", 3, [], {"selection": "x"}, {"selection": {"of": {}, "seq": "1"}}]
)
def test_nonsense_from_the_browser_does_no_harm(app: AppTest, raw: Any) -> None:
    app.session_state["ex"] = raw
    app.run()
    assert got(app).head == 0


def test_a_choice_in_the_page_moves_the_explorer_and_stays(app: AppTest) -> None:
    send(app, layer=2, head=1)
    app.session_state["page"] = replace(got(app), head=2)
    app.run()
    assert got(app).head == 2
    app.run()
    assert got(app).head == 2
    assert send(app, layer=3, head=0).layer == 3


def test_tokens_locked_in_another_text_are_dropped(app: AppTest) -> None:
    assert send(app, tokens=[4], scale="log").tokens == (4,)
    app.session_state["tokens"] = 12
    app.run()
    assert got(app) == Selection(scale="log")


def test_tokens_stay_locked_where_only_the_numbers_change(app: AppTest) -> None:
    assert send(app, tokens=[4], pin=[1, 2]).tokens == (4,)
    before = app.session_state["id"]
    app.session_state["norms"] = True
    app.run()
    assert app.session_state["id"] != before
    assert got(app) == Selection(tokens=(4,), pin=(1, 2))


def test_the_bytes_stay_the_same_while_the_selection_moves(app: AppTest) -> None:
    before = [part.bytes for part in parts(app, "bytes")]
    send(app, layer=3)
    assert [part.bytes for part in parts(app, "bytes")] == before
    assert len(before) == 1


def wish(app: AppTest, part: Any, of: str = "") -> None:
    app.session_state["ex.weights"] = {"want": {"of": of or app.session_state["id"], "part": part}}
    app.run()
    assert not app.exception


def test_further_layers_come_when_the_browser_asks_for_those_there_are(app: AppTest) -> None:
    wish(app, "0.3")
    [more] = (header_of(part.bytes) for part in parts(app, "bytes"))
    assert more["of"] == app.session_state["id"]
    assert [(block["map"], block["layer"]) for block in more["blocks"]] == [(0, 3)]


@pytest.mark.parametrize("part", [None, "0.0", "9.9", "0.3 ", "../0.3", 5, ["0.3"]])
def test_nothing_is_sent_where_another_part_is_asked_for(app: AppTest, part: Any) -> None:
    wish(app, part)
    assert parts(app, "bytes") == []


def test_layers_of_another_text_are_not_sent(app: AppTest) -> None:
    wish(app, "0.3", of="another")
    [first] = (header_of(part.bytes) for part in parts(app, "bytes"))
    assert first["id"] == app.session_state["id"]


def test_with_an_address_no_weights_are_sent_until_the_browser_asks(app: AppTest) -> None:
    app.session_state["address"] = "weights/abc"
    app.run()
    assert parts(app, "bytes") == []
    sent = [json.loads(part.json) for part in parts(app, "json")]
    assert [data["address"] for data in sent if "to" in data] == ["weights/abc"]
    wish(app, "")
    [first] = (header_of(part.bytes) for part in parts(app, "bytes"))
    assert first["id"] == app.session_state["id"]
