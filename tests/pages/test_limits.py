"""Lesson 7 as a page: padding gets nothing, the square is counted, and the measurement is drawn."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import view_of
from tests.pages.opening import opened, pictures, written
from tests.tiny import made_for
from viz.attention import attend
from viz.lessons.limits import length_cost
from viz.lessons.limits.length_cost import sizes_of
from viz.lessons.limits.sparse_patterns import kept, pattern
from viz.models import LoadedModel
from viz.models.settings import settings
from viz.ui.progress.shared_results import residents
from viz.view.packed_parts import write_states

pytestmark = pytest.mark.slow

TEXT = "The cat sat on the mat."


def table(app: AppTest, column: str) -> dict[str, list[object]]:
    """The columns of the table that has one of this name."""
    for each in app.dataframe:
        if column in each.value.columns:
            return {name: list(each.value[name]) for name in each.value.columns}
    raise AssertionError(column)


def ended(app: AppTest) -> AppTest:
    """The page once the measuring is done."""
    for _ in range(100):
        assert not app.exception
        if not app.get("progress"):
            return app
        time.sleep(0.2)
        app.run()
    raise AssertionError("It never ended.")


def test_every_number_is_of_the_model_and_the_sentence(minilm: LoadedModel) -> None:
    link = write_states({"limits": {"padding": 2, "window": 1, "everywhere": 1}})
    app = opened("limits", text=TEXT, layer="2", head="3", lessons=link)
    assert not app.error
    assert pictures(app) == 8
    found = attend(minilm, TEXT).encoder
    n = len(found.queries)
    said = written(app)
    assert f"6 · 12 · {n} · {n} · 4 bytes = **{found.weights.nbytes:,} bytes**" in said
    assert "any token on the padding is **0**" in said
    padded = table(app, "With padding")
    assert padded["Key"][-2:] == ["[PAD] 1", "[PAD] 2"]
    assert padded["With padding"][-2:] == ["0.0000", "0.0000"]
    np.testing.assert_allclose(
        [float(str(x)) for x in padded["Alone"][:n]], found.weights[1, 2, -1], atol=6e-5
    )
    held = kept(found.weights[1, 2], pattern(n, 1, 1))
    assert f"**{held.mean():.1%}** of its weight" in said
    assert f"equal at {sizes_of(minilm).crossover:,} tokens" in said
    assert table(app, "Computed")["Computed"][0] == int(pattern(n, 1, 1).sum())
    assert app.radio[1].options[1] == f"{4 * found.weights.nbytes / 1000:.1f} kB"


def test_it_measures_when_asked_and_draws_the_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(length_cost, "_SECONDS", 0.0)
    monkeypatch.setattr(length_cost, "_LEAST_ROUNDS", 1)
    app = opened("limits", text=TEXT)
    before = pictures(app)
    for key in ("w_limits_measure", "w_limits_again"):
        app = ended(app.button(key=key).click().run())
        assert pictures(app) == before + 1
    times = table(app, "Attention (ms)")
    assert times["Tokens"] == [32, 64, 128, 256, 512]
    np.testing.assert_array_less(0.0, np.array(times["Attention (ms)"], dtype=float))
    np.testing.assert_array_less(0.0, np.array(times["Whole model (ms)"], dtype=float))
    assert "grows as n to the power" in written(app)


def test_a_link_that_asks_for_the_impossible_begins_as_usual() -> None:
    app = opened("limits", text=TEXT, lessons=write_states({"limits": {"padding": 99}}))
    assert any("begins as usual" in each.value for each in app.info)
    app.slider(key="w_limits_padding").set_value(5).run()
    assert '"padding":5' in view_of(app).lessons.replace(" ", "")
    assert not app.exception


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for family in ("llama", "t5"):
        made_for(family, tmp_path / family)
    monkeypatch.setenv("ATTENTION_ATLAS_LOCAL_MODELS", str(tmp_path))
    settings.cache_clear()
    residents.clear()
    yield
    settings.cache_clear()
    residents.clear()


def test_models_without_a_table_of_positions_are_told_so(local: None) -> None:
    app = opened("limits", text=TEXT, model="local:llama")
    assert not app.error
    said = written(app)
    assert "rotary encoding" in said
    assert "is a decoder: its weights are 0 there already" in said
    assert "(largest difference 0)" in said
    app = opened("limits", text=TEXT, model="local:t5")
    assert not app.error
    assert "It learned numbers for distances" in written(app)


def test_the_first_lesson_takes_a_model_with_both_stacks(local: None) -> None:
    app = opened(
        "why", text=TEXT, model="local:t5", lessons='{"why":{"marked":"loaded","part":"cross_attention"}}'
    )
    assert not app.error
    assert f"**{3 * 4 * 32 * 32:,}** parameters" in written(app)
