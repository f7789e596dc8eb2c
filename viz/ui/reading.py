"""The text as the model reads it: shaded by the attention each token receives, struck out where it was cut."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from viz.attention import AttentionMap
from viz.metrics import mean_received
from viz.text import Encoding, readable
from viz.ui.i18n import tr, trn
from viz.ui.marked import Run, marked_text
from viz.ui.view import ViewState, card_of

Array = NDArray[np.float32]

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
            runs += [Run("… " + _visible(source[max(0, start - _BEFORE_CUT) : start])), *_cut(source[start:])]
    marked_text(runs, tr("The end of what was read, and what was cut off"), key="cut")


def shaded_text(found: AttentionMap, now: ViewState) -> None:
    """The text itself, each token shaded by what it receives in the chosen head; the strongest is darkest."""
    shares = mean_received(found.weights, now.layer, now.head)
    encoding = found.keys
    content = [float(share) for share, special in zip(shares, encoding.special, strict=True) if not special]
    strongest = max(content, default=0.0) or 1.0
    runs: list[Run] = []
    for segment, source in enumerate((encoding.text, encoding.pair)):
        if source is None:
            continue
        if segment:
            runs.append(Run("\n"))
        runs += _runs(encoding, segment, source, shares, strongest)
    marked_text(runs, tr("The text, shaded by the attention each token receives"), key="reading")


def _runs(encoding: Encoding, segment: int, source: str, shares: Array, strongest: float) -> list[Run]:
    runs: list[Run] = []
    at = 0
    for start, end, tokens in _stretches(encoding, segment):
        if start > at:
            runs.append(Run(_visible(source[at:start])))
        share = float(sum(shares[token] for token in tokens))
        hint = ", ".join(f"{encoding.token_labels[token]}: {shares[token]:.1%}" for token in tokens)
        runs.append(Run(_visible(source[start:end]), shade=share / strongest, hint=hint))
        at = end
    cut_from = encoding.truncation and (
        encoding.truncation.pair_from if segment else encoding.truncation.text_from
    )
    if cut_from is not None:
        runs += _cut(source[at:])
    elif at < len(source):
        runs.append(Run(_visible(source[at:])))
    return runs


def _stretches(encoding: Encoding, segment: int) -> list[tuple[int, int, list[int]]]:
    """(start, end, tokens) in reading order; tokens that share a character share a stretch."""
    stretches: list[tuple[int, int, list[int]]] = []
    for token, span in enumerate(encoding.spans):
        if span is None or encoding.segments[token] != segment or span[0] == span[1]:
            continue
        if stretches and span[0] < stretches[-1][1]:
            start, end, tokens = stretches[-1]
            stretches[-1] = (start, max(end, span[1]), [*tokens, token])
        else:
            stretches.append((*span, [token]))
    return stretches


def _cut(rest: str) -> list[Run]:
    runs = [Run(_visible(rest[:_LONGEST_CUT]), mark="cut")]
    if (over := len(rest) - _LONGEST_CUT) > 0:
        runs.append(
            Run(trn(" … and {count} more character", " … and {count} more characters", over), mark="cut")
        )
    return runs


def _visible(text: str) -> str:
    """Line breaks and spaces as they are; what else is invisible as its code point."""
    return "".join(c if c in "\n\t ▁" else readable(c) for c in text)
