"""Self-attention of a few tokens in two dimensions, step by step: small enough to be computed on paper."""

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass as checked
from scipy.special import softmax

from viz.attention.checks import Array, frozen
from viz.errors import InputError
from viz.language import _

LIMIT = 10.0  # the largest number in X and the W
DECIMALS = 2  # of what a person types
FEWEST, MOST = 3, 6  # tokens
LONGEST_NAME = 20
MOST_D_K = 512
MOST_KEYS = 16

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
# A link may hold more decimals than a person types; `+ 0.0` makes a negative zero a plain one.
Rounded = AfterValidator(lambda number: round(number, DECIMALS) + 0.0)
Number = Annotated[float, Field(ge=-LIMIT, le=LIMIT, allow_inf_nan=False), Rounded]
Row = tuple[Number, Number]
Square = tuple[Row, Row]
Part = Literal["all", "project", "scores", "scale", "mask", "softmax", "mix"]

_NUMBER = re.compile(r"[+-]?([0-9]{1,6}(\.[0-9]{0,12})?|\.[0-9]{1,12})")

ENGLISH_TOKENS = ("cat", "sat", "mat", "on")
CHINESE_TOKENS = ("猫", "坐在", "垫子", "上")


@checked(frozen=True)
class ByHand:
    """What is set on the page; its default is the example.

    `tokens` are the names, () for the example's in the language of the page. `x` is [token, dimension]; `w_q`, `w_k`
    and `w_v` are [dimension, dimension]. `part` is the step that is shown. The last three are of random vectors: how
    many dimensions they have, how many keys there are, and which draw it is.
    """

    tokens: Annotated[tuple[Name, ...], Field(max_length=MOST)] = ()
    x: Annotated[tuple[Row, ...], Field(min_length=FEWEST, max_length=MOST)] = (
        (1.0, 0.0),
        (0.0, 1.0),
        (1.0, 1.0),
        (-1.0, 0.5),
    )
    w_q: Square = ((1.0, 0.0), (0.5, 1.0))
    w_k: Square = ((1.0, -1.0), (0.5, 1.0))
    w_v: Square = ((0.0, 1.0), (2.0, 0.0))
    scale: bool = True
    temperature: Annotated[float, Field(ge=0.1, le=5.0, allow_inf_nan=False), Rounded] = 1.0
    causal: bool = False
    part: Part = "all"
    d_k: Annotated[int, Field(ge=1, le=MOST_D_K)] = 64
    keys: Annotated[int, Field(ge=2, le=MOST_KEYS)] = 8
    draw: Annotated[int, Field(ge=0, le=999)] = 0


@dataclass(frozen=True, eq=False)
class Steps:
    """Every step of scaled dot-product attention of one head (Vaswani et al. 2017, equation 1).

    `q`, `k`, `v` and `output` are [token, dimension]; the others [query, key]: `scores` is Q Kᵀ, `scaled` what is left
    after the division, `masked` has -inf where a key is hidden, and the rows of `weights` sum to 1. float32, read-only.
    """

    q: Array
    k: Array
    v: Array
    scores: Array
    scaled: Array
    masked: Array
    weights: Array
    output: Array


def steps_of(setup: ByHand) -> Steps:
    """Every step for what is set on the page, computed in float64; `causal` hides the keys after the query."""
    x, w_q, w_k, w_v = (np.array(matrix) for matrix in (setup.x, setup.w_q, setup.w_k, setup.w_v))
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = q @ k.T
    scaled = scores / divisor(setup.scale, setup.temperature)
    hidden = np.triu(np.full(scores.shape, setup.causal), 1)
    masked = np.where(hidden, -np.inf, scaled)
    weights = softmax(masked, axis=-1)
    return Steps(*map(frozen, (q, k, v, scores, scaled, masked, weights, weights @ v)))


def divisor(scale: bool, temperature: float) -> float:
    """What the scores are divided by: sqrt(d_k), here of 2, where `scale` is on, times the temperature."""
    return (math.sqrt(2) if scale else 1.0) * temperature


def read_number(typed: str) -> float:
    """The number of a cell as it was typed: "0.5", "-1", "0,5" or "．５"; rounded to two decimals.

    Raises `InputError` for what is no number, or none from -10 to 10.
    """
    text = unicodedata.normalize("NFKC", typed.strip()).replace("−", "-").replace(",", ".").replace("。", ".")
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not abs(number) <= LIMIT:
        raise InputError(
            _("{typed} was typed; a number from {least:g} to {most:g} was expected, such as 0.5."),
            typed=typed,
            least=-LIMIT,
            most=LIMIT,
        )
    return round(number, DECIMALS) + 0.0  # no negative zero


def names_of(setup: ByHand, example: tuple[str, ...]) -> tuple[str, ...]:
    """A name for each token: those that were given, else those of the `example`, else their number; all different."""
    known = setup.tokens or example
    names: list[str] = []
    for token in range(len(setup.x)):
        name = known[token] if token < len(known) else (example[token] if token < len(example) else "")
        if not name.strip() or name in names:
            name = f"{name[: LONGEST_NAME - 3].strip()}({token + 1})"
        names.append(name)
    return tuple(names)


def with_token(setup: ByHand) -> ByHand:
    """One token more, at the end; the same where there are as many as can be."""
    return setup if len(setup.x) >= MOST else replace(setup, x=(*setup.x, (0.5, 0.5)))


def without_token(setup: ByHand) -> ByHand:
    """Without the last token; the same where there are as few as can be."""
    fewer = len(setup.x) - 1
    return setup if fewer < FEWEST else replace(setup, x=setup.x[:fewer], tokens=setup.tokens[:fewer])
