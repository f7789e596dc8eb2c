"""The last part of the lesson: two orders of the same words, with position and without."""

from functools import partial

import streamlit as st

from viz.attention.checks import Array
from viz.errors import VizError
from viz.lessons.inside.word_order import Swapped
from viz.pictures.figures.base.fonts import short
from viz.pictures.figures.heat_maps.matrix import MatrixText, difference_map, matrix
from viz.ui.exhibits.downloads import matrix_csv
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.layout import scaled
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.inside.inside_subject import InsideState, Subject, orders
from viz.ui.lessons.lesson_frame import Panel, bound, button, change_settings, segments
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.session import change, tr, view
from viz.ui.wording.names import head_name
from viz.ui.wording.plain_text import show_error

CHINESE = {"one": "狗咬人", "other": "人咬狗"}
# The swapped words stand within the sentence: at its start some tokenizers write a word another way.
ENGLISH = {"one": InsideState.one, "other": InsideState.other}
_SAME = 1e-5
_LONGEST = 24  # columns of a sentence in a title
_SIDE = 350  # pixels: two maps stand beside each other


def show(subject: Subject, setup: InsideState) -> Swapped | None:
    """Both sentences, their maps with position and without, and how far they differ; None where that fails."""
    say("Order")
    if not view().present:
        _controls(setup)
    try:
        with st.spinner(tr("Reading both sentences with position and without …")):
            swapped = orders(subject.model, setup.one, setup.other, setup.off)
    except VizError as error:
        show_error(error)
        return None
    _numbers(swapped)
    _maps(subject, setup, swapped)
    with st.expander(tr("The largest difference in each layer"), icon=":material/table:"):
        told, untold = ([f"{difference:.2g}" for difference in layers] for layers in swapped.differs)
        layers = range(1, len(told) + 1)
        numbers({tr("Layer"): layers, tr("With position"): told, tr("Without position"): untold})
    return swapped


def same(swapped: Swapped) -> bool:
    """Whether both sentences get the same weights without position, up to rounding."""
    return float(swapped.differs[1].max()) <= _SAME


def _controls(setup: InsideState) -> None:
    left, right = st.columns(2)
    for place, name, label in ((left, "one", tr("One order")), (right, "other", tr("The other order"))):
        place.text_input(label, max_chars=200, **bound(name, getattr(setup, name)))
    with st.container(horizontal=True):
        button(ENGLISH["one"], "pets", lambda: change_settings(**ENGLISH), "english")
        button(CHINESE["one"], "pets", in_chinese, "chinese", help=tr("With the multilingual model."))
    names = {"zero": tr("no position at all"), "same": tr("all at the first position")}
    about = tr("Where position turns q and k or shifts scores by distance, both mean the same.")
    segments(tr("How position is removed"), names, "off", setup.off, help=about)


def in_chinese() -> None:
    """Set up the Chinese sentences, and a model that reads them."""
    change_settings(**CHINESE)
    change(model="multilingual-e5-small")


def _numbers(swapped: Swapped) -> None:
    told, untold = (float(difference) for difference in swapped.differs.max(axis=1))
    with st.container(horizontal=True):
        st.metric(tr("Largest difference with position"), f"{told:.3f}", width="content")
        small = f"{untold:.1e}" if untold < 1e-3 else f"{untold:.3f}"
        st.metric(tr("Largest difference without"), small, width="content")
    if same(swapped):
        st.success(prose("The order is lost"), icon=":material/check:")
    elif swapped.masked:
        st.info(prose("A mask tells the order"), icon=":material/info:")
    else:
        st.warning(prose("Something tells the order"), icon=":material/info:")


def _maps(subject: Subject, setup: InsideState, swapped: Swapped) -> None:
    layer, head = _head_of(subject, swapped)
    sentences = (setup.one, setup.other, setup.off)
    st.caption(prose("Maps of both orders", head=head_name(layer, head)))
    card, labels = subject.model.card, swapped.one.labels
    for what, name, pair in _pairs(swapped):
        row = st.container(horizontal=True, gap="small")
        for slot, sentence, weights in zip(("one", "other"), (setup.one, setup.other), pair, strict=True):
            title = f"{name}: {short(sentence, _LONGEST)}"
            values, says = weights[layer, head], MatrixText(title, tr("Query"), tr("Key"), tr("Weight"))
            exhibit = Exhibit(
                (card.id, subject.model.revision, *sentences, layer, head),
                f"{card.id}-order-{what}-{slot}",
                tr("A map of weights: {title}", title=title),
                partial(matrix, values, labels, labels, says),
                matrix_csv(values, labels, labels, title),
                title,
            )
            with row.container(width=scaled(_SIDE)):
                exhibit.show(_SIDE)


def _pairs(swapped: Swapped) -> tuple[tuple[str, str, tuple[Array, Array]], ...]:
    return (
        ("with", tr("With position"), swapped.with_positions),
        ("without", tr("Without position"), swapped.without),
    )


def panels(subject: Subject, swapped: Swapped) -> list[Panel]:
    """For the handout: how far both sentences differ, with position and without."""
    layer, head = _head_of(subject, swapped)
    differs = tr("How far the weights of the two orders differ, {head}.", head=head_name(layer, head))
    labels = swapped.one.labels
    panels = []
    for _what, name, (one, other) in _pairs(swapped):
        values, says = (
            other[layer, head] - one[layer, head],
            MatrixText(name, tr("Query"), tr("Key"), tr("Difference")),
        )
        panels.append(Panel(differs, partial(difference_map, values, labels, labels, says)))
    return panels


def _head_of(subject: Subject, swapped: Swapped) -> tuple[int, int]:
    """The view's layer and head, where the part that reads the text has them; else the first."""
    layer, head = subject.view.layer, subject.view.head
    layers, heads = swapped.without[0].shape[:2]
    return (layer, head) if layer < layers and head < heads else (0, 0)
