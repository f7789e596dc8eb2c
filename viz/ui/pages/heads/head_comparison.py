"""Heads beside each other, and what one gives more than another."""

from functools import partial

import streamlit as st

from viz.attention import AttentionResult
from viz.metrics.alignment import Difference
from viz.pictures.figures.heat_maps.head_grids import heads_beside
from viz.ui.exhibits.differences import show_difference
from viz.ui.exhibits.downloads import captioned
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.layout import scaled
from viz.ui.progress.shared_results import key_of
from viz.ui.session import tr
from viz.ui.widgets.head_choice import Heads, pair
from viz.ui.wording.difference_sentences import difference_of_heads
from viz.ui.wording.names import head_name, stem
from viz.view.state import ViewState

_FEW = 960  # pixels


def beside(result: AttentionResult, state: ViewState, heads: Heads) -> None:
    """The chosen heads on one scale."""
    names = ", ".join(head_name(*head) for head in heads)
    short = "-".join(f"{layer + 1}.{head + 1}" for layer, head in heads)
    attention_map = result.map_of(state.switches.kind)
    exhibit = Exhibit(
        key_of(result, state),
        f"{stem(result)}-heads-{short}",
        tr("Heat maps beside each other, on one scale: {heads}.", heads=names),
        lambda style: heads_beside(attention_map, heads, style),
        caption=captioned(result, state, names),
    )
    # Two heads need no whole screen to be read.
    with st.container(width=scaled(_FEW) if len(heads) <= 2 else "stretch"):
        exhibit.show()


def differ(result: AttentionResult, state: ViewState, heads: Heads) -> None:
    """The first head minus the second, as a map, in words and in numbers."""
    first, second = pair(heads)
    attention_map = result.map_of(state.switches.kind)
    one, other = attention_map.weights[first], attention_map.weights[second]
    title = f"{head_name(*first)} − {head_name(*second)}"
    show_difference(
        key_of(result, state),
        f"{stem(result)}-difference-{first[0] + 1}.{first[1] + 1}-{second[0] + 1}.{second[1] + 1}",
        Difference(one - other, one, other, ()),
        (attention_map.queries.labels, attention_map.keys.labels),
        title,
        attention_map.quantity,
        alt=tr(
            "Difference map of {title}: red where the first gives more, blue where the second does.",
            title=title,
        ),
        caption=captioned(result, state, title),
        limit=None if state.stretch else attention_map.top,
        say=partial(difference_of_heads, attention_map, first, second),
    )
