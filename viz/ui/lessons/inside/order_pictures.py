"""The last part of the lesson: two orders of the same words, with position and without."""

from collections.abc import Callable

import streamlit as st
from matplotlib.figure import Figure

from viz.attention.checks import Array
from viz.errors import VizError
from viz.lessons.inside.word_order import Swapped
from viz.pictures.figures import DARK, FigureText, Theme
from viz.pictures.figures.base.printable import short
from viz.pictures.figures.heat_maps.matrix import MatrixText, difference_map, matrix
from viz.ui.exhibits.downloads import matrix_csv
from viz.ui.exhibits.exhibit import picture
from viz.ui.exhibits.layout import scaled
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.inside.inside_subject import InsideState, Subject, orders, set_order
from viz.ui.session import change, keep, language, tr, view
from viz.ui.wording.names import head_name
from viz.ui.wording.plain_text import show_error

CHINESE = {"one": "狗咬人", "other": "人咬狗"}
# The swapped words stand within the sentence: at its start some tokenizers write a word another way.
ENGLISH = {"one": InsideState.one, "other": InsideState.other}
_SAME = 1e-5
_LONGEST = 24  # columns of a sentence in a title
_SIDE = 350  # pixels: two maps stand beside each other


def show(of: Subject, set_up: InsideState) -> Swapped | None:
    """Both sentences, their maps with position and without, and how far they differ; None where that fails."""
    st.markdown(
        tr(
            "The sums above know nothing of order: permute the tokens, and the same numbers come out, permuted. What "
            "tells the model where a token stands is the position that is added to its word (or that turns q and k, or "
            "shifts the scores). Here it is switched off for one pass; the model stays as it is."
        )
    )
    if not view().present:
        _controls(set_up)
    try:
        with st.spinner(tr("Reading both sentences with position and without …")):
            found = orders(of.model, set_up.one, set_up.other, set_up.off)
    except VizError as error:
        show_error(error)
        return None
    _numbers(found)
    _maps(of, set_up, found)
    with st.expander(tr("The largest difference in each layer"), icon=":material/table:"):
        st.dataframe(
            {
                tr("Layer"): list(range(1, found.differs.shape[1] + 1)),
                tr("With position"): [f"{each:.2g}" for each in found.differs[0]],
                tr("Without position"): [f"{each:.2g}" for each in found.differs[1]],
            },
            hide_index=True,
        )
    return found


def same(found: Swapped) -> bool:
    """Whether both sentences get the same weights without position, up to rounding."""
    return float(found.differs[1].max()) <= _SAME


def _controls(set_up: InsideState) -> None:
    left, right = st.columns(2)
    for place, name, label in ((left, "one", tr("One order")), (right, "other", tr("The other order"))):
        key = f"w_inside_{name}"
        place.text_input(
            label,
            key=keep(key, getattr(set_up, name)),
            max_chars=200,
            on_change=lambda key=key, name=name: set_order(**{name: st.session_state[key]})(),
        )
    with st.container(horizontal=True):
        st.button(
            ENGLISH["one"], on_click=set_order(**ENGLISH), icon=":material/pets:", key="w_inside_english"
        )
        st.button(
            "狗咬人",
            on_click=in_chinese,
            icon=":material/pets:",
            key="w_inside_chinese",
            help=tr("With the multilingual model."),
        )
    names = {"zero": tr("no position at all"), "same": tr("all at the first position")}
    key = f"w_inside_off_{language()}"
    st.segmented_control(
        tr("How position is removed"),
        list(names),
        format_func=names.__getitem__,
        key=keep(key, set_up.off),
        on_change=lambda: set_order(off=st.session_state[key] or set_up.off)(),
        help=tr("Where position turns q and k or shifts scores by distance, both mean the same."),
    )


def in_chinese() -> None:
    """Set up the Chinese sentences, and a model that reads them."""
    set_order(**CHINESE)()
    change(model="multilingual-e5-small")


def _numbers(found: Swapped) -> None:
    told, untold = (float(each) for each in found.differs.max(axis=1))
    with st.container(horizontal=True):
        st.metric(tr("Largest difference with position"), f"{told:.3f}", width="content")
        st.metric(
            tr("Largest difference without"),
            f"{untold:.1e}" if untold < 1e-3 else f"{untold:.3f}",
            width="content",
        )
    if same(found):
        st.success(
            tr(
                "Without position both sentences get the same weights in every head of every layer, only permuted; "
                "what is left is rounding. For such a model they mean the same."
            ),
            icon=":material/check:",
        )
    elif found.masked:
        st.info(
            tr(
                "They still differ: in this model a token does not see every other one (it sees only itself and those "
                "before it, or a window around it). That alone tells the order, even without position."
            ),
            icon=":material/info:",
        )
    else:
        st.warning(
            tr("They still differ: something in this model other than position tells it the order."),
            icon=":material/info:",
        )


def _maps(of: Subject, set_up: InsideState, found: Swapped) -> None:
    layer, head = _head_of(of, found)
    said = (set_up.one, set_up.other, set_up.off)
    st.caption(
        tr(
            "{head}. Rows and columns of the second sentence stand in the order of the first, so equal cells stand in "
            "equal places.",
            head=head_name(layer, head),
        )
    )
    for what, pair, name in (
        ("with", found.with_positions, tr("With position")),
        ("without", found.without, tr("Without position")),
    ):
        row = st.container(horizontal=True, gap="small")
        for slot, sentence, weights in zip(("one", "other"), (set_up.one, set_up.other), pair, strict=True):
            with row.container(width=scaled(_SIDE)):
                title = f"{name}: {short(sentence, _LONGEST)}"
                _map(of, found, weights[layer, head], title, (f"{what}-{slot}", *said, layer, head))


def _map(of: Subject, found: Swapped, weights: Array, title: str, key: tuple[object, ...]) -> None:
    labels = found.one.labels
    says = MatrixText(title, tr("Query"), tr("Key"), tr("Weight"))
    picture(
        ("inside-order", of.model.card.id, of.model.revision, *key),
        f"{of.model.card.id}-order-{key[0]}",
        tr("A map of weights: {title}", title=title),
        lambda words, theme: matrix(
            weights,
            labels,
            labels,
            says,
            words=words,
            theme=theme,
            palette="mako" if theme is DARK else "mako_r",
        ),
        _SIDE,
        caption=title,
        table=matrix_csv(weights, labels, labels, title),
    )


def panels(of: Subject, found: Swapped) -> list[lesson_frame.Panel]:
    """For the handout: how far both sentences differ, with position and without."""
    layer, head = _head_of(of, found)
    labels = found.one.labels
    made = []
    for name, pair in ((tr("With position"), found.with_positions), (tr("Without position"), found.without)):
        says = MatrixText(name, tr("Query"), tr("Key"), tr("Difference"))
        made.append(
            lesson_frame.Panel(
                "",
                _difference(pair[1][layer, head] - pair[0][layer, head], labels, says),
                tr("How far the weights of the two orders differ, {head}.", head=head_name(layer, head)),
            )
        )
    return made


def _difference(values: Array, labels: list[str], says: MatrixText) -> Callable[[FigureText, Theme], Figure]:
    return lambda words, theme: difference_map(values, labels, labels, says, words=words, theme=theme)


def _head_of(of: Subject, found: Swapped) -> tuple[int, int]:
    """The view's layer and head, where the part that reads the text has them; else the first."""
    layer, head = of.now.layer, of.now.head
    layers, heads = found.without[0].shape[:2]
    return (layer, head) if layer < layers and head < heads else (0, 0)
