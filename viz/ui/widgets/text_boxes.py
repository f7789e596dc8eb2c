"""Example, text, second text, target; and the picker of a minimal pair."""

from collections.abc import Callable, Mapping

import streamlit as st

from viz.inputs.examples import EXAMPLES, Example, MinimalPair, example
from viz.models import availability
from viz.ui.session import change, keep, tr, view
from viz.ui.widgets.bound_widgets import bind, in_language
from viz.view.link import fits_link
from viz.view.state import ViewState, card_of, example_of

_HEIGHT, _TARGET_HEIGHT = 100, 68  # pixels


def text_box(label: str, field: str) -> None:
    """The box for a text that the view has in this field."""
    st.text_area(
        label,
        **bind(field, f"w_{field}"),
        height=_HEIGHT,
        placeholder=tr("Paste or type a text here."),
        help=tr("Press Ctrl+Enter (⌘+Enter on a Mac), or click elsewhere, to see the result."),
    )


def target_box(state: ViewState) -> None:
    """Where the model has a decoder beside its encoder: the box for the text that the decoder reads."""
    card = card_of(state.model)
    if card is None or "cross" not in card.kinds:
        return
    st.text_area(
        tr("Target text"),
        **bind("target", "w_target"),
        height=_TARGET_HEIGHT,
        placeholder=tr("Leave it empty, and the model writes it itself."),
        help=tr("What the decoder reads, token by token: a translation, or a summary, of the text above."),
    )


def texts() -> None:
    """The example picker and the boxes for one text or two; what is typed stays, whatever comes of it."""
    state = view()
    pick_example(
        tr("Example"),
        {example_text.id: example_text.title for example_text in EXAMPLES},
        "w_example",
        example_of(state),
        _take_example,
        placeholder=tr("Your own text. Choose an example to begin with one."),
    )
    text_box(tr("Text"), "text")
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
            height=_HEIGHT,
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


def pick_example(
    label: str,
    titles: Mapping[str, str],
    key: str,
    chosen: str | None,
    take: Callable[[str | None], None],
    placeholder: str,
    explanation: str | None = None,
) -> None:
    """A box of texts to begin with, by their `titles`, not yet translated; `take` is given the id of the picked one."""
    translated = {text_id: tr(title) for text_id, title in titles.items()}
    key = in_language(key)
    st.selectbox(
        label,
        list(translated),
        index=None,
        format_func=translated.__getitem__,
        key=keep(key, chosen),
        on_change=lambda: take(st.session_state[key]),
        placeholder=placeholder,
        help=explanation,
    )


def begin_with(chosen: Example | MinimalPair, **texts: str) -> None:
    """Take `texts`, and the model and head that they are made for, where the model is there."""
    model = {"model": chosen.model} if availability(chosen.model) is None else {}
    change(**texts, **model, target="", layer=chosen.layer, head=chosen.head)


def _take_example(chosen: str | None) -> None:
    if chosen is None:
        change(text="", pair="", target="")
        return
    example_text = example(chosen)
    st.session_state["atlas_two"] = bool(example_text.pair)
    begin_with(example_text, text=example_text.text, pair=example_text.pair)


def _toggle_pair() -> None:
    wanted = st.session_state["w_two"]
    st.session_state["atlas_two"] = wanted
    if not wanted:
        change(pair="")
