"""For the back row: the controls hidden, large type, full contrast, and keys that step through the saved views."""

from collections.abc import Collection

import streamlit as st

from viz.ui.components.component import component, sent
from viz.ui.session import change, tr, view
from viz.view import saved_views
from viz.view.state import MOST_SAVED

_GO = "atlas_go"

# Streamlit measures in rem, so one rule makes all of it larger; the explorer does likewise. A phone has no back row.
_LARGE = """<style>
@media (min-width: 481px) { html { font-size: 125%; } }
[data-testid="stMain"] .block-container { padding: 3rem clamp(1rem, 4vw, 2rem) 2rem; max-width: none; }
[data-testid="stApp"] { background: light-dark(#fff, #000); color: light-dark(#000, #fff); }
[data-testid="stSidebar"], [data-testid="stHeader"] { display: none; }
</style>"""


def sidebar(page: str) -> None:
    """Save the view on screen, forget the saved ones, start presenting."""
    state = view()
    with st.sidebar.expander(tr("Present"), icon=":material/slideshow:", expanded=bool(state.saved)):
        st.caption(
            tr(
                "Save views one by one, then step through them in front of the class with the arrow keys. The link in "
                "the address bar carries them."
            )
        )
        if state.saved:
            st.markdown(tr("Saved views: {count}", count=len(state.saved)))
        st.button(
            tr("Save this view"),
            icon=":material/bookmark_add:",
            width="stretch",
            disabled=len(state.saved) >= MOST_SAVED,
            # The view at the click: what was typed just before it belongs to it.
            on_click=lambda: change(saved=saved_views.save(view(), page)),
        )
        if state.saved:
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
    stops = saved_views.stops(view().saved, pages)
    position = saved_views.position(view(), page, stops)
    following = 0 if position is None else position + 1
    preceding = len(stops) - 1 if position is None else position - 1

    def stepped() -> None:
        step = allowed_step(sent("present", "step"))
        if step == 0:
            change(present=False)
        elif step is not None and 0 <= (target := following if step > 0 else preceding) < len(stops):
            _show(stops[target])

    component(__file__, "present", '<div class="bar"></div>')(
        key="present",
        data={
            "position": ""
            if position is None
            else tr("{number} of {count}", number=position + 1, count=len(stops)),
            "back": tr("Back"),
            "next": tr("Next"),
            "leave": tr("Stop presenting"),
            "can_go_back": 0 <= preceding < len(stops),
            "can_go_on": following < len(stops),
        },
        on_step_change=stepped,
    )


def wanted_page() -> str | None:
    """The page that a step leads to, once; None where the page stays."""
    page: str | None = st.session_state.pop(_GO, None)
    return page


def _show(stop: saved_views.Stop) -> None:
    change(**vars(saved_views.shown(view(), stop)))
    st.session_state[_GO] = stop.page


def allowed_step(value: object) -> int | None:
    """The step that the browser sent: 1 on, -1 back, 0 to leave; None for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value in (-1, 0, 1):
        return int(value)
    return None
