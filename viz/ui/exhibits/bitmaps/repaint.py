"""Pictures in the theme that the page has now: where somebody switches it while a page is open, they are drawn anew.

Streamlit puts its own parts into the new colours by itself, and runs nothing for it.
"""

import streamlit as st

from viz.ui.exhibits.layout import dark

# Called again when the theme changes. Told once for each switch: should the server see the theme differently, it is
# not asked again and again.
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const mark = parentElement.querySelector("i");
  const dark = getComputedStyle(mark).colorScheme.includes("dark");
  if (dark === data.dark) delete mark.dataset.told;
  else if (mark.dataset.told !== String(dark)) {
    mark.dataset.told = String(dark);
    setTriggerValue("switched", dark);
  }
}
"""


def watch() -> None:
    """Run the page again where its theme is no longer the one that its pictures were drawn in."""
    # Registering is idempotent, and has to be repeated after the server's registry is new.
    draw = st.components.v2.component("attention_atlas_repaint", html="<i hidden></i>", js=_JS)
    with st.sidebar:
        draw(key="repaint", data={"dark": dark()}, on_switched_change=lambda: None)
