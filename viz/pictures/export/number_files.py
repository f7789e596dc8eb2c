"""Numbers as CSV, with no cell that a spreadsheet would run, and as NumPy's NPZ, with tokens and model; and back.

    weights                       float32 [layer, head, query, key]
    layers                        int64 [layer]: which layers these are, counted from 0
    query_tokens, key_tokens      text [query], [key]: the tokenizer's own strings
    query_ids, key_ids            int64 [query], [key]: vocabulary ids
    kind, model, revision         text: "encoder", "decoder" or "cross"; which weights of which model made it
    quantity                      text: "norm" where these are lengths of what is added; no such array for attention

Nothing in it is pickled: `numpy.load(file, allow_pickle=False)` reads it.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.attention import AttentionMap, Weights
from viz.inputs.text import clean
from viz.language import _
from viz.pictures.export.archive import read_zip, refused, write_zip
from viz.pictures.figures.base.figure_checks import check_head

# What a spreadsheet takes for the start of a formula, also after blanks (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | np.generic


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as UTF-8 CSV with the mark by which Excel knows it; numbers are written so that they read back exactly.

    Text that begins as a formula would is put behind an apostrophe: `=1+1` becomes `'=1+1`.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_cell(column) for column in columns])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig", errors="replace")


_CORNER = {
    "attention": "query \\ key",
    "norm": "query \\ key (attention x value norm)",
    "share": "query \\ key (share of attention x value norm)",
}


def head_csv(attention: AttentionMap, layer: int, head: int, corner: str | None = None) -> bytes:
    """weights[layer, head], [query, key], with the tokens' labels: a row a query, a column a key.

    The cell above both says so, and of what quantity the numbers are, unless `corner` says something else.

    Raises `MetricError` for a layer or head that `attention` does not have; both count from 0.
    """
    check_head(attention, layer, head)
    rows = zip(attention.queries.labels, attention.weights[layer, head], strict=True)
    return csv_table(
        [corner or _CORNER[attention.quantity], *attention.keys.labels],
        ([label, *weights] for label, weights in rows),
    )


def _cell(value: Cell) -> str:
    if not isinstance(value, str):
        return str(value)
    # NUL ends a cell in some readers.
    value = value.replace("\0", "\ufffd")
    return "'" + value if value.lstrip(" ").startswith(_FORMULA) else value


BUDGET = 64 * 2**20
"""Bytes of weights in one file; more can be made from the model again."""

_MOST_TEXT = 8 * 2**20

# What each array has to be: its kind of number, its axes, and its bytes at most.
_ARRAYS = {
    "weights": ("f", 4, BUDGET),
    "layers": ("i", 1, 2**16),
    "query_tokens": ("U", 1, _MOST_TEXT),
    "key_tokens": ("U", 1, _MOST_TEXT),
    "query_ids": ("i", 1, 2**20),
    "key_ids": ("i", 1, 2**20),
    "kind": ("U", 0, 2**10),
    "model": ("U", 0, 2**12),
    "revision": ("U", 0, 2**12),
    "quantity": ("U", 0, 2**10),
}

_OPTIONAL = {"quantity": np.array("attention")}

_ITEM_BYTES = {"f": 4, "i": 8}

_HEADER = 2**14

# The head of an .npy as NumPy writes it (NEP 1, version 1.0), with the types there are here, and that of objects.
_HEAD = re.compile(
    rb"\x93NUMPY\x01\x00..(\{'descr': '(<f[48]|<i8|<U[0-9]{1,7}|\|O)', 'fortran_order': False, "
    rb"'shape': \(([0-9]{0,12}(?:, ?[0-9]{1,12}){0,7},?)\), \} *\n)",
    re.DOTALL,
)


@dataclass(frozen=True, eq=False)
class Stored:
    """What an NPZ of this app holds: weights [layer, head, query, key] of `layers`, and what they belong to."""

    weights: Weights = field(repr=False)
    layers: tuple[int, ...]
    query_tokens: tuple[str, ...]
    key_tokens: tuple[str, ...]
    query_ids: tuple[int, ...]
    key_ids: tuple[int, ...]
    kind: str
    model: str
    revision: str
    quantity: str = "attention"


def fitting_layers(attention: AttentionMap, layer: int, budget: int = BUDGET) -> tuple[int, ...]:
    """All layers where they fit into `budget` bytes, else `layer` alone; counted from 0."""
    return tuple(range(attention.layers)) if attention.weights.nbytes <= budget else (layer,)


def write_npz(
    attention: AttentionMap, model: str, revision: str, layers: Sequence[int] | None = None
) -> bytes:
    """The weights of `layers` (all when None) as NPZ; the same weights give the same bytes."""
    numbers = list(range(attention.layers)) if layers is None else list(layers)
    arrays = {
        "weights": np.ascontiguousarray(attention.weights[numbers], dtype="<f4"),
        "layers": np.array(numbers, dtype="<i8"),
        "query_tokens": _texts(attention.queries.tokens),
        "key_tokens": _texts(attention.keys.tokens),
        "query_ids": np.array(attention.queries.ids, dtype="<i8"),
        "key_ids": np.array(attention.keys.ids, dtype="<i8"),
        "kind": np.array(attention.kind),
        "model": np.array(model),
        "revision": np.array(revision),
    }
    if attention.quantity != "attention":
        arrays["quantity"] = np.array(attention.quantity)
    return write_zip({f"{name}.npy": _npy(array) for name, array in arrays.items()})


def read_npz(data: bytes) -> Stored:
    """Read an NPZ that `write_npz` wrote, checking all of it before any array is made.

    Raises `InputError` where an array is missing, pickled, too large, or of another type or shape than it has to be.
    """
    files = read_zip(data, {f"{name}.npy": most + _HEADER for name, (_kind, _axes, most) in _ARRAYS.items()})
    arrays = {name: _array(files, name) for name in _ARRAYS}
    weights = arrays["weights"]
    shape = (len(arrays["layers"]), weights.shape[1], len(arrays["query_tokens"]), len(arrays["key_tokens"]))
    if weights.shape != shape or [len(arrays["query_ids"]), len(arrays["key_ids"])] != list(shape[2:]):
        raise refused(_("its weights and its tokens do not fit each other."))
    if not bool(np.isfinite(weights).all()):
        raise refused(_("some of its weights are no numbers."))
    kept = weights.astype(np.float32)
    kept.setflags(write=False)
    values: dict[str, Any] = {
        name: tuple(arrays[name].tolist()) for name in ("layers", "query_ids", "key_ids")
    }
    values |= {name: _strings(arrays[name]) for name in ("query_tokens", "key_tokens")}
    values |= {name: _strings(arrays[name])[0] for name in ("kind", "model", "revision", "quantity")}
    return Stored(kept, **values)


def _texts(tokens: Sequence[str]) -> NDArray[np.str_]:
    return np.array([clean(token) for token in tokens], dtype=np.str_)


def _npy(array: NDArray[np.generic]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _array(files: Mapping[str, bytes], name: str) -> NDArray[np.generic]:
    """The array of that name, its header believed only where it fits what has to be there."""
    kind, axes, most = _ARRAYS[name]
    if f"{name}.npy" not in files and name in _OPTIONAL:
        return _OPTIONAL[name]
    if f"{name}.npy" not in files:
        raise refused(_("a part of it is missing."))
    data = files[f"{name}.npy"]
    head = _HEAD.match(data)
    if head is None or len(head[1]) != int.from_bytes(data[8:10], "little"):
        raise refused(_("what should be an array in it is none."))
    if head[2] == b"|O":
        raise refused(_("it holds pickled objects, which could run programs."))
    dtype = np.dtype(head[2].decode("ascii"))
    shape = tuple(int(length) for length in head[3].split(b",") if length.strip())
    if dtype.kind != kind or len(shape) != axes or dtype.itemsize != _ITEM_BYTES.get(kind, dtype.itemsize):
        raise refused(_("an array in it has another type or shape than it should have."))
    rest = data[head.end() :]
    # Python's integers do not overflow: what shapes multiply to is compared, not allocated.
    if math.prod(shape) * dtype.itemsize != len(rest) or len(rest) > most or not dtype.itemsize:
        raise refused(_("an array in it has another size than it says."))
    return np.frombuffer(rest, dtype).reshape(shape)


def _strings(array: NDArray[np.generic]) -> tuple[str, ...]:
    """The texts in an array, without NumPy, which trusts that every number in it is a character."""
    data, size = array.tobytes(), array.dtype.itemsize
    try:
        texts = [data[start : start + size].decode("utf-32-le") for start in range(0, len(data), size)]
    except UnicodeDecodeError as exc:
        raise refused(_("an array in it has another type or shape than it should have.")) from exc
    return tuple(text.rstrip("\0") for text in texts)
