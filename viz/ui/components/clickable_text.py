"""A text whose tokens or words can be clicked: each shaded by a number, the chosen one framed.

The text goes to the browser as data and onto the page as text nodes; nothing of it is ever HTML. Every token is a
button, so that it is reached with the Tab key and chosen with Enter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from viz.inputs.encoding import Encoding
from viz.ui.wording.plain_text import visible

_CSS = """
.text { line-height: 2.1; white-space: pre-wrap; overflow-wrap: anywhere; font-family: var(--st-font);
        color: var(--st-text-color); }
.text button { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 0.25em;
               padding: 0.1em 0.12em; margin: 0; cursor: pointer; white-space: pre-wrap; overflow-wrap: anywhere;
               text-align: start; min-height: 1.6em; min-width: 0.9em; }
.text button:hover { border-color: var(--st-border-color); }
.text button:focus-visible { outline: 2px solid var(--st-primary-color); }
.text button[aria-pressed="true"] { border-color: var(--st-text-color); box-shadow: 0 0 0 1px var(--st-text-color); }
.text button.special { font-size: 0.8em; margin: 0 0.2em; }
"""

_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".text");
  const nodes = data.pieces.map((piece) => {
    const node = document.createElement(piece.at === null ? "span" : "button");
    node.textContent = piece.text;
    if (piece.at === null) return node;
    node.type = "button";
    node.className = piece.special ? "special" : "";
    node.title = piece.hint;
    node.setAttribute("aria-pressed", String(piece.at === data.chosen));
    // At most half: in either theme the text stays legible on it (a contrast of 4.5 and more).
    const share = Math.round(Math.min(1, Math.max(0, piece.shade)) * 50);
    if (share) node.style.backgroundColor = `color-mix(in srgb, var(--st-primary-color) ${share}%, transparent)`;
    node.onclick = () => setTriggerValue("picked", piece.at);
    return node;
  });
  // Who chose with a key goes on from there.
  const focused = [...root.children].indexOf(root.getRootNode().activeElement);
  root.replaceChildren(...nodes);
  if (focused >= 0) root.children[focused]?.focus();
  root.setAttribute("aria-label", data.label);
}
"""


@dataclass(frozen=True)
class Piece:
    """A stretch of text. `at` is the number of its token or word, None for what lies between them."""

    text: str
    at: int | None = None
    shade: float = 0.0
    hint: str = ""
    special: bool = False


def clickable_text(
    pieces: Sequence[Piece], chosen: int | None, label: str, key: str, on_pick: Callable[[int], None]
) -> None:
    """Draw `pieces` one behind the other; `on_pick` is called with the number of the one that was clicked."""
    # Registering is idempotent, and has to be repeated after the server's registry is new.
    draw = st.components.v2.component(
        "attention_atlas_clickable_text", html='<div class="text" role="group"></div>', css=_CSS, js=_JS
    )
    known = {piece.at for piece in pieces}

    def picked() -> None:
        at = picked_from(st.session_state.get(key))
        if at is not None and at in known:
            on_pick(at)

    data = {"pieces": [asdict(piece) for piece in pieces], "chosen": chosen, "label": label}
    draw(key=key, data=data, on_picked_change=picked)


def picked_from(state: object) -> int | None:
    """The number that the browser sent, None for anything that is none."""
    raw: Any = state.get("picked") if isinstance(state, Mapping) else None
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else None


def pieces_of(encoding: Encoding, shares: Sequence[float]) -> list[Piece]:
    """The text of an encoding of tokens or words, each shaded by its share, the strongest content one darkest."""
    content = [share for share, special in zip(shares, encoding.special, strict=True) if not special]
    strongest = max(content, default=0.0) or 1.0
    pieces: list[Piece] = []
    segment = end = 0
    for at, span in enumerate(encoding.spans):
        if encoding.segments[at] != segment:
            segment, end = encoding.segments[at], 0
            pieces.append(Piece("\n"))
        source = (encoding.pair or "") if segment else encoding.text
        label, text = encoding.token_labels[at], encoding.token_labels[at]
        if span is not None and span[0] >= end and source[slice(*span)].strip():
            if span[0] > end:
                pieces.append(Piece(visible(source[end : span[0]])))
            text, end = visible(source[slice(*span)]), span[1]
        hint = f"{label}: {shares[at]:.1%}"
        pieces.append(Piece(text, at, shares[at] / strongest, hint, encoding.special[at]))
    return pieces
