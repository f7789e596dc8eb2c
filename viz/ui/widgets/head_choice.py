"""Which heads are beside each other: chosen here or in the explorer, from any layer, up to twelve."""

from dataclasses import replace

import streamlit as st

from viz.attention import AttentionMap
from viz.pictures.figures.heat_maps.heads_beside import MOST_HEADS
from viz.ui.session import change, keep, tr, view
from viz.ui.widgets.bound_widgets import bind, in_language
from viz.ui.wording.names import head_name, head_names
from viz.view.state import ViewState

Heads = tuple[tuple[int, int], ...]


def compared(now: ViewState, found: AttentionMap) -> Heads:
    """The heads to compare, at least two where there are two: those chosen, then the selected one and its neighbour."""
    there = [
        (layer, head) for layer, head in now.switches.heads if layer < found.layers and head < found.heads
    ]
    every = [(layer, head) for layer in range(found.layers) for head in range(found.heads)]
    here = every.index((now.layer, now.head))
    filled = list(dict.fromkeys([*there, (now.layer, now.head)]))[:MOST_HEADS] if len(there) < 2 else there
    if len(filled) < 2:
        filled = list(dict.fromkeys([*filled, every[(here + 1) % len(every)]]))
    return tuple(filled[:MOST_HEADS])


def choose(now: ViewState, found: AttentionMap) -> Heads:
    """The box with all heads, and shortcuts, not where presented; returns the heads that are compared."""
    chosen = compared(now, found)
    if now.present:
        return chosen
    names = head_names(found.layers, found.heads)
    of_layer = tuple((now.layer, head) for head in range(found.heads))[:MOST_HEADS]
    st.multiselect(
        tr("Heads to compare"),
        list(names),
        format_func=names.__getitem__,
        **bind("switches.heads", in_language("w_heads"), list(chosen), tuple),
        max_selections=MOST_HEADS,
        help=tr("From 2 to {most} heads of any layers. Type a number to find one.", most=MOST_HEADS),
    )
    with st.container(horizontal=True):
        st.button(
            tr("Add {head}", head=head_name(now.layer, now.head)),
            on_click=lambda: add((now.layer, now.head), chosen),
            disabled=(now.layer, now.head) in chosen or len(chosen) >= MOST_HEADS,
            icon=":material/add:",
        )
        st.button(
            tr("All heads of layer {layer}", layer=now.layer + 1),
            on_click=lambda: _take(of_layer),
            icon=":material/grid_view:",
        )
        st.button(tr("Only the first two"), on_click=lambda: _take(chosen[:2]), disabled=len(chosen) == 2)
    return chosen


def add(head: tuple[int, int], chosen: Heads) -> None:
    """Put one more head beside the others."""
    if head not in chosen and len(chosen) < MOST_HEADS:
        _take((*chosen, head))


def pair(chosen: Heads) -> tuple[tuple[int, int], tuple[int, int]]:
    """The two whose difference is shown, the first two; choosing others moves them to the front."""
    if view().present:
        return chosen[0], chosen[1]
    names = {head: head_name(*head) for head in chosen}
    left, middle, right = st.columns([5, 5, 2], vertical_alignment="bottom")
    for place, at, label in (
        (left, 0, tr("First head")),
        (middle, 1, tr("Second head, taken from the first")),
    ):
        key = in_language(f"w_pair_{at}")
        with place:
            st.selectbox(
                label,
                chosen,
                format_func=names.__getitem__,
                key=keep(key, chosen[at]),
                on_change=lambda at=at, key=key: _move(chosen, at, st.session_state[key]),
            )
    right.button(
        tr("Swap"),
        on_click=lambda: _take((chosen[1], chosen[0], *chosen[2:])),
        icon=":material/swap_horiz:",
        width="stretch",
    )
    return chosen[0], chosen[1]


def _move(chosen: Heads, at: int, wanted: tuple[int, int]) -> None:
    """`wanted` to place `at`; what stood there goes where it came from."""
    order = list(chosen)
    come = order.index(wanted)
    order[at], order[come] = order[come], order[at]
    _take(tuple(order))


def _take(heads: Heads) -> None:
    change(switches=replace(view().switches, heads=heads))
