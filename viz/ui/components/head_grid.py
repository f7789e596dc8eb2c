"""All heads as a grid of switches, layers down and heads across: a click, or Enter, switches one off or on.

A click shows at once, before the server has heard of it; so several quick ones are all kept. Tab reaches the grid,
the arrow keys go from head to head.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeGuard

import streamlit as st

from viz.ui.session import tr
from viz.ui.wording.names import head_name
from viz.view.disabled_heads import Head

_CSS = """
.heads { display: grid; gap: 3px; overflow-x: auto; align-items: center; justify-content: start; padding: 3px;
         font-family: var(--st-font); color: var(--st-text-color); font-size: 0.75rem; }
.heads span { text-align: center; opacity: 0.8; }
.heads button { font: inherit; color: inherit; border: 1px solid var(--st-border-color); border-radius: 0.2em;
                padding: 0; margin: 0; cursor: pointer; height: 1.6rem; min-width: 1.1rem; background: none; }
.heads button:hover { border-color: var(--st-text-color); }
.heads button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.heads button[aria-checked="false"] { border: 1px dashed var(--st-text-color); background: repeating-linear-gradient(
    45deg, transparent 0 4px, color-mix(in srgb, var(--st-text-color) 35%, transparent) 4px 6px) !important; }
"""

_JS = """
const known = new WeakMap();
const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function build(root, data) {
  const text = (said) => Object.assign(document.createElement("span"), { textContent: said });
  const nodes = [text(""), ...Array.from({ length: data.heads }, (_, head) => text(String(head + 1)))];
  const buttons = data.names.map((name, at) => {
    const node = document.createElement("button");
    node.type = "button";
    node.setAttribute("role", "switch");
    node.setAttribute("aria-label", name);
    node.tabIndex = at ? -1 : 0;
    if (at % data.heads === 0) nodes.push(text(String(at / data.heads + 1)));
    nodes.push(node);
    return node;
  });
  root.style.gridTemplateColumns = `auto repeat(${data.heads}, minmax(1.1rem, 2.4rem))`;
  root.replaceChildren(...nodes);
  return buttons;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".heads");
  const shape = JSON.stringify(data.names);
  let state = known.get(root);
  if (state?.shape !== shape) {
    state = { shape, buttons: build(root, data), sent: data.heard, off: new Set() };
    known.set(root, state);
  }
  root.setAttribute("aria-label", data.label);
  // What the server has not heard of yet is not undone by what it says meanwhile.
  if (data.heard >= state.sent) {
    state.sent = data.heard;
    state.off = new Set(data.off);
  }
  const show = () => state.buttons.forEach((node, at) => {
    node.setAttribute("aria-checked", String(!state.off.has(at)));
    node.title = `${data.names[at]} · ${state.off.has(at) ? data.words.off : data.words.on}${data.hints[at] ?? ""}`;
    const share = Math.round(Math.min(1, Math.max(0, data.shades[at] ?? 0)) * 85);
    node.style.background = `color-mix(in srgb, var(--st-primary-color) ${share}%, transparent)`;
  });
  show();
  const focus = (at) => {
    state.buttons.forEach((node, other) => { node.tabIndex = other === at ? 0 : -1; });
    state.buttons[at].focus();
  };
  state.buttons.forEach((node, at) => {
    node.onclick = () => {
      if (!state.off.delete(at)) state.off.add(at);
      state.sent += 1;
      show();
      focus(at);
      setTriggerValue("toggled", { count: state.sent, off: [...state.off] });
    };
    node.onkeydown = (event) => {
      const step = KEYS[event.key];
      if (!step) return;
      event.preventDefault();
      const [layer, head] = [Math.floor(at / data.heads) + step[0], (at % data.heads) + step[1]];
      const layers = state.buttons.length / data.heads;
      if (layer >= 0 && layer < layers && head >= 0 && head < data.heads) focus(layer * data.heads + head);
    };
  });
}
"""


def head_grid(
    shape: tuple[int, int],
    off: Collection[Head],
    shades: Sequence[float],
    hints: Sequence[str],
    label: str,
    key: str,
    on_change: Callable[[tuple[Head, ...]], None],
) -> None:
    """Draw layers x heads, `off` switched off; `on_change` is called with all that are off after a click.

    `shades` (0 to 1) colour the heads and `hints` are added to their tips, both through all layers, or empty.
    """
    # Registering is idempotent, and has to be repeated after the server's registry is new.
    draw = st.components.v2.component(
        "attention_atlas_head_grid", html='<div class="heads" role="group"></div>', css=_CSS, js=_JS
    )
    layers, heads = shape
    heard = f"{key}_heard"

    def toggled() -> None:
        found = toggled_from(st.session_state.get(key), layers * heads)
        if found is not None:
            st.session_state[heard] = found[0]
            on_change(tuple((at // heads, at % heads) for at in found[1]))

    data = {
        "heads": heads,
        "names": [head_name(layer, head) for layer in range(layers) for head in range(heads)],
        "off": [layer * heads + head for layer, head in off],
        "heard": st.session_state.get(heard, 0),
        "shades": list(shades),
        "hints": list(hints),
        "label": label,
        "words": {"on": tr("on"), "off": tr("off")},
    }
    draw(key=key, data=data, on_toggled_change=toggled)


def toggled_from(state: object, count: int) -> tuple[int, tuple[int, ...]] | None:
    """The number of the click, and the heads that are off after it, of `count` through all layers, in order.

    None for whatever the browser sent that is none of this.
    """
    raw: Any = state.get("toggled") if isinstance(state, Mapping) else None
    number, off = (raw.get("count"), raw.get("off")) if isinstance(raw, Mapping) else (None, None)
    if not _is_number(number, 2**31) or not isinstance(off, list) or len(off) > count:
        return None
    return (number, tuple(sorted(set(off)))) if all(_is_number(at, count) for at in off) else None


def _is_number(value: object, below: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < below
