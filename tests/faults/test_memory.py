"""Memory runs out in a forward pass: it is said plainly, what was kept is let go of, and the next request works."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from tests.components import scrolled
from tests.harness.server import ROOT
from viz.errors import NotEnoughMemory, VizError, is_memory
from viz.inputs.text import encode
from viz.serving.store import Shared
from viz.studies.corpus.batches import LayerReader
from viz.ui.progress.shared_results import residents, shared

TORCH = (
    "[enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate "
    "9663676416 bytes. Error code 12 (Cannot allocate memory)"
)
CUDA = "CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 7.79 GiB total capacity)"
FAULTS = [RuntimeError(TORCH), torch.OutOfMemoryError(CUDA), MemoryError()]


@pytest.fixture
def short_of_memory() -> Iterator[list[BaseException]]:
    """The faults that the model on the first page has next, instead of a forward pass; none in the beginning."""
    model = residents().load("all-MiniLM-L6-v2").model
    faults: list[BaseException] = []

    def fail(*_given: Any) -> None:
        if faults:
            raise faults.pop()

    hook = model.register_forward_pre_hook(fail)
    yield faults
    hook.remove()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_page_says_so_lets_go_of_all_and_works_again(
    short_of_memory: list[BaseException], fault: BaseException
) -> None:
    shared().put("kept of another text", b"1234", 4)
    short_of_memory.append(fault)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["text"] = f"A text that is too much: {type(fault).__name__}."
    app.run()
    (said,) = app.error
    assert said.value.startswith("There is not enough memory for ")
    assert "shorter text" in said.value
    assert "alloc" not in said.value
    assert not app.exception
    assert shared().peek("kept of another text") is None

    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    again.query_params["text"] = app.query_params["text"]
    again.run()
    assert not scrolled(again).error
    assert len(again.get("image")) == 1


def test_a_survey_says_so_too(short_of_memory: list[BaseException]) -> None:
    model = residents().load("all-MiniLM-L6-v2")
    short_of_memory.append(RuntimeError(TORCH))
    with pytest.raises(NotEnoughMemory):
        LayerReader(model)
    reader = LayerReader(model)
    short_of_memory.append(RuntimeError(TORCH))
    texts = [encode(model, "One."), encode(model, "Two.")]
    with pytest.raises(NotEnoughMemory, match="2 texts at once"):
        reader.read(texts, lambda _layer, _weights: None)
    assert not model.lock.locked()
    layers: list[int] = []
    reader.read(texts, lambda layer, _weights: layers.append(layer))
    assert layers == list(range(6))


def test_only_what_is_short_of_memory_lets_go_of_all() -> None:
    store = Shared(100)
    store.put("a", 1, 10)

    def fail(problem: Exception) -> None:
        raise problem

    with pytest.raises(VizError):
        store.get("b", lambda: fail(VizError("Another one.")), lambda _made: 1)
    assert store.nbytes == 10
    with pytest.raises(NotEnoughMemory):
        store.get("b", lambda: fail(NotEnoughMemory("No.")), lambda _made: 1)
    assert store.nbytes == 0
    assert store.get("b", lambda: 2, lambda _made: 1) == 2


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_what_is_short_of_memory_is_known(fault: BaseException) -> None:
    assert is_memory(fault)


@pytest.mark.parametrize("fault", [RuntimeError("shape"), ValueError("alloc"), OSError(28, "No space left")])
def test_what_is_not_short_of_memory_is_not(fault: BaseException) -> None:
    assert not is_memory(fault)
