"""The explorer on a page: its weights are those of the shared cache, its choices part of the view."""

from collections.abc import Callable

from viz.attention import AttentionResult
from viz.pictures.explorer import offline
from viz.pictures.explorer.payload import encode
from viz.pictures.explorer.selection import Selection
from viz.pictures.explorer.strings import strings
from viz.serving.weights_route import WEIGHTS
from viz.ui.components.explorer_component import explorer
from viz.ui.progress.shared_results import holds_payload, shared_payload
from viz.ui.session import change, tr
from viz.view.packed_parts import changes, picked
from viz.view.state import ViewState


def show(result: AttentionResult, state: ViewState) -> None:
    """Draw every head of the result; what a person picks there becomes the view, and the view moves it."""
    payload = shared_payload(result, state)
    explorer(
        payload,
        strings(tr),
        picked(state.switches, state.layer, state.head, state.specials),
        key="explorer",
        on_change=_follow,
        # What the cache has no room for would be gone before a browser fetches it.
        address=WEIGHTS.address(payload) if holds_payload(result, state) else "",
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
