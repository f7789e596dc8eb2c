"""A text with marks on it: parts shaded by a number and clickable, or struck out where the text was cut off.

The text goes to the browser as data and onto the page as text nodes; nothing of it is ever HTML. What can be clicked is
a button, so that it is reached with the Tab key and chosen with Enter.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from viz.inputs.encoding import Encoding
from viz.ui.components.component import component, sent
from viz.ui.wording.plain_text import visible


@dataclass(frozen=True)
class TextPart:
    """A part of a text: a token or word, which has a `number` and can be clicked, or what lies between them."""

    text: str
    number: int | None = None
    shade: float = 0.0
    hint: str = ""
    special: bool = False
    cut: bool = False


def marked_text(
    parts: Sequence[TextPart],
    label: str,
    key: str,
    chosen: int | None = None,
    on_pick: Callable[[int], None] | None = None,
) -> None:
    """Draw `parts` one behind the other; `label` says to a screen reader what they are.

    `on_pick` is called with the number of the part that was clicked; the `chosen` one is framed.
    """
    numbers = {part.number for part in parts}

    def picked() -> None:
        number = picked_number(sent(key, "picked"))
        if on_pick is not None and number is not None and number in numbers:
            on_pick(number)

    data = {"parts": [asdict(part) for part in parts], "chosen": chosen, "label": label}
    mount = component(__file__, "marked_text", '<div class="text" role="group"></div>')
    mount(key=key, data=data, on_picked_change=picked)


def picked_number(value: object) -> int | None:
    """The number that the browser sent, None for anything that is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text_parts(encoding: Encoding, shares: Sequence[float]) -> list[TextPart]:
    """The text of an encoding of tokens or words, each shaded by its share, the strongest content one darkest."""
    content = [share for share, special in zip(shares, encoding.special, strict=True) if not special]
    strongest = max(content, default=0.0) or 1.0
    parts: list[TextPart] = []
    segment = end = 0
    for index, span in enumerate(encoding.spans):
        if encoding.segments[index] != segment:
            segment, end = encoding.segments[index], 0
            parts.append(TextPart("\n"))
        source = (encoding.pair or "") if segment else encoding.text
        label = text = encoding.token_labels[index]
        if span is not None and span[0] >= end and source[slice(*span)].strip():
            if span[0] > end:
                parts.append(TextPart(visible(source[end : span[0]])))
            text, end = visible(source[slice(*span)]), span[1]
        hint = f"{label}: {shares[index]:.1%}"
        parts.append(TextPart(text, index, shares[index] / strongest, hint, encoding.special[index]))
    return parts
