"""The parameters of one attention layer of a loaded model, counted tensor by tensor.

By the book they are 4 d_model^2 + 4 d_model; where they are not, it is said why. The tensors are those below the place
where values and the output projection lie (viz.models.families.projections); their roles are told by their names
(viz.models.families.parameters).
"""

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

from viz.lessons.many_heads.width_split import by_the_book
from viz.models.card import Kind, LoadedModel
from viz.models.families.parameters import ATTENTION, Role, roles_of, width
from viz.models.families.projections import LayerProjections, projections

Why = Literal["grouped", "inner", "no_biases", "some_biases", "positions", "norms"]

# Of queries and keys; any other norm there belongs to the block around the attention.
_NORM_OF_HEADS = re.compile(r"\.[qk]_norm\.")


@dataclass(frozen=True)
class Part:
    """The matrix and the bias of one role in one layer, as counts; `role` as in viz.models.families.parameters."""

    role: Role
    weights: int
    biases: int


@dataclass(frozen=True)
class Counted:
    """One layer's attention, counted. `dim` is the width of a head, `groups` how many heads of keys and values.

    `parts` are queries, keys, values, output; `beside` what else lies in the same modules: tables and projections of
    positions, norms of queries and keys. `shared` says whether several layers run with these very parameters.
    """

    width: int
    heads: int
    dim: int
    groups: int
    parts: tuple[Part, ...]
    beside: tuple[Part, ...]
    shared: bool

    @property
    def weights(self) -> int:
        """The matrices of queries, keys, values and output."""
        return sum(part.weights for part in self.parts)

    @property
    def biases(self) -> int:
        """Their biases."""
        return sum(part.biases for part in self.parts)

    @property
    def total(self) -> int:
        """All that `parts` count."""
        return self.weights + self.biases

    @property
    def by_the_book(self) -> int:
        """4 d_model^2 + 4 d_model."""
        return sum(by_the_book(self.width))

    @property
    def whys(self) -> tuple[Why, ...]:
        """Why the sum is not that of the book."""
        beside = {part.role for part in self.beside}
        reasons: dict[Why, bool] = {
            "grouped": self.groups < self.heads,
            "inner": self.heads * self.dim != self.width,
            "no_biases": not self.biases,
            "some_biases": bool(self.biases) and not all(part.biases for part in self.parts),
            "positions": "relative" in beside,
            "norms": "norm" in beside,
        }
        return tuple(why for why, true in reasons.items() if true)


def attention_parameters(model: LoadedModel, kind: Kind | None = None, layer: int = 0) -> Counted:
    """Count the attention of one layer (from 0) of that kind, of the model's first map without one.

    The norm that follows the output belongs to the block around it and is not counted. Raises `ModelRefused` where
    the projections are not known.
    """
    layers = projections(model, kind)
    place = layers[layer]
    own = _below(model, place)
    parts = tuple(_part(own, role) for role in ATTENTION)
    others: tuple[Role, ...] = ("relative", "norm")
    beside = tuple(part for role in others if (part := _part(own, role)).weights + part.biases)
    groups = _part(own, "key").weights // (width(model) * place.dim)
    shared = sum(other.output is place.output for other in layers) > 1
    return Counted(width(model), place.heads, place.dim, groups, parts, beside, shared)


def _below(model: LoadedModel, place: LayerProjections) -> dict[str, Any]:
    """The layer's own tensors, by their names below the module that holds values and output."""
    names = {id(module): name for name, module in model.model.named_modules()}
    both = zip(names[id(place.value)].split("."), names[id(place.output)].split("."), strict=False)
    start = ".".join(one for one, _other in takewhile(lambda pair: pair[0] == pair[1], both))
    block = model.model.get_submodule(start).named_parameters()
    named = {f"{start}.{name}".lower(): tensor for name, tensor in block}
    return {
        name: tensor
        for name, tensor in named.items()
        if "norm" not in roles_of(name, 1) or _NORM_OF_HEADS.search(name)
    }


def _part(own: dict[str, Any], role: Role) -> Part:
    counts = [0, 0]
    for name, tensor in own.items():
        counts[tensor.ndim < 2] += roles_of(name, tensor.numel()).get(role, 0)
    return Part(role, *counts)
