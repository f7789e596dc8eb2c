"""Learn: the lessons in order, and how far one has come."""

import streamlit as st

from viz.ui.lessons import lessons_overview
from viz.ui.session import tr

st.title(tr("Learn how attention works"), anchor=False)
st.markdown(
    tr(
        "Seven lessons, from the idea to the limits. Every number in them is computed here and now, most of them by "
        "the model you choose, on your own sentence. Each lesson has things to try, three questions and a handout of "
        "one page."
    )
)
lessons_overview.overview()
