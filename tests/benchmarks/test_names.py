"""Which benchmarks run: the comparison when none is named, the named ones, or all."""

from collections.abc import Callable, Iterator

import pytest

import benchmarks.__main__ as program
from benchmarks.comparison import whole
from benchmarks.timing import Row


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of those that ran, in their order; none of them measures anything."""
    names: list[str] = []

    def part(name: str) -> Callable[[], Iterator[Row]]:
        def run() -> Iterator[Row]:
            names.append(name)
            yield Row("group", name, 0.5, "baseline", 1.0, 0.6)

        return run

    def compare() -> int:
        names.append("comparison")
        return 1

    monkeypatch.setattr(whole, "main", compare)
    monkeypatch.setattr(program, "PARTS", {name: part(name) for name in ("first", "second")})
    return names


def test_without_a_name_the_comparison_runs_alone_and_says_how_it_ended(ran: list[str]) -> None:
    assert program.main([]) == 1
    assert ran == ["comparison"]


def test_those_that_are_named_run(ran: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["second"]) == 0
    assert ran == ["second"]
    assert "at most 0.60: met" in capsys.readouterr().out


def test_all_are_all(ran: list[str]) -> None:
    program.main(["all"])
    assert ran == ["comparison", "first", "second"]


def test_an_unknown_one_is_named_and_nothing_runs(ran: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["first", "third"]) == 2
    assert ran == []
    assert "third" in capsys.readouterr().out
