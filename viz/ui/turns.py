"""What is computed within a run of a page, a text's attention or a picture, in its turn where many ask at once.

with in_turn(PICTURES):
    ...                      # at most so many of a lane at once; whoever waits is told their number

The turns are those of the long works (`viz.ui.work_pool`). Nobody is told who waits for less than half a second.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from viz.attention import AttentionResult
from viz.models import LoadedModel
from viz.ui import work
from viz.ui.cache import result_held, shared, shared_bytes, shared_result
from viz.ui.i18n import tr

TEXTS, PICTURES = "texts", "pictures"  # the lanes


@contextmanager
def in_turn(lane: str) -> Iterator[None]:
    """Hold one of the places of `lane`, once those who came before have had theirs.

    Whoever waits reads which number they are; who leaves, or asks for something else, gives up their number at once.
    """
    told: list[DeltaGenerator] = []

    def tell(ahead: int) -> None:
        if not told:
            told.append(st.empty())
        # Said again and again: these are the moments in which Streamlit may end this run.
        told[0].info(
            tr("This server is busy: you are number {number}. It goes on by itself.", number=ahead + 1),
            icon=":material/hourglass_top:",
        )

    with work.turn(lane, tell):
        if told:
            told[0].empty()
        yield


def result_in_turn(model: LoadedModel, text: str, pair: str, target: str = "") -> AttentionResult:
    """What `shared_result` gives: at once where it is there, else in its turn. Raises what `attend` raises."""
    found = result_held(model, text, pair, target)
    if found is not None:
        return found
    with in_turn(TEXTS):
        return shared_result(model, text, pair, target)


def drawn_in_turn(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """What `shared_bytes` gives for a picture: at once where it is there, else in its turn."""
    found: bytes | None = shared().peek(("bytes", key))
    if found is not None:
        return found
    with in_turn(PICTURES):
        return shared_bytes(key, make)
