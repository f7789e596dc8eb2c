"""Vectors as rows of coloured cells, one a dimension, with the arithmetic of the cell under the pointer in numbers.

A component: names go to the browser as data and onto the page as text nodes. The rows take the focus with Tab, the
arrow keys go from cell to cell, and Enter chooses a row, as a click does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.attention.checks import Array
from viz.ui.components.component import component, sent
from viz.ui.components.marked_text import picked_number
from viz.ui.session import tr
from viz.ui.wording.plain_text import visible

_HTML = (
    '<div class="cells"><div class="key"></div><div class="scroll" tabindex="0" role="group"></div>'
    '<div class="said" aria-live="polite"></div></div>'
)
MOST_ROWS = 128
_DIGITS = 5


@dataclass(frozen=True, eq=False)
class Row:
    """A token: its number, its name, its vectors (one a block), the numbers behind them, and what a readout sums to.

    The last row, which stays in sight, is what all others come to; it has None where a block has nothing there.
    """

    token: int
    name: str
    cells: tuple[Array | None, ...]
    numbers: tuple[str, ...]
    sum: str = ""

    def data(self) -> dict[str, Any]:
        """The row as the browser gets it."""
        vectors = [None if cell is None else _numbers(cell) for cell in self.cells]
        name = visible(self.name)
        return {
            "at": self.token,
            "name": name,
            "cells": vectors,
            "numbers": list(self.numbers),
            "sum": self.sum,
        }


@dataclass(frozen=True, eq=False)
class Block:
    """A column of vectors: its title, and what stands above it, if anything does."""

    title: str
    top: Array | None = None


def cells(
    rows: Sequence[Row],
    blocks: Sequence[Block],
    numbers: Sequence[str],
    corner: str,
    label: str,
    readout: str,
    key: str,
    on_pick: Callable[[int], None],
    chosen: int | None = None,
    foot: Row | None = None,
    large: bool = False,
) -> None:
    """Draw up to `MOST_ROWS` rows; `on_pick` is called with the number of the row that was chosen.

    `readout` is the sentence on the cell under the pointer, with {token}, {dim}, {dims}, {q}, {a}, {b} and {sum} to be
    filled in by the browser: the cell above the first block, that of the first, of the second, and the row's `sum`.
    """
    shown = rows[:MOST_ROWS]
    known = {row.token for row in shown}

    def picked() -> None:
        number = picked_number(sent(key, "picked"))
        if number is not None and number in known:
            on_pick(number)

    every = shown if foot is None else [*shown, foot]
    limits = [_limit([block.top, *(row.cells[place] for row in every)]) for place, block in enumerate(blocks)]
    data: dict[str, Any] = {
        "rows": [row.data() for row in shown],
        "blocks": [
            {"title": block.title, "top": None if block.top is None else _numbers(block.top), "limit": limit}
            for block, limit in zip(blocks, limits, strict=True)
        ],
        "numbers": list(numbers),
        "foot": None if foot is None else foot.data(),
        "chosen": next((place for place, row in enumerate(shown) if row.token == chosen), -1),
        "corner": corner,
        "label": label,
        "readout": readout,
        "hint": tr("Point at a cell for its numbers; the arrow keys go from cell to cell."),
        "scale": {"less": tr("negative"), "more": tr("positive")},
        "large": large,
    }
    component(__file__, "cells", _HTML)(key=key, data=data, on_picked_change=picked)


def _limit(vectors: Sequence[Array | None]) -> float:
    """The largest number of a block, sign aside: the end of its colours."""
    return (
        max((float(np.abs(cell).max(initial=0)) for cell in vectors if cell is not None), default=0.0) or 1.0
    )


def _numbers(values: Array) -> list[float]:
    """Five digits are more than a colour or a readout shows, and half the bytes."""
    return [float(f"{value:.{_DIGITS}g}") for value in values]
