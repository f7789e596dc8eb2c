"""The first steps of the lesson: q times k as coloured cells, then the scores, and the weights they become."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st
from matplotlib.figure import Figure

from viz.pictures.export import csv_table, file_name
from viz.pictures.figures import DARK, FigureText, Theme
from viz.pictures.figures.charts.signed_bars import Step, steps
from viz.ui.exhibits.exhibit import picture
from viz.ui.exhibits.layout import picture_and_numbers
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.inside.cells import MOST_ROWS, Block, Row, cells
from viz.ui.lessons.inside.inside_subject import Subject, pick_key
from viz.ui.session import language, tr, view
from viz.ui.wording.plain_text import code_span

_STRIP = 20  # keys in a picture


def number(value: float) -> str:
    """A number of the model as it is written on this page."""
    if np.isneginf(value):
        return "−∞"
    return f"{value:.3f}".replace("-", "−")


def products(of: Subject) -> None:
    """The neuron view: the query above, each key below it, and their product dimension by dimension."""
    one = of.asked
    shown = of.strongest(MOST_ROWS)
    st.markdown(
        tr(
            "Above stands q, the query of {token}; below it each token's key k. At the right, q times k in each "
            "dimension: added up along a row they give q · k, how well key and query fit. Where q and k have the same "
            "colour, the product is positive.",
            token=of.asks,
        )
    )
    if len(shown) < len(of.keys):
        st.caption(
            tr(
                "The {count} of {all} tokens with the largest weights are shown, in the order of the text.",
                count=len(shown),
                all=len(of.keys),
            )
        )
    cells(
        [
            Row(
                at,
                of.keys[at],
                (one.keys[at], one.products[at]),
                (number(float(one.raw[at])), f"{one.weights[at]:.1%}"),
                number(float(one.raw[at])),
            )
            for at in shown
        ],
        [Block(tr("q above, k below"), one.query), Block("q × k")],
        ["q · k", tr("weight")],
        f"q: {of.queries[of.query]}",
        tr(
            "Keys of {head}, and their products with the query. The arrow keys go from cell to cell.",
            head=of.title,
        ),
        tr("{token}, dimension {dim} of {dims}: q {q} × k {a} = {b}. All dimensions add up to {sum}."),
        "inside_products",
        pick_key,
        of.key,
        large=view().present,
    )
    said = [tr("Click a row to see its score written out below.")]
    if of.layer.before is not None:
        said.append(tr("What q was before it was turned or scaled stands in the table of numbers."))
    st.caption(" ".join(said))
    if not view().present:
        _vectors(of)


def _vectors(of: Subject) -> None:
    """q, k and their products as numbers, to look at and to keep."""
    one = of.asked
    dims = [str(at + 1) for at in range(of.layer.dim)]
    with st.expander(tr("q, k and q × k in numbers"), icon=":material/table:"):
        rows = [("q", of.queries[of.query], one.query)]
        if of.layer.before is not None:
            before = of.layer.before[0][of.head, of.query]
            rows.append((tr("q before it was turned or scaled"), of.queries[of.query], before))
        rows += [("k", name, values) for name, values in zip(of.keys, one.keys, strict=True)]
        rows += [("q × k", name, values) for name, values in zip(of.keys, one.products, strict=True)]
        table = pd.DataFrame(np.stack([values for _what, _name, values in rows]), columns=dims)
        table.insert(0, tr("Vector"), [what for what, _name, _values in rows])
        table.insert(1, tr("Token"), [name for _what, name, _values in rows])
        st.dataframe(table, hide_index=True, height=280)
        columns = [tr("Vector"), tr("Token"), *dims]
        st.download_button(
            tr("Save {kind}", kind="CSV"),
            lambda: csv_table(columns, [[what, name, *values] for what, name, values in rows]),
            file_name=file_name(f"{of.model.card.id}-q-k", ending="csv"),
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"w_inside_vectors_{language()}",
        )


def weights(of: Subject) -> None:
    """Scores, scaled scores and weights beside each other; one of them written out; held against the model."""
    st.latex(formula(of))
    columns = _columns(of)
    left, right = picture_and_numbers()
    with left:
        picture(
            of.cache_key("scores", of.key),
            f"{of.model.card.id}-scores",
            tr(
                "Bars for each key: the score, the scaled score and the weight; the same numbers are in the table."
            ),
            draw_scores(of),
            caption=of.caption(tr("Scores and weights")),
            table=lambda: csv_table(list(columns), zip(*columns.values(), strict=True)),
        )
        if len(of.keys) > _STRIP:
            st.caption(
                tr(
                    "Drawn are the {count} keys with the largest weights; the table has all {all}.",
                    count=_STRIP,
                    all=len(of.keys),
                )
            )
    with right:
        st.dataframe(pd.DataFrame(_columns(of)), hide_index=True, height=360)
    _written_out(of)
    _equal(of)


def formula(of: Subject) -> str:
    """How this model makes its weights, as LaTeX."""
    by = round(1 / of.layer.factor**2)
    exact = abs(by * of.layer.factor**2 - 1) < 1e-4
    product = r"q \cdot k"
    if of.layer.factor != 1:
        product = rf"\frac{{q \cdot k}}{{\sqrt{{{by}}}}}" if exact else rf"{of.layer.factor:.4g}\; q \cdot k"
    plus = " + b" if of.layer.added is not None else ""
    return rf"\alpha = \mathrm{{softmax}}\left({product}{plus}\right)"


def _scaled_title(of: Subject) -> str:
    by = round(1 / of.layer.factor**2)
    return f"q · k / √{by}" if abs(by * of.layer.factor**2 - 1) < 1e-4 else f"q · k × {of.layer.factor:.4g}"


def _columns(of: Subject) -> dict[str, list[str] | list[float]]:
    """The table of all steps: a column each, over [key]."""
    one = of.asked
    columns: dict[str, list[str] | list[float]] = {
        tr("Key"): of.keys,
        "q · k": [float(each) for each in one.raw],
    }
    if of.layer.factor != 1:
        columns[_scaled_title(of)] = [float(each) for each in one.scaled]
    if of.layer.added is not None:
        columns[tr("b (added)")] = [float(each) for each in one.added]
    if of.layer.added is not None or of.layer.hidden is not None:
        columns[tr("Score")] = [float(each) for each in one.scores]
    columns[tr("Weight")] = [float(each) for each in one.weights]
    theirs = of.found.weights[of.layer.layer, of.head, of.query]
    columns[tr("The model's")] = [float(each) for each in theirs]
    return columns


def draw_scores(of: Subject) -> Callable[[FigureText, Theme], Figure]:
    """The picture of the steps from scores to weights, for the strongest keys."""
    one, at = of.asked, of.strongest(_STRIP)
    names = [of.keys[each] for each in at]
    panels = [Step("q · k", one.raw[at].tolist(), [number(float(each)) for each in one.raw[at]])]
    if of.layer.factor != 1 or of.layer.added is not None or of.layer.hidden is not None:
        simple = of.layer.added is None and of.layer.hidden is None
        title = _scaled_title(of) if simple else tr("Score")
        panels.append(Step(title, one.scores[at].tolist(), [number(float(each)) for each in one.scores[at]]))
    panels.append(Step(tr("Weight"), one.weights[at].tolist(), [f"{each:.1%}" for each in one.weights[at]]))
    title = tr("{token} as the query, {head}", token=of.queries[of.query], head=of.title)
    chosen = at.index(of.key) if of.key in at else None

    def draw(words: FigureText, theme: Theme) -> Figure:
        return steps(panels, names, title, chosen=chosen, words=words, theme=theme, dark=theme is DARK)

    return draw


def _written_out(of: Subject) -> None:
    """The arithmetic of one key, with its numbers."""
    one, at = of.asked, of.key
    key = code_span(of.keys[at])
    if np.isneginf(one.scores[at]):
        st.markdown(tr("**{key}** is hidden from the query: score −∞, weight 0.", key=key))
        return
    score, top = float(one.scores[at]), float(one.scores.max())
    total = float(np.exp(one.scores.astype(np.float64) - top).sum())
    parts = [f"q · k = {number(float(one.raw[at]))}"]
    if of.layer.factor != 1:
        parts.append(f"{_scaled_title(of)} = {number(float(one.scaled[at]))}")
    if of.layer.added is not None:
        parts.append(f"+ b ({number(float(one.added[at]))}) = {number(score)}")
    share = np.exp(score - top)
    st.markdown(
        tr(
            "**Written out for {key}:** {steps}. Softmax raises e to each score, less the largest so that no number "
            "gets too large: {power} = {share}. Divided by the sum over all {count} keys, {total}, that is "
            "**{weight}**.",
            key=key,
            steps=" → ".join(parts),
            power=f"e^({number(score)} − {number(top)})".replace("− −", "+ "),
            share=f"{share:.4g}",
            count=len(of.keys),
            total=f"{total:.4g}",
            weight=f"{float(one.weights[at]):.2%}",
        )
    )


def _equal(of: Subject) -> None:
    theirs = of.found.weights[of.layer.layer]
    st.success(
        tr(
            "Equal to the model's: over all {count} weights of this layer (every head, query and key) the largest "
            "difference is {off}.",
            count=f"{theirs.size:,}",
            off=f"{of.layer.weights_off:.1e}",
        ),
        icon=":material/check:",
    )


def panels(of: Subject) -> list[lesson_frame.Panel]:
    """The pictures of these steps for the handout."""
    return [
        lesson_frame.Panel(
            "",
            draw_scores(of),
            tr("For each key the score of the query, and the weight that softmax makes of it."),
        )
    ]
