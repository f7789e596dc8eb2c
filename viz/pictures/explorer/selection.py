"""What is picked in the explorer: sent by the browser, so parsed and bounded, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

from viz.pictures.explorer.payload import Shape

View = Literal["map", "sentence", "lines", "table"]
Direction = Literal["from", "to"]
Unit = Literal["tokens", "words"]
Combine = Literal["one", "mean", "max"]
Scale = Literal["linear", "sqrt", "log"]
Threshold = Literal["none", "absolute", "top", "mass"]
Pair = Literal["all", "AA", "AB", "BA", "BB"]

MOST_HEADS = 1024
MOST_TOKENS = 64


@dataclass(frozen=True)
class Selection:
    """All that a person chose in the explorer. Layers, heads and tokens count from 0.

    `heads` are the (layer, head) chosen for a mean, a maximum or several colours of lines; empty means
    the picked one alone. `tokens` are the locked tokens: queries when the direction is "from", keys when
    it is "to". `pin` is a (query, key). `level` is the threshold: a weight for "absolute", a count for
    "top", a share of a row for "mass".
    """

    kind: str = "encoder"
    layer: int = 0
    head: int = 0
    heads: tuple[tuple[int, int], ...] = ()
    tokens: tuple[int, ...] = ()
    pin: tuple[int, int] | None = None
    view: View = "map"
    direction: Direction = "from"
    unit: Unit = "tokens"
    hide_special: bool = False
    renormalise: bool = False
    combine: Combine = "one"
    scale: Scale = "linear"
    threshold: Threshold = "none"
    level: float = 0.0
    pair: Pair = "all"

    def to_json(self) -> dict[str, Any]:
        """The fields as the browser takes them."""
        return asdict(self)

    def without_tokens(self) -> "Selection":
        """The same for another text: what belongs to single tokens is dropped."""
        return replace(self, tokens=(), pin=None)


_CHOICES: dict[str, tuple[str, ...]] = {
    name: get_args(hint) for name, hint in get_type_hints(Selection).items() if get_origin(hint) is Literal
}


def parse(raw: object, shapes: Sequence[Shape]) -> Selection:
    """A selection that fits one of `shapes`, whatever `raw` is: what is not right takes its default.

    `parse({"layer": 3, "head": "<b>"}, shapes) == Selection(layer=3)`
    """
    sent: Mapping[Any, Any] = raw if isinstance(raw, Mapping) else {}
    shape = next((shape for shape in shapes if shape.kind == sent.get("kind")), shapes[0])
    direction = _choice(sent, "direction")
    tokens = shape.queries if direction == "from" else shape.keys
    pin = list(_pairs([sent.get("pin")], shape.queries, shape.keys))
    values: dict[str, Any] = {name: _choice(sent, name) for name in _CHOICES}
    values.update(
        kind=shape.kind,
        layer=_number(sent.get("layer"), shape.layers) or 0,
        head=_number(sent.get("head"), shape.heads) or 0,
        heads=tuple(dict.fromkeys(_pairs(sent.get("heads"), shape.layers, shape.heads))),
        tokens=tuple(dict.fromkeys(_numbers(sent.get("tokens"), tokens))),
        pin=pin[0] if pin else None,
        hide_special=sent.get("hide_special") is True,
        renormalise=sent.get("renormalise") is True,
        level=_level(sent.get("level"), values["threshold"]),
    )
    return Selection(**values)


def bounded(selection: Selection, shapes: Sequence[Shape]) -> Selection:
    """`selection`, with what does not fit `shapes` replaced by its default."""
    return parse({entry.name: getattr(selection, entry.name) for entry in fields(selection)}, shapes)


@dataclass(frozen=True)
class Memory:
    """One run of the page: what the page passed, what the browser had sent by then, and what held."""

    passed: Selection
    browser: Selection | None
    held: Selection

    def for_another_text(self) -> "Memory":
        """The same, without what belongs to single tokens."""
        browser = self.browser and self.browser.without_tokens()
        return Memory(self.passed.without_tokens(), browser, self.held.without_tokens())


def settle(passed: Selection, browser: Selection | None, before: Memory | None) -> Selection:
    """What holds now, field by field: what the page `passed`, or what the `browser` last sent.

    A page repeats on each rerun what it knows, often one step late, and may know some fields only. So a field
    is the page's choice only where it is neither what the page passed before nor what held then. Of the rest,
    the browser decides when it has sent something new; else all stays as it was.
    """
    if before is None:
        return browser or passed
    current = browser if browser is not None and browser != before.browser else before.held
    chosen = {
        entry.name: value
        for entry in fields(Selection)
        if (value := getattr(passed, entry.name))
        not in (getattr(before.passed, entry.name), getattr(before.held, entry.name))
    }
    return replace(current, **chosen)


def _choice(sent: Mapping[Any, Any], name: str) -> str:
    value = sent.get(name)
    return value if isinstance(value, str) and value in _CHOICES[name] else str(getattr(Selection, name))


def _number(value: object, below: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < below else None


def _numbers(value: object, below: int) -> Iterator[int]:
    for item in value[:MOST_TOKENS] if isinstance(value, list | tuple) else ():
        number = _number(item, below)
        if number is not None:
            yield number


def _pairs(value: object, first_below: int, second_below: int) -> Iterator[tuple[int, int]]:
    for item in value[:MOST_HEADS] if isinstance(value, list | tuple) else ():
        if isinstance(item, list | tuple) and len(item) == 2:
            first, second = _number(item[0], first_below), _number(item[1], second_below)
            if first is not None and second is not None:
                yield first, second


def _level(value: object, threshold: str) -> float:
    most = 4096.0 if threshold == "top" else 1.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        return 0.0
    return float(value)
