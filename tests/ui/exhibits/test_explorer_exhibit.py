"""The explorer on its page: what is picked in it is the view, and all else on the page follows."""

from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from tests.apps import view_of
from tests.components import data_of, stated
from tests.pages.test_app import opened, top_tokens
from viz.attention import attend
from viz.inputs.examples import FIRST
from viz.models import LoadedModel


def pick(app: AppTest, **picked: Any) -> AppTest:
    shown = data_of(app, "explorer.selection")["show"]
    return stated(app, "explorer", selection={"of": shown, "seq": 5, **picked})


def test_a_head_that_is_picked_is_the_views_and_the_tables(minilm: LoadedModel) -> None:
    app = pick(opened(), layer=2, head=7, tokens=[3])
    now = view_of(app)
    assert (now.layer, now.head, now.switches.tokens) == (2, 7, (3,))
    expected = attend(minilm, FIRST.text).encoder.weights[2, 7].mean(axis=0)
    np.testing.assert_allclose(top_tokens(app)["Share"], np.sort(expected)[::-1], atol=1e-6)
    told = data_of(app, "explorer.selection")
    assert told["seq"] == 5
    assert (told["selection"]["layer"], told["selection"]["head"]) == (2, 7)


def test_nonsense_from_the_browser_is_a_head_that_there_is() -> None:
    app = pick(opened(), layer="<b>", head=999, tokens=[10**9, "x"])
    assert not app.error
    assert (view_of(app).layer, view_of(app).head) == (0, 0)
    assert view_of(app).switches.tokens == ()
