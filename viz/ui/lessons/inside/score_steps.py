"""The first steps of the lesson: q times k as coloured cells, then the scores, and the weights they become."""

import numpy as np
import streamlit as st

from viz.pictures.export import file_name
from viz.pictures.figures import Draw
from viz.pictures.figures.charts.bars import Bars, signed_bars
from viz.ui.exhibits.downloads import columns_csv, save_button
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.layout import picture_and_numbers
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.inside.cells import MOST_ROWS, Block, Row, cells
from viz.ui.lessons.inside.inside_subject import Subject, pick_key
from viz.ui.lessons.lesson_frame import Panel
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.session import language, tr, view
from viz.ui.wording.plain_text import code_span

_STRIP = 20  # keys in a picture


def number(value: float | np.floating) -> str:
    """A number of the model as it is written on this page."""
    if np.isneginf(value):
        return "−∞"
    return f"{value:.3f}".replace("-", "−")


def products(subject: Subject) -> None:
    """The neuron view: the query above, each key below it, and their product dimension by dimension."""
    one = subject.asked
    shown = subject.strongest(MOST_ROWS)
    say("Products", token=subject.asks)
    if len(shown) < len(subject.keys):
        st.caption(prose("Strongest tokens", count=len(shown), all=len(subject.keys)))
    cells(
        [
            Row(
                key,
                subject.keys[key],
                (one.keys[key], one.products[key]),
                (number(one.raw[key]), f"{one.weights[key]:.1%}"),
                number(one.raw[key]),
            )
            for key in shown
        ],
        [Block(tr("q above, k below"), one.query), Block("q × k")],
        ["q · k", tr("weight")],
        f"q: {subject.queries[subject.query]}",
        tr(
            "Keys of {head}, and their products with the query. The arrow keys go from cell to cell.",
            head=subject.title,
        ),
        tr("{token}, dimension {dim} of {dims}: q {q} × k {a} = {b}. All dimensions add up to {sum}."),
        "inside_products",
        pick_key,
        subject.key,
        large=view().present,
    )
    notes = [tr("Click a row to see its score written out below.")]
    if subject.layer.before is not None:
        notes.append(tr("What q was before it was turned or scaled stands in the table of numbers."))
    st.caption(" ".join(notes))
    if not view().present:
        _vectors(subject)


def _vectors(subject: Subject) -> None:
    """q, k and their products as numbers, to look at and to keep."""
    one = subject.asked
    dims = [str(dim + 1) for dim in range(subject.layer.dim)]
    with st.expander(tr("q, k and q × k in numbers"), icon=":material/table:"):
        rows = [("q", subject.queries[subject.query], one.query)]
        if subject.layer.before is not None:
            before = subject.layer.before[0][subject.head, subject.query]
            rows.append((tr("q before it was turned or scaled"), subject.queries[subject.query], before))
        rows += [("k", name, values) for name, values in zip(subject.keys, one.keys, strict=True)]
        rows += [("q × k", name, values) for name, values in zip(subject.keys, one.products, strict=True)]
        titles = [tr("Vector"), tr("Token"), *dims]
        cells_of_rows = ([what, name, *values] for what, name, values in rows)
        columns = dict(zip(titles, zip(*cells_of_rows, strict=True), strict=True))
        numbers(columns, height=280)
        file = file_name(f"{subject.model.card.id}-q-k", ending="csv")
        save_button(f"inside_vectors_{language()}", "csv", file, columns_csv(columns))


def weights(subject: Subject) -> Panel:
    """Scores, scaled scores and weights beside each other; one of them written out; held against the model."""
    st.latex(formula(subject))
    columns = _columns(subject)
    exhibit = Exhibit(
        subject.cache_key("scores", subject.key),
        f"{subject.model.card.id}-scores",
        tr(
            "Bars for each key: the score, the scaled score and the weight; the same numbers are in the table."
        ),
        _draw(subject),
        columns_csv(columns),
        subject.caption(tr("Scores and weights")),
    )
    left, right = picture_and_numbers()
    with left:
        exhibit.show()
        if len(subject.keys) > _STRIP:
            st.caption(prose("Strongest keys", count=_STRIP, all=len(subject.keys)))
    with right:
        numbers(columns, height=360)
    _written_out(subject)
    count = subject.map.weights[subject.layer.layer].size
    st.success(
        prose("Weights are the model's", count=count, off=subject.layer.weights_off), icon=":material/check:"
    )
    return Panel(
        tr("For each key the score of the query, and the weight that softmax makes of it."), exhibit.draw
    )


