"""The two stacks of the Transformer as a drawing whose boxes are buttons: with the mouse, or with Tab and Enter.

Boxes, lines and labels go to the browser as data; it makes an SVG of them with text nodes.
"""

from collections.abc import Callable, Collection
from itertools import pairwise
from typing import Any

from viz.lessons.why.transformer_parts import BY_NAME, PartName
from viz.ui.components.component import component, sent
from viz.ui.session import tr

_WIDTH, _HEIGHT = 420, 432
_BOX, _TALL = 168, 30
_LEFT, _RIGHT = 26, 226  # where the columns begin
_LOOP = 13  # how far a residual connection goes round
# From the top down: the parts of each column and where they lie.
_IN: tuple[tuple[PartName, int], ...] = (
    ("norm_in", 150),
    ("feed_in", 184),
    ("norm_in", 232),
    ("self_attention", 266),
    ("position_in", 326),
    ("token_in", 370),
)
_OUT: tuple[tuple[PartName, int], ...] = (
    ("head", 6),
    ("norm_out", 68),
    ("feed_out", 102),
    ("norm_out", 150),
    ("cross_attention", 184),
    ("norm_out", 232),
    ("masked_attention", 266),
    ("position_out", 326),
    ("token_out", 370),
)
_NORMS = ("norm_in", "norm_out")
_FRAME_END = 306


def stacks(
    chosen: PartName, marked: Collection[PartName], key: str, on_pick: Callable[[PartName], None]
) -> None:
    """Draw both stacks, `marked` parts strong and the others faint; `on_pick` is called with what was clicked."""

    def picked() -> None:
        part = sent_part(sent(key, "picked"))
        if part is not None:
            on_pick(part)

    mount = component(__file__, "stacks", '<div class="stacks"></div>')
    mount(key=key, data=drawing(chosen, marked), on_picked_change=picked)


def sent_part(value: object) -> PartName | None:
    """The part that the browser sent, None for anything that is none."""
    return BY_NAME[value].name if isinstance(value, str) and value in BY_NAME else None


def drawing(chosen: PartName, marked: Collection[PartName]) -> dict[str, Any]:
    """What the browser draws: boxes, frames, arrows and notes, in a field of 420 by 432."""
    boxes, lines = [], []
    for left, column, side in ((_LEFT, _IN, -1), (_RIGHT, _OUT, 1)):
        for name, top in column:
            boxes.append(
                {
                    "name": name,
                    "label": tr(BY_NAME[name].title),
                    "attention": "attention" in name,
                    "off": name not in marked,
                    "x": left,
                    "y": top,
                    "width": _BOX,
                    "height": _TALL,
                }
            )
        lines += _arrows(left, column, side, marked)
    lines.append(_across(marked))
    bottom = _IN[-1][1] + _TALL
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "label": tr("The encoder (left) and the decoder (right)"),
        "chosen": chosen,
        "boxes": boxes,
        "frames": [_frame(_LEFT, _IN[0][1]), _frame(_RIGHT, _OUT[1][1])],
        "lines": lines,
        "notes": [
            {"x": _LEFT + _BOX / 2, "y": bottom + 18, "text": tr("Encoder: the text to read")},
            {"x": _RIGHT + _BOX / 2, "y": bottom + 18, "text": tr("Decoder: the text so far")},
            {"x": _LEFT + 24, "y": _IN[0][1] - 22, "text": tr("N layers")},
            {"x": _RIGHT + 24, "y": _OUT[1][1] - 16, "text": tr("N layers")},
        ],
    }


def _frame(left: int, top: int) -> dict[str, int]:
    return {"x": left - 6, "y": top - 6, "width": _BOX + 12, "height": _FRAME_END - top + 6}


def _arrows(
    left: int, column: tuple[tuple[PartName, int], ...], side: int, marked: Collection[PartName]
) -> list[dict[str, Any]]:
    """Upwards from box to box, and around each layer to its norm: the residual connections.

    An arrow goes through points; it is `off` where what it leads to is not among the marked parts.
    """
    middle, lines = left + _BOX / 2, list[dict[str, Any]]()
    for (upper, top), (_lower, below) in pairwise(column):
        if below - top - _TALL > 6:
            lines.append({"points": [(middle, below), (middle, top + _TALL)], "off": upper not in marked})
        if upper in _NORMS:
            edge = left if side < 0 else left + _BOX
            out, start = edge + side * _LOOP, below + _TALL + 7
            points = [(middle, start), (out, start), (out, top + _TALL / 2), (edge, top + _TALL / 2)]
            lines.append({"points": points, "off": upper not in marked})
    return lines


def _across(marked: Collection[PartName]) -> dict[str, Any]:
    """From the top of the encoder to the decoder's cross-attention."""
    middle, top = _LEFT + _BOX / 2, _IN[0][1]
    between, into = (_LEFT + _BOX + _RIGHT) / 2, dict(_OUT)["cross_attention"] + _TALL / 2
    points = [(middle, top), (middle, top - 14), (between, top - 14), (between, into), (_RIGHT, into)]
    return {"points": points, "off": "cross_attention" not in marked}
