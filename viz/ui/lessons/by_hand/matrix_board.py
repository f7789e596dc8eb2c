"""The steps as matrices one can read: the arithmetic of the cell under the pointer is written out in the browser.

All matrices and all sums go there at once, as data, so that moving over the cells needs no trip to the server.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from viz.lessons.by_hand.decimals import HIDDEN, Exact, Table, turned, written
from viz.lessons.by_hand.small_example import ByHand, Part
from viz.lessons.by_hand.sums import PLACES, Sums
from viz.ui.components.component import component
from viz.ui.session import tr

_KEY = "by_hand_board"


def board(setup: ByHand, names: Sequence[str], steps: Exact, sums: Sums, large: bool = False) -> None:
    """Draw the step that is chosen, or all of them one below the other; `large` for the back row."""
    groups = [
        group for part, group in _groups(setup, names, steps, sums).items() if setup.part in ("all", part)
    ]
    label = tr("The steps of self-attention. The arrow keys move from cell to cell.")
    mount = component(__file__, "board", '<div class="board" role="group"></div>')
    mount(key=_KEY, data={"groups": groups, "label": label, "large": large})


def part_names() -> dict[Part, str]:
    """What each step is called, in order."""
    return {
        "project": tr("1 · Queries, keys and values"),
        "scores": tr("2 · Scores: every query times every key"),
        "scale": tr("3 · Divide the scores"),
        "mask": tr("4 · Hide what may not be seen"),
        "softmax": tr("5 · Softmax: scores become weights"),
        "mix": tr("6 · Mix the values"),
    }


def divided_by(setup: ByHand) -> str:
    """What the scores are divided by, as it is written; empty where by nothing."""
    parts = (["√2"] if setup.scale else []) + ([f"{setup.temperature:.2f}"] if setup.temperature != 1 else [])
    return " · ".join(parts)


def _groups(setup: ByHand, names: Sequence[str], steps: Exact, sums: Sums) -> dict[Part, dict[str, Any]]:
    """Each step: its title, a sentence, and its equations."""
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
    keys = matrix("K", turned(steps.k), axes, names, "T", "up")
    scores, scaled, masked, weights = (
        matrix(name, table, names, names)
        for name, table in zip(
            ("S", "S′", "M", "A"), (steps.scores, steps.scaled, steps.masked, steps.weights), strict=True
        )
    )
    by = divided_by(setup)
    divided = f"/ ({by}) =" if "·" in by else f"/ {by} =" if by else "="
    equations: dict[Part, list[dict[str, Any]]] = {
        "project": [product("q", q, x, w_q), product("k", k, x, w_k), product("v", v, x, w_v)],
        "scores": [product("scores", scores, q, keys)],
        "scale": [equation("scaled", scaled, operand(scores, "cell"), {"symbol": divided})],
        "mask": [equation("masked", masked, operand(scaled, "cell"), {"symbol": tr("mask →")})],
        "softmax": [equation("weights", weights, operand(masked, "row"), {"symbol": "softmax →"})],
        "mix": [product("output", matrix("O", steps.output, names, axes), weights, v)],
    }
    sentences = _sentences(setup)
    return {
        part: {"title": title, "says": sentences[part], "equations": equations[part]}
        for part, title in part_names().items()
    }


def _sentences(setup: ByHand) -> dict[Part, str]:
    return {
        "project": tr(
            "Each token is a row of X. Three matrices turn it into a query (what it looks for), a key (how it is "
            "found) and a value (what it hands on). In a model they are learned; here you set them."
        ),
        "scores": tr(
            "A row of Q times a column of Kᵀ gives one score: how well this query and this key fit. "
            "Kᵀ is K with its rows written as columns."
        ),
        "scale": _scale_sentence(setup),
        "mask": (
            tr(
                "The causal mask is on: a token sees itself and what comes before it. What comes after gets "
                "−∞, as in GPT."
            )
            if setup.causal
            else tr(
                "The causal mask is off: every token sees every other, as in BERT. Switch it on to compare."
            )
        ),
        "softmax": tr(
            "Raise e to the power of each score in the row, and divide each result by the sum of the "
            "row. The weights are between 0 and 1, and a row sums to 1 before it is rounded."
        ),
        "mix": tr(
            "A token's new vector is the mean of all values, weighted by its row of A: what it looks at "
            "most counts most."
        ),
    }


def _scale_sentence(setup: ByHand) -> str:
    if setup.scale and setup.temperature != 1:
        return tr(
            "Every score is divided by √d_k = √2 and by the temperature {temperature:.2f}.",
            temperature=setup.temperature,
        )
    if setup.scale:
        return tr("Every score is divided by √d_k = √2. Why, the second part of this page shows.")
    if setup.temperature != 1:
        return tr(
            "The division by √d_k is off; every score is divided by the temperature {temperature:.2f}.",
            temperature=setup.temperature,
        )
    return tr("The division by √d_k is off and the temperature is 1: the scores stay as they are.")


def _shades(table: Table, top: float | None) -> list[list[float]]:
    """How dark each cell is, from -1 to 1; of the largest number of the table, where there is no fixed `top`."""
    values = np.array([[0.0 if each == HIDDEN else float(each) for each in row] for row in table])
    most = top or float(np.abs(values).max()) or 1.0
    shares: list[list[float]] = np.round(values / most, 3).tolist()
    return shares
