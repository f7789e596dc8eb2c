"""Figures drawn by other processes: matplotlib draws in Python, and a process runs that on one core at a time.

drawers = Drawers(2)
drawers.webp(figure, dpi)        # as `to_webp`, in a process that has nothing else to do
drawers.stop()

Whatever goes wrong with such a process, the figure is drawn in this one instead: while they still load, where all
are at work, where one has ended or does not answer, and where a figure cannot be sent.
"""

import contextlib
import logging
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO, Literal, cast

import streamlit as st
from matplotlib.figure import Figure

import viz
from viz.models.settings import settings
from viz.pictures.figures.base.figure_builder import to_webp
from viz.ui.exhibits.bitmaps.drawing import DONE, Question, read_frame, write_frame
from viz.ui.exhibits.bitmaps.pixels import Pixels, pixels_of
from viz.ui.streamlit_gaps import is_server

_LOG = logging.getLogger(__name__)
UNSENT = "A figure cannot be sent to another process"
_ANSWER_WITHIN_S = 60.0
_MOST_REPLACED = 20  # a machine on which they end again and again is better off without


class _Drawer:
    """One process. Not safe on several threads: whoever has taken it uses it alone."""

    def __init__(self) -> None:
        root = str(Path(viz.__file__).resolve().parents[1])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "viz.ui.exhibits.bitmaps.drawing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # Ctrl+C in a terminal is for the one who started it
        )

    @property
    def id(self) -> int:
        return self._process.pid

    def answer(self, asked: bytes | None) -> bytes | None:
        """What it answers, or says by itself where nothing is `asked`; None where it ended or took too long."""
        patience = threading.Timer(_ANSWER_WITHIN_S, self._process.kill)
        patience.start()
        try:
            if asked is not None:
                write_frame(cast(BinaryIO, self._process.stdin), asked)
            return read_frame(cast(BinaryIO, self._process.stdout))
        except (OSError, ValueError):  # its end of the pipe is closed, or this one
            return None
        finally:
            patience.cancel()

    def stop(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # what was still to be written
                cast(BinaryIO, pipe).close()


class Drawers:
    """So many processes that draw, each a figure at a time. Safe on several threads."""

    def __init__(self, count: int) -> None:
        """Begin to start them; until they are ready, figures are drawn here."""
        self._lock = threading.Lock()
        self._idle: list[_Drawer] = []
        self._all: set[_Drawer] = set()
        self._replaced = 0
        self._stopped = False
        for _number in range(count):
            self._begin()

    def webp(self, figure: Figure, dpi: float) -> bytes:
        """The figure as `to_webp` gives it, and with the same errors."""
        found = self._drawn(figure, dpi, "webp")
        return to_webp(figure, dpi) if found is None else found

    def pixels(self, figure: Figure, dpi: float) -> Pixels:
        """The figure as `pixels_of` gives it."""
        found = self._drawn(figure, dpi, "pixels")
        return pixels_of(figure, dpi) if found is None else Pixels(found)

    @property
    def ready(self) -> int:
        """How many have nothing to do and could draw now."""
        with self._lock:
            return len(self._idle)

    @property
    def ids(self) -> tuple[int, ...]:
        """The process ids of all that have been started and not ended, those that still load included."""
        with self._lock:
            return tuple(drawer.id for drawer in self._all)

    def stop(self) -> None:
        """End all of them; from now on figures are drawn here."""
        with self._lock:
            self._stopped = True
            ending, self._all = self._all, set()
            self._idle.clear()
        for drawer in ending:
            drawer.stop()

    def _drawn(self, figure: Figure, dpi: float, form: Literal["webp", "pixels"]) -> bytes | None:
        """What a process drew; None where none could."""
        with self._lock:
            drawer = self._idle.pop() if self._idle else None
        if drawer is None:
            return None
        try:
            asked = pickle.dumps(Question(figure, dpi, form), pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, AttributeError, TypeError):
            _LOG.warning("%s, and is drawn in this one", UNSENT, exc_info=True)
            self._back(drawer)
            return None
        found = drawer.answer(asked)
        if found is None:
            self._replace(drawer)
            return None
        self._back(drawer)
        if not found.startswith(DONE):
            _LOG.warning(
                "A figure could not be drawn in another process: %s", found[1:].decode(errors="replace")
            )
            return None
        return found[len(DONE) :]

    def _begin(self) -> None:
        try:
            drawer = _Drawer()
        except OSError as exc:  # no memory, or no more processes
            _LOG.warning("No process to draw in: %s", exc)
            return
        with self._lock:
            self._all.add(drawer)
        threading.Thread(target=self._wait_for, args=(drawer,), name="drawer", daemon=True).start()

    def _wait_for(self, drawer: _Drawer) -> None:
        """Take it in once it says that it is ready."""
        if drawer.answer(None) == DONE:
            self._back(drawer)
        else:
            self._replace(drawer)

    def _back(self, drawer: _Drawer) -> None:
        with self._lock:
            if not self._stopped:
                self._idle.append(drawer)

    def _replace(self, drawer: _Drawer) -> None:
        with self._lock:
            known = drawer in self._all
            self._all.discard(drawer)
            self._replaced += known
            again = known and not self._stopped and self._replaced <= _MOST_REPLACED
        if known:
            drawer.stop()
            _LOG.warning(
                "A process that draws has ended: %s", "another one begins" if again else "no other begins"
            )
        if again:
            self._begin()


@st.cache_resource(show_spinner=False)
def drawers() -> Drawers:
    """So many as the settings say, begun at the first call; none where pages run without a server.

    They need not be told of its end: each ends by itself when nobody can ask it any more.
    """
    return Drawers(settings().draw_processes if is_server() else 0)
