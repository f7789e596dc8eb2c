import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException

from viz.errors import Cancelled
from viz.serving.store import Shared, bytes_of


@dataclass(frozen=True, eq=False)
class Result:
    weights: np.ndarray
    pair: tuple[np.ndarray, np.ndarray]
    title: str = ""


def test_the_size_of_a_thing_is_that_of_all_its_arrays() -> None:
    array = np.zeros((3, 4), dtype=np.float32)
    assert bytes_of(array) == 48
    assert 3 * 48 < bytes_of(Result(array, (array, array))) < 3 * 48 + 1000


def test_a_thing_is_made_once() -> None:
    makers = iter(["thing"])
    shared = Shared(100)
    for _ in range(3):
        assert shared.get("key", lambda: next(makers), len) == "thing"


def test_two_who_ask_at_once_wait_for_one_making() -> None:
    made: list[int] = []
    begun, may_end = threading.Event(), threading.Event()

    def make() -> str:
        made.append(1)
        begun.set()
        may_end.wait(10)
        return "thing"

    shared = Shared(100)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(shared.get, "key", make, len) for _ in range(8)]
        assert begun.wait(10)
        may_end.set()
        assert {found.result(10) for found in asked} == {"thing"}
    assert made == [1]


def test_the_bound_holds_and_the_least_used_leaves() -> None:
    shared = Shared(100)
    for key in "abc":
        shared.get(key, lambda: b"x" * 40, len)
        shared.get("a", lambda: b"", len)
        assert shared.nbytes <= 100
    assert shared.get("a", lambda: b"", len) == b"x" * 40
    assert shared.get("b", lambda: b"made again", len) == b"made again"


def test_what_is_larger_than_the_cache_is_given_and_not_kept() -> None:
    shared = Shared(10)
    assert len(shared.get("key", lambda: b"x" * 50, len)) == 50
    assert shared.nbytes == 0


def test_a_failure_is_told_to_all_and_not_remembered() -> None:
    def fail() -> bytes:
        raise ValueError("once")

    shared = Shared(100)
    with pytest.raises(ValueError, match="once"):
        shared.get("key", fail, len)
    assert shared.get("key", lambda: b"now it works", len) == b"now it works"


def test_a_peek_makes_nothing() -> None:
    shared = Shared(10)
    assert shared.peek("key") is None
    shared.get("key", lambda: b"made", len)
    assert shared.peek("key") == b"made"


def test_what_is_put_replaces_and_what_is_dropped_is_gone() -> None:
    shared = Shared(100)
    assert shared.put("a", "one", 60)
    assert shared.put("a", "two", 70)
    assert shared.peek("a") == "two"
    assert shared.nbytes == 70
    assert not shared.put("a", "larger than all", 101)
    assert shared.peek("a") is None
    assert shared.put("b", "three", 100)
    shared.drop("b")
    shared.drop("b")
    assert shared.nbytes == 0


@pytest.mark.parametrize(
    "interruption", [RerunException(RerunData()), StopException(), KeyboardInterrupt(), Cancelled("")]
)
def test_an_interruption_of_the_one_who_makes_it_is_nobody_elses(interruption: BaseException) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def interrupted() -> str:
        begun.set()
        may_end.wait(10)
        raise interruption

    shared = Shared(100)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(shared.get, "key", interrupted, len)
        assert begun.wait(10)
        others = [pool.submit(shared.get, "key", lambda: "thing", len) for _ in range(3)]
        may_end.set()
        assert [other.result(10) for other in others] == ["thing"] * 3
        assert first.exception(10) is interruption
    assert shared.peek("key") == "thing"


def test_a_size_that_cannot_be_told_is_an_error_for_all_and_frees_the_key() -> None:
    def size(_made: str) -> int:
        raise ValueError("no size")

    shared = Shared(100)
    for _ in range(2):
        with pytest.raises(ValueError, match="no size"), ThreadPoolExecutor(1) as pool:
            pool.submit(shared.get, "key", lambda: "thing", size).result(10)
    assert shared.get("key", lambda: "thing", len) == "thing"