def formula(subject: Subject) -> str:
    """How this model makes its weights, as LaTeX."""
    product, root = r"q \cdot k", _under_root(subject)
    if subject.layer.factor != 1:
        scaled = rf"{subject.layer.factor:.4g}\; {product}"
        product = rf"\frac{{{product}}}{{\sqrt{{{root}}}}}" if root else scaled
    plus = " + b" if subject.layer.added is not None else ""
    return rf"\alpha = \mathrm{{softmax}}\left({product}{plus}\right)"


def _scaled_title(subject: Subject) -> str:
    root = _under_root(subject)
    return f"q · k / √{root}" if root else f"q · k × {subject.layer.factor:.4g}"


def _under_root(subject: Subject) -> int:
    """The whole number by whose root the scores are divided; 0 where they are scaled by something else."""
    number = round(1 / subject.layer.factor**2)
    return number if abs(number * subject.layer.factor**2 - 1) < 1e-4 else 0


def _columns(subject: Subject) -> dict[str, list[str] | list[float]]:
    """The table of all steps: a column each, over [key]."""
    one = subject.asked
    columns = {tr("Key"): subject.keys, "q · k": one.raw.tolist()}
    if subject.layer.factor != 1:
        columns[_scaled_title(subject)] = one.scaled.tolist()
    if subject.layer.added is not None:
        columns[tr("b (added)")] = one.added.tolist()
    if subject.layer.added is not None or subject.layer.hidden is not None:
        columns[tr("Score")] = one.scores.tolist()
    columns[tr("Weight")] = one.weights.tolist()
    theirs = subject.map.weights[subject.layer.layer, subject.head, subject.query]
    columns[tr("The model's")] = theirs.tolist()
    return columns


def _draw(subject: Subject) -> Draw:
    """The picture of the steps from scores to weights, for the strongest keys."""
    one, layer, keys = subject.asked, subject.layer, subject.strongest(_STRIP)
    names = [subject.keys[key] for key in keys]
    simple = layer.added is None and layer.hidden is None
    shares = [f"{weight:.1%}" for weight in one.weights[keys]]
    panels = [Bars("q · k", one.raw[keys].tolist(), list(map(number, one.raw[keys])))]
    if layer.factor != 1 or not simple:
        title = _scaled_title(subject) if simple else tr("Score")
        panels.append(Bars(title, one.scores[keys].tolist(), list(map(number, one.scores[keys]))))
    panels.append(Bars(tr("Weight"), one.weights[keys].tolist(), shares))
    title = tr("{token} as the query, {head}", token=subject.queries[subject.query], head=subject.title)
    chosen = keys.index(subject.key) if subject.key in keys else None
    return lambda style: signed_bars(panels, names, title, style, chosen=chosen)


def _written_out(subject: Subject) -> None:
    """The arithmetic of one key, with its numbers."""
    one = subject.asked
    key = code_span(subject.keys[subject.key])
    if np.isneginf(one.scores[subject.key]):
        say("A hidden key", key=key)
        return
    score, top = float(one.scores[subject.key]), float(one.scores.max())
    total = float(np.exp(one.scores.astype(np.float64) - top).sum())
    parts = [f"q · k = {number(one.raw[subject.key])}"]
    if subject.layer.factor != 1:
        parts.append(f"{_scaled_title(subject)} = {number(one.scaled[subject.key])}")
    if subject.layer.added is not None:
        parts.append(f"+ b ({number(one.added[subject.key])}) = {number(score)}")
    say(
        "Written out",
        key=key,
        steps=" → ".join(parts),
        power=f"e^({number(score)} − {number(top)})".replace("− −", "+ "),
        share=np.exp(score - top),
        count=len(subject.keys),
        total=total,
        weight=float(one.weights[subject.key]),
    )
