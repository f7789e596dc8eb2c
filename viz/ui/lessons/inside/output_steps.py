"""The last steps of the lesson: values weighted and summed, heads side by side, and what W_O makes of them."""

import numpy as np
import streamlit as st

from viz.attention.checks import Array
from viz.pictures.figures import Draw
from viz.pictures.figures.charts.bars import Bars, signed_bars
from viz.ui.exhibits.downloads import columns_csv
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.inside.cells import MOST_ROWS, Block, Row, cells
from viz.ui.lessons.inside.inside_subject import Subject, pick_key
from viz.ui.lessons.inside.score_steps import number
from viz.ui.lessons.lesson_frame import Panel
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.session import tr, view

_WIDE = 520  # pixels


def values(subject: Subject) -> None:
    """Each token's value, the same times its weight, and their sum: what the head gives."""
    one = subject.asked
    say("Values", token=subject.asks)
    shown = subject.strongest(MOST_ROWS)
    cells(
        [
            Row(
                key,
                subject.keys[key],
                (one.values[key], one.weighted[key]),
                (f"{one.weights[key]:.1%}",),
                f"{one.weights[key]:.4f}",
            )
            for key in shown
        ],
        [Block("v"), Block(tr("weight × v"))],
        [tr("weight")],
        tr("Key"),
        tr(
            "Values of {head}, and the same times their weights. The arrow keys go from cell to cell.",
            head=subject.title,
        ),
        tr("{token}, dimension {dim} of {dims}: weight {sum} × v {a} = {b}."),
        "inside_values",
        pick_key,
        subject.key,
        Row(-1, tr("sum"), (None, one.out), (f"{float(one.weights.sum()):.0%}",)),
        large=view().present,
    )


def heads(subject: Subject) -> Panel:
    """What each head adds to the layer's output, and that it all adds up."""
    parts, shares, lengths = measured(subject)
    say(
        "Heads",
        heads=subject.layer.heads,
        dim=subject.layer.values.shape[2],
        wide=subject.layer.joined.shape[1],
        hidden=subject.layer.output.shape[1],
        bias=tr(", and the bias b_O,") if subject.layer.bias is not None else "",
    )
    columns = {
        tr("Head"): range(1, subject.layer.heads + 1),
        tr("Length of its part"): lengths.tolist(),
        tr("Share of the sum"): shares.tolist(),
    }
    exhibit = Exhibit(
        subject.cache_key("heads"),
        f"{subject.model.card.id}-heads-parts",
        tr("Bars for each head: how long the vector is that it adds, and its share of the sum."),
        _draw(subject, lengths, shares),
        columns_csv(columns),
        subject.caption(tr("What each head adds")),
    )
    with exhibit.with_numbers(_WIDE):
        numbers(columns, {tr("Share of the sum"): "percent"}, 360)
    whole = float(np.linalg.norm(parts.sum(axis=0)))
    st.caption(prose("Lengths", together=float(lengths.sum()), whole=whole))
    largest = number(np.abs(subject.layer.output).max())
    equal = prose("The output is the model's", off=subject.layer.output_off, largest=largest)
    st.success(equal, icon=":material/check:")
    says = tr("The length of what each head adds to the layer's output, and its share of the sum.")
    return Panel(says, exhibit.draw)


def measured(subject: Subject) -> tuple[Array, Array, Array]:
    """The heads' parts [head, hidden], their shares of the sum and their lengths, [head] each."""
    parts = subject.parts()
    total = parts.sum(axis=0)
    square = float(total @ total)
    shares = parts @ total / square if square else np.zeros(len(parts), dtype=np.float32)
    return parts, shares, np.linalg.norm(parts, axis=1)


def _draw(subject: Subject, lengths: Array, shares: Array) -> Draw:
    """The picture of what each head adds; kept for the handout, it does not keep the whole subject."""
    layer, token, chosen = subject.layer.layer + 1, subject.queries[subject.query], subject.head
    names = [tr("Head {head}", head=head + 1) for head in range(subject.layer.heads)]
    percent = [f"{share:.1%}".replace("-", "−") for share in shares]
    panels = [
        Bars(tr("Length of its part"), lengths.tolist(), [f"{length:.2f}" for length in lengths]),
        Bars(tr("Share of the sum"), shares.tolist(), percent),
    ]
    title = tr("What each head of layer {layer} adds for {token}", layer=layer, token=token)
    return lambda style: signed_bars(panels, names, title, style, chosen=chosen)
