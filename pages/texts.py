"""Compare texts and models: two texts under one head, or one text under two models, place by place."""

import streamlit as st

from viz.ui.pages.texts import comparison, comparison_pictures, pair_choice
from viz.ui.progress.result import written
from viz.ui.session import tr, view
from viz.ui.shell import guard
from viz.ui.widgets import view_switches
from viz.ui.wording import expectations
from viz.ui.wording.names import head_name

state = view()
texts, models = tr("What does a changed word change?"), tr("What does another model look at?")
st.title(texts if state.compare == "texts" else models, anchor=False)
guard.link_notes()
if not state.present:
    pair_choice.choose(state)
results = comparison.analysed_pair(state)
if results is not None:
    if state.compare == "texts":
        first, second = view_switches.weighed(*results)
        results = first, second
    else:
        view_switches.not_between_models()
    compared = comparison.compared(results, state)
    if state.compare == "texts":
        view_switches.choose_kind(view_switches.kinds(results[0]), compared.left.map.kind)
        for key, result in zip(("written_1", "written_2"), results, strict=True):
            written(result, key)
        st.header(head_name(*compared.left.head), anchor=False)
        if not state.present:
            view_switches.unit(compared.left.map)
        expectations.of_pair(state)
    else:
        st.header(tr("Word by word"), anchor=False)
    comparison_pictures.show(compared, state)
