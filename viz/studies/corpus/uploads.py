"""Texts that a person pasted or uploaded: decoded, cut into lines or columns, bounded. What is in them is not trusted.

    read_pasted(text)                  one text a line
    upload = read_file(name, data)     .txt one text a line; .csv and .tsv a table; .conllu a treebank
    read_column(table, "text")         one text a row

Limits: 10 MB a file, 5,000 texts, and a text as long as the app takes.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import Literal

import regex

from viz.errors import InputError, TextTooLong
from viz.inputs.text import check_length
from viz.language import _
from viz.studies.corpus.file_encodings import ENCODINGS, decode

FileKind = Literal["lines", "table", "treebank"]

MAX_BYTES = 10_000_000
MAX_TEXTS = 5_000
MAX_COLUMNS = 200

_KINDS: dict[str, FileKind] = {".txt": "lines", ".csv": "table", ".tsv": "table", ".conllu": "treebank"}
_LOOKED_AT = 16_384
_DELIMITERS = ",;\t|"
_NO_DELIMITER = "\x1f"
_NAMED_DELIMITER = regex.compile(r'"?sep=([^\w\s"]|\t)"?\n', regex.IGNORECASE)  # Excel's first line

_Rows = list[list[str]]


@dataclass(frozen=True)
class Decoded:
    """An upload as text, what kind of file it is by its name, and the encoding that it was read by."""

    kind: FileKind
    text: str
    encoding: str


@dataclass(frozen=True)
class Lines:
    """Texts to be measured, in order. `numbers` are their lines or rows, from 1; `blank` were left out."""

    texts: tuple[str, ...]
    numbers: tuple[int, ...]
    blank: int


@dataclass(frozen=True)
class Table:
    """The rows of a .csv file, each as long as `columns`, its names."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int


def read_file(name: str, data: bytes, encoding: str | None = None) -> Decoded:
    """An upload as text with lines that end in `\\n`, decoded by `encoding`, or the one of `ENCODINGS` that fits best.

    The name says nothing but the kind. Raises `InputError` for another kind of file, one that is too large, empty, no
    text, or not in this encoding.
    """
    kind = _KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise InputError(
            _("{name} is no file that can be read here; {kinds} were expected."),
            name=name,
            kinds=", ".join(_KINDS),
        )
    if len(data) > MAX_BYTES:
        raise InputError(
            _("{name} has {size:,} bytes; at most {limit:,} are taken. Please upload a part of it."),
            name=name,
            size=len(data),
            limit=MAX_BYTES,
        )
    if encoding is not None and encoding not in ENCODINGS:
        raise InputError(
            _("There is no encoding {encoding} here. Please choose one of: {names}."),
            encoding=encoding,
            names=", ".join(ENCODINGS),
        )
    read = decode(data, encoding)
    if read is None and encoding is not None:
        raise InputError(
            _("{name} cannot be read as text in this encoding. Please choose another one."), name=name
        )
    if read is None:
        raise InputError(
            _(
                "{name} cannot be read as text. Please choose its encoding, or save it as text in UTF-8, and upload "
                "that."
            ),
            name=name,
        )
    text, encoding = read
    if not text.strip():
        raise InputError(_("{name} is empty. Please upload a file with some text."), name=name)
    return Decoded(kind, unix_lines(text), encoding)


