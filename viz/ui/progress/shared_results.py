"""What all sessions share: loaded models, attention results, rendered pictures.

One cache bounded by bytes, where the least recently used leaves; the same thing asked for by two sessions at once
is made once. A failure is told to all who wait for it and is not remembered. Where memory runs out, all is let go of.
"""

from collections.abc import Callable, Hashable

import numpy as np
import streamlit as st

from viz.attention import AttentionResult, attend
from viz.attention.checks import Array
from viz.attention.norms import as_norms
from viz.models import LoadedModel
from viz.models.settings import settings
from viz.pictures.explorer.payload import Payload, encode
from viz.serving.resident_models import Residents
from viz.serving.shutdown import stopped_at_the_end
from viz.serving.store import Shared
from viz.view.state import ViewState


@st.cache_resource(show_spinner=False)
def shared() -> Shared:
    """The one cache of the server, made at its first use.

    A thread of its own is handed it: asked there, it would miss the session.
    """
    return Shared(settings().cache_mb * 2**20)


@st.cache_resource(show_spinner=False)
def residents() -> Residents:
    """The loaded models of all sessions."""
    models = Residents()
    stopped_at_the_end(models.stop)
    return models


def shared_result(model: LoadedModel, text: str, pair: str, target: str = "") -> AttentionResult:
    """What `attend` gives for a text, or two, computed once for all sessions. Raises what it raises.

    An empty `target` leaves it to an encoder-decoder to write one.
    """
    return shared().get(
        _result_key(model, text, pair, target),
        lambda: attend(model, text, pair or None, target or None),
    )


def shared_weighed(model: LoadedModel, result: AttentionResult) -> AttentionResult:
    """The result with lengths in place of its weights (`viz.attention.norms`), computed once for all sessions.

    Raises what `as_norms` raises.
    """
    read = result.maps[0].queries
    return shared().get(
        ("weighed", result.card.id, result.revision, read.text, read.pair, result.target),
        lambda: as_norms(model, result),
    )


def result_of_view(view: ViewState) -> AttentionResult | None:
    """The result for a view's text where it is computed already, else None."""
    model = residents().get(view.model)
    return result_held(model, view.text, view.pair, view.target) if model is not None else None


def result_held(model: LoadedModel, text: str, pair: str, target: str = "") -> AttentionResult | None:
    """What `shared_result` would give, where it is computed already, else None."""
    result: AttentionResult | None = shared().peek(_result_key(model, text, pair, target))
    return result


def _result_key(model: LoadedModel, text: str, pair: str, target: str) -> Hashable:
    # What has no decoder beside its encoder reads no target.
    target = target if "cross" in model.card.kinds else ""
    return ("result", model.card.id, model.revision, text, pair, target)


def key_of(result: AttentionResult, view: ViewState) -> tuple[Hashable, ...]:
    """What a picture of the view's map depends on: the numbers, the texts, and which of the maps it is."""
    on_screen = result.map_of(view.switches.kind)
    return (
        result.card.id,
        result.revision,
        view.text,
        view.pair,
        view.target,
        on_screen.kind,
        on_screen.quantity,
    )


def unit_key(view: ViewState) -> tuple[Hashable, ...]:
    """What a picture depends on that shows tokens or words, with special tokens or without."""
    return (view.switches.unit, view.specials, view.switches.renormalise)


def shared_payload(result: AttentionResult, view: ViewState) -> Payload:
    """What the explorer is sent of a result, encoded once for all sessions.

    Where not all fits one message, the view's layer goes first. It is no part of the key: whoever picks another layer
    later gets it on demand, and not everything anew.
    """
    return shared().get(
        _payload_key(result, view),
        lambda: encode(result.maps, layer=view.layer),
        # It holds on to the weights, so that it can send further layers, and to those it has sent; they count here too.
        lambda payload: payload.nbytes * (1 + len(payload.left)) + result.nbytes,
    )


def holds_payload(result: AttentionResult, view: ViewState) -> bool:
    """Whether the cache holds what `shared_payload` gave: it has no room for a large one where it is small."""
    return shared().peek(_payload_key(result, view)) is not None


def _payload_key(result: AttentionResult, view: ViewState) -> Hashable:
    quantity = result.maps[0].quantity
    return ("payload", result.card.id, result.revision, view.text, view.pair, view.target, quantity)


def shared_bytes(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """A rendered picture or payload, made once for all sessions."""
    return shared().get(("bytes", key), make, len)


def shared_array(key: Hashable, make: Callable[[], Array]) -> Array:
    """What `make` returns, as one read-only float32 array, made once for all sessions."""

    def make_array() -> Array:
        values = np.array(make(), dtype=np.float32)
        values.setflags(write=False)
        return values

    return shared().get(("bytes", (key, "array")), make_array)
