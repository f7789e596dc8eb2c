"""The comparison's table: how figures are written, when a text can still be used, and what a target says."""

import json
import platform
import re
from pathlib import Path

import pytest

from benchmarks.comparison import worker
from benchmarks.comparison.machine import described, processor
from benchmarks.comparison.rival import about_bytes
from benchmarks.comparison.table import (
    NONE,
    Cell,
    Length,
    Line,
    faster,
    heading,
    markdown,
    smaller,
    usable,
)
from tests.pictures.figures.samples import attention_map, words


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (Cell(0.0161), "16.1 ms"),
        (Cell(0.9994), "999 ms"),
        (Cell(0.9996), "1.00 s"),
        (Cell(62.44), "62.4 s"),
        (Cell(30.0, over=True), "over 30.0 s"),
        (Cell(97_698, "bytes"), "97.7 kB"),
        (Cell(190_224, "bytes"), "190 kB"),
        (Cell(999_600, "bytes"), "1.00 MB"),
        (Cell(107e6, "bytes", note="computed"), "107 MB (computed)"),
        (Cell(1.234e9, "bytes"), "1,234 MB"),
        (Cell(512, "tokens"), "512 tokens"),
        (Cell(note="the tab crashed"), "the tab crashed"),
        (NONE, "–"),
    ],
)
def test_a_cell_has_three_figures_and_its_unit(cell: Cell, written: str) -> None:
    assert str(cell) == written


def test_a_text_can_be_used_up_to_the_first_that_is_too_slow() -> None:
    fast, slow = Cell(0.5), Cell(1.5)
    lengths = [Length(29, fast, fast), Length(128, fast, slow), Length(512, fast, fast)]
    assert str(usable(lengths, 10, 1)) == "29 tokens (128: another head 1.50 s)"
    assert str(usable(lengths[2:], 10, 1)) == "512 tokens"
    assert str(usable(lengths[1:], 10, 1)) == "none; 128: another head 1.50 s"


@pytest.mark.parametrize("first", [Cell(10.1), Cell(5, over=True), Cell(note="the tab crashed"), NONE])
def test_what_was_stopped_or_is_missing_was_not_in_time(first: Cell) -> None:
    assert usable([Length(29, first, Cell(0.1))], 10, 1).value is None


def test_a_target_is_met_at_its_edge_and_never_without_a_measurement() -> None:
    assert faster(Cell(0.1), Cell(40.0), 400, "all").met
    assert not faster(Cell(0.1), Cell(39.9), 400, "all").met
    assert not faster(NONE, Cell(39.9), 400, "all").met
    assert str(faster(Cell(0.1), Cell(50.0, over=True), 400, "all")) == "all: over 500 x, met"


def test_bytes_are_judged_by_the_worst_of_all_lengths() -> None:
    hundred = Cell(100, "bytes")
    pairs = [(Cell(4, "bytes"), hundred), (Cell(6, "bytes"), hundred)]
    assert str(smaller(pairs, 0.05, "bytes")) == "bytes: 0.060 x at the most, MISSED"
    assert smaller(pairs[:1], 0.05, "bytes").met
    noted = smaller(pairs[:1], 0.05, "bytes", "with all: 0.060 x")
    assert str(noted) == "bytes: 0.040 x at the most, met (with all: 0.060 x)"
    assert not smaller([*pairs[:1], (hundred, NONE)], 0.05, "bytes").met
    assert not smaller([], 0.05, "bytes").met


def test_the_table_is_markdown_with_columns_that_stand_below_each_other() -> None:
    lines = [
        heading("MiniLM"),
        Line("first picture", 29, (Cell(0.1), Cell(3.0), NONE)),
        Line("longest", None, (Cell(512, "tokens"), NONE, NONE)),
    ]
    head, rule, *rows = markdown(lines).splitlines()
    assert [cell.strip() for cell in rows[0].split("|")[1:-1]] == ["**MiniLM**", "", "", "", ""]
    assert [cell.strip() for cell in rows[1].split("|")[1:-1]] == [
        "first picture",
        "29",
        "100 ms",
        "3.00 s",
        "–",
    ]
    edges = [at for at, letter in enumerate(head) if letter == "|"]
    assert len(edges) == 6
    for row in (rule, *rows):
        assert [at for at, letter in enumerate(row) if letter == "|"] == edges


def test_bertviz_bytes_from_a_part_of_the_rows_are_near_those_from_all() -> None:
    found = attention_map(words(48), heads=3)
    about = about_bytes(found.weights)
    assert about == pytest.approx(2 * len(json.dumps(found.weights.tolist())), rel=0.02)


def test_the_machine_is_described_where_linux_says_it_and_where_nothing_does(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(
        "processor\t: 0\nmodel name\t: Some Chip 3: fast\nmodel name\t: Other\n"
    )
    assert processor(tmp_path / "cpuinfo") == "Some Chip 3: fast"
    assert processor(tmp_path / "none") == platform.machine()
    machine, *_others, browser = described("")
    assert re.search(r" [1-9]\d* GiB of memory, ", machine)
    assert browser == "no browser"


def test_a_worker_answers_and_is_ended_where_it_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "START_S", 0.0)
    with worker.Worker("script", "no-such-model") as process:
        assert process.ask(0.0, job="head") is None
    with worker.Worker("no_such_tool", "any") as process, pytest.raises(RuntimeError, match="no_such_tool"):
        process.ask(60.0, job="head")
