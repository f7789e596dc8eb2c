"""Which heads are beside each other: chosen here or in the explorer, from any layer, up to twelve."""

from dataclasses import replace
from functools import partial

import streamlit as st

from viz.attention import AttentionMap
from viz.pictures.figures.heat_maps.head_grids import MOST_HEADS
from viz.ui.session import change, tr, view
from viz.ui.widgets.bound_widgets import bind, choice_box, in_language
from viz.ui.wording.names import head_name, head_names
from viz.view.state import ViewState

Heads = tuple[tuple[int, int], ...]


def chosen_heads(state: ViewState, attention_map: AttentionMap) -> list[tuple[int, int]]:
    """The heads chosen here or in the explorer that the map has."""
    layers, heads = attention_map.weights.shape[:2]
    return [(layer, head) for layer, head in state.switches.heads if layer < layers and head < heads]


def compared(state: ViewState, attention_map: AttentionMap) -> Heads:
    """The heads to compare, at least two where there are two: those chosen, then the selected one and its neighbour."""
    chosen = chosen_heads(state, attention_map)
    every = [(layer, head) for layer in range(attention_map.layers) for head in range(attention_map.heads)]
    selected = state.layer, state.head
    following = every[(every.index(selected) + 1) % len(every)]
    if len(chosen) < 2:
        chosen = [*dict.fromkeys([*chosen, selected])]
    if len(chosen) < 2:
        chosen = [*dict.fromkeys([*chosen, following])]
    return tuple(chosen[:MOST_HEADS])


def choose(state: ViewState, attention_map: AttentionMap) -> Heads:
    """The box with all heads, and shortcuts, not where presented; returns the heads that are compared."""
    chosen = compared(state, attention_map)
    if state.present:
        return chosen
    names = head_names(attention_map.layers, attention_map.heads)
    of_layer = tuple((state.layer, head) for head in range(attention_map.heads))[:MOST_HEADS]
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
            tr("Add {head}", head=head_name(state.layer, state.head)),
            on_click=lambda: add((state.layer, state.head), chosen),
            disabled=(state.layer, state.head) in chosen or len(chosen) >= MOST_HEADS,
            icon=":material/add:",
        )
        st.button(
            tr("All heads of layer {layer}", layer=state.layer + 1),
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
    labels = tr("First head"), tr("Second head, taken from the first")
    for place, index, label in zip((left, middle), (0, 1), labels, strict=True):
        with place:
            moved = partial(_moved, chosen, index)
            choice_box(label, names, "switches.heads", f"w_pair_{index}", chosen[index], moved)
    right.button(
        tr("Swap"),
        on_click=lambda: _take((chosen[1], chosen[0], *chosen[2:])),
        icon=":material/swap_horiz:",
        width="stretch",
    )
    return chosen[0], chosen[1]


def _moved(chosen: Heads, index: int, wanted: tuple[int, int]) -> Heads:
    """`chosen` with `wanted` at place `index`; what stood there goes where it came from."""
    order = list(chosen)
    origin = order.index(wanted)
    order[index], order[origin] = order[origin], order[index]
    return tuple(order)


def _take(heads: Heads) -> None:
    change(switches=replace(view().switches, heads=heads))
