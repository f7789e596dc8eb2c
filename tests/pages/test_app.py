"""The first page as Streamlit runs it, without a browser; the shared sidebar is tested in
tests/ui/shell/test_sidebar.py.

After its first run AppTest reruns the page alone, not app.py around it: so the sidebar is there only at first.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import followed, view_of
from tests.components import data_of, scrolled
from viz.attention import AttentionResult, attend
from viz.inputs.examples import EXAMPLES, FIRST
from viz.inputs.text import MAX_CHARACTERS
from viz.models import LoadedModel
from viz.ui.exhibits.exhibit import Exhibit

ROOT = Path(__file__).parent.parent.parent
HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} ${x} %s {0} {text}",
    "$\\frac{1}{2}$ **bold** [a](javascript:b) :smile: `code`",
    "\x00\x01\x1b[31m",
    "\u202eright to left\u202c \u200b\u200d",
    "👨‍👩‍👧‍👦 🏳️‍🌈",
    "السلام عليكم ورحمة الله",
    "e" + "\u0301" * 300,
]


def opened(**params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    return followed(app, **params)


def top_tokens(app: AppTest) -> pd.DataFrame:
    """The table of the most attended tokens, the last on the page."""
    found: pd.DataFrame = app.dataframe[-1].value
    return found


def pictures(app: AppTest) -> int:
    return len(app.get("image"))


def test_the_first_visit_shows_an_analysed_example() -> None:
    app = opened()
    assert app.title[0].value == "What does each head look at?"
    assert app.text_area[0].value == FIRST.text
    assert data_of(app, "explorer.selection")["selection"]["layer"] == FIRST.layer
    assert not app.error
    assert not app.warning
    table = top_tokens(app)
    assert set(table["Token"]) >= {"[CLS]", "animal", "it"}
    assert table["Share"].sum() == pytest.approx(1, abs=1e-4)
    assert dict(app.query_params) == {}


def test_pictures_are_drawn_once_they_are_in_view_and_then_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    show = Exhibit.show

    def noted(exhibit: Exhibit, width: int | None = None, saved: bool = True) -> None:
        asked.append(exhibit.alt)
        show(exhibit, width, saved)

    monkeypatch.setattr(Exhibit, "show", noted)
    app = opened()
    waiting = "The picture is drawn as soon as it is in view."
    assert waiting in [each.value for each in app.caption]
    assert (asked, pictures(app)) == ([], 0)
    assert "w_numbers" not in app.session_state

    scrolled(app)
    assert waiting not in [each.value for each in app.caption]
    assert (len(asked), pictures(app)) == (1, 1)
    app.session_state["w_numbers"] = True
    app.toggle(key="w_specials").set_value(False).run()
    assert (len(asked), pictures(app), len(app.dataframe)) == (2, 1, 2)
    asked.clear()
    app.text_area(key="w_text").set_value("Another text.").run()
    assert (len(asked), pictures(app)) == (1, 1)


@pytest.mark.parametrize("found", EXAMPLES, ids=lambda found: found.id)
def test_every_example_gives_its_picture(found: object) -> None:
    app = scrolled(opened())
    app.selectbox(key="w_example_en").select(found.id).run()  # type: ignore[attr-defined]
    assert not app.exception
    assert not app.error
    assert pictures(app) == 1


@pytest.mark.parametrize("text", ["", "   \n\t "])
def test_nothing_is_a_hint_and_no_error(text: str) -> None:
    app = scrolled(opened())
    app.text_area(key="w_text").set_value(text).run()
    assert not app.exception
    assert not app.error
    assert pictures(app) == 0
    assert "Type or paste a text" in app.info[0].value


def test_a_text_over_the_limit_is_refused_and_stays_in_the_box() -> None:
    app = scrolled(opened())
    text = "word " * (MAX_CHARACTERS // 5) + "x"
    app.text_area(key="w_text").set_value(text).run()
    assert not app.exception
    assert "100,001 characters; at most 100,000" in app.error[0].value
    assert app.text_area(key="w_text").value == text
    assert pictures(app) == 0


def test_what_does_not_fit_the_model_is_counted_in_words() -> None:
    app = scrolled(opened())
    app.text_area(key="w_text").set_value("word " * 600).run()
    assert not app.exception
    assert "602 tokens; this model reads at most 512. The last 90 are not analysed" in app.warning[0].value
    assert pictures(app) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_raises_nothing(text: str) -> None:
    app = scrolled(opened(text="See: " + text))
    assert not app.error
    assert pictures(app) == 1
    boxes = (app.markdown, app.caption, app.warning, app.info, app.header, app.subheader)
    written = [str(element.value) for kind in boxes for element in kind]
    assert not [line for line in written if text in line]


def test_a_second_text_is_read_with_the_first() -> None:
    app = opened()
    app.toggle(key="w_two").set_value(True).run()
    app.text_area(key="w_pair").set_value("It slept.").run()
    assert not app.exception
    assert "slept" in set(top_tokens(app)["Token"])
    app.toggle(key="w_two").set_value(False).run()
    assert view_of(app).pair == ""


def test_hiding_special_tokens_says_how_much_was_hidden() -> None:
    app = opened()
    before = top_tokens(app).set_index("Token")["Share"]
    app.toggle(key="w_specials").set_value(False).run()
    shown = top_tokens(app).set_index("Token")["Share"]
    assert set(before.index) - set(shown.index) == {"[CLS]", "[SEP]"}
    hidden = f"{before['[CLS]'] + before['[SEP]']:.1%}"
    assert any(hidden in str(caption.value) for caption in app.caption)


def test_a_bad_link_falls_back_and_says_so() -> None:
    app = opened(model="../no-such-model", layer="99", lang="tlh", text="~zgarbage")
    assert view_of(app).layer == 5
    assert len(app.warning) == 4
    scrolled(app)
    assert len(app.warning) == 4
    assert pictures(app) == 1
    app.toggle(key="w_specials").set_value(False).run()
    assert not app.warning


def test_too_much_text_in_a_link_is_ignored_with_a_note() -> None:
    """Streamlit itself drops a query of over 512 KiB unseen, and its server a request line of over 64 KiB."""
    app = opened(text="x" * 500_000)
    assert app.text_area[0].value == FIRST.text
    assert "500,000 characters" in app.warning[0].value


def test_chinese_everywhere() -> None:
    app = opened(lang="zh")
    assert app.title[0].value == "每个头在看什么？"
    assert app.number_input(key="w_layer").label == "层"
    assert "图片进入视野后才会绘制。" in [each.value for each in app.caption]
    assert set(top_tokens(app).columns) == {"位置", "词元", "占比"}


def test_a_result_is_computed_once_for_two_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def counted(
        model: LoadedModel, text: str, pair: str | None = None, target: str | None = None
    ) -> AttentionResult:
        calls.append(text)
        return attend(model, text, pair, target)

    monkeypatch.setattr("viz.ui.progress.shared_results.attend", counted)
    opened(text="Only once, however many ask.")
    opened(text="Only once, however many ask.", layer="1")
    assert calls == ["Only once, however many ask."]


def test_large_arrays_stay_out_of_the_session() -> None:
    app = opened()
    kept = [app.session_state[key] for key in ("atlas_view", "atlas_notes", "atlas_link", "w_text")]
    assert sum(len(repr(value)) for value in kept) < 5_000
    state = app.session_state._state  # the public view of it names no values
    assert not [
        value for value in state.filtered_state.values() if isinstance(value, np.ndarray | AttentionResult)
    ]
