"""Heads beside each other, and what one gives more than another."""

import streamlit as st

from viz.attention import AttentionResult
from viz.metrics.alignment import largest_cells
from viz.pictures.figures.heat_maps.heads_beside import heads_beside
from viz.pictures.figures.heat_maps.matrix import MatrixText, round_limit
from viz.ui.exhibits.downloads import captioned
from viz.ui.exhibits.exhibit import Exhibit, figure_words, heat_map, palette_of
from viz.ui.exhibits.layout import picture_and_numbers, scaled
from viz.ui.exhibits.tables import difference_table
from viz.ui.progress.shared_results import key_of
from viz.ui.session import tr
from viz.ui.widgets import unit_switches
from viz.ui.widgets.head_choice import Heads, pair
from viz.ui.wording.difference_sentences import difference_of_heads
from viz.ui.wording.names import difference_name, head_name, stem
from viz.view.state import ViewState

_ROWS = 12
_FEW = 960  # pixels


def beside(result: AttentionResult, now: ViewState, heads: Heads) -> None:
    """The chosen heads on one scale."""
    names = ", ".join(head_name(*head) for head in heads)
    short = "-".join(f"{layer + 1}.{head + 1}" for layer, head in heads)
    found = result.shown(now.switches.kind)
    exhibit = Exhibit(
        key_of(result, now),
        f"{stem(result)}-heads-{short}",
        tr("Heat maps beside each other, on one scale: {heads}.", heads=names),
        lambda words, theme: heads_beside(found, heads, words=words, theme=theme, palette=palette_of(theme)),
        caption=captioned(result, now, names),
    )
    # Two heads need no whole screen to be read.
    with st.container(width=scaled(_FEW) if len(heads) <= 2 else "stretch"):
        exhibit.show()


def differ(result: AttentionResult, now: ViewState, heads: Heads) -> None:
    """The first head minus the second, as a map, in words and in numbers."""
    first, second = pair(heads)
    found = result.shown(now.switches.kind)
    values = found.weights[first] - found.weights[second]
    title, words = f"{head_name(*first)} − {head_name(*second)}", figure_words()
    left, right = picture_and_numbers()
    with left:
        unit_switches.stretch("w_stretch")
        heat_map(
            key_of(result, now),
            f"{stem(result)}-difference-{first[0] + 1}.{first[1] + 1}-{second[0] + 1}.{second[1] + 1}",
            values,
            found.queries.labels,
            found.keys.labels,
            MatrixText(title, words.query, words.key, difference_name(found.quantity)),
            alt=tr(
                "Difference map of {title}: red where the first gives more, blue where the second does.",
                title=title,
            ),
            caption=captioned(result, now, title),
            limit=round_limit(values) if now.stretch else found.top,
        ).show()
    with right:
        cells = largest_cells(values, _ROWS)
        for sentence in difference_of_heads(found, first, second, cells):
            st.markdown(sentence)
        difference_table(
            cells, found.queries.labels, found.keys.labels, found.weights[first], found.weights[second]
        )
