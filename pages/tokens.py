"""Top-attended tokens: what the model looks at, in words and numbers, and one token asked about."""

import streamlit as st

from viz.attention.merging import as_shares, possible_unit, view_map
from viz.metrics.measures import even_map
from viz.ui.pages.tokens import head_numbers, token_ranking
from viz.ui.progress.result import token_count
from viz.ui.session import tr, view
from viz.ui.shell import guard
from viz.ui.widgets import view_switches
from viz.ui.wording import sentences
from viz.ui.wording.names import scope_name

st.title(tr("Which tokens get the attention?"), anchor=False)
result = guard.analysed_text()
if result is not None:
    state = view()
    token_count(result)
    view_switches.kind(result)
    (result,) = view_switches.weighed(result, shares=True)
    chosen = as_shares(result.map_of(state.switches.kind))
    if not state.present:
        scope, count, rest = st.columns(3, gap="medium", vertical_alignment="bottom")
        with scope:
            view_switches.scope()
        with count:
            view_switches.unit(chosen)
        with rest:
            view_switches.specials()

    unit = possible_unit(chosen, state.switches.unit)
    map_view = view_map(chosen, unit, state.specials, state.switches.renormalise)
    whole, even = view_map(chosen, unit).map, even_map(chosen)
    spread = view_map(even, unit, state.specials, state.switches.renormalise)
    st.header(scope_name(state.scope, state.layer, state.head), anchor=False)
    token_ranking.text(map_view, spread, state)
    st.markdown(
        "\n".join(f"- {sentence}" for sentence in sentences.of_scope(whole, view_map(even, unit).map, state))
    )

    st.header(tr("Most attended tokens"), anchor=False)
    token_ranking.ranking(result, map_view, spread, state)
    head_numbers.one_token(result, map_view, spread, state)

    st.header(tr("Every head in one picture"), anchor=False)
    head_numbers.all_heads(result, whole, state)
