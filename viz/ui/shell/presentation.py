"""For the back row: the controls hidden, large type, full contrast, and keys that step through the saved views."""

from collections.abc import Collection, Mapping
from dataclasses import fields

import streamlit as st

from viz.ui.session import change, tr, view
from viz.view import slides
from viz.view.state import MOST_SAVED

_GO = "atlas_go"

# Streamlit measures in rem, so one rule makes all of it larger; the explorer does likewise. A phone has no back row.
_LARGE = """<style>
@media (min-width: 481px) { html { font-size: 125%; } }
[data-testid="stMain"] .block-container { padding: 3rem clamp(1rem, 4vw, 2rem) 2rem; max-width: none; }
[data-testid="stApp"] { background: light-dark(#fff, #000); color: light-dark(#000, #fff); }
[data-testid="stSidebar"], [data-testid="stHeader"] { display: none; }
</style>"""

_CSS = """
.bar { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; font-family: var(--st-font);
       color: var(--st-text-color); }
.bar button { font: inherit; color: inherit; background: var(--st-secondary-background-color); cursor: pointer;
              border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); padding: 0.35rem 0.9rem; }
.bar button:disabled { opacity: 0.5; cursor: default; }
.bar button:focus-visible { outline: 3px solid var(--st-primary-color); }
.bar .leave { margin-left: auto; }
"""

# Page keys are what a presenter's clicker sends. Arrow keys step only where nothing else wants them.
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const bar = parentElement.querySelector(".bar");
  const button = (text, step, off, name = "") => {
    const node = document.createElement("button");
    node.type = "button";
    node.textContent = text;
    node.className = name;
    node.disabled = off;
    node.onclick = () => setTriggerValue("step", step);
    return node;
  };
  const where = document.createElement("span");
  where.textContent = data.where;
  where.setAttribute("aria-live", "polite");
  bar.replaceChildren(
    button(data.back, -1, !data.can_go_back), where, button(data.on, 1, !data.can_go_on),
    button(data.leave, 0, false, "leave"),
  );
  const pressed = (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented);
    const idle = [document.body, document.documentElement].includes(event.composedPath()[0]);
    const step = { PageDown: 1, PageUp: -1, ...(idle && { ArrowRight: 1, ArrowLeft: -1 }) }[event.key];
    if (!plain || step === undefined) return;
    event.preventDefault();
    if (step > 0 ? data.can_go_on : data.can_go_back) setTriggerValue("step", step);
  };
  // Called again with each new data, and cleaned up only at the end: the listener before has to go.
  bar.stop?.();
  bar.stop = () => window.removeEventListener("keydown", pressed);
  window.addEventListener("keydown", pressed);
  return () => bar.stop();
}
"""


def sidebar(page: str) -> None:
    """Save the view on screen, forget the saved ones, start presenting."""
    now = view()
    with st.sidebar.expander(tr("Present"), icon=":material/slideshow:", expanded=bool(now.saved)):
        st.caption(
            tr(
                "Save views one by one, then step through them in front of the class with the arrow keys. The link in "
                "the address bar carries them."
            )
        )
        if now.saved:
            st.markdown(tr("Saved views: {count}", count=len(now.saved)))
        st.button(
            tr("Save this view"),
            icon=":material/bookmark_add:",
            width="stretch",
            disabled=len(now.saved) >= MOST_SAVED,
            # The view at the click: what was typed just before it belongs to it.
            on_click=lambda: change(saved=slides.save(view(), page)),
        )
        if now.saved:
            st.button(
                tr("Remove the last saved view"),
                icon=":material/undo:",
                width="stretch",
                on_click=lambda: change(saved=view().saved[:-1]),
            )
        st.button(
            tr("Start presenting"),
            icon=":material/play_arrow:",
            type="primary",
            width="stretch",
            on_click=lambda: change(present=True),
        )


def bar(page: str, pages: Collection[str]) -> None:
    """Where one is among the saved views, the way back and on, and the way out; all else of the app is hidden.

    `pages` are all that the app has.
    """
    st.html(_LARGE)
    found = slides.stops(view().saved, pages)
    here = slides.position(view(), page, found)
    on = 0 if here is None else here + 1
    back = len(found) - 1 if here is None else here - 1
    where = "" if here is None else tr("{number} of {count}", number=here + 1, count=len(found))

    def stepped() -> None:
        step = _step(st.session_state.get("present"))
        if step == 0:
            change(present=False)
        elif step is not None and 0 <= (target := on if step > 0 else back) < len(found):
            _show(found[target])

    # Registering is idempotent, and has to be repeated after the server's registry is new.
    draw = st.components.v2.component(
        "attention_atlas_present", html='<div class="bar"></div>', css=_CSS, js=_JS
    )
    draw(
        key="present",
        data={
            "where": where,
            "back": tr("Back"),
            "on": tr("Next"),
            "leave": tr("Stop presenting"),
            "can_go_back": 0 <= back < len(found),
            "can_go_on": on < len(found),
        },
        on_step_change=stepped,
    )


def wanted_page() -> str | None:
    """The page that a step leads to, once; None where the page stays."""
    found: str | None = st.session_state.pop(_GO, None)
    return found


def _show(stop: slides.Stop) -> None:
    target = slides.at(view(), stop)
    change(**{each.name: getattr(target, each.name) for each in fields(target)})
    st.session_state[_GO] = stop.page


def _step(state: object) -> int | None:
    raw = state.get("step") if isinstance(state, Mapping) else None
    return (
        int(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) and raw in (-1, 0, 1) else None
    )
