"""Not all heads are needed: the least important ones switched off, against as many others, and what is left."""

import numpy as np
import streamlit as st

from viz.attention.checks import Array
from viz.attention.maps import Head
from viz.errors import VizError
from viz.lessons.many_heads.width_split import ManyHeads
from viz.studies.importance import ablate, least_first
from viz.ui.exhibits.downloads import captioned
from viz.ui.exhibits.exhibit import head_map
from viz.ui.exhibits.layout import scaled
from viz.ui.lessons.lesson_frame import bound
from viz.ui.lessons.lesson_prose import say
from viz.ui.pages.importance.head_importance import measured
from viz.ui.pages.importance.importance_subject import Subject
from viz.ui.progress.shared_results import shared
from viz.ui.session import change, go, tr, trn, view
from viz.ui.wording.plain_text import show_error

_STEP = 5  # percent
_SEED = 0
_IMPORTANCE = "pages/importance.py"


def show(subject: Subject, setup: ManyHeads) -> None:
    """How many are off, and what is left of the sentence vector. `subject` is measured over its text."""
    say("Fewer heads")
    try:
        importance, _begun = measured(subject)
        if importance is None:
            return
        if not view().present:
            _choose(setup)
        count = round(importance.size * setup.off / 100)
        _say(subject, importance, count)
    except VizError as error:
        show_error(error)


def _choose(setup: ManyHeads) -> None:
    st.slider(tr("Heads switched off"), 0, 100, step=_STEP, format="%d%%", **bound("off", setup.off))


def _say(subject: Subject, importance: Array, count: int) -> None:
    order = least_first(importance)
    with st.spinner(tr("Running the model without these heads …")):
        cosines = _cosines(subject, order, count)
    title = tr("Importance of each head (1 − cosine); hatched are off")
    exhibit = head_map(
        subject.key_of_texts("many_heads", count),
        f"{subject.model.card.id}-off-{count}",
        importance,
        title,
        caption=captioned(subject.result, subject.state, title),
        disabled=order[:count],
    )
    with exhibit.with_numbers():
        st.markdown(
            trn(
                "**{count} of {all} heads is off.**",
                "**{count} of {all} heads are off.**",
                count,
                all=len(order),
            )
            + " "
            + tr("Cosine of the sentence vector with that of the whole model (1 is no change):")
        )
        with st.container(horizontal=True, gap="xsmall"):
            labels = (tr("Least important off"), tr("Random ones off"), tr("Most important off"))
            for label, cosine in zip(labels, cosines, strict=True):
                st.metric(label, f"{cosine:.4f}", width=scaled(140))
        say("What is left")
        if st.button(tr("See these heads on “Which heads matter?”"), icon=":material/toggle_off:"):
            change(off=tuple(sorted(order[:count])))
            go(_IMPORTANCE)


def _cosines(subject: Subject, order: tuple[Head, ...], count: int) -> tuple[float, ...]:
    """What is left of the sentence vector with `count` heads off: the least important, random, the most important."""
    model, text, pair = subject.model, subject.state.text, subject.state.pair or None
    mixed = [order[place] for place in np.random.default_rng(_SEED).permutation(len(order))]
    chosen = (order[:count], mixed[:count], order[len(order) - count :])
    return shared().get(
        subject.key("many_heads_left", count),
        lambda: tuple(ablate(model, text, pair, disabled).sentence for disabled in chosen),
    )
