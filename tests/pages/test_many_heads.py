"""The lesson on many heads: what it says is what is computed, whatever the sentence, the split and the model."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import press, view_of
from tests.pages.opening import opened, pictures, written
from tests.pages.test_importance import finished, table
from tests.tiny import made_for
from viz.attention import attend
from viz.lessons.many_heads.role_examples import role_examples
from viz.lessons.many_heads.width_split import favourites_of_some
from viz.metrics.role_labels import label_heads
from viz.metrics.role_measures import measure_roles
from viz.models import LoadedModel
from viz.models.settings import settings
from viz.studies.importance import ablate, importance_by_ablation, least_first
from viz.ui.progress.shared_results import residents

pytestmark = pytest.mark.slow

TEXT = "The cat saw the other cat, the other cat saw the dog, and the dog saw the cat."


@cache
def first() -> AppTest:
    """The page as it opens, for the tests that only read it."""
    return finished(opened("many_heads", text=TEXT))


@pytest.fixture
def page() -> AppTest:
    return first()


def questions(app: AppTest) -> list[Any]:
    return [each for each in app.radio if (each.key or "").startswith("w_question_")]


def metrics(app: AppTest) -> list[float]:
    return [float(each.value) for each in app.metric]


def test_the_costs_are_written_out(page: AppTest) -> None:
    said = written(page)
    for part in ("262,144", "1,048,576", "2,048", "1,050,624", "8 × 131,072 = **1,048,576**"):
        assert part in said
    assert "4 × 384² + 4 × 384 = 591,360: **the formula and the count are equal.**" in said


def test_four_numbers_of_heads_are_compared(page: AppTest, minilm: LoadedModel) -> None:
    rows: pd.DataFrame = table(page, "Weights n²h")
    found = attend(minilm, TEXT).encoder
    tokens = len(found.queries)
    assert list(rows["Weights n²h"]) == [tokens**2 * heads for heads in (1, 4, 8, 16)]
    assert list(rows["Parameters"]) == [1_050_624] * 4
    assert list(rows["d_k"]) == [512, 128, 64, 32]
    layer = found.weights[view_of(page).layer]
    expected = [favourites_of_some(layer, heads) for heads in (1, 4, 8)]
    assert list(rows["Distinct top tokens"])[:3] == pytest.approx(expected)
    assert f"with all 12 it is {favourites_of_some(layer, 12):.2f}" in written(page)


def test_a_card_stands_for_each_role_that_a_head_has(page: AppTest, minilm: LoadedModel) -> None:
    measures = measure_roles(attend(minilm, TEXT).encoder)
    examples = role_examples(measures, label_heads(measures))
    clear = [each for each in examples if each.clear]
    assert len([each for each in page.button if each.label == "Open in Explore"]) == len(clear) > 2
    assert pictures(page) == len(clear) + 2
    rows = table(page, "Heads with this role")
    assert list(rows["Clear"]) == [each.clear for each in examples]
    assert list(rows["Heads with this role"]) == [each.count for each in examples]
    assert list(rows["Queries"]) == [each.evidence.count for each in examples]
    for each in clear:
        assert f"of a uniform head, over {each.evidence.count} queries." in written(page)
    assert "main role in this sentence" in written(page)


def test_a_short_sentence_gives_no_role_and_says_so() -> None:
    app = finished(opened("many_heads", text="The cat saw the other cat."))
    assert "No head has a clear role in this sentence" in written(app)
    assert "a role needs at least 10 queries" in written(app)
    rows = table(app, "Heads with this role")
    assert not any(rows["Clear"])
    assert list(rows["Heads with this role"]) == [0] * len(rows)
    assert "Which of these heads" not in " ".join(each.label for each in questions(app))


def test_half_of_the_heads_off_is_what_is_computed(page: AppTest, minilm: LoadedModel) -> None:
    order = least_first(importance_by_ablation(minilm, [TEXT]))
    least, random, most = metrics(page)
    assert least == pytest.approx(ablate(minilm, TEXT, None, order[:36]).sentence, abs=1e-4)
    assert most == pytest.approx(ablate(minilm, TEXT, None, order[36:]).sentence, abs=1e-4)
    assert least > max(random, most)
    assert "**36 of 72 heads are off.**" in written(page)


def test_the_questions_are_about_what_is_on_the_page(page: AppTest) -> None:
    width, parameters, role = questions(page)
    assert "64" in width.options
    assert parameters.options == ["524,288", "1,048,576", "2,097,152"]
    assert "Previous token" in role.label
    assert "Layer 1 · Head 3" in role.options
    assert len({*role.options}) == 3


def test_a_split_that_does_not_come_out_even_says_so_and_keeps_the_numbers() -> None:
    app = finished(opened("many_heads", lessons='{"many_heads":{"heads":7}}', text=TEXT))
    assert "7 × 73 ` = ` 511" in written(app) or "7 × 73 = 511" in written(app)
    assert "nearest: ` 4, 8 `" in written(app)
    assert [each.value for each in app.number_input if each.key == "w_many_heads_heads"] == [7]
    app = press(app, "Take 4: d_k = 128")
    assert "/ 4 = **128**" in written(app)
    assert not app.error


def test_steps_set_the_lesson_up() -> None:
    app = finished(opened("many_heads", text=TEXT))
    steps = [each for each in app.button if each.label == "Set it up"]
    app = finished(steps[1].click().run())
    assert "12,288 / 96 = **128**" in written(app)
    assert '"width":12288' in view_of(app).lessons
    app = finished([each for each in app.button if each.label == "Set it up"][3].click().run())
    assert "**54 of 72 heads are off.**" in written(app)


@pytest.mark.parametrize("text", ["", "   "])
def test_without_a_text_the_costs_and_the_questions_stay(text: str) -> None:
    app = opened("many_heads", text=text)
    assert "Type or paste a text" in written(app)
    assert "1,050,624" in written(app)
    asked = questions(app)
    assert len(asked) == 3
    assert asked[2].options == ["80", "800", "1,600"]


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ATTENTION_ATLAS_LOCAL_MODELS", str(tmp_path))
    settings.cache_clear()
    residents.clear()
    yield tmp_path
    residents.clear()


def test_a_model_of_another_family_says_why_it_has_fewer_parameters(local: Path) -> None:
    made_for("llama", local / "llama")
    app = finished(opened("many_heads", model="local:llama", text=TEXT))
    said = written(app)
    assert "4 × 32² + 4 × 32 would be 4,224; this model has 3,072, because:" in said
    assert "2 heads of keys and values serve 4 heads of queries" in said
    assert "it has no biases here." in said
    assert len(app.metric) == 3


def test_of_two_stacks_it_is_the_encoders_whatever_is_shown_elsewhere(local: Path) -> None:
    made_for("t5", local / "t5")
    app = finished(
        opened("many_heads", model="local:t5", text=TEXT, target="It did.", show='{"kind":"cross"}')
    )
    assert not app.error
    assert "**4 of 8 heads are off.**" in written(app)
