"""Switch heads off, and see at once what changes: the sentence vector, and each token."""

from dataclasses import replace

import numpy as np
import streamlit as st

from viz.attention.checks import Array
from viz.attention.maps import Head
from viz.pictures.figures.heat_maps.matrix import MatrixText, round_limit
from viz.studies.importance import Ablation, ablate, least_first
from viz.ui.components.head_grid import head_grid
from viz.ui.components.marked_text import TextPart, marked_text, text_parts
from viz.ui.exhibits.downloads import captioned, matrix_csv
from viz.ui.exhibits.exhibit import heat_map
from viz.ui.exhibits.tables import numbers, ordered
from viz.ui.pages.importance.importance_subject import Subject
from viz.ui.progress.shared_results import shared
from viz.ui.session import ask, change, tr, trn, view
from viz.ui.wording.plain_text import code_span
from viz.view.packed_parts import within

_MOST_IMPORTANT = 5
_STRIP = 30  # tokens in the picture


def effect(subject: Subject) -> Ablation:
    """What the view's heads that are off change, computed once for all sessions. Raises as `ablate` does."""
    off = within(subject.state.off, *subject.shape)
    model, text, pair = subject.model, subject.state.text, subject.state.pair or None
    return shared().get(subject.key("ablate", off), lambda: ablate(model, text, pair, off))


def show(subject: Subject, importance: Array | None) -> None:
    """The grid of heads, coloured by their `importance` where it is known, [layer, head], and what is left."""
    with st.spinner(tr("Running the model without these heads …")):
        ablation = effect(subject)
    left, right = st.columns(2, gap="medium")
    with left:
        _grid(subject, ablation.disabled, importance)
    with right:
        _said(subject, ablation)
        _text(subject, ablation)
    if ablation.disabled:
        _numbers(subject, ablation)


def _grid(subject: Subject, off: tuple[Head, ...], importance: Array | None) -> None:
    flat = [] if importance is None else [float(value) for value in importance.ravel()]
    most = max(flat, default=0.0) or 1.0
    st.caption(
        tr("A row is a layer, a column a head. Click one to switch it off; click it again to have it back.")
    )
    head_grid(
        subject.shape,
        off,
        # By the angle that the sentence vector turns, not its cosine, or all but the largest would look alike.
        [float(np.sqrt(value / most)) for value in flat],
        [" · " + tr("importance {value:.4f}", value=value) for value in flat],
        tr("All heads, as switches"),
        "importance_grid",
        lambda heads: change(off=heads),
    )
    if flat:
        st.caption(
            tr("The stronger the colour, the more the sentence vector changes without that head alone.")
        )
    if not subject.state.present:
        _shortcuts(subject, off, importance)


def _shortcuts(subject: Subject, off: tuple[Head, ...], importance: Array | None) -> None:
    layers, heads = subject.shape
    layer = min(subject.state.layer, layers - 1)
    whole = {(layer, head) for head in range(heads)}
    with st.container(horizontal=True):
        st.button(tr("All on"), on_click=change, kwargs={"off": ()}, disabled=not off, icon=":material/undo:")
        st.button(
            tr("Layer {layer} off", layer=layer + 1),
            on_click=change,
            kwargs={"off": tuple(sorted({*off, *whole}))},
            disabled=whole <= set(off),
        )
        if importance is None:
            return
        order = least_first(importance)
        half, most = order[: len(order) // 2], order[-_MOST_IMPORTANT:]
        for label, chosen in (
            (tr("The less important half off"), half),
            (tr("The {count} most important off", count=_MOST_IMPORTANT), most),
        ):
            st.button(label, on_click=change, kwargs={"off": tuple(sorted(chosen))})


def _said(subject: Subject, ablation: Ablation) -> None:
    layers, heads = subject.shape
    st.metric(
        tr("Cosine of the sentence vector"),
        f"{ablation.sentence:.4f}",
        help=tr(
            "With and without these heads: 1 is no change, 0 nothing in common. The sentence vector is the mean of all "
            "tokens' outputs."
        ),
    )
    if not ablation.disabled:
        st.markdown(tr("All {count} heads are on.", count=layers * heads))
        return
    order, labels = np.argsort(ablation.tokens, kind="stable"), subject.encoding.labels
    first, last = int(order[0]), int(order[-1])
    st.markdown(
        trn(
            "{count} of {all} heads is off.",
            "{count} of {all} heads are off.",
            len(ablation.disabled),
            all=layers * heads,
        )
        + " "
        + tr(
            "{most} changes most (cosine {low:.3f}), {least} least ({high:.3f}).",
            most=code_span(labels[first]),
            low=float(ablation.tokens[first]),
            least=code_span(labels[last]),
            high=float(ablation.tokens[last]),
        )
    )


def _text(subject: Subject, ablation: Ablation) -> None:
    marked_text(
        _pieces(subject, ablation),
        tr("The text, shaded by how much each token's output changes"),
        "importance_text",
        chosen=subject.chosen(),
        on_pick=_pick,
    )
    st.caption(
        tr(
            "The shade is the angle by which a token's output has turned, from 0° to 90°. Click a token to ask about "
            "it, below; click it again for the whole sentence."
        )
    )


def _pieces(subject: Subject, ablation: Ablation) -> list[TextPart]:
    labels = subject.encoding.token_labels
    turned = np.degrees(np.arccos(ablation.tokens.clip(0.0, 1.0))) / 90  # 1 at 90 degrees and beyond
    return [
        part
        if part.number is None
        else replace(
            part,
            shade=float(turned[part.number]) if ablation.disabled else 0.0,
            hint=f"{labels[part.number]}: {ablation.tokens[part.number]:.3f}",
        )
        for part in text_parts(subject.encoding, [0.0] * len(subject.encoding))
    ]


def _pick(position: int) -> None:
    ask(*() if view().switches.tokens == (position,) else (position,))


def _numbers(subject: Subject, ablation: Ablation) -> None:
    labels, order = subject.encoding.labels, np.argsort(ablation.tokens, kind="stable")
    most = np.sort(order[:_STRIP])  # in the order of the text
    lost, named = 1 - ablation.tokens[None, most], [labels[position] for position in most]
    title = tr("What changes without these heads")
    exhibit = heat_map(
        subject.key("strip", ablation.disabled),
        f"{subject.model.card.id}-without-{len(ablation.disabled)}-heads",
        lost,
        [""],
        named,
        MatrixText(title, "", "", tr("1 − cosine")),
        alt=tr("One number a token, for those that change most; the same numbers are in the table."),
        caption=captioned(subject.result, subject.state, title),
        highest=round_limit(lost),
        table=matrix_csv(ablation.tokens[None], [tr("Cosine")], labels, title),
    )
    with exhibit.with_numbers():
        columns = {
            tr("Token"): labels,
            tr("Cosine"): ablation.tokens,
            tr("Position"): range(1, len(labels) + 1),
        }
        formats = {tr("Cosine"): "%.4f", tr("Position"): st.column_config.NumberColumn(width="small")}
        numbers(ordered(columns, order.tolist()), formats, 280)
