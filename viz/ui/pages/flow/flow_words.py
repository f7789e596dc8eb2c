"""What the flow through the layers says, in sentences; how it is computed, where it is from, what it does not know."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from viz.attention.checks import Array
from viz.attention.merging import MapView
from viz.metrics import ranked
from viz.metrics.rollout_and_flow import MAX_FLOW_TOKENS
from viz.ui.pages.flow.flow_numbers import Method
from viz.ui.session import tr
from viz.ui.wording.plain_text import code_span
from viz.ui.wording.sentences import listed
from viz.view.state import ViewState

_SEEN = 0.0005  # a difference of shares that shows where they are written with one decimal
_ALIKE = 0.1  # of the rollout lies elsewhere for another token, on average: below this all are the same


def of_reached(
    map_view: MapView, target: int, shares: Mapping[Method, Array], depth: int, mask: Array | None = None
) -> list[str]:
    """How much is still the token's own, how much special tokens have, and which others have most.

    `mask` is the rollout that a decoder's mask alone would give, [key].
    """
    keys, rolled = map_view.map.keys, shares["rollout"]
    is_target = np.arange(len(keys)) == target
    left_out = tuple(bool(out) for out in np.asarray(keys.special) | is_target)
    own = {"own": float(rolled[target]), "token": code_span(keys.labels[target]), "layer": depth}
    special = float(rolled[np.asarray(keys.special) & ~is_target].sum())
    sentences = [
        tr(
            "By rollout, {own:.1%} of what {token} holds after layer {layer} is its own; {special:.1%} comes from "
            "special tokens other than itself.",
            special=special,
            **own,
        )
        if special
        else tr("By rollout, {own:.1%} of what {token} holds after layer {layer} is its own.", **own)
    ]
    names: dict[Method, str] = {
        "rollout": tr("By rollout, of the other tokens most comes from {seen}."),
        "raw": tr("By the raw attention of this layer alone, most comes from {seen}."),
        "flow": tr("By attention flow, the most can come from {seen}."),
    }
    for method, sentence in names.items():
        top = ranked(shares[method], left_out, top=3) if method in shares else ()
        if top and top[0].share > 0:
            seen = listed(keys.labels, [(row.position, row.share) for row in top])
            sentences.append(sentence.format(seen=seen))
            if method == "rollout" and mask is not None:
                sentences.append(_beside_mask(keys.labels, rolled, mask, left_out))
    return sentences


def _beside_mask(labels: Sequence[str], rolled: Array, mask: Array, left_out: Sequence[bool]) -> str:
    """What the mask of a decoder alone would give these tokens, and which have more than that, by shares [key]."""
    said = tr(
        "But a decoder's first tokens have most whatever its heads do: if each token spread its attention evenly over "
        "those it sees, the most would come from {seen}.",
        seen=listed(
            labels, [(row.position, float(mask[row.position])) for row in ranked(mask, left_out, top=3)]
        ),
    )
    more = [row.position for row in ranked(rolled - mask, left_out, top=3) if row.share >= _SEEN]
    if not more:
        return said + " " + tr("No other token has more than that.")
    listed_more = tr(", ").join(
        tr(
            "{token} ({share:.1%}, by the mask alone {even:.1%})",
            token=code_span(labels[position]),
            share=float(rolled[position]),
            even=float(mask[position]),
        )
        for position in more
    )
    return said + " " + tr("Most beyond that comes from {seen}.", seen=listed_more)


def hidden(map_view: MapView, state: ViewState, target: int) -> None:
    """How much of the rollout has come from special tokens that are not shown."""
    if state.specials:
        return
    share = float(map_view.hidden[0, 0, target])
    st.caption(
        tr(
            "{share:.1%} of the rollout lies with special tokens, which are hidden; the rest is scaled to 1.",
            share=share,
        )
        if state.switches.renormalise
        else tr("{share:.1%} of the rollout lies with special tokens, which are hidden.", share=share)
    )


def of_mixing(rolled: Array, depth: int, mask: Array | None = None) -> list[str]:
    """How far the rollouts of all tokens have become one and the same, [layer, query, key].

    `mask` is what a decoder's mask alone would give, with the same axes.
    """
    apart = _apart(rolled[depth - 1])
    said = tr(
        "How alike the rollouts have become: after layer {layer}, on average {share:.0%} of a token's rollout lies "
        "elsewhere than in the mean of all tokens (after layer 1: {first:.0%}).",
        layer=depth,
        share=apart,
        first=_apart(rolled[0]),
    )
    if mask is not None:
        said += " " + tr("By the mask alone it would be {share:.0%}.", share=_apart(mask[depth - 1]))
    if apart >= _ALIKE or len(rolled[0]) < 3:
        return [said]
    return [said, tr("So by now rollout says almost the same of every token: look after an earlier layer.")]


def _apart(rows: Array) -> float:
    """The mean total variation distance of the rows from their mean, [query, key], 0 to 1."""
    return float(np.abs(rows - rows.mean(axis=0)).sum(axis=-1).mean() / 2)


def how() -> None:
    """The formulas, their source, and what they leave out."""
    with st.expander(tr("How this is computed"), icon=":material/functions:"):
        st.markdown(
            tr(
                "In each layer a token takes from others by attention, and keeps what it had by the residual "
                "connection. Both count half (Abnar & Zuidema 2020, *Quantifying Attention Flow in Transformers*):"
            )
        )
        st.latex(r"\hat{A}_l = \tfrac12\,A_l + \tfrac12\,I")
        st.markdown(
            tr(
                "$A_l$ is the mean of the heads of layer $l$, or of the chosen ones; $I$ is the identity, and rows "
                "sum to 1.\n\n"
                "- **Raw attention** is $A_l$ of the one layer alone. What a “token” is there is already a mixture.\n"
                "- **Rollout** multiplies the layers. Its rows sum to 1: all ways from an input token, each the "
                "product of its steps. Behind a decoder's mask the first tokens have most of it whatever the heads do: "
                "“Mask alone” is the rollout of a map in which each token spreads its attention evenly over those it "
                "sees."
            )
        )
        st.latex(r"R_l = \hat{A}_l\,R_{l-1},\qquad R_1 = \hat{A}_1")
        st.markdown(
            tr(
                "- **Attention flow** takes the layers as a network of pipes with these numbers as their widths, and "
                "is the most that can flow from the token, after the layer, down to one input token. Each flow is a "
                "problem of its own, so they do not sum to 1; the bars show each one's share of them all. Exact to "
                "0.0001, for at most {limit} tokens.",
                limit=MAX_FLOW_TOKENS,
            )
        )
        st.markdown(
            "**"
            + tr("What it does not know")
            + "** "
            + tr(
                "Both follow the attention weights alone: not the value vectors, which can be short where the weight "
                "is large, not the feed-forward layers, not the normalisation, and the half for the residual "
                "connection is an assumption. In deep models rollout becomes the same for every token; and many "
                "flows are but what the first layer lets out of an input token, whatever the target. Neither is an "
                "explanation of what the model does."
            )
        )
