"""Why attention: how far apart two tokens are for a network that reads one token after the other, and for attention.

The four kinds of layers of Vaswani et al. 2017, table 1, with the numbers of one sentence in place of O(...):
multiplications a layer, steps that have to wait for each other, and layers or steps that lie between two tokens. The
table of the paper leaves out the four weight matrices of self-attention; they are counted here.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as checked

from viz.errors import InputError
from viz.language import _
from viz.lessons.why.transformer_parts import PartName

LayerName = Literal["attention", "recurrent", "convolution", "restricted"]
KERNEL, WINDOW = 3, 8
"""Tokens a convolution reads at once, and tokens that restricted self-attention sees, half on each side."""


Marked = Literal["all", "loaded", "bert", "gpt", "t5", "vit", "clip", "whisper"]
_Place = Annotated[int, Field(ge=0, le=100_000)]


@checked(frozen=True)
class Why:
    """What is set up in this lesson: the part that is explained, the model whose parts are marked, and two tokens.

    Tokens count from 1; 0 stands for the first and the last of the text.
    """

    part: PartName = "self_attention"
    marked: Marked = "all"
    first: _Place = 0
    last: _Place = 0


@dataclass(frozen=True)
class LayerCost:
    """What one kind of layer costs for n tokens of width d.

    `matrices` and `pairs` are the multiplications of one layer, as in `multiplications`; `steps` of it that have to
    wait for each other; `path` from the first token to the last, in steps (recurrent) or layers. `work_order` is the
    paper's own formula.
    """

    name: LayerName
    matrices: int
    pairs: int
    steps: int
    path: int
    work_order: str

    @property
    def multiplications(self) -> int:
        """All multiplications of one layer."""
        return self.matrices + self.pairs


def multiplications(name: LayerName, n: int, d: int) -> tuple[int, int]:
    """Multiplications of one layer for n tokens of width d: with its weight matrices, and between pairs of tokens.

    Self-attention: 4 n d^2 for queries, keys, values and output, and 2 n^2 d, half for the scores and half for the
    weighted sums of values. A recurrent layer: n d^2 from state to state. Biases and feed-forward layers are not
    counted. Source: Vaswani et al. 2017, sections 3.2 and 4.
    """
    match name:
        case "attention":
            return 4 * n * d * d, 2 * n * n * d
        case "restricted":
            return 4 * n * d * d, 2 * n * min(WINDOW, n) * d
        case "recurrent":
            return n * d * d, 0
        case "convolution":
            return KERNEL * n * d * d, 0


def layer_costs(n: int, d: int) -> tuple[LayerCost, ...]:
    """The rows of table 1 of Vaswani et al. 2017 for a text of `n` tokens and vectors of `d` numbers.

    Raises `InputError` where n or d is below 1.
    """
    for name, value in (("n", n), ("d", d)):
        if value < 1:
            raise InputError(
                _("{name} = {value} was given; at least {least} was expected."),
                name=name,
                value=value,
                least=1,
            )
    orders: dict[LayerName, str] = {
        "attention": "O(n² · d)",
        "recurrent": "O(n · d²)",
        "convolution": "O(k · n · d²)",
        "restricted": "O(r · n · d)",
    }
    return tuple(
        LayerCost(
            name,
            *multiplications(name, n, d),
            n if name == "recurrent" else 1,
            path_length(name, n - 1),
            order,
        )
        for name, order in orders.items()
    )


def path_length(name: LayerName, distance: int, kernel: int = KERNEL, window: int = WINDOW) -> int:
    """Steps or layers until what stands at one token can reach another one `distance` places on; 0 for itself.

    Attention: one layer. Recurrent: a step a token. Convolution: layers of kernel k, dilated by 1, k, k^2 ..., reach
    k^layers - 1 places. Restricted: each layer reaches window // 2 places.
    """
    if distance <= 0:
        return 0
    match name:
        case "attention":
            return 1
        case "recurrent":
            return distance
        case "restricted":
            return -(-distance // (window // 2))
        case "convolution":
            layers = 1
            while kernel**layers - 1 < distance:
                layers += 1
            return layers
