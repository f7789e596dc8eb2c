"""Heads that are switched off, on their way to a link and back: "4.2.7-9_6.1" is layer 4, heads 2 and 7 to 9, and 6.1.

A layer and its heads are joined by dots, layers by underscores; all of them count from 1, as people do.
"""

import re
from collections.abc import Collection, Iterator, Sequence

Head = tuple[int, int]

_LONGEST = 4_000
_MOST = 256  # layers, or heads in one
_LAYER = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}(-[0-9]{1,3})?)+")


def pack_heads(off: Collection[Head]) -> str:
    """The value of a link for these (layer, head), from 0; empty for none, and where they are too many for one."""
    layers: dict[int, list[int]] = {}
    for layer, head in sorted(off):
        layers.setdefault(layer, []).append(head)
    packed = "_".join(".".join([str(layer + 1), *_runs(heads)]) for layer, heads in layers.items())
    return packed if len(packed) <= _LONGEST else ""


def unpack_heads(packed: str) -> tuple[Head, ...]:
    """The heads of a link's value, in order, each once; ValueError where it holds anything else."""
    if len(packed) > _LONGEST:
        raise ValueError("too long")
    heads_off: set[Head] = set()
    for part in packed.split("_"):
        if not _LAYER.fullmatch(part):
            raise ValueError(part)
        layer, *runs = part.split(".")
        for run in runs:
            first, _dash, last = run.partition("-")
            heads = range(int(first) - 1, int(last or first))
            if not heads:
                raise ValueError(run)
            heads_off.update((int(layer) - 1, head) for head in heads)
    if not all(0 <= layer < _MOST and 0 <= head < _MOST for layer, head in heads_off):
        raise ValueError("no such head")
    return tuple(sorted(heads_off))


def within(off: Collection[Head], layers: int, heads: int) -> tuple[Head, ...]:
    """Those that a model of so many layers and heads has, in order, each once."""
    return tuple(sorted({(layer, head) for layer, head in off if layer < layers and head < heads}))


def _runs(heads: Sequence[int]) -> Iterator[str]:
    """Heads in order, as "2" or, where they follow each other, "7-9"; from 1."""
    start = 0
    for index in range(1, len(heads) + 1):
        if index == len(heads) or heads[index] != heads[index - 1] + 1:
            first, last = heads[start] + 1, heads[index - 1] + 1
            yield str(first) if first == last else f"{first}-{last}"
            start = index
