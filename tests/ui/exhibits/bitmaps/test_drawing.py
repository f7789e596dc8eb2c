"""What a process that draws makes of what it reads, in this process: frames in, frames out, one after the other."""

import gc
import io
import pickle
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from tests.pictures.figures.samples import attention_map, words
from viz.pictures.figures import heatmap, to_webp
from viz.ui.exhibits.bitmaps.drawing import DONE, FAILED, Question, read_frame, serve, write_frame
from viz.ui.exhibits.bitmaps.pixels import pixels_of

DPI = 50.0


def figure() -> Figure:
    return heatmap(attention_map(words(4)), 1, 0)


@pytest.fixture
def collector() -> Iterator[None]:
    """A process that draws sees to its memory by itself; this one goes on after it."""
    yield
    gc.enable()
    gc.unfreeze()


def served(*questions: bytes) -> list[bytes]:
    """The answers to these questions, the first of all that it is ready."""
    source, to = io.BytesIO(), io.BytesIO()
    for question in questions:
        write_frame(source, question)
    source.seek(0)
    serve(source, to)
    to.seek(0)
    return list(iter(lambda: read_frame(to), None))


@given(st.lists(st.lists(st.binary(max_size=20), max_size=3), max_size=4))
def test_frames_are_read_as_they_were_written(frames: list[list[bytes]]) -> None:
    pipe = io.BytesIO()
    for parts in frames:
        write_frame(pipe, *parts)
    pipe.seek(0)
    assert [read_frame(pipe) for _ in frames] == [b"".join(parts) for parts in frames]
    assert read_frame(pipe) is None


@pytest.mark.parametrize("length", range(11))
def test_a_part_of_a_frame_is_none(length: int) -> None:
    pipe = io.BytesIO()
    write_frame(pipe, b"whole")
    assert read_frame(io.BytesIO(pipe.getvalue()[:length])) is None


def test_every_question_has_its_answer_and_a_wrong_one_ends_nothing(collector: None) -> None:
    asked = [
        pickle.dumps(Question(figure(), DPI, "webp")),
        b"no pickle",
        pickle.dumps("no question"),
        pickle.dumps(Question(figure(), DPI, "pixels")),
    ]
    ready, webp, *wrong, pixels = served(*asked)
    assert ready == DONE
    assert webp == DONE + to_webp(figure(), DPI)
    assert pixels == DONE + pixels_of(figure(), DPI).packed
    assert len(wrong) == 2
    assert all(each.startswith(FAILED) for each in wrong)
    assert b"UnpicklingError: " in wrong[0]
    assert b"AttributeError: " in wrong[1]


def test_with_nothing_asked_it_says_that_it_is_ready_and_ends(collector: None) -> None:
    assert served() == [DONE]
