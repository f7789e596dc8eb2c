"""Long work for a page: its result where it is at hand, or in its place how far it is, or why it ended.

    key = ("roles", model.card.id, model.revision, texts_digest)     # its first item names the place on the page
    found = worked(key, make, size=lambda found: found.nbytes, doing=tr("Measuring …"), start=pressed)
    if found is not None:
        ...                                                          # draw it

`make(report, cancelled)` runs on a thread of its own, once for all sessions, so many of a lane at a time. It calls
`report(done, total)`, ends early once `cancelled` is set, and asks nothing of the session: no `tr`, no `view`, no
`st`. Its result goes to the cache that all sessions share; a session holds only keys and messages.

A place that asks for another key leaves the work that it asked for before. Work is stopped when nobody waits for it.
"""

import math
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import streamlit as st

from viz.errors import Cancelled, NotEnoughMemory, VizError
from viz.language import _
from viz.models.settings import settings
from viz.serving.queue import LANE, Report, WorkJob, WorkPool
from viz.serving.shutdown import stopped_at_the_end
from viz.serving.store import Shared
from viz.ui.progress.shared_results import shared
from viz.ui.progress.waiting import Wait, session_alive
from viz.ui.session import tr, trn
from viz.ui.streamlit_gaps import session_id
from viz.ui.wording.plain_text import message_of

T = TypeVar("T")
Key = tuple[Hashable, ...]
Make = Callable[[Report, threading.Event], T]

_PLACES = "atlas_work"  # place -> _Place
_LOOK_EVERY_S = 0.5
_LOOK_INTO_EVERY_S = 1.0  # where what is done so far is drawn, too
_GLANCE_S = 0.3
_PART = "part"


