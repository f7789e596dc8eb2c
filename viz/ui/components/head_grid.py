"""All heads as a grid of switches, layers down and heads across: a click, or Enter, switches one off or on.

A click shows at once, before the server has heard of it; so several quick ones are all kept. Tab reaches the grid,
the arrow keys go from head to head.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import streamlit as st

from viz.attention.maps import Head
from viz.ui.components.component import component, is_index, sent
from viz.ui.session import tr
from viz.ui.wording.names import head_name


def head_grid(
    shape: tuple[int, int],
    off: Collection[Head],
    shades: Sequence[float],
    hints: Sequence[str],
    label: str,
    key: str,
    on_change: Callable[[tuple[Head, ...]], None],
) -> None:
    """Draw layers x heads, `off` switched off; `on_change` is called with all that are off after a click.

    `shades` (0 to 1) colour the heads and `hints` are added to their tips, both through all layers, or empty.
    """
    layers, heads = shape
    heard = f"{key}_heard"

    def toggled() -> None:
        click = toggled_heads(sent(key, "toggled"), layers * heads)
        if click is not None:
            st.session_state[heard], indices = click
            on_change(tuple(divmod(index, heads) for index in indices))

    data = {
        "heads": heads,
        "names": [head_name(layer, head) for layer in range(layers) for head in range(heads)],
        "off": [layer * heads + head for layer, head in off],
        "heard": st.session_state.get(heard, 0),
        "shades": list(shades),
        "hints": list(hints),
        "label": label,
        "words": {"on": tr("on"), "off": tr("off")},
    }
    mount = component(__file__, "head_grid", '<div class="heads" role="group"></div>')
    mount(key=key, data=data, on_toggled_change=toggled)


def toggled_heads(value: object, count: int) -> tuple[int, tuple[int, ...]] | None:
    """The number of the click, and the heads that are off after it, of `count` through all layers, in order.

    None for whatever the browser sent that is none of this.
    """
    number, off = (value.get("count"), value.get("off")) if isinstance(value, Mapping) else (None, None)
    if not is_index(number, 2**31) or not isinstance(off, list) or len(off) > count:
        return None
    return (number, tuple(sorted(set(off)))) if all(is_index(index, count) for index in off) else None
