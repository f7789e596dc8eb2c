"""What the browser is sent of vectors as cells."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from viz.ui.lessons.inside.cells import MOST_ROWS, _limit, _numbers


def page() -> None:
    import numpy as np

    from viz.ui.lessons.inside.cells import Block, Row, cells

    values = np.array([0.5, -2.0], np.float32)
    cells(
        [Row(at, f"<b>{at}</b>\u202e", (values, values * values), ("1.0",), "1.0") for at in range(200)],
        [Block("k", values), Block("q × k")],
        ["q · k"],
        "q",
        "label",
        "{token}",
        "key",
        lambda at: None,
        chosen=7,
        foot=Row(-1, "sum", (None, values * 10), ("",)),
    )


def test_rows_are_bounded_and_names_are_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(
        "streamlit.components.v2.component",
        lambda *_names, **_parts: lambda **given: kept.append(given["data"]),
    )
    app = AppTest.from_function(page).run()
    assert not app.exception
    (sent,) = kept
    assert len(sent["rows"]) == MOST_ROWS
    assert sent["rows"][3] == {
        "at": 3,
        "name": "<b>3</b>⟨U+202E⟩",
        "cells": [[0.5, -2.0], [0.25, 4.0]],
        "numbers": ["1.0"],
        "sum": "1.0",
    }
    assert sent["chosen"] == 7
    assert [block["limit"] for block in sent["blocks"]] == [2.0, 20.0]
    assert [block["top"] for block in sent["blocks"]] == [[0.5, -2.0], None]
    assert sent["foot"]["cells"] == [None, [5.0, -20.0]]


def test_colours_end_at_the_largest_number_and_never_at_nought() -> None:
    values = np.array([0.5, -3.0], np.float32)
    assert _limit([values, None]) == 3
    assert _limit([values * 2, values]) == 6
    assert _limit([np.zeros(2, np.float32)]) == 1
    assert _limit([]) == 1


def test_numbers_keep_five_digits() -> None:
    assert _numbers(np.array([1 / 3, -12345.678], np.float32)) == pytest.approx([0.33333, -12346.0], abs=1e-9)
