"""Compare heads: side by side, one minus another, and how alike all of them are."""

import streamlit as st

from viz.ui.pages.explore import printed_maps
from viz.ui.pages.heads import head_comparison, head_similarity
from viz.ui.progress.result import token_count
from viz.ui.session import tr, view
from viz.ui.shell import guard
from viz.ui.widgets import head_choice, view_switches

st.title(tr("How do heads differ?"), anchor=False)
result = guard.analysed_text()
if result is not None:
    state = view()
    token_count(result)
    view_switches.kind(result)
    (result,) = view_switches.weighed(result)

    st.header(tr("Beside each other"), anchor=False)
    heads = head_choice.choose(state, result.map_of(state.switches.kind))
    head_comparison.beside(result, state, heads)

    if len(heads) > 1:
        st.header(tr("One minus another"), anchor=False)
        head_comparison.differ(result, state, heads)

    st.header(tr("How alike are all heads?"), anchor=False)
    view_switches.share_note(result)
    head_similarity.show(result, state, heads)

    if not state.present:
        # Drawn only where it is open, as a picture is the slowest thing on the page.
        every = st.expander(
            tr("All heads of layer {layer}", layer=state.layer + 1),
            icon=":material/grid_view:",
            key="w_layer_open",
            on_change="rerun",
        )
        if every.open:
            with every:
                printed_maps.layer_picture(result, state)
