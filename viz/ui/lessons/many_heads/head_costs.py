"""What heads cost: parameters line by line, those of the loaded model counted, and 1, 4, 8 and 16 heads compared."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from viz.attention import AttentionResult, Weights
from viz.errors import VizError
from viz.lessons.many_heads.attention_parameters import Counted, Part, attention_parameters
from viz.lessons.many_heads.width_split import Cost, ManyHeads, compare, favourites_of_some
from viz.models import LoadedModel
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
    cost, wide = Cost(setup.width), f"{setup.width:,}"
    st.markdown(
        tr(
            "Four matrices of d_model × d_model numbers, and four biases of d_model. **The number of heads does not "
            "occur in it**: splitting a matrix makes none larger."
        )
    )
    _lines(
        [
            *((f"$W_{name}$", _GLUED.format(wide, wide), cost.matrix) for name in _MATRICES),
            (tr("**All weights**"), f"4 × {wide}²", cost.weights),
            ("$b_Q, b_K, b_V, b_O$", f"4 × {wide}", cost.biases),
            (tr("**Together**"), f"4 × {wide}² + 4 × {wide}", cost.total),
        ]
    )
    if setup.width % setup.heads == 0:
        dim = setup.width // setup.heads
        one = 4 * setup.width * dim
        st.markdown(
            tr(
                "By heads it is the same: one head has 3 × {width} × {dim} + {dim} × {width} = {one} weights, and "
                "{heads} × {one} = **{all}**.",
                width=wide,
                dim=dim,
                one=f"{one:,}",
                heads=setup.heads,
                all=f"{setup.heads * one:,}",
            )
        )


def counted(model: LoadedModel) -> None:
    """The same for the loaded model, counted tensor by tensor, and why it differs where it does."""
    try:
        count = attention_parameters(model)
    except VizError as error:
        show_error(error)
        return
    st.markdown(
        tr(
            "**Counted in {model}**: one layer of its attention (d_model = {width}, {heads} heads of {dim}).",
            model=code_span(model.card.title),
            width=f"{count.width:,}",
            heads=count.heads,
            dim=count.dim,
        )
    )
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
    values = {"width": f"{count.width:,}", "book": f"{count.by_the_book:,}", "counted": f"{count.total:,}"}
    if count.total == count.by_the_book:
        st.markdown(
            tr("4 × {width}² + 4 × {width} = {book}: **the formula and the count are equal.**", **values)
        )
    else:
        st.markdown(
            tr("4 × {width}² + 4 × {width} would be {book}; this model has {counted}, because:", **values)
        )
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
    rows = compare(setup.width, tokens, layer)
    st.markdown(
        trn(
            "The same d_model = {width}, and a text of n = {count} token.",
            "The same d_model = {width}, and a text of n = {count} tokens.",
            tokens,
            width=f"{setup.width:,}",
        )
    )
    table = pd.DataFrame(
        {
            tr("Heads h"): [row.heads for row in rows],
            "d_k": [row.dim for row in rows],
            tr("Parameters"): [row.parameters for row in rows],
            tr("Weights n²h"): [row.weights for row in rows],
            tr("Products n²·d_model"): [row.products for row in rows],
            tr("Distinct top tokens"): [row.favourites for row in rows],
            **({tr("BLEU (2017)"): [_BLEU[row.heads] for row in rows]} if setup.width == _BLEU_WIDTH else {}),
        }
    ).astype({"d_k": "Int64"})
    st.dataframe(table, hide_index=True, height="content", column_config=_formats(setup), placeholder="—")
    _explained(layer, layer_index)


def _formats(setup: ManyHeads) -> dict[str, Any]:
    whole = st.column_config.NumberColumn(format="localized")
    return {
        "d_k": st.column_config.NumberColumn(
            help=tr("d_model / h; empty where h does not divide {width}.", width=f"{setup.width:,}")
        ),
        tr("Parameters"): whole,
        tr("Weights n²h"): st.column_config.NumberColumn(
            format="localized", help=tr("One weight for each head, query and key.")
        ),
        tr("Products n²·d_model"): st.column_config.NumberColumn(
            format="localized",
            help=tr("Multiplications for all scores: n² times d_k for each of h heads, so h drops out."),
        ),
        tr("Distinct top tokens"): st.column_config.NumberColumn(format="%.2f"),
        tr("BLEU (2017)"): st.column_config.NumberColumn(format="%.1f"),
    }


def _explained(weights: Weights | None, layer: int) -> None:
    if weights is not None:
        st.markdown(
            tr(
                "**Distinct top tokens**, computed for layer {layer} of the loaded model: how many different tokens a "
                "token looks at most, if the layer had only so many of its heads (the mean over every choice of them). "
                "With one head it is 1, with all {heads} it is {value:.2f}: that is what more heads buy.",
                layer=layer + 1,
                heads=len(weights),
                value=favourites_of_some(weights, len(weights)),
            )
        )
    st.markdown(
        tr(
            "**BLEU** is the quality of a translator with d_model = 512, measured when the Transformer was introduced "
            "(Vaswani et al. 2017, table 3): one head loses 0.9 points, and 32 heads, of 16 numbers each, lose 0.4."
        )
    )
    suits = (
        (1, tr("one pattern for all. Enough to copy or to reverse; a sentence needs more.")),
        (4, tr("a few patterns, each of wide vectors. Suits small models, with d_model up to about 256.")),
        (8, tr("the first Transformer: 512 = 8 × 64. Many models have kept 64 numbers a head since.")),
        (16, tr("many patterns. Suits wide models, such as BERT-large: 1,024 = 16 × 64.")),
    )
    st.markdown(
        "\n".join(
            "- " + trn("**{count} head**: {says}", "**{count} heads**: {says}", heads, says=says)
            for heads, says in suits
        )
    )


def _reasons(count: Counted, model: LoadedModel) -> list[str]:
    beside = {part.role: part.weights + part.biases for part in count.beside}
    sentences = {
        "grouped": tr(
            "{groups} heads of keys and values serve {heads} heads of queries (grouped queries): W_K and W_V are "
            "narrower.",
            groups=count.groups,
            heads=count.heads,
        ),
        "inner": tr(
            "{heads} heads of {dim} numbers are {inner}, not {width}: the matrices are not square.",
            heads=count.heads,
            dim=count.dim,
            inner=f"{count.heads * count.dim:,}",
            width=f"{count.width:,}",
        ),
        "no_biases": tr("it has no biases here."),
        "some_biases": tr("not all four have a bias."),
        "positions": tr(
            "{count} more lie beside them, for the distance between tokens; they are not counted above.",
            count=f"{beside.get('relative', 0):,}",
        ),
        "norms": tr(
            "{count} more lie beside them, in norms of queries and keys; they are not counted above.",
            count=f"{beside.get('norm', 0):,}",
        ),
    }
    reasons = [sentences[why] for why in count.whys]
    if count.shared:
        reasons.append(
            tr(
                "All {layers} layers run with these same parameters; they are held once.",
                layers=model.card.layers,
            )
        )
    return reasons


def _lines(rows: Sequence[tuple[str, str, int]]) -> None:
    head = "| | " + " | ".join([tr("Size"), tr("Parameters")]) + " |"
    body = [f"| {name} | {size} | {count:,} |" for name, size, count in rows]
    st.markdown("\n".join([head, "|---|---|---:|", *body]))
