"""The explorer on a page: fed from the shared cache, its choices part of the view."""

from collections.abc import Callable

from viz.attention import AttentionResult
from viz.pictures.explorer import offline
from viz.pictures.explorer.payload import encode
from viz.pictures.explorer.selection import Selection
from viz.pictures.explorer.strings import strings
from viz.ui.components.explorer_component import explorer
from viz.ui.progress.shared_results import shared_payload
from viz.ui.session import change, tr
from viz.view.explorer_choices import changes, picked
from viz.view.state import ViewState


def show(result: AttentionResult, state: ViewState) -> None:
    """Draw every head of the result; what a person picks there becomes the view, and the view moves it."""
    explorer(
        shared_payload(result, state),
        strings(tr),
        picked(state.switches, state.layer, state.head, state.specials),
        key="explorer",
        on_change=_follow,
    )


def document(result: AttentionResult, state: ViewState, title: str, language: str) -> Callable[[], bytes]:
    """What makes the explorer's HTML document, to be called on any thread: of the session it asks nothing more."""
    words, own = strings(tr), offline.Words().translated(tr)
    selection = picked(state.switches, state.layer, state.head, state.specials)

    def made() -> bytes:
        payload = encode(result.maps, layer=state.layer)
        return offline.page(payload, words, selection, title=title, language=language, words=own)

    return made


def _follow(selection: Selection) -> None:
    change(**changes(selection))
