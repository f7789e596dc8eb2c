"""What heads cost: parameters line by line, those of the loaded model counted, and 1, 4, 8 and 16 heads compared."""

from collections.abc import Sequence
from typing import Any, get_args

import pandas as pd
import streamlit as st

from viz.attention import AttentionResult, Weights
from viz.errors import VizError
from viz.lessons.many_heads.attention_parameters import Counted, Part, Why, attention_parameters
from viz.lessons.many_heads.width_split import COMPARED, ManyHeads, by_the_book, compare, favourites_of_some
from viz.models import LoadedModel
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.lesson_prose import points, say
from viz.ui.session import tr, trn, view
from viz.ui.wording.plain_text import code_span, show_error

_MATRICES = ("Q", "K", "V", "O")
# Vaswani et al. 2017, table 3, rows (A) and base: d_model = 512, English to German, newstest2013.
_BLEU = {1: 24.9, 4: 25.5, 8: 25.8, 16: 25.8, 32: 25.4}
_BLEU_WIDTH = 512
_TOKENS_WITHOUT_TEXT = 10
_GLUED = "{}\u00a0×\u00a0{}"  # stays on one line


def book(setup: ManyHeads) -> None:
    """The parameters of one attention layer of this d_model, line by line."""
    (weights, biases), wide = by_the_book(setup.width), f"{setup.width:,}"
    say("The formula")
    _lines(
        [
            *((f"$W_{name}$", _GLUED.format(wide, wide), setup.width**2) for name in _MATRICES),
            (tr("**All weights**"), f"4 × {wide}²", weights),
            ("$b_Q, b_K, b_V, b_O$", f"4 × {wide}", biases),
            (tr("**Together**"), f"4 × {wide}² + 4 × {wide}", weights + biases),
        ]
    )
    if setup.width % setup.heads == 0:
        dim = setup.width // setup.heads
        one = 4 * setup.width * dim
        say(
            "The formula, by heads",
            width=setup.width,
            dim=dim,
            one=one,
            heads=setup.heads,
            all=setup.heads * one,
        )


def counted(model: LoadedModel) -> None:
    """The same for the loaded model, counted tensor by tensor, and why it differs where it does."""
    try:
        count = attention_parameters(model)
    except VizError as error:
        show_error(error)
        return
    say("Counted", model=code_span(model.card.title), width=count.width, heads=count.heads, dim=count.dim)
    names = [f"$W_{name}$, $b_{name}$" for name in _MATRICES]
    _lines(
        [
            *(
                (name, _size(count.width, part), part.weights + part.biases)
                for name, part in zip(names, count.parts, strict=True)
            ),
            (tr("**Together**"), f"{count.weights:,} + {count.biases:,}", count.total),
        ]
    )
    if count.total == count.by_the_book:
        say("As in the formula", width=count.width, book=count.by_the_book)
    else:
        say("Not as in the formula", width=count.width, book=count.by_the_book, counted=count.total)
    st.markdown("\n".join(f"- {reason}" for reason in _reasons(count, model)))


def _size(wide: int, part: Part) -> str:
    """A matrix, one side of which is d_model, and its bias: "384 × 384 + 384"."""
    bias = f" + {part.biases:,}" if part.biases else ""
    return _GLUED.format(f"{wide:,}", f"{part.weights // wide:,}") + bias


def compared(setup: ManyHeads, result: AttentionResult | None) -> None:
    """1, 4, 8 and 16 heads of the same d_model: what changes and what does not, and what each suits."""
    weights = result.maps[0].weights if result is not None else None
    tokens = weights.shape[-1] if weights is not None else _TOKENS_WITHOUT_TEXT
    layer_index = 0 if weights is None else min(view().layer, len(weights) - 1)
    layer = None if weights is None else weights[layer_index]
    st.markdown(
        trn(
            "The same d_model = {width}, and a text of n = {count} token.",
            "The same d_model = {width}, and a text of n = {count} tokens.",
            tokens,
            width=f"{setup.width:,}",
        )
    )
    titles = (
        tr("Heads h"),
        "d_k",
        tr("Parameters"),
        tr("Weights n²h"),
        tr("Products n²·d_model"),
        tr("Distinct top tokens"),
    )
    columns: dict[str, Any] = dict(zip(titles, compare(setup.width, tokens, layer).values(), strict=True))
    columns["d_k"] = pd.array(columns["d_k"], dtype="Int64")
    if setup.width == _BLEU_WIDTH:
        columns[tr("BLEU (2017)")] = [_BLEU[heads] for heads in COMPARED]
    numbers(columns, _formats(setup), "content", placeholder="—")
    _explained(layer, layer_index)


def _formats(setup: ManyHeads) -> dict[str, Any]:
    return {
        "d_k": st.column_config.NumberColumn(
            help=tr("d_model / h; empty where h does not divide {width}.", width=f"{setup.width:,}")
        ),
        tr("Parameters"): "localized",
        tr("Weights n²h"): st.column_config.NumberColumn(
            format="localized", help=tr("One weight for each head, query and key.")
        ),
        tr("Products n²·d_model"): st.column_config.NumberColumn(
            format="localized",
            help=tr("Multiplications for all scores: n² times d_k for each of h heads, so h drops out."),
        ),
        tr("Distinct top tokens"): "%.2f",
        tr("BLEU (2017)"): "%.1f",
    }


def _explained(weights: Weights | None, layer: int) -> None:
    if weights is not None:
        say(
            "Distinct top tokens",
            layer=layer + 1,
            heads=len(weights),
            value=favourites_of_some(weights, len(weights)),
        )
    say("BLEU")
    suits = zip(COMPARED, points("What numbers of heads suit"), strict=True)
    st.markdown(
        "\n".join(
            "- " + trn("**{count} head**: {says}", "**{count} heads**: {says}", heads, says=says)
            for heads, says in suits
        )
    )


def _reasons(count: Counted, model: LoadedModel) -> list[str]:
    beside = {part.role: part.weights + part.biases for part in count.beside}
    sentences = points(
        "Reasons",
        groups=count.groups,
        heads=count.heads,
        dim=count.dim,
        inner=count.heads * count.dim,
        width=count.width,
        relative=beside.get("relative", 0),
        norm=beside.get("norm", 0),
        layers=model.card.layers,
    )
    reasons = [sentences[get_args(Why).index(why)] for why in count.whys]
    return [*reasons, sentences[-1]] if count.shared else reasons


def _lines(rows: Sequence[tuple[str, str, int]]) -> None:
    head = "| | " + " | ".join([tr("Size"), tr("Parameters")]) + " |"
    body = [f"| {name} | {size} | {count:,} |" for name, size, count in rows]
    st.markdown("\n".join([head, "|---|---|---:|", *body]))
