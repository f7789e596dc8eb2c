"""The two stacks of the Transformer as a drawing whose boxes are buttons: with the mouse, or with Tab and Enter.

Boxes, lines and labels go to the browser as data; it makes an SVG of them with text nodes.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import streamlit as st

from viz.lessons.why.transformer_parts import BY_NAME, PartName
from viz.ui.session import tr

_CSS = """
.stacks { color: var(--st-text-color); font-family: var(--st-font); }
.stacks svg { display: block; width: 100%; max-width: 30rem; height: auto; margin: 0 auto; }
.stacks text { fill: var(--st-text-color); font-size: 13px; text-anchor: middle; dominant-baseline: central; }
.stacks text.note { font-size: 12px; opacity: 0.8; }
.stacks path { fill: none; stroke: var(--st-text-color); stroke-width: 1.2; }
.stacks path.line { opacity: 0.55; }
.stacks path.tip { fill: var(--st-text-color); stroke: none; opacity: 0.55; }
.stacks rect.frame { fill: none; stroke: var(--st-border-color); stroke-width: 1.5; stroke-dasharray: 5 4; }
.stacks g.box { cursor: pointer; outline: none; }
.stacks g.box rect { fill: var(--st-secondary-background-color); stroke: var(--st-border-color); }
.stacks g.box:hover rect { stroke: var(--st-text-color); }
.stacks g.box:focus-visible rect { stroke: var(--st-primary-color); stroke-width: 3; }
.stacks g.attention rect { fill: color-mix(in srgb, var(--st-primary-color) 22%, transparent); }
.stacks g.box[aria-pressed="true"] rect { stroke: var(--st-text-color); stroke-width: 2.5; }
.stacks .off { opacity: 0.22; }
.stacks g.box.off:focus-visible, .stacks g.box.off[aria-pressed="true"] { opacity: 0.5; }
"""

_JS = """
const SVG = "http://www.w3.org/2000/svg";
const made = (name, attributes, text) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
};
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".stacks");
  const active = root.getRootNode().activeElement;
  const focused = active && root.contains(active) ? active.dataset.at : null;
  const svg = made("svg", { viewBox: `0 0 ${data.width} ${data.height}`, role: "group", "aria-label": data.label });
  const rect = (each) =>
    ({ x: each.x, y: each.y, width: each.width, height: each.height, rx: 6 });
  for (const frame of data.frames) svg.append(made("rect", { ...rect(frame), class: "frame" }));
  for (const line of data.lines) {
    const off = line.off ? " off" : "";
    svg.append(made("path", { d: "M" + line.points.map((point) => point.join(" ")).join("L"), class: "line" + off }));
    const [x, y] = line.points.at(-1);
    const [fromX, fromY] = line.points.at(-2);
    const dx = Math.sign(x - fromX), dy = Math.sign(y - fromY);
    const back = [x - 6 * dx, y - 6 * dy];
    const side = [3.5 * dy, 3.5 * dx];
    svg.append(made("path", {
      d: `M${x} ${y}L${back[0] + side[0]} ${back[1] + side[1]}L${back[0] - side[0]} ${back[1] - side[1]}Z`,
      class: "tip" + off,
    }));
  }
  for (const note of data.notes) svg.append(made("text", { x: note.x, y: note.y, class: "note" }, note.text));
  data.boxes.forEach((box, at) => {
    const group = made("g", {
      class: "box" + (box.attention ? " attention" : "") + (box.off ? " off" : ""),
      role: "button", tabindex: 0, "aria-label": box.label,
      "aria-pressed": String(box.name === data.chosen), "data-at": at,
    });
    group.append(made("rect", rect(box)));
    group.append(made("text", { x: box.x + box.width / 2, y: box.y + box.height / 2 }, box.label));
    const pick = () => setTriggerValue("picked", box.name);
    group.onclick = pick;
    group.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      pick();
    };
    svg.append(group);
  });
  root.replaceChildren(svg);
  // Who chose with a key goes on from there.
  if (focused !== null) root.querySelector(`[data-at="${focused}"]`)?.focus();
}
"""

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


@dataclass(frozen=True)
class _Line:
    """An arrow through points; `off` where what it leads to is not among the marked parts."""

    points: list[tuple[float, float]]
    off: bool


def stacks(
    chosen: PartName, marked: Collection[PartName], key: str, on_pick: Callable[[PartName], None]
) -> None:
    """Draw both stacks, `marked` parts strong and the others faint; `on_pick` is called with what was clicked."""
    # Registering is idempotent, and has to be repeated after the server's registry is new.
    draw = st.components.v2.component(
        "attention_atlas_stacks", html='<div class="stacks"></div>', css=_CSS, js=_JS
    )

    def picked() -> None:
        part = part_from(st.session_state.get(key))
        if part is not None:
            on_pick(part)

    draw(key=key, data=drawing(chosen, marked), on_picked_change=picked)


def part_from(state: object) -> PartName | None:
    """The part that the browser sent, None for anything that is none."""
    raw: Any = state.get("picked") if isinstance(state, Mapping) else None
    return BY_NAME[raw].name if isinstance(raw, str) and raw in BY_NAME else None


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
        lines += [asdict(line) for line in _arrows(left, column, side, marked)]
    lines.append(asdict(_across(marked)))
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
) -> list[_Line]:
    """Upwards from box to box, and around each layer to its norm: the residual connections."""
    middle, found = left + _BOX / 2, []
    for (upper, top), (_lower, below) in pairwise(column):
        if below - top - _TALL > 6:
            found.append(_Line([(middle, below), (middle, top + _TALL)], upper not in marked))
        if upper in _NORMS:
            edge = left if side < 0 else left + _BOX
            out, start = edge + side * _LOOP, below + _TALL + 7
            found.append(
                _Line(
                    [(middle, start), (out, start), (out, top + _TALL / 2), (edge, top + _TALL / 2)],
                    upper not in marked,
                )
            )
    return found


def _across(marked: Collection[PartName]) -> _Line:
    """From the top of the encoder to the decoder's cross-attention."""
    middle, top = _LEFT + _BOX / 2, _IN[0][1]
    between, into = (_LEFT + _BOX + _RIGHT) / 2, dict(_OUT)["cross_attention"] + _TALL / 2
    return _Line(
        [(middle, top), (middle, top - 14), (between, top - 14), (between, into), (_RIGHT, into)],
        "cross_attention" not in marked,
    )
