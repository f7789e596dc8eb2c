from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.components import data_of, triggered
from tests.metrics.samples import PIECES, encoding
from viz.attention.merging import merge_encoding, word_groups
from viz.ui.components.marked_text import picked_number, text_parts
from viz.ui.pages.heads.head_similarity import picked_point


def test_the_pieces_are_the_text_with_its_gaps_and_one_button_a_token() -> None:
    parts = text_parts(PIECES, [0.5, 0.1, 0.1, 0.2, 0.0, 0.1, 0.0, 0.0])
    assert [part.number for part in parts if part.number is not None] == list(range(8))
    shown = "".join(part.text for part in parts if not part.special)
    assert shown == "embedding, yes!"
    by_token = {part.number: part for part in parts}
    assert by_token[3].shade == 1  # the strongest of the text; what is special may be stronger
    assert by_token[1].shade == pytest.approx(0.5)
    assert by_token[3].hint == "ding: 20.0%"


def test_words_are_one_button() -> None:
    words = merge_encoding(PIECES, word_groups(PIECES))
    parts = text_parts(words, [0.1] * 6)
    assert [part.text for part in parts if part.number is not None] == [
        "[CLS]",
        "embedding",
        ",",
        "yes",
        "!",
        "[SEP]",
    ]


def test_tokens_that_share_a_character_are_all_there() -> None:
    found = encoding("é", [("a", (0, 1), 0), ("b", (0, 1), 0)])
    assert [(part.text, part.number) for part in text_parts(found, [0.5, 0.5])] == [("é", 0), ("b", 1)]


@pytest.mark.parametrize("value", [None, {}, "3", True, 1.5, [3]])
def test_what_is_no_number_picks_nothing(value: object) -> None:
    assert picked_number(value) is None


def test_a_number_is_picked() -> None:
    assert picked_number(3) == 3


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"selection": {"pick": [{"at": 71}]}}, 71),
        ({"selection": {"pick": [{"at": 72}]}}, None),
        ({"selection": {"pick": [{"at": -1}]}}, None),
        ({"selection": {"pick": [{"at": True}]}}, None),
        ({"selection": {"pick": [{"at": "1"}]}}, None),
        ({"selection": {"pick": []}}, None),
        ({"selection": {"pick": 3}}, None),
        ({"selection": None}, None),
        (None, None),
    ],
)
def test_a_point_is_a_head_or_nothing(state: object, expected: int | None) -> None:
    assert picked_point(state, 72) == expected


def page() -> None:
    import streamlit as st

    from viz.ui.components.marked_text import TextPart, marked_text

    parts = [TextPart("one", 0, 0.5, "one: 50.0%"), TextPart(" "), TextPart("<b>", 4)]
    picked = st.session_state.setdefault("picks", [])
    marked_text(parts, "The text", "text", chosen=4, on_pick=picked.append)


def test_a_click_picks_a_piece_that_is_there_and_nothing_else() -> None:
    app = AppTest.from_function(page).run()
    shown = data_of(app, "text")
    assert [(part["text"], part["number"]) for part in shown["parts"]] == [
        ("one", 0),
        (" ", None),
        ("<b>", 4),
    ]
    assert (shown["chosen"], shown["label"]) == (4, "The text")
    sent: list[Any] = [4, 1, None, -1, True, "0", [0], 0]
    for value in sent:
        triggered(app, "text", "picked", value)
    assert app.session_state["picks"] == [4, 0]
