"""Explore: one text, one head, and the tokens it looks at."""

import streamlit as st

from viz.ui.exhibits import explorer_exhibit, tables
from viz.ui.exhibits.bitmaps import in_view, page_bitmaps
from viz.ui.pages.explore import printed_maps
from viz.ui.progress.result import token_count
from viz.ui.session import language, tr, view
from viz.ui.shell import guard
from viz.ui.widgets import view_switches
from viz.ui.wording import expectations

# The explorer keeps its zoom only in its place on the page: notes and progress above it may come and go.
with st.container():
    st.title(tr("What does each head look at?"), anchor=False)
    result = guard.analysed_text()
    if result is not None:
        state = view()
        token_count(result)
        (result,) = view_switches.weighed(result)
        attention_map = result.map_of(state.switches.kind)
if result is not None:
    explorer_exhibit.show(result, state)
    expectations.of_example(state)
if result is not None and not state.present:
    left, right = st.columns([5, 4], gap="medium")
    # Before what may ask for another run: a run that is cut short has then given its widgets their values.
    with right:
        st.header(tr("Most attended tokens"), anchor=False)
        view_switches.scope()
        view_switches.count_specials()
        tables.top_tokens(attention_map, state)
        view_switches.share_note(result)
        if attention_map.quantity == "attention":
            with st.expander(tr("How to read this"), icon=":material/help:"):
                st.markdown(
                    tr(
                        "Each row of the heat map is a token that looks (the query), each column a token looked at "
                        "(the key). A row shares out 100%: the stronger the colour, the more. Attention shows where "
                        "information is taken from. It does not by itself explain what the model decides."
                    )
                )
                st.page_link(
                    "pages/guide.py", label=tr("More on reading heat maps"), icon=":material/menu_book:"
                )
    with left:
        with st.container(gap=None):
            seen = in_view.seen("print_seen", below="explorer")
            st.header(tr("For print"), anchor=False)
        # Only the open one is drawn, and only once it is looked at: a picture is the slowest thing on the page.
        one, grid, every = st.tabs(
            [tr("This head"), tr("This layer"), tr("Every layer")],
            key=f"w_print_{language()}",
            on_change="rerun",
        )
        if not seen:
            for tab in (one, grid, every):
                if tab.open:
                    with tab:
                        page_bitmaps.awaited(tr("The picture is drawn as soon as it is in view."))
        elif one.open:
            with one:
                printed_maps.head_picture(result, state)
                if st.toggle(tr("Show the numbers"), key="w_numbers"):
                    tables.head_weights(attention_map, state)
        elif grid.open:
            with grid:
                printed_maps.layer_picture(result, state)
                tables.heads_of_layer(attention_map, state)
                printed_maps.layer_lengths(result, state)
        elif every.open:
            with every:
                printed_maps.model_picture(result, state)
