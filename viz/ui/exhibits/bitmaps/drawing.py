"""`python -m viz.ui.exhibits.bitmaps.drawing`: a process that draws figures for another one
(`viz.ui.exhibits.bitmaps.drawers`).

It reads what to draw from its standard input and writes pixels to its standard output, one after the other, until
there is nothing more to read: so it ends with the process that started it, however that ends. What comes is a pickle,
from the process that started it and from nobody else.

A frame is its length in 8 bytes, little-endian, and then so many bytes. A question is a frame with a `Question`. An
answer is a frame that begins with `DONE` and goes on with what was drawn, or with `FAILED` and the reason in words.
"""

import gc
import os
import pickle
import sys
from dataclasses import dataclass
from typing import BinaryIO, Literal

from matplotlib.figure import Figure

from viz.pictures.figures.base.figure_builder import to_webp
from viz.pictures.figures.base.fonts import faces
from viz.ui.exhibits.bitmaps.pixels import pixels_of

DONE, FAILED = b"+", b"-"
_LENGTH = 8
_REASON = 500


@dataclass(frozen=True)
class Question:
    """A figure, how many pixels to the inch, and whether a WebP or the bare pixels are wanted."""

    figure: Figure
    dpi: float
    form: Literal["webp", "pixels"]


def answer(question: Question) -> bytes:
    """What was asked for: a WebP's bytes, or those of `Pixels`."""
    if question.form == "webp":
        return to_webp(question.figure, question.dpi)
    return pixels_of(question.figure, question.dpi).packed


def write_frame(to: BinaryIO, *parts: bytes) -> None:
    """Write one frame that holds `parts`. Raises OSError where nobody reads any more."""
    to.write(sum(map(len, parts)).to_bytes(_LENGTH, "little"))
    for part in parts:
        to.write(part)
    to.flush()


def read_frame(source: BinaryIO) -> bytes | None:
    """What is in the next frame; None where there is none, or only a part of one."""
    length = source.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    expected = int.from_bytes(length, "little")
    found = source.read(expected)
    return found if len(found) == expected else None


def serve(source: BinaryIO, to: BinaryIO) -> None:
    """Answer every question in `source`, after one empty answer that says that all is loaded."""
    faces()
    gc.collect()
    gc.freeze()
    gc.disable()  # not while somebody waits, but after each answer
    write_frame(to, DONE)
    while (frame := read_frame(source)) is not None:
        try:
            answered = (DONE, answer(pickle.loads(frame)))  # noqa: S301 - from the process that started this one
        except Exception as exc:  # noqa: BLE001 - told to the one who asked
            answered = (FAILED, f"{type(exc).__name__}: {exc}"[:_REASON].encode("utf-8", "replace"))
        write_frame(to, *answered)
        del answered
        # The figure refers to itself in circles, and to the canvas it was drawn on. All of it is new.
        gc.collect(0)


def main() -> None:
    """Serve whoever started this process; what is printed meanwhile goes to standard error."""
    to = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, to)


if __name__ == "__main__":
    main()
