"""Parts of a view on their way to a link and back: heads switched off, the explorer's switches, the lessons' states.

    "4.2.7-9_6.1"    layer 4, heads 2 and 7 to 9, and 6.1: a layer and its heads are joined by dots; all from 1
    {"view": ...}    what the explorer knows beyond layer, head and the hiding of special tokens, which other pages read
                     too: the fields that differ from the first visit's, as JSON
    {"by_hand": {"temperature": 0.5}, "inside": {"query": 3}}      sorted, without spaces: one state, one text

Of the lessons only the frame is checked here: each checks its own values when it is opened (`settings` in
`viz.ui.lessons.lesson_frame`).
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, NoReturn

from viz.attention.maps import Head
from viz.lessons.lesson_list import ALL_QUESTIONS, LESSONS
from viz.pictures.explorer.payload import Shape
from viz.pictures.explorer.selection import Selection, parse
from viz.view.link_values import unpack_text

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


PLAIN_SELECTION = Selection()

_OWN = ("layer", "head", "hide_special")  # held by the view itself

# A link is read before its text is: what does not fit the text is bounded once the text is known.
_WIDEST = tuple(Shape(kind, 256, 256, 4096, 4096) for kind in ("encoder", "decoder", "cross"))


def pack_switches(switches: Selection) -> str:
    """The fields that differ from `PLAIN`, as JSON; empty where none does or they are too many for a link."""
    changed = {
        field.name: getattr(switches, field.name)
        for field in fields(Selection)
        if field.name not in _OWN and getattr(switches, field.name) != getattr(PLAIN_SELECTION, field.name)
    }
    packed = json.dumps(changed, separators=(",", ":")) if changed else ""
    return packed if len(packed) <= _LONGEST else ""


def unpack_switches(packed: str) -> Selection:
    """The switches of a link; what in it is not right takes its default. ValueError when it is no JSON object."""
    if len(packed) > _LONGEST:
        raise ValueError("too long")
    try:
        value: Any = json.loads(packed)
    except RecursionError as exc:
        raise ValueError("too deep") from exc
    if not isinstance(value, dict):
        raise ValueError("no object")
    return _without_own(parse(value, _WIDEST))


def picked(switches: Selection, layer: int, head: int, specials: bool) -> Selection:
    """What the explorer shows for a view's fields."""
    return replace(switches, layer=layer, head=head, hide_special=not specials)


def changes(selection: Selection) -> dict[str, Any]:
    """The fields of a view that follow from what was picked in the explorer."""
    return {
        "layer": selection.layer,
        "head": selection.head,
        "specials": not selection.hide_special,
        "switches": _without_own(selection),
    }


def _without_own(selection: Selection) -> Selection:
    return replace(selection, layer=0, head=0, hide_special=False)


LONGEST_STATES = 6_000  # characters

_DEEPEST = 4

_SLUGS = frozenset(lesson.slug for lesson in LESSONS)

States = Mapping[str, Mapping[str, Any]]


def read_states(text: str) -> dict[str, dict[str, Any]]:
    """The states of the lessons from the view's text. Raises ValueError on anything else."""
    if not text:
        return {}
    if len(text) > LONGEST_STATES:
        raise ValueError("too long")
    try:
        states = json.loads(text, parse_constant=_refuse)
        if not isinstance(states, dict) or not set(states) <= _SLUGS:
            raise ValueError("no lessons")
        if not all(isinstance(state, dict) and _deep(state) <= _DEEPEST for state in states.values()):
            raise ValueError("no states")
    except RecursionError as exc:
        raise ValueError("too deep") from exc
    return states


def write_states(states: States) -> str:
    """The view's text for these states; those that are as they begin are left out.

    Raises ValueError where it is too long, or holds half a character, which no link can carry.
    """
    kept = {slug: state for slug, state in states.items() if state}
    if not kept:
        return ""
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    text.encode()
    if len(text) > LONGEST_STATES:
        raise ValueError("too long")
    return text


def unpack_lessons(value: str) -> str:
    """The view's text from a link's value. Raises ValueError on a bad one."""
    return write_states(read_states(unpack_text(value)))


def pack_answered(answered: tuple[int, ...]) -> str:
    """The numbers of the questions answered right: "1.2.5"."""
    return ".".join(str(number) for number in answered)


def unpack_answered(value: str) -> tuple[int, ...]:
    """The numbers from a link's value, in order. Raises ValueError on a bad one."""
    parts = value.split(".")
    known = {str(number): number for number in range(1, ALL_QUESTIONS + 1)}
    if len(parts) > ALL_QUESTIONS or not set(parts) <= set(known):
        raise ValueError("no such question")
    return tuple(sorted({known[part] for part in parts}))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _deep(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_deep, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_deep, value), default=0)
    return 0
