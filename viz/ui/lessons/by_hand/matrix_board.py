"""The steps as matrices one can read: the arithmetic of the cell under the pointer is written out in the browser.

All matrices and all sums go there at once, as data, so that moving over the cells needs no trip to the server.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from viz.lessons.by_hand.decimals import HIDDEN, Exact, Table, written
from viz.lessons.by_hand.small_example import ByHand, Part
from viz.lessons.by_hand.sums import PLACES, Sums
from viz.ui.components.component import component
from viz.ui.lessons.lesson_prose import prose
from viz.ui.session import tr

_KEY = "by_hand_board"


def board(setup: ByHand, names: Sequence[str], steps: Exact, sums: Sums, large: bool = False) -> None:
    """Draw the step that is chosen, or all of them one below the other; `large` for the back row."""
    groups = _groups(setup, names, steps, sums)
    label = tr("The steps of self-attention. The arrow keys move from cell to cell.")
    mount = component(__file__, "board", '<div class="board" role="group"></div>')
    mount(key=_KEY, data={"groups": groups, "label": label, "large": large})


def _groups(setup: ByHand, names: Sequence[str], steps: Exact, sums: Sums) -> list[dict[str, Any]]:
    """The steps that are shown: the title of each, a sentence, and its equations."""
    axes = ("1", "2")

    def matrix(
        name: str, table: Table, rows: Sequence[str], columns: Sequence[str], sign: str = "", kind: str = ""
    ) -> dict[str, Any]:
        return {
            "name": name,
            "title": [(name, ""), (sign, kind)] if sign else [(name, "")],
            "label": name + sign,
            "rows": list(rows),
            "columns": list(columns),
            "cells": [[written(number, PLACES) for number in row] for row in table],
            "shades": _shades(table, 1.0 if name == "A" else None),
        }

    def operand(matrix: dict[str, Any], by: str, side: str = "left") -> dict[str, Any]:
        return {**matrix, "by": by, "side": side}

    def equation(step: str, result: dict[str, Any], *parts: dict[str, Any]) -> dict[str, Any]:
        return {"id": step, "parts": [*parts, {**result, "sums": sums[step]}]}

    def product(
        step: str, result: dict[str, Any], left: dict[str, Any], right: dict[str, Any]
    ) -> dict[str, Any]:
        parts = operand(left, "row"), {"symbol": "×"}, operand(right, "column", "right"), {"symbol": "="}
        return equation(step, result, *parts)

    x = matrix("X", steps.x, names, axes)
    w_q, w_k, w_v = (
        matrix("W", getattr(steps, f"w_{name}"), axes, axes, name.upper(), "down") for name in "qkv"
    )
    q, k, v = (matrix(name.upper(), getattr(steps, name), names, axes) for name in "qkv")
    keys = matrix("K", steps.k.T, axes, names, "T", "up")
    scores, scaled, masked, weights = (
        matrix(name, table, names, names)
        for name, table in zip(
            ("S", "S′", "M", "A"), (steps.scores, steps.scaled, steps.masked, steps.weights), strict=True
        )
    )
    factors = (["√2"] if setup.scale else []) + (
        [f"{setup.temperature:.2f}"] if setup.temperature != 1 else []
    )
    by = " · ".join(factors)
    divided = f"/ ({by}) =" if "·" in by else f"/ {by} =" if by else "="
    equations: dict[Part, list[dict[str, Any]]] = {
        "project": [product("q", q, x, w_q), product("k", k, x, w_k), product("v", v, x, w_v)],
        "scores": [product("scores", scores, q, keys)],
        "scale": [equation("scaled", scaled, operand(scores, "cell"), {"symbol": divided})],
        "mask": [equation("masked", masked, operand(scaled, "cell"), {"symbol": tr("mask →")})],
        "softmax": [equation("weights", weights, operand(masked, "row"), {"symbol": "softmax →"})],
        "mix": [product("output", matrix("O", steps.output, names, axes), weights, v)],
    }
    titles = {
        "project": tr("1 · Queries, keys and values"),
        "scores": tr("2 · Scores: every query times every key"),
        "scale": tr("3 · Divide the scores"),
        "mask": tr("4 · Hide what may not be seen"),
        "softmax": tr("5 · Softmax: scores become weights"),
        "mix": tr("6 · Mix the values"),
    }
    return [
        {"title": titles[part], "says": _sentence(setup, part), "equations": parts}
        for part, parts in equations.items()
        if setup.part in ("all", part)
    ]


def _sentence(setup: ByHand, part: Part) -> str:
    """What is explained of a step, as it is set."""
    step, values = str(part), {}
    if part == "mask" and not setup.causal:
        step = "no mask"
    if part == "scale":
        step = "scale" if setup.scale else "no scale"
        if setup.temperature != 1:
            step, values = f"{step}, temperature", {"temperature": setup.temperature}
    return prose(f"Step: {step}", **values)


def _shades(table: Table, top: float | None) -> list[list[float]]:
    """How dark each cell is, from -1 to 1; of the largest number of the table, where there is no fixed `top`."""
    values = np.array([[0.0 if each == HIDDEN else float(each) for each in row] for row in table])
    most = top or float(np.abs(values).max()) or 1.0
    shares: list[list[float]] = np.round(values / most, 3).tolist()
    return shares
