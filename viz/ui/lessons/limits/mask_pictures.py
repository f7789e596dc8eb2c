"""Masks on the class's own sentence: padding that no token looks at, and later tokens hidden by minus infinity."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st
from scipy.special import softmax

from viz.attention import AttentionMap, AttentionResult
from viz.attention.checks import Array
from viz.lessons.limits.attention_masks import Padded, causal, scores_of, with_padding
from viz.lessons.limits.limits_setup import MOST_PADDING, Limits
from viz.models import LoadedModel
from viz.pictures.figures.heat_maps.matrix import MatrixText, matrix
from viz.ui.exhibits.downloads import matrix_csv
from viz.ui.exhibits.exhibit import Exhibit, show_pair
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.lesson_frame import Panel, bound
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.progress.shared_results import shared
from viz.ui.session import tr, view
from viz.ui.wording.names import head_name
from viz.ui.wording.plain_text import code_span

_SHOWN = 16  # tokens before the padding
_FEW = 5  # tokens of the causal example
_ROW = 35  # pixels of a table


def padding(model: LoadedModel, result: AttentionResult, setup: Limits) -> tuple[Panel | None, Padded | None]:
    """The same text alone and with padding behind it; nothing but a sentence where there is no room for any."""
    attention_map = result.maps[0]
    count, room = len(attention_map.queries), model.card.max_tokens - len(attention_map.queries)
    say("Padding")
    if room < 1:
        st.info(prose("No room for padding"), icon=":material/info:")
        return None, None
    extra = min(setup.padding, room)
    if not view().present and room > 1:
        st.slider(tr("Padding tokens"), 1, min(MOST_PADDING, room), **bound("padding", extra))
    layer, head = of_head(attention_map)
    seen = _seen(model, attention_map, extra, layer, head)
    shown = min(count, _SHOWN)
    rows = attention_map.queries.labels[-shown:]
    filler = str(model.tokenizer.pad_token or tr("padding"))
    columns = [*rows, *(f"{filler} {at + 1}" for at in range(extra))]
    title = tr("The last tokens with padding · {head}", head=head_name(layer, head))
    about = f"{model.card.title} · {title}"
    exhibit = _weights(
        "padding", (model.card.id, extra, layer, head), seen.padded, rows, columns, title, about
    )
    with exhibit.with_numbers():
        st.markdown(tr("Weights of the last token, {token}:", token=code_span(rows[-1])))
        table = {
            tr("Key"): columns,
            tr("Alone"): [*(f"{weight:.4f}" for weight in seen.alone[-1]), *["–"] * extra],
            tr("With padding"): [f"{weight:.4f}" for weight in seen.padded[-1]],
        }
        numbers(table, height=_ROW * (len(columns) + 1) + 3)
    say("Nothing on the padding", most=seen.on_padding, difference=seen.difference)
    return Panel(tr("Columns of padding: exactly 0 in every row."), exhibit.draw), seen


def of_head(attention_map: AttentionMap) -> tuple[int, int]:
    """The view's layer and head, kept within a map's own."""
    state = view()
    return min(state.layer, attention_map.layers - 1), min(state.head, attention_map.heads - 1)


def _seen(model: LoadedModel, attention_map: AttentionMap, extra: int, layer: int, head: int) -> Padded:
    """What is shown of a text with padding: of all weights one head's, [query, key] of the text's last tokens."""

    def make() -> Padded:
        whole = with_padding(model, attention_map.queries, extra)
        low = max(0, whole.tokens - _SHOWN)
        alone = whole.alone[layer, head, low:, low:].copy()
        return replace(whole, alone=alone, padded=whole.padded[layer, head, low : whole.tokens, low:].copy())

    text = (attention_map.queries.text, attention_map.queries.pair)
    key = ("lesson-padding", model.card.id, model.revision, text, extra, layer, head)
    return shared().get(key, make)


def later(model: LoadedModel, result: AttentionResult) -> Panel:
    """The causal mask on the first tokens of the text: scores, minus infinity, and the softmax before and after."""
    attention_map = result.maps[0]
    layer, head = of_head(attention_map)
    few = min(_FEW, len(attention_map.queries))
    labels = attention_map.queries.labels[:few]
    scores = scores_of(attention_map.weights[layer, head, :few, :few])
    masked = scores + causal(few)
    unmasked_weights, masked_weights = softmax(scores, axis=-1), softmax(masked, axis=-1)
    say("The causal mask", few=few, head=head_name(layer, head))
    title = code_span(model.card.title)
    if attention_map.kind == "decoder":
        say("A decoder", model=title, difference=float(np.abs(masked_weights - unmasked_weights).max()))
    else:
        say("An encoder", model=title)
    say("Masked scores")
    st.dataframe(_written(masked, labels), hide_index=False, width="content")
    key, about = (model.card.id, layer, head), f"{model.card.title} · {head_name(layer, head)}"
    before, after = (
        _weights(name, key, values, labels, labels, title, f"{about} · {title}")
        for name, values, title in (
            ("unmasked", unmasked_weights, tr("Softmax without the mask")),
            ("masked", masked_weights, tr("Softmax with the mask")),
        )
    )
    show_pair(before, after)
    st.caption(prose("The softmax of the mask"))
    return Panel(tr("Above the diagonal, every weight is exactly 0."), after.draw)


def _written(scores: Array, labels: Sequence[str]) -> pd.DataFrame:
    """Scores as people write them: two decimals, and a sign for minus infinity."""
    cells = [["−∞" if np.isneginf(score) else f"{score:.2f}" for score in row] for row in scores]
    return pd.DataFrame(cells, index=list(labels), columns=list(labels))


def _weights(
    name: str,
    key: tuple[object, ...],
    values: Array,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    caption: str,
) -> Exhibit:
    """Weights [row, column] of the view's text; all else that they depend on is in the `key`."""
    query, looked_at = tr("Query (the token that looks)"), tr("Key (the token looked at)")
    says, state = MatrixText(title, query, looked_at, tr("Attention weight")), view()
    return Exhibit(
        (*key, state.text, state.pair, state.target),
        name,
        title,
        lambda style: matrix(values, rows, columns, says, style),
        matrix_csv(values, rows, columns, query),
        caption,
    )
