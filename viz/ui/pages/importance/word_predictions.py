"""What a masked-language model predicts in place of a token, with all its heads and without those that are off."""

import streamlit as st

from viz.errors import VizError
from viz.pictures.figures.charts.bars import Bars, bars_beside
from viz.pictures.figures.heat_maps.matrix import MatrixText, round_limit
from viz.studies.importance import (
    Candidate,
    PredictionAttribution,
    Predictions,
    attribute_prediction,
    predictions,
)
from viz.ui.exhibits.downloads import captioned, columns_csv, matrix_csv
from viz.ui.exhibits.exhibit import Exhibit, heat_map
from viz.ui.exhibits.tables import numbers
from viz.ui.pages.importance.importance_subject import Subject
from viz.ui.progress.shared_results import shared
from viz.ui.session import tr
from viz.ui.wording.plain_text import code_span, show_error
from viz.view.packed_parts import within

_TOP = 5


def show(subject: Subject) -> None:
    """The predictions for the token that was clicked, or a sentence where the model predicts none."""
    if not subject.predicts:
        st.caption(
            tr(
                "This model has no masked-language head, so it predicts no words. With a model that "
                "has one, such as bert-base-uncased, you can mask a token here and watch the "
                "prediction change."
            )
        )
        return
    position = masked(subject)
    if position is None:
        st.caption(tr("There is no word in this text to mask."))
        return
    try:
        with st.spinner(tr("Masking a token and predicting it …")):
            predicted = _predicted(subject, position)
            parts = _attributed(subject, position)
    except VizError as error:
        show_error(error)
        return
    st.markdown(_said(subject, predicted, position))
    _bars(subject, predicted, position)
    _parts(subject, parts, position)


def masked(subject: Subject) -> int | None:
    """The token to mask: the one that was clicked, else the longest; None where all are special."""
    words = [position for position, special in enumerate(subject.encoding.special) if not special]
    if subject.chosen() in words:
        return subject.chosen()
    spans = subject.encoding.spans
    return max(words, key=lambda position: len(range(*(spans[position] or (0, 0)))), default=None)


def _predicted(subject: Subject, position: int) -> Predictions:
    model, state, off = subject.model, subject.state, within(subject.state.off, *subject.shape)
    return shared().get(
        subject.key("predictions", position, off),
        lambda: predictions(model, model.predictor, state.text, position, off, state.pair or None, _TOP),
    )


def _attributed(subject: Subject, position: int) -> PredictionAttribution:
    model, state = subject.model, subject.state
    return shared().get(
        subject.key("prediction parts", position),
        lambda: attribute_prediction(model, model.predictor, state.text, position, state.pair or None),
    )


def _said(subject: Subject, predicted: Predictions, position: int) -> str:
    actual, before, after = predicted.actual, predicted.before[0], predicted.after[0]
    said = tr(
        "{token} is masked. With all heads the model puts {word} there ({share:.1%}); the original "
        "word gets {actual:.1%}.",
        token=code_span(subject.encoding.labels[position]),
        word=code_span(before.label),
        share=before.before,
        actual=actual.before,
    )
    if not subject.state.off:
        return said
    return f"{said} " + tr(
        "Without the heads that are off it puts {word} there ({share:.1%}); the original word gets "
        "{actual:.1%}.",
        word=code_span(after.label),
        share=after.after,
        actual=actual.after,
    )


def candidates(predicted: Predictions) -> list[Candidate]:
    """The likeliest before and after, and what the text has; each once, the likeliest with all heads first."""
    every = {candidate.id: candidate for candidate in (*predicted.before, *predicted.after, predicted.actual)}
    return sorted(every.values(), key=lambda candidate: -candidate.before)


def _bars(subject: Subject, predicted: Predictions, position: int) -> None:
    rows = candidates(predicted)
    title = tr("Predictions for the masked “{token}”", token=subject.encoding.labels[position])
    names, before, after = ([getattr(row, field) for row in rows] for field in ("label", "before", "after"))
    panels = [Bars(tr("With all heads"), before), Bars(tr("Without those that are off"), after)]
    columns = {tr("Token"): names, tr("All heads"): before, tr("Some off"): after}
    exhibit = Exhibit(
        subject.key("predicted", position, subject.state.off),
        f"{subject.model.card.id}-predictions-{position + 1}",
        tr("Two sets of bars for the same words; the same numbers are in the table."),
        lambda style: bars_beside(panels, names, title, style),
        columns_csv(columns),
        captioned(subject.result, subject.state, title),
    )
    with exhibit.with_numbers():
        numbers(columns, {tr("All heads"): "percent", tr("Some off"): "percent"}, "content")


def _parts(subject: Subject, attribution: PredictionAttribution, position: int) -> None:
    """Which tokens speak for the likeliest prediction, and which against it."""
    labels = subject.encoding.labels
    values = attribution.keys[None] / max(float(abs(attribution.keys).sum()), 1e-9)
    title = tr("What speaks for “{word}”, and what against", word=attribution.predicted.label)
    exhibit = heat_map(
        subject.key("parts", position),
        f"{subject.model.card.id}-prediction-parts-{position + 1}",
        values,
        [""],
        labels,
        MatrixText(title, "", "", tr("Share of gradient × input")),
        alt=tr("Red speaks for the prediction, blue against it; the numbers are in the CSV file."),
        caption=captioned(subject.result, subject.state, title),
        limit=round_limit(values),
        table=matrix_csv(values, [attribution.predicted.label], labels, title),
    )
    with st.expander(title, icon=":material/balance:"):
        exhibit.show()
        st.caption(
            tr("Gradient × input of the prediction's score (its logit), by each token; all heads are on.")
        )
