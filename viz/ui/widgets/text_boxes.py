"""Example, text, second text, target."""

import streamlit as st

from viz.inputs.examples import EXAMPLES, example
from viz.models import availability
from viz.ui.session import change, keep, tr, view
from viz.ui.widgets.bound_widgets import bind, in_language
from viz.view.link import fits_link
from viz.view.state import ViewState, card_of, example_of

_HEIGHT = 68


def target_box(state: ViewState) -> None:
    """Where the model has a decoder beside its encoder: the box for the text that the decoder reads."""
    card = card_of(state.model)
    if card is None or "cross" not in card.kinds:
        return
    st.text_area(
        tr("Target text"),
        **bind("target", "w_target"),
        height=_HEIGHT,
        placeholder=tr("Leave it empty, and the model writes it itself."),
        help=tr("What the decoder reads, token by token: a translation, or a summary, of the text above."),
    )


_TEXT_HEIGHT = 100


def texts() -> None:
    """The example picker and the boxes for one text or two; what is typed stays, whatever comes of it."""
    state = view()
    titles = {example_text.id: tr(example_text.title) for example_text in EXAMPLES}
    chosen = in_language("w_example")
    st.selectbox(
        tr("Example"),
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        key=keep(chosen, example_of(state)),
        on_change=lambda: _take_example(st.session_state[chosen]),
        placeholder=tr("Your own text. Choose an example to begin with one."),
    )
    st.text_area(
        tr("Text"),
        **bind("text", "w_text"),
        height=_TEXT_HEIGHT,
        placeholder=tr("Paste or type a text here."),
        help=tr("Press Ctrl+Enter (⌘+Enter on a Mac), or click elsewhere, to see the result."),
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        two = st.toggle(
            tr("Add a second text"),
            key=keep("w_two", bool(state.pair) or st.session_state.get("atlas_two", False)),
            on_change=_toggle_pair,
            help=tr("The model reads both as a pair, as it does for a question and its answer."),
        )
        # Leaving the box is enough; the button is there for whoever looks for one.
        st.button(tr("Show its attention"), type="primary")
    if two:
        st.text_area(
            tr("Second text"),
            **bind("pair", "w_pair"),
            height=_TEXT_HEIGHT,
            placeholder=tr("Paste or type the second text here."),
        )
        card = card_of(state.model)
        if card is not None and "encoder" not in card.kinds:
            st.caption(tr("This model knows no pairs: the two texts are joined, one behind the other."))
    target_box(state)
    if not fits_link(state):
        st.caption(
            tr(
                "This text is too long for a link: the address above does not carry it, and a reload loses it."
            )
        )


def _take_example(chosen: str | None) -> None:
    if chosen is None:
        change(text="", pair="", target="")
        return
    example_text = example(chosen)
    changes = {
        "text": example_text.text,
        "pair": example_text.pair,
        "target": "",
        "layer": example_text.layer,
        "head": example_text.head,
    }
    if availability(example_text.model) is None:
        changes["model"] = example_text.model
    st.session_state["atlas_two"] = bool(example_text.pair)
    change(**changes)


def _toggle_pair() -> None:
    wanted = st.session_state["w_two"]
    st.session_state["atlas_two"] = wanted
    if not wanted:
        change(pair="")
