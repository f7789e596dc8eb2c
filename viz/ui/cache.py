"""What all sessions share: loaded models, attention results, rendered pictures.

One cache bounded by bytes, where the least recently used leaves; the same thing asked for by two sessions at once
is made once. A failure is told to all who wait for it and is not remembered.
"""

import logging
import os
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

import streamlit as st
from cachetools import LRUCache

from viz.attention import AttentionResult, attend
from viz.explorer.payload import Payload, encode
from viz.models import LoadedModel, load_model

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_DEFAULT_MEGABYTES = 512


class Shared:
    """A cache of made things, each made once however many ask, and bounded by `limit` bytes in sum."""

    def __init__(self, limit: int) -> None:
        self._lock = threading.Lock()
        self._made: LRUCache[Hashable, tuple[Any, int]] = LRUCache(limit, getsizeof=lambda entry: entry[1])
        self._making: dict[Hashable, Future[Any]] = {}

    def get(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """What `make` returns, from the cache where it is there. `size` gives its bytes.

        A thing larger than the whole cache is returned and not kept. What `make` raises is raised to all who wait.
        """
        with self._lock:
            if key in self._made:
                found: T = self._made[key][0]
                return found
            waiting = self._making.get(key)
            if waiting is None:
                mine = self._making[key] = Future()
        if waiting is not None:
            return waiting.result()  # type: ignore[no-any-return]
        try:
            made = make()
        except BaseException as exc:
            with self._lock:
                del self._making[key]
            mine.set_exception(exc)
            raise
        with self._lock:
            if size(made) <= self._made.maxsize:
                self._made[key] = (made, size(made))
            del self._making[key]
        mine.set_result(made)
        return made

    def peek(self, key: Hashable) -> Any | None:
        """What is held under `key`, None where nothing is: nothing is made."""
        with self._lock:
            found = self._made.get(key)
        return found[0] if found else None

    @property
    def nbytes(self) -> int:
        """How many bytes are held now."""
        with self._lock:
            return int(self._made.currsize)


@st.cache_resource(show_spinner=False)
def _results() -> Shared:
    return Shared(_limit_from_environment())


@st.cache_resource(show_spinner=False)
def _models() -> Shared:
    return Shared(64)


def _limit_from_environment() -> int:
    given = os.environ.get("ATTENTION_ATLAS_CACHE_MB", "")
    if given.isascii() and given.isdigit() and int(given) > 0:
        return int(given) * 2**20
    if given:
        _LOG.warning("ATTENTION_ATLAS_CACHE_MB is %r; a whole number of megabytes was expected.", given)
    return _DEFAULT_MEGABYTES * 2**20


def shared_model(model_id: str) -> LoadedModel:
    """The model of that id, loaded once for all sessions. Raises what `load_model` raises."""
    return _models().get(model_id, lambda: load_model(model_id), lambda _model: 1)


def shared_result(model_id: str, text: str, pair: str) -> AttentionResult:
    """What `attend` gives for a text, or two, computed once for all sessions. Raises what it raises."""
    return _results().get(
        ("result", model_id, text, pair),
        lambda: attend(shared_model(model_id), text, pair or None),
        lambda result: result.nbytes,
    )


def result_at_hand(model_id: str, text: str, pair: str) -> AttentionResult | None:
    """The result for a text where it is computed already, else None."""
    found: AttentionResult | None = _results().peek(("result", model_id, text, pair))
    return found


def shared_payload(result: AttentionResult, text: str, pair: str, layer: int) -> Payload:
    """What the explorer is sent of a result, encoded once for all sessions.

    Where not all fits one message, `layer` goes first. It is no part of the key: whoever picks another layer later
    gets it on demand, and not everything anew.
    """
    return _results().get(
        ("payload", result.card.id, text, pair),
        lambda: encode(result.maps, layer=layer),
        # It holds on to the weights, so that it can send further layers; they count here too.
        lambda payload: payload.nbytes + result.nbytes,
    )


def shared_bytes(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """A rendered picture or payload, made once for all sessions."""
    return _results().get(("bytes", key), make, len)
