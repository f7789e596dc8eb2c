from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.components import data_of, triggered
from tests.metrics.samples import PIECES, encoding
from viz.attention.merging import merge_encoding, word_groups
from viz.ui.components.clickable_text import picked_from, pieces_of
from viz.ui.pages.heads.head_similarity import picked_point


def test_the_pieces_are_the_text_with_its_gaps_and_one_button_a_token() -> None:
    pieces = pieces_of(PIECES, [0.5, 0.1, 0.1, 0.2, 0.0, 0.1, 0.0, 0.0])
    assert [piece.at for piece in pieces if piece.at is not None] == list(range(8))
    shown = "".join(piece.text for piece in pieces if not piece.special)
    assert shown == "embedding, yes!"
    by_token = {piece.at: piece for piece in pieces}
    assert by_token[3].shade == 1  # the strongest of the text; what is special may be stronger
    assert by_token[1].shade == pytest.approx(0.5)
    assert by_token[3].hint == "ding: 20.0%"


def test_words_are_one_button() -> None:
    words = merge_encoding(PIECES, word_groups(PIECES))
    pieces = pieces_of(words, [0.1] * 6)
    assert [piece.text for piece in pieces if piece.at is not None] == [
        "[CLS]",
        "embedding",
        ",",
        "yes",
        "!",
        "[SEP]",
    ]


def test_tokens_that_share_a_character_are_all_there() -> None:
    found = encoding("é", [("a", (0, 1), 0), ("b", (0, 1), 0)])
    assert [(piece.text, piece.at) for piece in pieces_of(found, [0.5, 0.5])] == [("é", 0), ("b", 1)]


@pytest.mark.parametrize(
    "state", [None, {}, {"picked": None}, {"picked": "3"}, {"picked": True}, {"picked": 1.5}, 3]
)
def test_what_is_no_number_picks_nothing(state: object) -> None:
    assert picked_from(state) is None


def test_a_number_is_picked() -> None:
    assert picked_from({"picked": 3}) == 3


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

    from viz.ui.components.clickable_text import Piece, clickable_text

    pieces = [Piece("one", 0, 0.5, "one: 50.0%"), Piece(" "), Piece("<b>", 4)]
    picked = st.session_state.setdefault("picks", [])
    clickable_text(pieces, 4, "The text", "text", picked.append)


def test_a_click_picks_a_piece_that_is_there_and_nothing_else() -> None:
    app = AppTest.from_function(page).run()
    shown = data_of(app, "text")
    assert [(piece["text"], piece["at"]) for piece in shown["pieces"]] == [
        ("one", 0),
        (" ", None),
        ("<b>", 4),
    ]
    assert (shown["chosen"], shown["label"]) == (4, "The text")
    sent: list[Any] = [4, 1, None, -1, True, "0", [0], 0]
    for value in sent:
        triggered(app, "text", "picked", value)
    assert app.session_state["picks"] == [4, 0]