class _Place:
    """What a session keeps of one place on its pages: the key it last asked for, and what came of it."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.wanted = False
        self.wait: Wait | None = None
        self.ended: VizError | None = None


@st.cache_resource(show_spinner=False)
def _pool() -> WorkPool:
    made = WorkPool(settings().at_once)
    stopped_at_the_end(made.stop)
    return made


def worked(
    key: Key,
    make: Make[T],
    *,
    size: Callable[[T], int],
    doing: str,
    start: bool,
    lane: str = LANE,
    said: Callable[[], str] | None = None,
    meanwhile: Callable[[], None] | None = None,
    to_stop: str | None = None,
) -> T | None:
    """What `make` gives for `key`, or None where it is not there: then its progress, or why it ended, is drawn.

    It is begun where `start` is true, and joined where another session has begun it. `size` gives the bytes of a
    result, `doing` says in the session's language what is done, as Markdown. Works of one `lane` wait for each other
    alone. `said` words the progress, `meanwhile` draws below it what is known by then (see `so_far`), about once a
    second; `to_stop` is what the button says that stops it. Call it once a run for each place.
    """
    place = _place(key)
    store = shared()
    if (found := _held(store, key)) is not None:
        place.wait = place.ended = None
        return found  # type: ignore[no-any-return]
    if place.wait is not None and place.wait.problem is not None:
        place.ended, place.wait = place.wait.problem, None
    if place.ended is not None:
        _say_why(place, store)
        return None
    if not (start or place.wanted or _pool().running(key)):
        return None
    job = _join(place, make, size, store, lane)
    if job.wait(_GLANCE_S) and (found := _held(store, key)) is not None:
        return found  # type: ignore[no-any-return]
    every = _LOOK_INTO_EVERY_S if meanwhile else _LOOK_EVERY_S
    st.fragment(_watch, run_every=every)(job, key, doing, said, meanwhile, to_stop)
    return None


def turn(lane: str, tell: Callable[[int], None]) -> AbstractContextManager[None]:
    """One of the places of `lane` for what is done within a run of a page; see `WorkPool.turn`."""
    return _pool().turn(lane, tell)


def at_hand(key: Key) -> Any | None:
    """The result for `key` where there is one; nothing is begun, and nothing drawn."""
    return _held(shared(), key)


def so_far(key: Key) -> Any | None:
    """The last state of a `resumable` work that has not come to its end, None where there is none."""
    return shared().peek((_PART, key))


def running(key: Key) -> bool:
    """Whether the work is on its way, or waits for its turn."""
    return _pool().running(key) is not None


def untouched(key: Key) -> bool:
    """Whether there is nothing of `key` yet: no result, nobody who computes it, and no end of it on this page."""
    place = _place_of(key)
    known = place is not None and (place.wanted or place.wait is not None or place.ended is not None)
    return not known and at_hand(key) is None and _pool().running(key) is None


def resumable(
    key: Key,
    steps: Callable[[T | None, threading.Event], Iterator[T]],
    size: Callable[[T], int],
    count: Callable[[T], tuple[int, int]],
) -> Make[T]:
    """What to give `worked` where the work goes on from what a cancelled one had done.

    `steps(so_far, cancelled)` gives one state after the other, each with all before it, the last of them the result;
    `count(state)` is its (done, total).
    """
    store = shared()

    def make(report: Report, cancelled: threading.Event) -> T:
        state: T | None = store.peek((_PART, key))
        if state is not None:
            report(*count(state))
        for reached in steps(state, cancelled):
            state = reached
            store.put((_PART, key), state, size(state))
            report(*count(state))
        if cancelled.is_set() or state is None:
            raise Cancelled("")
        store.drop((_PART, key))
        return state

    return make


def _held(store: Shared, key: Key) -> Any | None:
    return store.peek(("work", key))


def _place_of(key: Key) -> _Place | None:
    """What is kept of a key, None where its place has asked for another since."""
    place: _Place | None = st.session_state.get(_PLACES, {}).get(key[0])
    return place if place is not None and place.key == key else None


def _place(key: Key) -> _Place:
    places: dict[Hashable, _Place] = st.session_state.setdefault(_PLACES, {})
    place = places.get(key[0])
    if place is None or place.key != key:
        if place is not None and (job := _pool().running(place.key)):
            job.leave(session_id())
        place = places[key[0]] = _Place(key)
    return place


def _join(place: _Place, make: Make[T], size: Callable[[T], int], store: Shared, lane: str) -> WorkJob:
    key = place.key

    def kept(report: Report, cancelled: threading.Event) -> None:
        try:
            made = make(report, cancelled)
        except (NotEnoughMemory, MemoryError) as exc:
            store.make_room(exc)
            raise
        if not store.put(("work", key), made, size(made)):
            raise VizError(
                _("The result takes {size:,} bytes, more than are kept here. Please give a shorter text."),
                size=size(made),
            )

    job = _pool().join(key, kept, session_id(), session_alive(), lane)
    if place.wait is None or place.wait.job() is not job:
        place.wait = Wait(job, _unforeseen)
    return job


def _unforeseen(reason: str) -> VizError:
    return VizError(_("This could not be computed ({reason}). Please try again."), reason=reason)


def _watch(
    job: WorkJob,
    key: Key,
    doing: str,
    said: Callable[[], str] | None,
    meanwhile: Callable[[], None] | None,
    to_stop: str | None,
) -> None:
    """How far the work is; reruns alone, and the page with it once it has ended."""
    place = _place_of(key)
    if job.done or job.cancelled or place is None or place.ended is not None:
        st.rerun()
    with st.container(border=True):
        st.markdown(f"**{doing}**")
        progress = job.progress
        if progress is None:
            st.progress(0.0, text=_waiting(job))
        elif not progress.total:
            st.progress(0.0, text=tr("Beginning …"))
        else:
            text = said() if said else _said(job, progress.done, progress.total)
            st.progress(min(1.0, progress.done / progress.total), text=text)
        st.button(
            to_stop or tr("Cancel"),
            key=f"w_work_cancel_{key[0]}",
            icon=":material/close:",
            on_click=stop,
            args=(key,),
        )
    if meanwhile is not None:
        meanwhile()


def _waiting(job: WorkJob) -> str:
    """Why it has not begun: others came before, and only so many run at once."""
    said = tr(
        "Waiting: others are being computed, and this server does {count} at a time.", count=_pool().most
    )
    ahead = _pool().ahead(job) or 0
    if ahead:
        said += " " + trn("{count} more is before this one.", "{count} more are before this one.", ahead)
    return said + " " + tr("It begins by itself.")


def _said(job: WorkJob, done: int, total: int) -> str:
    said = tr("{done} of {total}", done=f"{done:,}", total=f"{total:,}")
    if (rate := job.rate) and done < total:
        seconds = math.ceil((total - done) / rate)
        said += " · " + (
            trn("about {count} second left", "about {count} seconds left", seconds)
            if seconds < 90
            else trn("about {count} minute left", "about {count} minutes left", round(seconds / 60))
        )
    return said


def stop(key: Key) -> None:
    """This session wants the work of this key no longer: it is stopped at once, unless others wait for it."""
    if job := _pool().running(key):
        job.cancel(session_id())
    if place := _place_of(key):
        place.wait, place.wanted, place.ended = None, False, Cancelled("")


def _again(key: Key) -> None:
    if place := _place_of(key):
        place.ended, place.wanted = None, True


def _say_why(place: _Place, store: Shared) -> None:
    part = store.peek((_PART, place.key)) is not None
    if isinstance(place.ended, Cancelled):
        st.info(
            tr("Stopped. What is done so far is kept: it can go on from there.") if part else tr("Stopped."),
            icon=":material/block:",
        )
    elif place.ended is not None:
        st.error(message_of(place.ended), icon=":material/error:")
    stopped = isinstance(place.ended, Cancelled)
    st.button(
        tr("Go on") if stopped and part else tr("Start again") if stopped else tr("Try again"),
        key=f"w_work_again_{place.key[0]}",
        type="primary",
        icon=":material/play_arrow:" if stopped else ":material/refresh:",
        on_click=_again,
        args=(place.key,),
    )
