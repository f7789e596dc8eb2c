"""Many different texts in a row: what is kept of them stays within its bytes, by its own count and by Python's."""

import gc
import weakref
from dataclasses import replace

import pytest

from viz.attention import Weights
from viz.models import LoadedModel
from viz.serving.store import Shared
from viz.ui.progress import shared_results
from viz.ui.progress.shared_results import shared_bytes, shared_payload, shared_result
from viz.view.state import DEFAULT

TEXTS = 200
LIMIT = 300_000


def test_many_texts_stay_within_the_limit(minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Shared(LIMIT)
    monkeypatch.setattr(shared_results, "shared", lambda: store)
    alive: list[weakref.ref[Weights]] = []
    made = 0
    for number in range(TEXTS):
        now = replace(DEFAULT, text=f"Text {number}.")
        result = shared_result(minilm, now.text, now.pair)
        shared_payload(result, now)
        shared_bytes(("picture", number), lambda: bytes(10_000))
        assert store.nbytes <= LIMIT
        made += result.nbytes
        alive.append(weakref.ref(result.maps[0].weights))
        del result
    gc.collect()
    held = sum(weights.nbytes for each in alive if (weights := each()) is not None)
    print(f"{TEXTS} texts made {made:,} bytes of weights; {held:,} are held, and {LIMIT:,} may be.")
    assert made > 2 * LIMIT
    assert 0 < held <= LIMIT
