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
_Title = list[tuple[str, str]]


def board(now: ByHand, names: Sequence[str], found: Exact, sums: Sums, large: bool = False) -> None:
    """Draw the step that is chosen, or all of them one below the other; `large` for the back row."""
    groups = [group for part, group in _groups(now, names, found, sums).items() if now.part in ("all", part)]
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


def divided_by(now: ByHand) -> str:
    """What the scores are divided by, as it is written; empty where by nothing."""
    parts = (["√2"] if now.scale else []) + ([f"{now.temperature:.2f}"] if now.temperature != 1 else [])
    return " · ".join(parts)


def _groups(now: ByHand, names: Sequence[str], found: Exact, sums: Sums) -> dict[Part, dict[str, Any]]:
    """Each step: its title, a sentence, and its equations."""
    axes = ("1", "2")

    def shown(name: str, title: _Title, table: Table, rows: Sequence[str], columns: Sequence[str]) -> Any:
        return {
            "name": name,
            "title": title,
            "label": "".join(text for text, _kind in title),
            "rows": list(rows),
            "columns": list(columns),
            "cells": [[written(each, PLACES) for each in row] for row in table],
            "shades": _shades(table, 1.0 if name == "A" else None),
        }

    def of(matrix: Any, by: str, side: str = "left") -> Any:
        return {**matrix, "by": by, "side": side}

    def equation(step: str, result: Any, *parts: Any) -> dict[str, Any]:
        return {"id": step, "parts": [*parts, {**result, "sums": sums[step]}]}

    x = shown("X", [("X", "")], found.x, names, axes)
    projected = {
        each: shown(each.upper(), [(each.upper(), "")], getattr(found, each), names, axes) for each in "qkv"
    }
    keys = shown("K", [("K", ""), ("T", "up")], turned(found.k), axes, names)
    scores = shown("S", [("S", "")], found.scores, names, names)
    scaled = shown("S′", [("S′", "")], found.scaled, names, names)
    masked = shown("M", [("M", "")], found.masked, names, names)
    weights = shown("A", [("A", "")], found.weights, names, names)
    output = shown("O", [("O", "")], found.output, names, axes)
    times, equals = {"symbol": "×"}, {"symbol": "="}
    by = divided_by(now)
    equations: dict[Part, list[dict[str, Any]]] = {
        "project": [
            equation(
                each,
                projected[each],
                of(x, "row"),
                times,
                of(
                    shown("W", [("W", ""), (each.upper(), "down")], getattr(found, f"w_{each}"), axes, axes),
                    "column",
                    "right",
                ),
                equals,
            )
            for each in "qkv"
        ],
        "scores": [
            equation("scores", scores, of(projected["q"], "row"), times, of(keys, "column", "right"), equals)
        ],
        "scale": [
            equation(
                "scaled", scaled, of(scores, "cell"), {"symbol": f"/ ({by}) =" if "·" in by else f"/ {by} ="}
            )
            if by
            else equation("scaled", scaled, of(scores, "cell"), equals)
        ],
        "mask": [equation("masked", masked, of(scaled, "cell"), {"symbol": tr("mask →")})],
        "softmax": [equation("weights", weights, of(masked, "row"), {"symbol": "softmax →"})],
        "mix": [
            equation(
                "output", output, of(weights, "row"), times, of(projected["v"], "column", "right"), equals
            )
        ],
    }
    says = _sentences(now)
    return {
        part: {"title": title, "says": says[part], "equations": equations[part]}
        for part, title in part_names().items()
    }


def _sentences(now: ByHand) -> dict[Part, str]:
    return {
        "project": tr(
            "Each token is a row of X. Three matrices turn it into a query (what it looks for), a key (how it is "
            "found) and a value (what it hands on). In a model they are learned; here you set them."
        ),
        "scores": tr(
            "A row of Q times a column of Kᵀ gives one score: how well this query and this key fit. "
            "Kᵀ is K with its rows written as columns."
        ),
        "scale": _scale_sentence(now),
        "mask": (
            tr(
                "The causal mask is on: a token sees itself and what comes before it. What comes after gets "
                "−∞, as in GPT."
            )
            if now.causal
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


def _scale_sentence(now: ByHand) -> str:
    if now.scale and now.temperature != 1:
        return tr(
            "Every score is divided by √d_k = √2 and by the temperature {temperature:.2f}.",
            temperature=now.temperature,
        )
    if now.scale:
        return tr("Every score is divided by √d_k = √2. Why, the second part of this page shows.")
    if now.temperature != 1:
        return tr(
            "The division by √d_k is off; every score is divided by the temperature {temperature:.2f}.",
            temperature=now.temperature,
        )
    return tr("The division by √d_k is off and the temperature is 1: the scores stay as they are.")


def _shades(table: Table, top: float | None) -> list[list[float]]:
    """How dark each cell is, from -1 to 1; of the largest number of the table, where there is no fixed `top`."""
    values = np.array([[0.0 if each == HIDDEN else float(each) for each in row] for row in table])
    most = top or float(np.abs(values).max()) or 1.0
    shares: list[list[float]] = np.round(values / most, 3).tolist()
    return shares
