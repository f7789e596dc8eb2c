"""The one table: a line for each measure and length of text, a cell for each of the three that are compared."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

NAMES = ("Attention Atlas", "tutorial script", "bertviz")
Unit = Literal["s", "bytes", "tokens"]


@dataclass(frozen=True)
class Cell:
    """What was measured; where it was stopped, `over` says that it takes more. Without a value, the note alone."""

    value: float | None = None
    unit: Unit = "s"
    over: bool = False
    note: str = ""

    def __str__(self) -> str:
        if self.value is None:
            return self.note or "–"
        written = {"s": seconds, "bytes": size, "tokens": tokens}[self.unit](self.value)
        return f"{'over ' if self.over else ''}{written}{f' ({self.note})' if self.note else ''}"

    def within(self, most: float) -> bool:
        """Whether it was measured to the end, at `most` so much."""
        return self.value is not None and not self.over and self.value <= most


NONE = Cell()
_BLANK = Cell(note=" ")


@dataclass(frozen=True)
class Line:
    """One measure at one length of text (in tokens; None where it has none), in the order of `NAMES`."""

    what: str
    tokens: int | None
    cells: tuple[Cell, Cell, Cell]


@dataclass(frozen=True)
class Target:
    """What was aimed at, in words, and what came of it; the note is for information."""

    what: str
    reached: str
    met: bool
    note: str = ""

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return f"{self.what}: {self.reached}, {'met' if self.met else 'MISSED'}{note}"


@dataclass(frozen=True)
class Trial:
    """The two waits that say whether a text of this length can be used."""

    tokens: int
    first: Cell
    switch: Cell


def usable(trials: Iterable[Trial], first_s: float, switch_s: float) -> Cell:
    """The longest text up to which every first picture and every other head came in time.

    The note says what was too slow then, where anything was.
    """
    longest: int | None = None
    for trial in trials:
        for name, cell, most in (
            ("first picture", trial.first, first_s),
            ("another head", trial.switch, switch_s),
        ):
            if not cell.within(most):
                why = f"{trial.tokens}: {name} {cell}"
                return Cell(note=f"none; {why}") if longest is None else Cell(longest, "tokens", note=why)
        longest = trial.tokens
    return NONE if longest is None else Cell(longest, "tokens")


def faster(ours: Cell, theirs: Cell, times: float, what: str) -> Target:
    """The target that `ours` is so many times as fast; where theirs was stopped, at least so many."""
    if not ours.value or theirs.value is None:
        return Target(what, "not measured", False)
    ratio = theirs.value / ours.value
    return Target(what, f"{'over ' if theirs.over else ''}{ratio:,.0f} x", ratio >= times)


def largest(pairs: Sequence[tuple[Cell, Cell]]) -> float | None:
    """Of all pairs the largest part that ours is of theirs; None where one was not measured."""
    parts = [ours.value / theirs.value for ours, theirs in pairs if ours.value is not None and theirs.value]
    return max(parts) if parts and len(parts) == len(pairs) else None


def smaller(pairs: Sequence[tuple[Cell, Cell]], most: float, what: str, note: str = "") -> Target:
    """The target that each of ours is at most this part of theirs: by the largest part."""
    part = largest(pairs)
    if part is None:
        return Target(what, "not measured", False, note)
    return Target(what, f"{part_of(part)} at the most", part <= most, note)


def part_of(part: float | None) -> str:
    """What part something is of something else, in thousandths."""
    return "not measured" if part is None else f"{part:.3f} x"


def heading(text: str) -> Line:
    """A line that says what those below it are about."""
    return Line(f"**{text}**", None, (_BLANK, _BLANK, _BLANK))


def markdown(lines: Iterable[Line]) -> str:
    """The lines as a Markdown table whose columns are aligned, so that it reads as well where it is printed."""
    rows = [
        [line.what, "" if line.tokens is None else str(line.tokens), *map(str, line.cells)] for line in lines
    ]
    head = ["", "tokens", *NAMES]
    widths = [max(_width(row[at]) for row in (head, *rows)) for at in range(len(head))]

    def written(row: Sequence[str]) -> str:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        return f"| {' | '.join(cells)} |"

    return "\n".join(
        [written(head), f"|{'|'.join('-' * (width + 2) for width in widths)}|", *map(written, rows)]
    )


def seconds(value: float) -> str:
    """Three figures, in milliseconds below a second."""
    return f"{_figures(value * 1000)} ms" if value < 0.9995 else f"{_figures(value)} s"


def size(count: float) -> str:
    """Three figures, in megabytes of a million bytes, in kilobytes below one."""
    return f"{_figures(count / 1e3)} kB" if count < 999_500 else f"{_figures(count / 1e6)} MB"


def tokens(count: float) -> str:
    """A number of tokens."""
    return f"{count:.0f} tokens"


def _figures(value: float) -> str:
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
