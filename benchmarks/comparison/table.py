"""The one table: a line for each measure and length of text, a cell for each of the three that are compared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.timing import Unit, written

NAMES = ("Attention Atlas", "tutorial script", "bertviz")


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
        note = f" ({self.note})" if self.note else ""
        return f"{'over ' if self.over else ''}{written(self.value, self.unit)}{note}"

    def within(self, most: float) -> bool:
        """Whether it was measured to the end, at `most` so much."""
        return self.value is not None and not self.over and self.value <= most


NONE = Cell()
NOT_TRIED = Cell(note="not tried")
_BLANK = Cell(note=" ")


def in_bytes(count: float, note: str = "") -> Cell:
    """A cell of so many bytes."""
    return Cell(count, "bytes", note=note)


@dataclass(frozen=True)
class Length:
    """What one length of text took with one of the three.

    The `first` picture and the `switch` to another head, on screen; `every` head at once; bytes `sent`; memory of the
    `process` that makes it, at most, and of the `tab`. Of the app alone: the first picture in a `new_tab`, the bytes of
    a browser's first `visit`; how many of the bytes are `weights`; and the same for the picture for print.
    """

    tokens: int
    first: Cell = NOT_TRIED
    switch: Cell = NOT_TRIED
    sent: Cell = NOT_TRIED
    process: Cell = NOT_TRIED
    tab: Cell = NONE
    every: Cell = NONE
    new_tab: Cell = NONE
    visit: Cell = NONE
    weights: Cell = NONE
    print_sent: Cell = NONE
    print_switch: Cell = NONE
    print_every: Cell = NONE


@dataclass(frozen=True)
class Tool:
    """One of the three. `cold` is its first picture of all, the start of its process included."""

    cold: Cell
    lengths: dict[int, Length]

    def length(self, tokens: int) -> Length:
        """What a text of so many tokens took, if it was tried."""
        return self.lengths.get(tokens, Length(tokens))


@dataclass(frozen=True)
class Line:
    """One measure at one length of text (in tokens; None where it has none), in the order of `NAMES`."""

    what: str
    tokens: int | None
    cells: tuple[Cell, ...]


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


def usable(lengths: Iterable[Length], first_s: float, switch_s: float) -> Cell:
    """The longest text up to which every first picture and every other head came in time.

    The note says what was too slow then, where anything was.
    """
    longest = NONE
    for length in lengths:
        waits = (("first picture", length.first, first_s), ("another head", length.switch, switch_s))
        for name, cell, most in waits:
            if not cell.within(most):
                slow = f"{length.tokens}: {name} {cell}"
                return Cell(longest.value, "tokens", note=slow if longest.value else f"none; {slow}")
        longest = Cell(length.tokens, "tokens")
    return longest


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
    return Line(f"**{text}**", None, (_BLANK,) * len(NAMES))


def markdown(lines: Iterable[Line]) -> str:
    """The lines as a Markdown table whose columns are aligned, so that it reads as well where it is printed."""
    head = ["", "tokens", *NAMES]
    rows = [
        [line.what, "" if line.tokens is None else str(line.tokens), *map(str, line.cells)] for line in lines
    ]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    written_rows = [
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in (head, *rows)
    ]
    written_rows.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join(written_rows)
