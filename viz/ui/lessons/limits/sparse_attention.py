"""What is done about the cost: attention on some cells only, and small models that learn from large ones."""

import pandas as pd
import streamlit as st

from viz.attention import AttentionResult
from viz.lessons.limits.distilled import DISTILLED, TEACHER
from viz.lessons.limits.limits_setup import MOST_GLOBAL, MOST_RANDOM, MOST_WINDOW, Limits
from viz.lessons.limits.sparse_patterns import cells, kept, pattern
from viz.models import LoadedModel
from viz.models.families.parameters import parameter_groups, total, width
from viz.pictures.figures.base.figure_style import ColourScale
from viz.pictures.figures.heat_maps.matrix import MatrixText, Span, colour_field
from viz.ui.exhibits.downloads import matrix_csv
from viz.ui.exhibits.exhibit import Exhibit, numbered
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.lesson_frame import Panel, bound
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.lessons.limits.mask_pictures import of_head
from viz.ui.session import tr, view
from viz.ui.wording.names import head_name
from viz.ui.wording.plain_text import code_span
from viz.ui.wording.written_numbers import counted

_LENGTHS = (512, 4096, 16384)


def sparse(model: LoadedModel, result: AttentionResult, setup: Limits) -> Panel:
    """A pattern of cells over the class's own text, how many there are, and what a head would lose."""
    say("Sparse attention")
    _choose(setup)
    attention_map = result.maps[0]
    layer, head = of_head(attention_map)
    count = len(attention_map.queries)
    mask = pattern(count, setup.window, setup.everywhere, setup.random)
    says = MatrixText(
        tr("Cells that are computed, {n} tokens", n=count), tr("Query"), tr("Key"), tr("1: computed")
    )

    computed, positions = mask.astype("float32"), numbered(count)
    exhibit = Exhibit(
        (count, setup),
        "sparse",
        says.title,
        lambda style: colour_field(
            computed, says, style, start=Span(1, 1), scale=ColourScale(style.theme.palette)
        ),
        matrix_csv(computed, positions, positions, says.rows),
        says.title,
    )
    with exhibit.with_numbers():
        _cells(setup, count)
        held = kept(attention_map.weights[layer, head], mask)
        say(
            "What a head would lose",
            head=head_name(layer, head),
            model=code_span(model.card.title),
            mean=float(held.mean()),
            least=float(held.min()),
        )
    return Panel(tr("Dark: computed. All other cells are left out."), exhibit.draw)


def _choose(setup: Limits) -> None:
    if view().present:
        return
    sliders = (
        ("window", tr("Window on each side"), MOST_WINDOW),
        ("everywhere", tr("Global tokens"), MOST_GLOBAL),
        ("random", tr("Random cells a row"), MOST_RANDOM),
    )
    for column, (name, label, most) in zip(st.columns(3), sliders, strict=True):
        column.slider(label, 0, most, **bound(name, getattr(setup, name)))


def _cells(setup: Limits, count: int) -> None:
    lengths = sorted({count, *_LENGTHS})
    some = [cells(n, setup.window, setup.everywhere, setup.random) for n in lengths]
    columns = {
        tr("Tokens"): lengths,
        tr("All cells"): [n * n for n in lengths],
        tr("Computed"): some,
        tr("Share"): [part / (n * n) for n, part in zip(lengths, some, strict=True)],
    }
    numbers(columns, dict(zip(columns, (*["localized"] * 3, "percent"), strict=True)))


def distilled(model: LoadedModel) -> None:
    """Small models and what they imitate, the loaded one below them with its own numbers."""
    whole = total(parameter_groups(model))
    say("Distillation")
    rows = [
        (known.name, known.layers, known.hidden, known.parameters, tr(known.imitates), known.source)
        for known in DISTILLED
    ]
    source = tr("Counted here, tensor by tensor")
    rows.append((model.card.title, model.card.layers, width(model), whole, tr("The selected model"), source))
    st.table(
        pd.DataFrame(
            {
                tr("Layers × width"): [f"{row[1]} × {row[2]}" for row in rows],
                tr("Parameters"): [f"{counted(row[3])} ({row[3] / TEACHER.parameters:.0%})" for row in rows],
                tr("Imitates"): [row[4] for row in rows],
                tr("Source"): [row[5] for row in rows],
            },
            index=[row[0] for row in rows],
        )
    )
    if model.card.id == "all-MiniLM-L6-v2":
        st.caption(prose("MiniLM"))
