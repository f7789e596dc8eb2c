"""What a browser sends: whatever it is, each reader makes something valid of it, or nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.lessons.why.transformer_parts import BY_NAME
from viz.pictures.explorer.payload import Shape
from viz.pictures.explorer.selection import parse
from viz.ui.components import head_grid, marked_text
from viz.ui.lessons.why import stacks_diagram
from viz.ui.shell.presentation import allowed_step

NAMES = st.sampled_from(
    ["picked", "step", "toggled", "count", "off", "layer", "heads", "pin", "level", "kind"]
)
SENT: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=12,
)
SHAPES = [Shape("encoder", 6, 12, 9, 9)]
READERS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], bool]]] = {
    "clicked": (marked_text.picked_number, lambda read: read is None or isinstance(read, int)),
    "part": (stacks_diagram.sent_part, lambda read: read is None or read in BY_NAME),
    "heads": (
        lambda sent: head_grid.toggled_heads(sent, 72),
        lambda read: read is None or set(read[1]) <= set(range(72)),
    ),
    "step": (allowed_step, lambda read: read in (None, -1, 0, 1)),
    "selection": (lambda sent: parse(sent, SHAPES), lambda read: parse(vars(read), SHAPES) == read),
}


@pytest.mark.parametrize("reader", READERS)
@given(sent=SENT | st.fixed_dictionaries({"count": SENT, "off": SENT}))
def test_nothing_that_is_sent_raises(reader: str, sent: Any) -> None:
    read, is_valid = READERS[reader]
    assert is_valid(read(sent))
