"""The lesson inside the model: its own q, k and v for the class's sentence, step by step, and position switched off."""

import streamlit as st

from viz.errors import VizError
from viz.ui.components.marked_text import marked_text, text_parts
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.inside import inside_questions, order_pictures, output_steps, score_steps
from viz.ui.lessons.inside.inside_subject import InsideState, Subject, pick_query, read_subject
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.result import analysed, token_count
from viz.ui.session import tr, view
from viz.ui.widgets import text_boxes, view_switches
from viz.ui.wording.plain_text import show_error


def show() -> None:
    """The whole lesson below its title."""
    setup = lesson_frame.settings(InsideState)
    if not view().present:
        text_boxes.texts()
    result = analysed()
    model = loaded_model(view().model) if result is not None else None
    if result is None or model is None:
        return
    view_switches.kind(result)
    token_count(result)
    try:
        with st.spinner(tr("Running the model once more, and keeping q, k and v …")):
            subject = read_subject(model, result, setup)
    except VizError as error:
        show_error(error)
        return
    _who_asks(subject)
    st.header(tr("1 · Query times key, dimension by dimension"), anchor=False)
    score_steps.products(subject)
    st.header(tr("2 · From scores to weights"), anchor=False)
    weights = score_steps.weights(subject)
    st.header(tr("3 · Values, weighted and summed"), anchor=False)
    output_steps.values(subject)
    st.header(tr("4 · All heads side by side, and W_O"), anchor=False)
    heads = output_steps.heads(subject)
    st.header(tr("5 · Without position, order is lost"), anchor=False)
    swapped = order_pictures.show(subject, setup)
    inside_questions.tries(subject)
    inside_questions.ask(subject, swapped)
    lesson_frame.end(
        weights,
        heads,
        *([] if swapped is None else order_pictures.panels(subject, swapped)),
        notes=inside_questions.notes(subject, swapped),
    )


def _who_asks(subject: Subject) -> None:
    say("The head", head=subject.title, dim=subject.layer.dim)
    asking = subject.map.queries
    shares = subject.map.weights[subject.layer.layer, subject.head, subject.query].tolist()
    one_text = subject.map.keys is asking or len(subject.map.keys) == len(asking)
    marked_text(
        text_parts(asking, shares if one_text else [0.0] * len(asking)),
        tr("The text; the query token is framed"),
        "inside_text",
        chosen=subject.query,
        on_pick=pick_query,
    )
    st.caption(prose("The query", token=subject.asks))
    sentences = [_beyond(subject, extra) for extra in subject.layer.extras]
    if sentences:
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def _beyond(subject: Subject, extra: str) -> str:
    """What this family does beyond softmax(q k / sqrt(d))."""
    values = {"count": subject.layer.shared} if extra == "shared" else {}
    return prose(f"Beyond: {extra}", **values)
