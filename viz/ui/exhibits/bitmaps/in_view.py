"""Whether a part of the page has come into view: what is costly and lies far down is made only then.

if in_view.seen("print_seen", below="explorer"):
    draw the picture
"""

from collections.abc import Mapping

import streamlit as st

COMPONENT = "attention_atlas_in_view"

# Told once, a little before the part is seen, or when the page is printed; from then on the server knows. Streamlit
# scrolls within the page: so the margin has to reach around that part of it as well as around the window. While a page
# is being put together it is short, and what lies far down is in view for a while: at first it has to stay there, and
# what is above it to have its height, or to have been waited for.
_JS = """
export default function ({ data, parentElement, setStateValue }) {
  const mark = parentElement.querySelector(".mark");
  // Called again with each new data, and cleaned up only at the end: what watched before has to go.
  mark.stop?.();
  mark.stop = () => {};
  if (data.seen || mark.told) return;
  const tell = () => {
    mark.stop();
    mark.told = true;
    setStateValue("seen", true);
  };
  if (!window.IntersectionObserver) return tell();
  let away = false;
  let stays;
  const isThere = () => document.querySelector(`.st-key-${data.below}`)?.offsetHeight > 200;
  const look = (calm, looks) => {
    if (calm === 2 || looks === 20) tell();
    else stays = setTimeout(() => look(isThere() ? calm + 1 : 0, looks + 1), 500);
  };
  const moved = (marks) => {
    clearTimeout(stays);
    if (!marks.at(-1).isIntersecting) away = true;
    else if (away) tell();
    else look(0, 0);
  };
  const watcher = new IntersectionObserver(moved, { rootMargin: "200px 0px", scrollMargin: "200px 0px" });
  mark.stop = () => {
    clearTimeout(stays);
    watcher.disconnect();
    window.removeEventListener("beforeprint", tell);
  };
  watcher.observe(mark);
  window.addEventListener("beforeprint", tell);
  return () => mark.stop();
}
"""


def seen(key: str, below: str) -> bool:
    """Whether this place on the page has been in view since it was put there. It has no height of its own.

    `below` is the key of what takes the most room above it, which a browser draws a moment later. Once it comes into
    view the page runs again. Where there is no browser to tell, it is never seen.
    """
    # Registering is idempotent, and has to be repeated after the server's registry is new.
    draw = st.components.v2.component(COMPONENT, html='<div class="mark"></div>', js=_JS)
    known = st.session_state.get(key)
    told = isinstance(known, Mapping) and known.get("seen") is True
    # What a browser says that comes back to a server begun anew is known only once the part is there.
    return draw(key=key, data={"seen": told, "below": below}, on_seen_change=lambda: None).get("seen") is True