def unix_lines(text: str) -> str:
    """The text with `\\n` at the end of each line, where `\\r\\n`, `\\r` or `\\n` stood.

    Not what str.splitlines cuts at, since some of those signs may stand within a sentence.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_pasted(text: str) -> Lines:
    """One text for each line, blank lines left out. Raises `InputError` for none, too many, or one that is too long."""
    if len(text) > MAX_BYTES:
        raise InputError(
            _("There are {length:,} characters; at most {limit:,} are taken. Please paste a part of them."),
            length=len(text),
            limit=MAX_BYTES,
        )
    if "\0" in text:
        raise InputError(_("There is a NUL character in the text. Please paste plain text."))
    return _lines(unix_lines(text.removeprefix("\ufeff")).split("\n"), first=1)


def read_table(text: str, header: bool = True) -> Table:
    """The rows of values separated by commas, or by one of `; tab |`, as its beginning tells, or Excel's `sep=;`.

    The first row that is not empty names the columns; without `header` they are numbered from 1. Raises `InputError`
    for a table that cannot be read or is too large.
    """
    text = unix_lines(text)
    above = 0  # rows of the file above the table
    if named := _NAMED_DELIMITER.match(text):
        above, text = 1, text[named.end() :]
    rows = _read_rows(text, named[1] if named else _delimiter(text))
    if len(rows) > MAX_TEXTS + 1:
        raise _too_many(MAX_TEXTS)
    for number, row in enumerate(rows, start=above + 1):
        if len(row) > MAX_COLUMNS:
            raise InputError(
                _("Row {row} has {count} columns; at most {limit} are taken."),
                row=number,
                count=len(row),
                limit=MAX_COLUMNS,
            )
    if not any(rows):
        raise InputError(_("The table is empty. Please upload one with some text."))
    while not any(cell.strip() for cell in rows[0]) and len(rows) > 1:
        above, rows = above + 1, rows[1:]
    width = max(len(row) for row in rows)
    names = _distinct(rows[0], width) if header else tuple(str(number + 1) for number in range(width))
    start = int(header)
    whole = tuple(tuple(row + [""] * (width - len(row))) for row in rows[start:])
    return Table(names, whole, above + start + 1)


def read_column(table: Table, name: str) -> Lines:
    """The texts of one column, blank cells left out. Raises `InputError` for a column that is not there."""
    if name not in table.columns:
        raise InputError(
            _("There is no column {name}. Please choose one of: {names}."),
            name=name,
            names=", ".join(table.columns),
        )
    index = table.columns.index(name)
    return _lines([row[index] for row in table.rows], first=table.first_row)


def _lines(rows: Sequence[str], first: int) -> Lines:
    lines = [(number, line.strip()) for number, line in enumerate(rows, start=first)]
    texts = [(number, line) for number, line in lines if line]
    if not texts:
        raise InputError(_("There is no text here. Please give at least one line."))
    if len(texts) > MAX_TEXTS:
        raise _too_many(MAX_TEXTS)
    for number, line in texts:
        check_line(line, number)
    return Lines(
        tuple(line for _number, line in texts),
        tuple(number for number, _line in texts),
        len(lines) - len(texts),
    )


def check_line(line: str, number: int) -> None:
    """Raise `InputError`, which names the line by its number, where a line is longer than the app takes."""
    try:
        check_length(line)
    except TextTooLong as problem:
        raise InputError(_("Line {number}: {problem}"), number=number, problem=problem) from problem


def _too_many(limit: int) -> InputError:
    return InputError(
        _("There are more than {limit:,} texts. Please give fewer, or a part of them."), limit=limit
    )


def _delimiter(text: str) -> str:
    """What separates the columns: the sign by which most of the first rows are as long as the very first.

    By the csv module's own reading, and not by its `Sniffer`, which takes what stands within a text for quoting and
    can be led to search for seconds. A table of one column has no separator, whatever signs are in its texts.
    """
    beginning = text[:_LOOKED_AT]
    beginning = beginning[: beginning.rfind("\n") + 1] or beginning
    best, most = _NO_DELIMITER, 0.0
    for delimiter in _DELIMITERS:
        widths = _widths(_read_rows(beginning, delimiter))
        share = widths.count(widths[0]) / len(widths) if widths and widths[0] > 1 else 0.0
        if share > max(most, 0.5):
            best, most = delimiter, share
    return best


def _read_rows(text: str, delimiter: str) -> _Rows:
    """The rows of a table, no more than it takes to see that there are too many.

    Quotes count where they balance. A quote that nothing closes would take all rows below it into its cell: then that
    reading is taken by which the rows are more alike. In a table with tabs, whose cells are seldom quoted, two such
    quotes may balance by chance: there a cell over several lines counts only where the lines alone are no table.
    """
    plain = _rows(text, delimiter, csv.QUOTE_NONE)
    if '"' not in text:
        return plain
    try:
        quoted = _rows(text, delimiter, csv.QUOTE_MINIMAL, strict=True)
    except InputError:
        return max(plain, _rows(text, delimiter, csv.QUOTE_MINIMAL), key=_likeness)
    across = any("\n" in cell for row in quoted for cell in row)
    return plain if delimiter == "\t" and across and len(set(_widths(plain))) == 1 else quoted


def _likeness(rows: _Rows) -> int:
    """How many rows are as long as the first one, less those that are not."""
    widths = _widths(rows)
    return 2 * widths.count(widths[0]) - len(widths) if widths else 0


def _widths(rows: _Rows) -> list[int]:
    return [len(row) for row in rows if row]


def _rows(text: str, delimiter: str, quoting: Literal[0, 3], strict: bool = False) -> _Rows:
    rows: _Rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=strict)
    try:
        rows.extend(islice(reader, MAX_TEXTS + 2))
    except csv.Error as exc:
        raise InputError(
            _("The table cannot be read after row {row} ({reason}). Please save it as CSV in UTF-8."),
            row=len(rows),
            reason=str(exc),
        ) from exc
    return rows


def _distinct(names: Sequence[str], width: int) -> tuple[str, ...]:
    """A name for each column: its own, its number where it has none, and its number behind a name that is taken."""
    result: list[str] = []
    for index in range(width):
        name = (names[index].strip() if index < len(names) else "") or str(index + 1)
        while name in result:
            name = f"{name} ({index + 1})"
        result.append(name)
    return tuple(result)
