"""The BertViz page without a browser: what it sends, and what it says instead."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import followed, run
from tests.pages.test_app import ROOT


def opened(**params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "bertviz.py"), default_timeout=60)
    return followed(app, **params)


def frames(app: AppTest) -> list[dict[str, Any]]:
    """What each sandboxed frame on the page is given."""
    found = [
        each.proto
        for each in app.main
        if each.type == "bidi_component" and each.proto.component_name == "attention_atlas_sandboxed"
    ]
    return [json.loads(proto.json) for proto in found]


def chosen(app: AppTest, view: str) -> AppTest:
    app.segmented_control(key="w_bertviz").set_value(view)
    return run(app)


def test_the_head_view_is_there_at_once() -> None:
    app = opened(layer="3")
    (frame,) = frames(app)
    assert frame["title"] == "BertViz head view"
    assert '"layer": 3' in frame["html"]
    assert not app.error
    assert not app.info


def test_a_head_can_be_shown_alone() -> None:
    app = opened(head="5")
    app.toggle(key="w_bertviz_head").set_value(True)
    (frame,) = frames(run(app))
    assert '"heads": [4]' in frame["html"]


def test_the_model_view_says_which_layers_it_left_out() -> None:
    app = chosen(opened(text="word " * 60, layer="6"), "model")
    assert frames(app)[0]["title"] == "BertViz model view"
    assert "only some layers are in this picture: 4, 5, 6 of 6" in app.info[0].value


def test_the_neuron_view_says_plainly_why_there_is_none() -> None:
    app = chosen(opened(), "neuron")
    assert not frames(app)
    assert "` all-MiniLM-L6-v2 ` runs on today's transformers library" in app.info[0].value


@pytest.mark.parametrize("view", ["head", "model"])
def test_past_its_length_it_says_so_and_offers_the_explorer(view: str, linked: list[str]) -> None:
    app = chosen(opened(text="word " * 200), view)
    assert not frames(app)
    assert "202 tokens; up to 111 can be drawn" in app.warning[0].value
    assert linked[-1] == "pages/explore.py"


def test_the_view_can_be_kept_as_a_file() -> None:
    buttons: list[Any] = list(opened().get("download_button"))
    assert ["HTML" in button.proto.label for button in buttons] == [True]


def test_no_text_is_a_hint() -> None:
    assert "Type or paste a text" in opened(text=" ").info[0].value
