"""Every head; one token asked about."""

import pandas as pd
import streamlit as st

from viz.attention import AttentionMap, AttentionResult
from viz.attention.checks import Array
from viz.attention.merging import MapView
from viz.metrics.measures import Measure, attention_from_query, attention_to_key, measure_heads, ranked_heads
from viz.pictures.figures.heat_maps.matrix import MatrixText, matrix
from viz.ui.exhibits.downloads import captioned, matrix_csv
from viz.ui.exhibits.exhibit import picture
from viz.ui.exhibits.layout import picture_and_numbers, sequential
from viz.ui.exhibits.tables import strongest_by_layer
from viz.ui.pages.tokens.token_ranking import _key, asked
from viz.ui.session import change, keep, language, tr
from viz.ui.wording import sentences
from viz.ui.wording.names import head_name, measures_of, stem, written
from viz.ui.wording.plain_text import code_span
from viz.view.state import ViewState

_HEADS = 8


def all_heads(result: AttentionResult, whole: AttentionMap, now: ViewState) -> None:
    """One number of every head, layers down and heads across, of the whole text with its special tokens."""
    names = measures_of(whole)
    measure = now.measure if now.measure in names else next(iter(names))
    if not now.present:
        key = f"w_measure_{language()}"  # the browser knows an option by its title, which is the language's
        st.selectbox(
            tr("Number"),
            list(names),
            format_func=names.__getitem__,
            key=keep(key, measure),
            on_change=lambda: change(measure=st.session_state[key]),
        )
    values = measure_heads(whole, measure)
    highest = 1.0 if measure not in ("distance", "entropy") else float(values.max()) or 1.0
    left, right = picture_and_numbers()
    with left:
        _grid(result, now, values, names[measure], measure, highest)
    with right:
        _heads_table(values, names[measure], measure)
        st.caption(
            tr("Special tokens are always counted here, so that the numbers of two views can be compared.")
        )


def _heads_table(values: Array, title: str, measure: Measure) -> None:
    number = written(measure)
    every = ranked_heads(values, values.size)
    st.dataframe(
        pd.DataFrame(
            {tr("Head"): [head_name(*at) for at in every], title: [number(float(values[at])) for at in every]}
        ),
        hide_index=True,
        height=320,
    )


def one_token(result: AttentionResult, found: MapView, even: MapView, now: ViewState) -> None:
    """Which heads look at the token that is asked about, and what it looks at itself, layer by layer."""
    at = asked(found, even, now)
    label = found.map.keys.labels[at]
    st.header(tr("About {token}", token=code_span(label)), anchor=False)
    st.markdown("**" + tr("Which heads look at it most?") + "**")
    values = attention_to_key(found.map.weights, at)
    top = ranked_heads(values, _HEADS)
    left, right = picture_and_numbers()
    with left:
        title = (
            tr("Attention to “{token}”, mean over queries", token=label)
            if found.map.quantity == "attention"
            else tr("Share that “{token}” brings, mean over queries", token=label)
        )
        _grid(result, now, values, title, f"to-{at}", 1.0)
    with right:
        st.markdown(sentences.of_key(found.map, at, top, values))
        st.dataframe(
            pd.DataFrame(
                {
                    tr("Head"): [head_name(*each) for each in top],
                    tr("Share"): [float(values[each]) for each in top],
                }
            ),
            hide_index=True,
            column_config={tr("Share"): st.column_config.NumberColumn(format="percent")},
        )
    if found.map.kind == "cross":
        st.caption(
            tr("In cross-attention only the target text looks; what its tokens look at is in the explorer.")
        )
        return
    st.markdown("**" + tr("What does it look at, layer by layer?") + "**")
    _layer_by_layer(result, found, now, at)


def _layer_by_layer(result: AttentionResult, found: MapView, now: ViewState, at: int) -> None:
    values, labels = attention_from_query(found.map.weights, at), found.map.keys.labels
    palette, layer_title = sequential(), tr("Layer")
    left, right = picture_and_numbers()
    with left:
        title = (
            tr("What “{token}” looks at, mean over the heads", token=labels[at])
            if found.map.quantity == "attention"
            else tr("From where “{token}” takes, mean over the heads", token=labels[at])
        )
        picture(
            (_key(result, now), at, palette),
            f"{stem(result)}-from-{at + 1}",
            tr("A row for each layer, a column for each token looked at."),
            lambda words, theme: matrix(
                values,
                [str(layer + 1) for layer in range(len(values))],
                labels,
                MatrixText(title, layer_title, words.key, words.for_quantity(found.map.quantity).weight),
                words=words,
                theme=theme,
                palette=palette,
            ),
            caption=captioned(result, now, title),
            table=matrix_csv(values, [str(layer + 1) for layer in range(len(values))], labels, title),
        )
    with right:
        st.markdown(sentences.of_query(found.map, now, at))
        strongest_by_layer(values, labels)


def _grid(
    result: AttentionResult, now: ViewState, values: Array, title: str, name: str, highest: float
) -> None:
    palette, says = sequential(), MatrixText(title, tr("Layer"), tr("Head"), "")
    picture(
        (_key(result, now), title, palette, highest),
        f"{stem(result)}-heads-{name}",
        tr("A row for each layer, a column for each head: {title}.", title=title),
        lambda words, theme: matrix(
            values,
            [str(layer + 1) for layer in range(values.shape[0])],
            [str(head + 1) for head in range(values.shape[1])],
            says,
            words=words,
            theme=theme,
            palette=palette,
            vmax=highest,
        ),
        caption=captioned(result, now, title),
        table=matrix_csv(
            values,
            [str(layer + 1) for layer in range(values.shape[0])],
            [str(head + 1) for head in range(values.shape[1])],
            title,
        ),
    )
