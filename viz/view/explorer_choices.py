"""Between the view and the explorer: what is picked there is part of the view, and goes into the link.

Layer, head and the hiding of special tokens have fields of their own in a view, because other pages read them too;
all else that the explorer knows travels as one value, the fields that differ from the first visit's as JSON.
"""

import json
from dataclasses import fields, replace
from typing import Any

from viz.pictures.explorer.payload import Shape
from viz.pictures.explorer.selection import Selection, parse

PLAIN = Selection()
_LONGEST = 4_000
_OWN = ("layer", "head", "hide_special")  # held by the view itself
# A link is read before its text is: what does not fit the text is bounded once the text is known.
_WIDEST = tuple(Shape(kind, 256, 256, 4096, 4096) for kind in ("encoder", "decoder", "cross"))


def pack(switches: Selection) -> str:
    """The fields that differ from `PLAIN`, as JSON; empty where none does or they are too many for a link."""
    changed = {
        field.name: getattr(switches, field.name)
        for field in fields(Selection)
        if field.name not in _OWN and getattr(switches, field.name) != getattr(PLAIN, field.name)
    }
    packed = json.dumps(changed, separators=(",", ":")) if changed else ""
    return packed if len(packed) <= _LONGEST else ""


def unpack(packed: str) -> Selection:
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
