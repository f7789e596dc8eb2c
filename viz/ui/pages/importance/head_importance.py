"""How important each head is, by leaving it out and by a derivative, over the text or over sample sentences."""

import math
from functools import partial

import numpy as np
import streamlit as st

from viz.attention.checks import Array
from viz.errors import VizError
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.point_charts import head_points
from viz.studies.importance import (
    importance_by_ablation,
    importance_by_gradient,
    importance_by_masked_loss,
    rank_agreement,
    scale_layers,
)
from viz.studies.importance.masked_runs import check_derivatives
from viz.ui.exhibits.downloads import matrix_csv
from viz.ui.exhibits.exhibit import Exhibit, head_map
from viz.ui.exhibits.layout import two_pictures
from viz.ui.exhibits.tables import numbers, ordered
from viz.ui.pages.importance import pruning_curve
from viz.ui.pages.importance.importance_subject import Subject
from viz.ui.progress.work import begins, finished_result, run_work
from viz.ui.session import tr
from viz.ui.widgets.bound_widgets import segments
from viz.ui.wording.names import head_names
from viz.ui.wording.plain_text import show_error


def known(subject: Subject) -> Array | None:
    """The importance of each head by leaving it out, [layer, head], where it is at hand."""
    importance: Array | None = finished_result(subject.key_of_texts("ablation"))
    return importance


def measured(subject: Subject) -> tuple[Array | None, bool]:
    """How much each head matters, [layer, head], None until it is measured; and whether that began in this run."""
    key = subject.key_of_texts("ablation")
    quick = not subject.samples and subject.quick(math.prod(subject.shape))
    begin = begins(key, quick, tr("Measure every head"))
    ablation = run_work(
        key,
        partial(importance_by_ablation, subject.model, subject.texts),
        doing=tr("Leaving out each head in turn"),
        start=begin,
    )
    return ablation, begin


def show(subject: Subject) -> None:
    """Both importances of every head beside each other, and the curve of pruning."""
    _over(subject)
    ablation, begin = measured(subject)
    gradient, refused = _gradient(subject, begin or ablation is not None)
    if ablation is None or (gradient is None and not refused):
        return
    _grids(subject, ablation, gradient)
    if gradient is not None:
        _both(subject, ablation, gradient)
    st.subheader(tr("Prune the least important heads"), anchor=False)
    pruning_curve.show(subject, ablation, gradient)


def _over(subject: Subject) -> None:
    """What heads are measured over: the text, or sentences of the app's own; not where presented."""
    names = {
        "text": tr("Current text"),
        "english": tr("English sentences"),
        "chinese": tr("Chinese sentences"),
    }
    if subject.state.present:
        return
    segments(
        tr("Measured over"),
        names,
        "over",
        "w_importance_over",
        value=subject.state.over if subject.samples else "text",
        help=tr("One text shows which heads matter to it; the mean over many sentences, which do as a rule."),
    )


def _gradient(subject: Subject, begin: bool) -> tuple[Array | None, bool]:
    """The importance by a derivative where it is at hand; whether this model has none.

    Where the model predicts masked words it is that of their loss, else of how far the sentence vector moves.
    """
    model, texts, loss = subject.model, subject.texts, subject.predicts
    if not loss:
        try:
            check_derivatives(model)
        except VizError as error:
            show_error(error)
            return None, True
    importance = run_work(
        subject.key_of_texts("gradient", "loss" if loss else "distance"),
        partial(importance_by_masked_loss, model, model.predictor, texts)
        if loss
        else partial(importance_by_gradient, model, texts),
        doing=tr("Turning down each head a little"),
        start=begin,
    )
    return importance, False


def _grids(subject: Subject, ablation: Array, gradient: Array | None) -> None:
    grids = [(tr("By leaving the head out (1 − cosine)"), "ablation", ablation)]
    if gradient is not None:
        title = tr("By the gradient (each layer of length 1)")
        grids.append((title, "gradient", scale_layers(gradient)))
    for place, (title, name, values) in zip(two_pictures(), grids, strict=False):
        name = f"{subject.model.card.id}-importance-{name}"
        with place:
            caption = subject.caption(title)
            head_map(subject.key_of_texts("heads", name), name, values, title, caption=caption).show()


def _both(subject: Subject, ablation: Array, gradient: Array) -> None:
    title, heads = tr("Every head by both"), subject.attention_map.heads
    names = [f"{index // heads + 1}.{index % heads + 1}" for index in range(ablation.size)]
    text = PlotText(title, tr("By leaving it out (1 − cosine)"), tr("By the gradient"))
    both = np.stack([ablation.ravel(), gradient.ravel()])
    exhibit = Exhibit(
        subject.key_of_texts("both"),
        f"{subject.model.card.id}-importance-both",
        tr("A point for each head; the same numbers are in the table."),
        lambda style: head_points(ablation, gradient, text, style),
        matrix_csv(both.T, names, [text.across, text.up], title),
        subject.caption(title),
    )
    with exhibit.with_numbers():
        st.caption(tr("The layers are coloured from dark, the first, to light, the last."))
        same = float(rank_agreement(*both)[0])
        if not np.isnan(same):
            st.markdown(
                tr(
                    "Both ways of asking give the heads in a similar order as far as this number is near 1. "
                    "Spearman's rank correlation: **{value:.2f}**.",
                    value=same,
                )
            )
        left_out, slope = tr("Left out"), tr("Gradient")
        columns = {
            tr("Head"): list(head_names(*ablation.shape).values()),
            left_out: both[0],
            slope: both[1],
        }
        order = np.argsort(-both[0], kind="stable")
        numbers(ordered(columns, order.tolist()), {left_out: "%.4f", slope: "%.4f"}, 340)
