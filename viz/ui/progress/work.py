"""Long work for a page: its result where it is at hand, or in its place how far it is, or why it ended.

    key = ("roles", model.card.id, model.revision, texts_digest)     # its first item names the place on the page
    result = run_work(key, make, doing=tr("Measuring …"), start=pressed)
    if result is not None:
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
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar

import streamlit as st

from viz.errors import Cancelled, NotEnoughMemory, VizError
from viz.language import _
from viz.models.settings import settings
from viz.serving.queue import LANE, Report, WorkJob, WorkPool
from viz.serving.shutdown import stopped_at_the_end
from viz.serving.store import Shared, bytes_of
from viz.ui.progress.shared_results import shared
from viz.ui.progress.waiting import Wait, progress_box, show_end
from viz.ui.session import tr, trn

T = TypeVar("T")
Key = tuple[Hashable, ...]
Make = Callable[[Report, threading.Event], T]

_WAITS = "atlas_work"  # the place on a page -> the key that it last asked for, and its Wait
_LOOK_EVERY_S = 0.5
_LOOK_INTO_EVERY_S = 1.0  # where what is done so far is drawn, too
_GLANCE_S = 0.3
_PART = "part"


@st.cache_resource(show_spinner=False)
def _pool() -> WorkPool:
    pool = WorkPool(settings().at_once)
    stopped_at_the_end(pool.stop)
    return pool


def run_work(
    key: Key,
    make: Make[T],
    *,
    doing: str,
    start: bool,
    lane: str = LANE,
    said: Callable[[], str] | None = None,
    meanwhile: Callable[[], None] | None = None,
    to_stop: str | None = None,
) -> T | None:
    """What `make` gives for `key`, or None where it is not there: then its progress, or why it ended, is drawn.

    It is begun where `start` is true, and joined where another session has begun it. `doing` says in the session's
    language what is done, as Markdown. Works of one `lane` wait for each other alone. `said` words the progress,
    `meanwhile` draws below it the `partial_result`, about once a second; `to_stop` is what the button says that stops
    it. Call it once a run for each place.
    """
    wait = _wait(key)
    if (result := finished_result(key)) is not None:
        wait.settle()
        return result  # type: ignore[no-any-return]
    if wait.problem is not None:
        _show_end(wait.problem, key)
        return None
    if not (start or wait.wanted or running(key)):
        return None
    keep = partial(_keep, shared(), key, make)
    job = wait.join(lambda who, alive: _pool().join(key, keep, who, alive, lane), _unforeseen)
    if job.wait(_GLANCE_S) and (result := finished_result(key)) is not None:
        return result  # type: ignore[no-any-return]
    every = _LOOK_INTO_EVERY_S if meanwhile else _LOOK_EVERY_S
    st.fragment(_watch, run_every=every)(job, key, doing, said, meanwhile, to_stop)
    return None


def turn(lane: str, tell: Callable[[int], None]) -> AbstractContextManager[None]:
    """One of the places of `lane` for what is done within a run of a page; see `WorkPool.turn`."""
    return _pool().turn(lane, tell)


def finished_result(key: Key) -> Any | None:
    """The result for `key` where there is one; nothing is begun, and nothing drawn."""
    return shared().peek(("work", key))


def partial_result(key: Key) -> Any | None:
    """The last state of a `resumable` work that has not come to its end, None where there is none."""
    return shared().peek((_PART, key))


def running(key: Key) -> bool:
    """Whether the work is on its way, or waits for its turn."""
    return _pool().running(key) is not None


def not_begun(key: Key) -> bool:
    """Whether there is nothing of `key` yet: no result, nobody who computes it, and no end of it on this page."""
    wait = _wait_of(key)
    return (wait is None or wait.is_new) and finished_result(key) is None and not running(key)


def begins(key: Key, quick: bool, label: str) -> bool:
    """Whether to begin a work: by itself where it is `quick`, else once a person presses the button offered here."""
    if quick or not not_begun(key):
        return quick
    st.caption(tr("There is much to compute: this takes a minute or more."))
    return st.button(label, type="primary", icon=":material/play_arrow:")


def resumable(
    key: Key,
    steps: Callable[[T | None, threading.Event], Iterator[T]],
    count: Callable[[T], tuple[int, int]] = attrgetter("done", "total"),
) -> Make[T]:
    """What to give `run_work` where the work goes on from what a cancelled one had done.

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
            store.put((_PART, key), state, bytes_of(state))
            report(*count(state))
        if cancelled.is_set() or state is None:
            raise Cancelled("")
        store.drop((_PART, key))
        return state

    return make


def _wait_of(key: Key) -> Wait | None:
    """What is kept of a key, None where its place has asked for another since."""
    last, wait = st.session_state.get(_WAITS, {}).get(key[0], (None, None))
    return wait if last == key else None


def _wait(key: Key) -> Wait:
    """What is kept of a key; where its place asked for another before, that one is left."""
    if (wait := _wait_of(key)) is None:
        waits: dict[Hashable, tuple[Key, Wait]] = st.session_state.setdefault(_WAITS, {})
        if key[0] in waits:
            last, wait = waits[key[0]]
            wait.leave(_pool().running(last))
        _key, wait = waits[key[0]] = key, Wait()
    return wait


def _keep(
    store: Shared,
    key: Key,
    make: Make[T],
    report: Report,
    cancelled: threading.Event,
) -> None:
    """Make the result and put it into the cache that all sessions share; on the work's own thread."""
    try:
        result = make(report, cancelled)
    except (NotEnoughMemory, MemoryError) as exc:
        store.make_room(exc)
        raise
    if not store.put(("work", key), result, size := bytes_of(result)):
        raise VizError(
            _("The result takes {size:,} bytes, more than are kept here. Please give a shorter text."),
            size=size,
        )


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
    wait = _wait_of(key)
    if job.done or job.cancelled or wait is None or wait.problem is not None:
        st.rerun()
    progress = job.progress
    if progress is None:
        share, text = 0.0, _waiting(job)
    elif not progress.total:
        share, text = 0.0, tr("Beginning …")
    else:
        share = min(1.0, progress.done / progress.total)
        text = said() if said else _said(job, progress.done, progress.total)
    with st.container(border=True):
        progress_box(
            f"**{doing}**", share, text, f"w_work_cancel_{key[0]}", lambda: stop(key), to_stop or tr("Cancel")
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
    (_wait_of(key) or Wait()).cancel(_pool().running(key))


def _show_end(problem: VizError, key: Key) -> None:
    begun, stopped = partial_result(key) is not None, isinstance(problem, Cancelled)
    show_end(
        problem,
        tr("Stopped. What is done so far is kept: it can go on from there.") if begun else tr("Stopped."),
    )
    st.button(
        tr("Go on") if stopped and begun else tr("Start again") if stopped else tr("Try again"),
        key=f"w_work_again_{key[0]}",
        type="primary",
        icon=":material/play_arrow:" if stopped else ":material/refresh:",
        on_click=_wait(key).ask,
    )
