"""Another process draws the same bytes, and whatever becomes of it, the figure is drawn."""

import gc
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from tests.pictures.figures.samples import attention_map
from viz.errors import InputError
from viz.pictures.figures import DARK, Style, heatmap, to_webp
from viz.pictures.figures.base.figure_builder import finish
from viz.ui.exhibits.bitmaps import drawers as module
from viz.ui.exhibits.bitmaps.drawers import Drawers
from viz.ui.exhibits.bitmaps.pixels import canvas, canvas_of, pixels_of
from viz.ui.exhibits.bitmaps.sheet import Sheet

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[4]
DPI = 90.0
WITHIN_S = 60


def wait_until(true: Callable[[], bool]) -> None:
    latest = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < latest, "still not"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def two() -> Iterator[Drawers]:
    drawers = Drawers(2)
    wait_until(lambda: drawers.ready == 2)
    yield drawers
    drawers.stop()


@pytest.fixture
def one() -> Iterator[Drawers]:
    drawers = Drawers(1)
    wait_until(lambda: drawers.ready == 1)
    yield drawers
    drawers.stop()


def some(labels: str = "床前明月光 the cat") -> Figure:
    return heatmap(attention_map(list(labels)), 1, 0, Style(DARK))


def ended(process: int) -> bool:
    return not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE


def test_what_another_process_draws_is_the_same_to_the_byte(
    two: Drawers, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = to_webp(some(), DPI)
    pixels = pixels_of(some(), DPI)
    monkeypatch.delattr(module, "to_webp")  # not here
    monkeypatch.delattr(module, "pixels_of")
    assert two.webp(some(), DPI) == here
    assert two.pixels(some(), DPI) == pixels
    assert two.ready == 2


def test_pixels_are_those_of_the_figure(two: Drawers) -> None:
    figure = finish(some())
    figure.set_dpi(DPI)
    figure.canvas.draw()
    found = two.pixels(some(), DPI)
    onto = canvas(found.size, DPI)
    found.draw_onto(onto)
    np.testing.assert_array_equal(canvas_of(onto), np.asarray(figure.canvas.buffer_rgba()))  # type: ignore[attr-defined]


def test_a_sheet_may_be_drawn_there(two: Drawers) -> None:
    found = attention_map(list("abcd"))
    sheet = Sheet(heatmap(found, 0, 0), DPI, two.pixels)
    written = "Layer 2 · Head 3"
    assert sheet.webp(found.weights[1, 2], written) == to_webp(heatmap(found, 1, 2), DPI)


def test_many_at_once_each_get_their_own(two: Drawers) -> None:
    texts = ["ab", "cde", "床前明月光", "f"]
    alone = [to_webp(some(text), DPI) for text in texts]
    figures = [some(text) for text in texts * 3]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda figure: two.webp(figure, DPI), figures)) == alone * 3
    assert two.ready == 2


def test_a_wrong_resolution_is_told_as_if_drawn_here(two: Drawers, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(InputError, match="10000"):
        two.webp(some(), 10_000.0)
    assert "InputError" in caplog.text
    assert two.ready == 2


def test_a_figure_that_cannot_be_sent_is_drawn_here(two: Drawers, caplog: pytest.LogCaptureFixture) -> None:
    def unsendable() -> Figure:
        figure = some()
        figure.axes[1].yaxis.set_major_formatter(FuncFormatter(lambda value, _at: f"<{value}>"))
        return figure

    assert two.webp(unsendable(), DPI) == to_webp(unsendable(), DPI)
    assert "cannot be sent" in caplog.text
    assert two.ready == 2


def test_none_draw_here() -> None:
    drawers = Drawers(0)
    assert drawers.ids == ()
    assert drawers.webp(some(), DPI) == to_webp(some(), DPI)


def test_one_that_is_killed_is_replaced(one: Drawers) -> None:
    (before,) = one.ids
    os.kill(before, signal.SIGKILL)
    assert one.webp(some(), DPI) == to_webp(some(), DPI)
    wait_until(lambda: one.ready == 1)
    assert before not in one.ids
    assert len(one.ids) == 1
    assert one.webp(some(), DPI) == to_webp(some(), DPI)


def test_one_that_does_not_answer_is_replaced(one: Drawers, monkeypatch: pytest.MonkeyPatch) -> None:
    (before,) = one.ids
    os.kill(before, signal.SIGSTOP)
    monkeypatch.setattr(module, "_ANSWER_WITHIN_S", 0.3)
    assert one.webp(some(), DPI) == to_webp(some(), DPI)
    monkeypatch.undo()
    wait_until(lambda: before not in one.ids and ended(before))


def test_those_that_cannot_begin_are_given_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_MOST_REPLACED", 2)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    drawers = Drawers(1)
    wait_until(lambda: "no other begins" in caplog.text)
    assert caplog.text.count("another one begins") == 2
    assert drawers.ids == ()
    assert drawers.webp(some(), DPI) == to_webp(some(), DPI)


def test_without_a_python_to_run_all_is_drawn_here(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    drawers = Drawers(2)
    assert drawers.ids == ()
    assert "No process to draw in" in caplog.text
    assert drawers.webp(some(), DPI) == to_webp(some(), DPI)


def test_stopped_they_are_gone_and_pictures_are_drawn_here() -> None:
    drawers = Drawers(2)
    started = drawers.ids
    assert len(started) == 2
    drawers.stop()  # while they load
    assert all(ended(process) for process in started)
    assert drawers.webp(some(), DPI) == to_webp(some(), DPI)
    assert drawers.ready == 0


def test_they_end_with_the_process_that_started_them() -> None:
    code = """
import sys, time
from viz.ui.exhibits.bitmaps.drawers import Drawers
drawers = Drawers(2)
print(*drawers.ids, flush=True)
time.sleep(600)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        started = [int(each) for each in parent.stdout.readline().split()]
        parent.kill()
    assert len(started) == 2
    wait_until(lambda: all(ended(process) for process in started))


def test_what_is_kept_of_a_question_is_let_go_of(one: Drawers) -> None:
    (process,) = one.ids
    for _number in range(50):
        one.webp(some("ab"), DPI)
    before = psutil.Process(process).memory_info().rss
    for _number in range(100):
        one.webp(some("ab"), DPI)
    assert psutil.Process(process).memory_info().rss < before + 20e6


def test_it_loads_no_more_than_it_needs() -> None:
    code = """
import sys
import viz.ui.exhibits.bitmaps.drawing
print(sorted({"torch", "streamlit", "pandas", "scipy"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_figure_survives_the_journey_with_its_fonts() -> None:
    gc.collect()
    assert to_webp(pickle.loads(pickle.dumps(some())), DPI) == to_webp(some(), DPI)  # noqa: S301 - made above
