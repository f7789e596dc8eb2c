"""A whole HTML document on a page, in a frame that can reach neither the page nor its cookies nor its server."""

import streamlit as st

_CSS = """
iframe { display: block; box-sizing: border-box; width: 100%; background: var(--st-background-color);
         border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); }
"""

# Streamlit's own frames allow the same origin. This one allows scripts only: its origin is none.
_JS = """
const EDGES = 2; // pixels of the border, above and below

export default function ({ data, parentElement }) {
  let frame = parentElement.querySelector("iframe");
  if (!frame) {
    frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.setAttribute("referrerpolicy", "no-referrer");
    parentElement.append(frame);
  }
  frame.title = data.title;
  const room = frame.clientWidth || data.width;
  const scale = data.width ? Math.max(0.6, Math.min(1, room / data.width)) : 1;
  frame.style.height = `${Math.ceil(scale * data.height) + EDGES}px`;
  if (frame.srcdoc !== data.html) frame.srcdoc = data.html;
}
"""


def sandboxed(html: str, *, width: int, height: int, title: str, key: str) -> None:
    """Show the document `html`, `height` pixels high; `title` says to a screen reader what it is.

    A document that shrinks in a frame of less than `width` pixels gets less height there; 0 is one that does not.
    """
    # Registering is idempotent, and has to be repeated after the server's registry is new.
    draw = st.components.v2.component("attention_atlas_sandboxed", css=_CSS, js=_JS)
    draw(key=key, data={"html": html, "width": width, "height": height, "title": title})
