"""How much of a text the model reads: the count of its tokens, and what was cut off, struck out."""

import streamlit as st

from viz.text import Encoding
from viz.ui.i18n import tr, trn
from viz.ui.marked import Run, marked_text
from viz.ui.plain import visible
from viz.ui.view import ViewState, card_of

_BEFORE_CUT, _LONGEST_CUT = 120, 400  # characters shown on either side of where a text was cut


def token_count(encoding: Encoding, now: ViewState) -> None:
    """How many tokens there are against the limit, and in words what was cut."""
    limit = card_of(now.model).max_tokens
    cut = encoding.truncation
    if cut is None:
        st.caption(tr("{count} of at most {limit} tokens.", count=len(encoding), limit=limit))
        return
    st.warning(
        tr(
            "The text has {total} tokens; this model reads at most {limit}. The last {lost} are not analysed: they are "
            "struck out below.",
            total=cut.total,
            limit=limit,
            lost=cut.total - cut.kept,
        ),
        icon=":material/content_cut:",
    )
    runs: list[Run] = []
    for source, start in ((encoding.text, cut.text_from), (encoding.pair or "", cut.pair_from)):
        if start is not None:
            runs += [Run("… " + visible(source[max(0, start - _BEFORE_CUT) : start])), *_cut(source[start:])]
    marked_text(runs, tr("The end of what was read, and what was cut off"), key="cut")


def _cut(rest: str) -> list[Run]:
    runs = [Run(visible(rest[:_LONGEST_CUT]), mark="cut")]
    if (over := len(rest) - _LONGEST_CUT) > 0:
        runs.append(
            Run(trn(" … and {count} more character", " … and {count} more characters", over), mark="cut")
        )
    return runs
