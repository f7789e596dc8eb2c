"""A text with marks on it: shaded by a number, struck out where it was cut off.

The text goes to the browser as data and onto the page as text nodes; nothing of it is ever HTML.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import streamlit as st

Mark = Literal["plain", "special", "cut"]

_CSS = """
.text { line-height: 2; white-space: pre-wrap; overflow-wrap: anywhere; font-family: var(--st-font);
        color: var(--st-text-color); }
.text span { border-radius: 0.25em; padding: 0.15em 0; }
.text .special { font-size: 0.8em; opacity: 0.75; margin: 0 0.2em; }
.text .cut { text-decoration: line-through; opacity: 0.75; }
.text .cut.note { text-decoration: none; font-style: italic; }
"""

_JS = """
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".text");
  const nodes = data.runs.map((run) => {
    const span = document.createElement("span");
    span.textContent = run.text;
    span.className = run.mark;
    if (run.hint) span.title = run.hint;
    // At most half: in either theme the text stays legible on it (a contrast of 4.5 and more).
    const share = Math.round(Math.min(1, Math.max(0, run.shade)) * 50);
    if (share) {
      span.style.backgroundColor = `color-mix(in srgb, var(--st-primary-color) ${share}%, transparent)`;
    }
    return span;
  });
  root.replaceChildren(...nodes);
  root.setAttribute("aria-label", data.label);
}
"""


@dataclass(frozen=True)
class Run:
    """A stretch of text: `shade` from 0 to 1 colours its ground, `hint` shows under the pointer."""

    text: str
    mark: Mark = "plain"
    shade: float = 0.0
    hint: str = ""


def marked_text(runs: Sequence[Run], label: str, key: str) -> None:
    """Draw `runs` one behind the other; `label` says to a screen reader what they are."""
    # Registering is idempotent, and has to be repeated after the server's registry is new.
    draw = st.components.v2.component(
        "attention_atlas_marked_text", html='<div class="text" role="group"></div>', css=_CSS, js=_JS
    )
    draw(key=key, data={"runs": [asdict(run) for run in runs], "label": label})
