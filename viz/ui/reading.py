"""How much of a text the model reads: the count of its tokens, and what was cut off, struck out."""

import streamlit as st

from viz.attention import AttentionResult
from viz.inputs.encoding import Encoding
from viz.ui import kind_choice
from viz.ui.i18n import tr, trn
from viz.ui.marked import Run, marked_text
from viz.ui.plain import visible

_BEFORE_CUT, _LONGEST_CUT = 120, 400  # characters shown on either side of where a text was cut


def token_count(result: AttentionResult) -> None:
    """How many tokens there are against the limit, and in words what was cut; of the decoder's text too."""
    read = result.maps[0].queries
    limit = result.card.max_tokens
    if read.truncation is None:
        said = tr("{count} of at most {limit} tokens.", count=len(read), limit=limit)
        if len(result.maps) > 1:
            said += " " + tr("Target text: {count} tokens.", count=len(result.decoder.queries))
        st.caption(said)
    else:
        _say_cut(read, limit, "cut")
    kind_choice.written(result)
    if len(result.maps) > 1 and result.decoder.queries.truncation is not None:
        _say_cut(result.decoder.queries, limit, "cut_target")


def _say_cut(read: Encoding, limit: int, key: str) -> None:
    cut = read.truncation
    if cut is None:
        return
    values = {"total": cut.total, "limit": limit, "lost": cut.total - cut.kept}
    st.warning(
        tr(
            "The text has {total} tokens; this model reads at most {limit}. The last {lost} are not analysed: they are "
            "struck out below.",
            **values,
        )
        if key == "cut"
        else tr(
            "The target text has {total} tokens; this model reads at most {limit}. The last {lost} are not analysed: "
            "they are struck out below.",
            **values,
        ),
        icon=":material/content_cut:",
    )
    runs: list[Run] = []
    for source, start in ((read.text, cut.text_from), (read.pair or "", cut.pair_from)):
        if start is not None:
            runs += [Run("… " + visible(source[max(0, start - _BEFORE_CUT) : start])), *_cut(source[start:])]
    marked_text(runs, tr("The end of what was read, and what was cut off"), key=key)


def _cut(rest: str) -> list[Run]:
    runs = [Run(visible(rest[:_LONGEST_CUT]), mark="cut")]
    if (over := len(rest) - _LONGEST_CUT) > 0:
        runs.append(
            Run(trn(" … and {count} more character", " … and {count} more characters", over), mark="cut")
        )
    return runs
