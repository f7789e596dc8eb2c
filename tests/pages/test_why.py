"""Lesson 1 as a page: its numbers are the model's and the sentence's, and its parts can be chosen."""

import pytest

from tests.apps import in_english, view_of
from tests.pages.opening import opened, pictures, written
from viz.attention import attend
from viz.inputs.examples import FIRST
from viz.lessons.why.transformer_parts import PartName
from viz.models import LoadedModel
from viz.models.families.parameters import by_role, parameter_groups
from viz.ui.lessons.why.stacks_diagram import drawing, sent_part
from viz.ui.wording.written_numbers import counted
from viz.view.packed_parts import write_states


def test_it_counts_for_the_sentence_and_the_model(minilm: LoadedModel) -> None:
    app = opened("why")
    assert not app.error
    assert pictures(app) == 3
    n, d = len(attend(minilm, FIRST.text).encoder.queries), 384
    costs = app.dataframe[0].value
    pairs, matrices = (
        [2 * n * n * d, 0, 0, 2 * 8 * n * d],
        [4 * n * d * d, n * d * d, 3 * n * d * d, 4 * n * d * d],
    )
    assert list(costs["Between tokens"]) == pairs
    assert list(costs["With weight matrices"]) == matrices
    assert list(costs["Multiplications"]) == [one + other for one, other in zip(pairs, matrices, strict=True)]
    said = written(app)
    assert "2 · n · n · d = 196,608 times between tokens" in said
    assert "This part alone is 12.0 times smaller" in said
    assert "it multiplies 4.1 times as much as a recurrent layer (n · d · d = 2,359,296)" in said
    assert "cheaper" not in said
    assert list(costs["Sequential steps"]) == [1, n, 1, 1]
    assert costs["Longest path"][1] == n - 1
    roles = by_role(parameter_groups(minilm))
    parts = app.dataframe[1].value
    assert parts["Parameters"].sum() == minilm.model.num_parameters()
    assert list(parts["Parameters"]) == sorted(roles.values(), reverse=True)
    assert f"**{roles['query'] * 4:,}** parameters" in written(app)
    asked = [radio.options for radio in app.radio]
    assert asked[0] == ["1", f"{n - 1:,}", f"{n * n:,}"]
    assert asked[2] == ["77", "770", "7,700"]


def test_two_tokens_a_model_and_a_part_come_from_the_link() -> None:
    link = write_states({"why": {"first": 3, "last": 5, "marked": "gpt", "part": "cross_attention"}})
    app = opened("why", lessons=link)
    said = written(app)
    assert "keeps **no** parameters in this part" in said
    assert "GPT · Decoder only" in said
    app.selectbox(key="w_why_last").select(8).run()
    assert '"last":9' in view_of(app).lessons.replace(" ", "")


def test_an_answer_is_explained_and_an_empty_text_says_what_to_do() -> None:
    app = opened("why")
    app.radio[1].set_value(2).run()
    assert "Every token of the vocabulary costs a row" in app.success[0].value
    assert view_of(app).answered == (2,)
    app.text_area(key="w_text").set_value(" ").run()
    assert not app.exception
    assert pictures(app) == 0
    assert app.info


def test_the_diagram_is_data_and_only_its_own_parts_come_back() -> None:
    marked: tuple[PartName, ...] = ("self_attention",)
    drawn = in_english(lambda: drawing("self_attention", marked))
    names = [box["name"] for box in drawn["boxes"]]
    assert len(set(names)) == 12
    assert [box["off"] for box in drawn["boxes"]] == [name != "self_attention" for name in names]
    for box in drawn["boxes"]:
        assert 0 <= box["x"] < box["x"] + box["width"] <= drawn["width"]
        assert 0 <= box["y"] < box["y"] + box["height"] <= drawn["height"]
    for left in drawn["boxes"]:
        for right in drawn["boxes"]:
            apart = left["x"] != right["x"] or abs(left["y"] - right["y"]) >= left["height"]
            assert left is right or apart
    assert sent_part("head") == "head"
    values: list[object] = [None, {}, "body", 3]
    assert [sent_part(value) for value in values] == [None] * 4


@pytest.mark.parametrize(
    ("number", "said", "brief"),
    [
        (7, "7", "7"),
        (22_713_216, "22.7 million", "22.7 M"),
        (65e6, "65 million", "65 M"),
        (1.5e9, "1.5 billion", "1.5 B"),
        (1.571e12, "1.57 trillion", "1.57 T"),
    ],
)
def test_large_numbers_are_said_shortly(number: float, said: str, brief: str) -> None:
    assert in_english(lambda: (counted(number), counted(number, brief=True))) == (said, brief)
