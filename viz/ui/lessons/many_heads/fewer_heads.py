"""Not all heads are needed: the least important ones switched off, against as many others, and what is left."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from viz.attention.checks import Array
from viz.errors import VizError
from viz.lessons.many_heads.width_split import Own
from viz.studies.importance import ablate, importance_by_ablation, least_first
from viz.ui.exhibits.downloads import captioned
from viz.ui.exhibits.layout import picture_and_numbers, scaled
from viz.ui.lessons.lesson_frame import keep_own, own
from viz.ui.pages.importance.head_importance import every_head
from viz.ui.pages.importance.importance_subject import Subject
from viz.ui.progress.shared_results import shared
from viz.ui.progress.work import untouched, worked
from viz.ui.session import change, go, keep, tr, trn, view
from viz.ui.wording.plain_text import show_error
from viz.view.disabled_heads import Head

_STEP = 5  # percent
_SEED = 0
_IMPORTANCE = "pages/importance.py"


@dataclass(frozen=True)
class _Left:
    """The cosine of the sentence vector with so many heads off: the least important, random or the most important."""

    least: float
    random: float
    most: float


def show(of: Subject, now: Own) -> None:
    """How many are off, and what is left of the sentence vector. `of` is measured over its text."""
    st.markdown(
        tr(
            "How much does one head matter? Leave it out, and see how far the sentence vector turns. Then switch off "
            "those that matter least, all at once."
        )
    )
    try:
        importance = _importance(of)
        if importance is None:
            return
        if not view().present:
            _choose(now)
        count = round(importance.size * now.off / 100)
        _say(of, importance, count)
    except VizError as error:
        show_error(error)


def _importance(of: Subject) -> Array | None:
    key = of.key_of_texts("ablation")
    begin = of.quick(of.found.layers * of.found.heads)
    if not begin and untouched(key):
        st.caption(tr("There is much to compute: this takes a minute or more."))
        begin = st.button(tr("Measure every head"), type="primary", icon=":material/play_arrow:")
    model, texts = of.model, of.texts
    return worked(
        key,
        lambda report, cancelled: importance_by_ablation(model, texts, report, cancelled),
        size=lambda found: found.nbytes,
        doing=tr("Leaving out each head in turn"),
        start=begin,
    )


def _choose(now: Own) -> None:
    st.slider(
        tr("Heads switched off"),
        min_value=0,
        max_value=100,
        step=_STEP,
        format="%d%%",
        key=keep("w_many_off", now.off),
        on_change=lambda: keep_own(replace(own(Own), off=st.session_state["w_many_off"])),
    )


def _say(of: Subject, importance: Array, count: int) -> None:
    order = least_first(importance)
    with st.spinner(tr("Running the model without these heads …")):
        left = _left(of, order, count)
    there, beside = picture_and_numbers()
    with there:
        _picture(of, importance, order[:count])
    with beside:
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
            for label, value in (
                (tr("Least important off"), left.least),
                (tr("Random ones off"), left.random),
                (tr("Most important off"), left.most),
            ):
                st.metric(label, f"{value:.4f}", width=scaled(140))
        st.markdown(
            tr(
                "That a head can be left out does not mean that it does nothing: others may stand in for it. In "
                "translators and in BERT, many heads could be removed after training with little loss (Michel et al. "
                "2019; Voita et al. 2019)."
            )
        )
        if st.button(tr("See these heads on “Which heads matter?”"), icon=":material/toggle_off:"):
            change(off=tuple(sorted(order[:count])))
            go(_IMPORTANCE)


def _left(of: Subject, order: tuple[Head, ...], count: int) -> _Left:
    model, text, pair = of.model, of.now.text, of.now.pair or None
    mixed = [order[at] for at in np.random.default_rng(_SEED).permutation(len(order))]

    def made() -> _Left:
        chosen = (order[:count], mixed[:count], order[len(order) - count :])
        return _Left(*(ablate(model, text, pair, off).sentence for off in chosen))

    return shared().get(of.key("many_heads_left", count), made, lambda _found: 1_000)


def _picture(of: Subject, importance: Array, off: tuple[Head, ...]) -> None:
    title = tr("Importance of each head (1 − cosine); hatched are off")
    every_head(
        of.key_of_texts("many_heads", len(off)),
        f"{of.model.card.id}-off-{len(off)}",
        importance,
        title,
        captioned(of.result, of.now, title),
        off,
    )
