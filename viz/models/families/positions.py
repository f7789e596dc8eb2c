"""How a model knows positions, and a forward pass without them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.hooks import RemovableHandle

from viz.errors import ModelRefused
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.families.family import PositionKind, known_family, refused_by_family
from viz.models.forward import hooked, reader

Array = NDArray[np.float32]

_MOST_POSITIONS = 2_048  # of a table: what a picture can show, and a cosine matrix of 16 MB

# By the last part of a module's name: a vector a position, a number a distance, or the angles of a turn.
_VECTORS = ("position_embeddings", "embed_positions", "wpe")
_DISTANCES = "relative_attention_bias"
_ANGLES = "rotary_emb"

# Arguments of attention modules that say how far apart tokens are: DeBERTa's distances, BLOOM's slopes.
_DISTANCE_ARGUMENTS = ("relative_pos", "alibi")

Replacement = Literal["zero", "same"]
"""Nothing is added for a position, or for all tokens what is added for the first."""


@dataclass(frozen=True, eq=False)
class Positions:
    """How a model knows positions. `table` is [position, dim], float32, read-only; None where there is none to show.

    `rows` is how many rows the model has, of which a table shows the first ones; `by_distance` marks models that have
    a table and look at distances besides (MPNet, DeBERTa).
    """

    kind: PositionKind
    table: Array | None = None
    rows: int = 0
    by_distance: bool = False


def positions_of(model: LoadedModel) -> Positions:
    """How this model knows where a token stands, with its own table where it has one.

    Rows that stand for no position (RoBERTa's padding, OPT's and BART's two first) are left out.
    """
    family = known_family(model)
    if family.positions not in ("learned", "sinusoidal"):
        return Positions(family.positions)
    module = _table_module(model)
    if module is None or (
        family.by_distance and not getattr(model.model.config, "position_biased_input", True)
    ):
        return Positions("relative")  # DeBERTa has a table only where its settings say so
    rows = module.weight.detach().float().cpu().numpy()[_offset(module) :]
    table = np.array(rows[:_MOST_POSITIONS], dtype=np.float32)
    table.setflags(write=False)
    return Positions(family.positions, table, len(rows), family.by_distance)


def _table_module(model: LoadedModel) -> Any:
    """The table of positions that the reader of texts has, None where there is none."""
    return next(
        (
            module
            for name, module in model.model.named_modules()
            if name.rpartition(".")[2] in _VECTORS and getattr(module, "weight", None) is not None
        ),
        None,
    )


def _offset(module: Any) -> int:
    """How many of the first rows no token is ever given."""
    shift = getattr(module, "offset", None)  # OPT and BART
    if isinstance(shift, int):
        return shift
    # RoBERTa and those after it count from the number of the padding token on.
    padding = getattr(module, "padding_idx", None)
    return padding + 1 if isinstance(padding, int) else 0


@contextmanager
def without_positions(model: LoadedModel, replacement: Replacement = "zero") -> Iterator[None]:
    """Within the block the part of the model that reads the text is told nothing of positions.

    Rotary angles and distances are those of one position for all, whatever the `replacement`: a turn by nothing is no
    turn. The model's lock is held as long as the block lasts: call `model.model` in it, not what takes the lock.
    Raises `ModelRefused` where it is not known how the model is told.
    """
    network = reader(model)
    if getattr(model.model.config, "conv_kernel_size", 0) > 0 and hasattr(network.base_model, "encoder"):
        raise _refused(model)  # DeBERTa's convolution mixes neighbours, and so tells where they are
    rotary = known_family(model).positions == "rotary"
    registrations: list[Callable[[], RemovableHandle]] = []
    for name, module in network.named_modules():
        last = name.rpartition(".")[2]
        if last in (_ANGLES, _DISTANCES, *_VECTORS):
            turns = last == _ANGLES or (rotary and last in _VECTORS and not name.startswith("embeddings"))
            kept = turns or (last in _VECTORS and replacement == "same")
            registrations.append(partial(module.register_forward_hook, _first if kept else _nothing))
        elif not {*_DISTANCE_ARGUMENTS}.isdisjoint(_parameters(module)):
            registrations.append(partial(module.register_forward_pre_hook, _untold, with_kwargs=True))
    if not registrations:
        raise _refused(model)
    with model.lock, hooked(register() for register in registrations):
        yield


def _refused(model: LoadedModel) -> ModelRefused:
    return refused_by_family(
        model,
        _(
            "How {model} ({family}) is told of positions is not known to this lesson, so they cannot be switched off. "
            "Please choose a BERT-style model for this part."
        ),
    )


def _parameters(module: Any) -> tuple[str, ...]:
    """The names of what an attention module takes; none for other modules."""
    code = getattr(type(module).forward, "__code__", None)
    if code is None or "ttention" not in type(module).__name__:
        return ()
    return tuple(code.co_varnames[: code.co_argcount])


def _nothing(_module: Any, _inputs: Any, output: torch.Tensor) -> torch.Tensor:
    return torch.zeros_like(output)


def _first(_module: Any, _inputs: Any, output: Any) -> Any:
    """The vector of the first token for all: [..., token, dim]."""
    if isinstance(output, tuple):
        return tuple(_first(_module, _inputs, part) for part in output)
    return output.narrow(-2, 0, 1).expand_as(output).contiguous()


def _untold(_module: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The arguments of an attention module, all distances among them 0."""
    distances = [name for name in _DISTANCE_ARGUMENTS if named.get(name) is not None]
    return inputs, {**named, **{name: torch.zeros_like(named[name]) for name in distances}}
