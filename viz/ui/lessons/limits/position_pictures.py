"""Where a token stands: the sines of the first Transformer beside what the loaded model has learned."""

from collections.abc import Hashable, Sequence

import streamlit as st

from viz.lessons.limits.limits_setup import FEWEST_POSITIONS, MOST_POSITIONS, Limits
from viz.lessons.limits.position_vectors import (
    by_distance,
    cosines,
    first_apart,
    pca,
    sinusoidal,
    wavelengths,
)
from viz.models import LoadedModel
from viz.models.families.positions import Array, Positions, positions_of
from viz.pictures.figures.base.plot_axes import PlotText
from viz.pictures.figures.charts.point_charts import joined_points
from viz.pictures.figures.heat_maps.matrix import MatrixText, Span, colour_field
from viz.ui.exhibits.downloads import matrix_csv
from viz.ui.exhibits.exhibit import Exhibit, show_pair
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.lesson_frame import Panel, bound
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.session import tr, view
from viz.ui.wording.plain_text import code_span

_DIMS = 64
_STEP = 16
_APART = 2.0  # times as far as usual: a first position that would leave no room for the others
_DISTANCES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_WAVES = r"""\begin{aligned}
PE_{(pos,\,2i)} &= \sin\bigl(pos / 10000^{2i/d}\bigr) \\
PE_{(pos,\,2i+1)} &= \cos\bigl(pos / 10000^{2i/d}\bigr)
\end{aligned}"""


def show(model: LoadedModel, setup: Limits) -> Panel:
    """The formula and its picture, then the model's own table, if it has one; the panel for the handout."""
    say("Where a token stands")
    st.latex(_WAVES)
    if not view().present:
        label, shown = tr("Positions to show"), bound("positions", setup.positions)
        st.slider(label, FEWEST_POSITIONS, MOST_POSITIONS, step=_STEP, **shown)
    waves = sinusoidal(setup.positions, _DIMS)
    fixed = _fixed(waves)
    positions = positions_of(model)
    how = tr("How {model} knows positions", model=code_span(model.card.title))
    st.markdown(f"**{how}**")
    st.markdown(_explained(model, positions))
    if positions.table is None:
        _numbers(waves, None, "")
        return fixed
    table = positions.table[: setup.positions]
    panel = _own(model, table)
    _numbers(waves, table, model.card.title)
    return panel


def _fixed(table: Array) -> Panel:
    waves = wavelengths(_DIMS)
    says = MatrixText(
        tr("Sinusoidal encodings, d = {d}", d=_DIMS), tr("Position"), tr("Dimension"), tr("Value")
    )
    positions, dims = ([str(number) for number in range(length)] for length in table.shape)
    encodings = Exhibit(
        len(table),
        "sinusoidal",
        says.title,
        lambda style: colour_field(table, says, style),
        matrix_csv(table, positions, dims, says.rows),
        says.title,
    )
    near = tr("Cosine of every two of them")
    show_pair(encodings, _cosines("sinusoidal-cosine", len(table), cosines(table), positions, near, near))
    st.caption(prose("Waves", short=float(waves[0]), long=float(waves[-1])))
    return Panel(tr("Each row is what is added to the token at that position."), encodings.draw)


def _cosines(
    name: str, key: Hashable, similar: Array, names: Sequence[str], title: str, caption: str, first: int = 0
) -> Exhibit:
    """How alike every two positions are, [position, position], counted from `first`."""
    says = MatrixText(title, tr("Position"), tr("Position"), tr("Cosine"))
    start, table = Span(first, first), matrix_csv(similar, names, names, says.rows)
    return Exhibit(
        key, name, title, lambda style: colour_field(similar, says, style, start=start), table, caption
    )


def _explained(model: LoadedModel, positions: Positions) -> str:
    """How this model knows positions."""
    if positions.kind not in ("learned", "sinusoidal"):
        return prose(f"Positions: {positions.kind}")
    values: dict[str, object] = {"model": code_span(model.card.title)}
    if positions.kind == "learned":
        assert positions.table is not None
        rows, d = positions.rows, positions.table.shape[1]
        values |= {"kept": rows, "d": d, "whole": rows * d}
    sentence = prose(f"Positions: {positions.kind}", **values)
    return f"{sentence} {prose('Distances besides')}" if positions.by_distance else sentence


def _own(model: LoadedModel, table: Array) -> Panel:
    similar, apart = cosines(table), first_apart(table)
    names = [str(at + 1) for at in range(len(table))]
    start = int(apart > _APART)
    plane, shown = pca(table[start:]), names[start:]
    one, two = (f"{share:.0%}" for share in plane.shares)
    says = PlotText(
        tr("Positions of {model}, by PCA", model=model.card.title),
        tr("First component ({share} of the variance)", share=one),
        tr("Second component ({share})", share=two),
    )
    key = (model.card.id, model.revision, len(table))
    places = Exhibit(
        key,
        "positions-pca",
        says.title,
        lambda style: joined_points(plane.points, shown, says, style),
        matrix_csv(plane.points, shown, [says.across, says.up], tr("Position")),
        says.title,
    )
    near = tr("Cosine of every two positions")
    alike = _cosines("positions-cosine", key, similar, names, near, f"{near} · {model.card.title}", 1)
    show_pair(places, alike)
    sentences = [prose("PCA", shares=sum(plane.shares))]
    if start:
        sentences.append(prose("The first position is left out", apart=apart))
    st.caption(" ".join(sentences))
    learned = tr(
        "What {model} learned: near the diagonal, neighbours have similar rows.", model=model.card.title
    )
    return Panel(learned, alike.draw)


def _numbers(fixed: Array, learned: Array | None, title: str) -> None:
    """How alike positions are that lie so far apart: the mean cosine, of the waves and of the model's own table."""
    apart = [step for step in _DISTANCES if step < len(fixed) and (learned is None or step < len(learned))]
    columns = {tr("Positions apart"): apart, tr("Sinusoidal"): by_distance(cosines(fixed))[apart]}
    if learned is not None:
        columns[title] = by_distance(cosines(learned))[apart]
    st.markdown(tr("Mean cosine of two positions, by how far apart they are:"))
    numbers(columns, dict.fromkeys(list(columns)[1:], "%.3f"), width="content")
