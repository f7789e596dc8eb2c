"""What is left of the representation as heads are pruned, the least important first, against random orders."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from viz.attention.checks import Array
from viz.models import LoadedModel
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.line_charts import Line, lines
from viz.serving.queue import Report
from viz.studies.importance import Band, PruningCurve, least_first, pruning_curve, random_band
from viz.studies.importance.masked_runs import Text
from viz.ui.exhibits.downloads import matrix_csv
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.tables import by_rows, numbers
from viz.ui.pages.importance.importance_subject import Subject
from viz.ui.progress.work import run_work
from viz.ui.session import tr

_SEEDS = 5
_STEPS = 12


@dataclass(frozen=True, eq=False)
class Pruned:
    """What is left while heads are pruned: a curve for each order, and the band of random orders."""

    curves: tuple[PruningCurve, ...]
    band: Band


def show(subject: Subject, ablation: Array, gradient: Array | None) -> None:
    """The curve, for each measure of importance, [layer, head], that there is."""
    measured = [ablation] if gradient is None else [ablation, gradient]
    steps = sorted({round(count) for count in np.linspace(0, ablation.size, min(_STEPS, ablation.size) + 1)})
    model, texts = subject.model, subject.texts
    pruned = run_work(
        subject.key_of_texts("pruning", len(measured)),
        lambda report, cancelled: prune(model, texts, measured, steps, report, cancelled),
        doing=tr("Pruning heads in several orders"),
        start=True,  # it is no more than what was measured before
    )
    if pruned is not None:
        _curve(subject, pruned)


def prune(
    model: LoadedModel,
    texts: Sequence[Text],
    measured: list[Array],
    steps: list[int],
    report: Report,
    cancelled: threading.Event,
) -> Pruned:
    """Prune by each of `measured`, [layer, head], from the least on, and in random orders, at these steps."""
    parts, curves = len(measured) + _SEEDS, []
    for number, importance in enumerate(measured):
        curves.append(pruning_curve(model, texts, least_first(importance), steps, None, cancelled))
        report(number + 1, parts)
    band = random_band(
        model,
        texts,
        range(_SEEDS),
        steps,
        lambda done, total: report(len(measured) + done * _SEEDS // total, parts),
        cancelled,
    )
    return Pruned(tuple(curves), band)


def _curve(subject: Subject, pruned: Pruned) -> None:
    names = [tr("The least important first, as left out"), tr("The least important first, by the gradient")]
    band = pruned.band
    curves = [Line(name, curve.sentence) for name, curve in zip(names, pruned.curves, strict=False)]
    curves.append(
        Line(
            tr("Random orders: mean, lowest and highest of {count}", count=_SEEDS),
            band.mean,
            band.lowest,
            band.highest,
        )
    )
    title = tr("What is left while heads are pruned")
    text = PlotText(title, tr("Heads pruned"), tr("Cosine of the sentence vector"))
    table = np.stack([curve.values for curve in curves] + [band.lowest, band.highest], axis=1)
    columns = [*(curve.name for curve in curves), tr("Lowest"), tr("Highest")]
    steps = [str(count) for count in band.pruned]
    exhibit = Exhibit(
        subject.key_of_texts("curve", len(curves)),
        f"{subject.model.card.id}-pruning",
        tr("A line for each order of pruning; the same numbers are in the table."),
        lambda style: lines(band.pruned, curves, text, style),
        matrix_csv(table, steps, columns, text.across),
        subject.caption(title),
    )
    with exhibit.with_numbers():
        half = int(np.argmin(np.abs(np.array(band.pruned) - band.pruned[-1] / 2)))
        st.markdown(
            tr(
                "With {count} heads pruned, the cosine is {least:.3f} when the least important go first, and "
                "{random:.3f} on average in a random order.",
                count=band.pruned[half],
                least=float(pruned.curves[0].sentence[half]),
                random=float(band.mean[half]),
            )
        )
        columns = [
            tr("Heads pruned"),
            *(tr("Left out"), tr("Gradient"))[: len(pruned.curves)],
            tr("Random"),
            tr("Lowest"),
            tr("Highest"),
        ]
        number = st.column_config.NumberColumn(format="%.3f", width=70)
        formats = {**dict.fromkeys(columns, number), columns[0]: st.column_config.NumberColumn(width=124)}
        rows = [[count, *shares] for count, shares in zip(band.pruned, table.tolist(), strict=True)]
        numbers(by_rows(columns, rows), formats, "content")
