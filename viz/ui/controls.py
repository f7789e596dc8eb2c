"""The controls that the pages share: language, model, layer and head in the sidebar; the texts above a picture."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from viz.inputs.examples import EXAMPLES, example
from viz.language import LANGUAGES
from viz.models import availability, list_models
from viz.ui import kind_choice, model_choice, unit_controls
from viz.ui.session import change, keep, language, notes, tr, view
from viz.ui.wording.plain_text import message_of
from viz.view.link import fits_link
from viz.view.state import card_of, example_of

_TEXT_HEIGHT = 100


def sidebar() -> DeltaGenerator | None:
    """Language, model, layer and head: what every page shares. Returns the place for what the page finds out."""
    with st.sidebar:
        _language()
        place = _model()
        _layer_and_head()
    return place


def known_now(place: DeltaGenerator | None) -> None:
    """What is known of the model only since the page has loaded it: which revision it is."""
    if place is not None:
        with place:
            model_choice.revision(view().model)


def _language() -> None:
    st.segmented_control(
        "Language · 语言",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key=keep("w_language", language()),
        on_change=lambda: change(language=st.session_state["w_language"] or language()),
        width="stretch",
    )


def _model() -> DeltaGenerator | None:
    """The box and what is said of the model; a place for its revision where that is not known yet."""
    model_choice.choose(tr("Model"), "model", "w_model")
    model_choice.about(view().model)
    place = None if model_choice.revision(view().model) else st.empty()
    for card in list_models():
        if card.source == "embedded" and (missing := availability(card.id)):
            st.info(message_of(missing), icon=":material/info:")
    return place


def _layer_and_head() -> None:
    card = card_of(view().model)
    layers, heads = card.shape(view().switches.kind) if card is not None else (None, None)
    left, right = st.columns(2)
    for place, name, label, count in (
        (left, "layer", tr("Layer"), layers),
        (right, "head", tr("Head"), heads),
    ):
        with place:
            unit_controls.counted(name, label, count)


def texts() -> None:
    """The example picker and the boxes for one text or two; what is typed stays, whatever comes of it."""
    now = view()
    titles = {found.id: tr(found.title) for found in EXAMPLES}
    chosen = f"w_example_{language()}"  # the browser knows an option by its title, which is the language's
    st.selectbox(
        tr("Example"),
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        key=keep(chosen, example_of(now)),
        on_change=lambda: _take_example(st.session_state[chosen]),
        placeholder=tr("Your own text. Choose an example to begin with one."),
    )
    st.text_area(
        tr("Text"),
        key=keep("w_text", now.text),
        on_change=lambda: change(text=st.session_state["w_text"]),
        height=_TEXT_HEIGHT,
        placeholder=tr("Paste or type a text here."),
        help=tr("Press Ctrl+Enter (⌘+Enter on a Mac), or click elsewhere, to see the result."),
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        two = st.toggle(
            tr("Add a second text"),
            key=keep("w_two", bool(now.pair) or st.session_state.get("atlas_two", False)),
            on_change=_toggle_pair,
            help=tr("The model reads both as a pair, as it does for a question and its answer."),
        )
        # Leaving the box is enough; the button is there for whoever looks for one.
        st.button(tr("Show its attention"), type="primary")
    if two:
        st.text_area(
            tr("Second text"),
            key=keep("w_pair", now.pair),
            on_change=lambda: change(pair=st.session_state["w_pair"]),
            height=_TEXT_HEIGHT,
            placeholder=tr("Paste or type the second text here."),
        )
        card = card_of(now.model)
        if card is not None and "encoder" not in card.kinds:
            st.caption(tr("This model knows no pairs: the two texts are joined, one behind the other."))
    kind_choice.target_box(now)
    if not fits_link(now):
        st.caption(
            tr(
                "This text is too long for a link: the address above does not carry it, and a reload loses it."
            )
        )


def _take_example(chosen: str | None) -> None:
    if chosen is None:
        change(text="", pair="", target="")
        return
    found = example(chosen)
    changes = {"text": found.text, "pair": found.pair, "target": "", "layer": found.layer, "head": found.head}
    if availability(found.model) is None:
        changes["model"] = found.model
    st.session_state["atlas_two"] = bool(found.pair)
    change(**changes)


def _toggle_pair() -> None:
    wanted = st.session_state["w_two"]
    st.session_state["atlas_two"] = wanted
    if not wanted:
        change(pair="")


def link_notes() -> None:
    """What was ignored in the link, if anything was."""
    for note in notes():
        st.warning(message_of(note), icon=":material/link_off:")
