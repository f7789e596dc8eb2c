"""One width split into many heads: how wide each is, what it costs, and what more of them can tell apart.

d_model numbers stand for each token. h heads share them: each has queries, keys and values of d_k = d_model / h
numbers, cut from the same matrices W_Q, W_K, W_V, and its own d_k rows of W_O (Vaswani et al. 2017, section 3.2.2).
So h changes neither the parameters nor, but for the softmax, the work; it changes how many patterns there are.
"""

import math
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.dataclasses import dataclass as checked

from viz.attention.checks import Array
from viz.errors import InputError, MetricError
from viz.language import _

LARGEST_WIDTH, MOST_HEADS = 16_384, 256
COMPARED = (1, 4, 8, 16)
"""The numbers of heads that are set beside each other."""


@checked(frozen=True)
class ManyHeads:
    """What this lesson keeps in its link: the split that is drawn, and the percentage of heads switched off."""

    width: Annotated[int, Field(ge=1, le=LARGEST_WIDTH)] = 512
    heads: Annotated[int, Field(ge=1, le=MOST_HEADS)] = 8
    off: Annotated[int, Field(ge=0, le=100)] = 50


def by_the_book(width: int) -> tuple[int, int]:
    """The parameters of one attention layer: the weights of four matrices d_model x d_model, and their biases."""
    return 4 * width**2, 4 * width


def split(width: int, heads: int) -> int:
    """d_k, where `width` numbers are shared by `heads`.

    Raises `InputError`, naming the nearest that divide, where it cannot be.
    """
    if not 1 <= width <= LARGEST_WIDTH or not 1 <= heads <= MOST_HEADS:
        raise InputError(
            _(
                "{heads} heads of d_model = {width} were asked for. Please choose 1 to {most} heads, and d_model "
                "from 1 to {largest}."
            ),
            heads=heads,
            width=width,
            most=MOST_HEADS,
            largest=LARGEST_WIDTH,
        )
    if width % heads:
        raise InputError(
            _(
                "d_model = {width} cannot be shared evenly by {heads} heads: {heads} × {dim} = {used}, and {left} "
                "would be left over. Please choose a number of heads that divides {width}; the nearest: {nearest}."
            ),
            width=width,
            heads=heads,
            dim=width // heads,
            used=width // heads * heads,
            left=width % heads,
            nearest=", ".join(str(count) for count in nearest_heads(width, heads)),
        )
    return width // heads


def nearest_heads(width: int, heads: int) -> tuple[int, ...]:
    """The largest number of heads below, and the smallest above, that divide `width`; `heads` alone where it does."""
    dividing = [count for count in range(1, min(width, MOST_HEADS) + 1) if width % count == 0]
    below = [count for count in dividing if count <= heads][-1:]
    return tuple(below) if heads in below else (*below, *[count for count in dividing if count > heads][:1])


def compare(width: int, tokens: int, layer: Array | None = None) -> dict[str, list[int | float | None]]:
    """What the numbers of heads `COMPARED` make of the same d_model and a text of n tokens: columns by their names.

    `dim` is None where the heads do not divide d_model. `weights` is n^2 h, the attention weights that are computed;
    `products` n^2 d_model, the multiplications of the scores q k, which do not depend on h; `favourites` as
    `favourites_of_some` counts them in the weights of one `layer` of the model, [head, query, key], None where it has
    fewer heads.
    """
    favourites = {
        heads: favourites_of_some(layer, heads)
        for heads in COMPARED
        if layer is not None and heads <= len(layer)
    }
    return {
        "heads": list(COMPARED),
        "dim": [width // heads if width % heads == 0 else None for heads in COMPARED],
        "parameters": [sum(by_the_book(width))] * len(COMPARED),
        "weights": [tokens**2 * heads for heads in COMPARED],
        "products": [tokens**2 * width] * len(COMPARED),
        "favourites": [favourites.get(heads) for heads in COMPARED],
    }


def favourites_of_some(layer: Array, count: int) -> float:
    """How many different tokens a query looks at most, were there only `count` of a layer's heads.

    `layer` is [head, query, key]. A head's favourite is the key of its largest weight (the first of equals). The mean
    over queries and over every choice of `count` heads, exactly: a key that is the favourite of c of h heads is among
    those of `count` of them with probability 1 - C(h - c, count) / C(h, count). Raises `MetricError` where there
    are fewer heads.
    """
    if layer.ndim != 3 or not layer.size or not 1 <= count <= len(layer):
        raise MetricError(
            _(
                "{count} heads of a layer of the shape {shape} were asked for; [head, query, key] was expected."
            ),
            count=count,
            shape=str(layer.shape),
        )
    heads, queries, keys = layer.shape
    best = layer.argmax(axis=-1)
    times = np.stack([np.bincount(best[:, query], minlength=keys) for query in range(queries)])
    missed = np.array([math.comb(heads - c, count) / math.comb(heads, count) for c in range(heads + 1)])
    return float((1 - missed[times]).sum(axis=-1).mean())
