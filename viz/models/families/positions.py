"""How a family knows positions; switch them off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from viz.errors import ModelRefused
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.forward import reader

Array = NDArray[np.float32]

PositionKind = Literal["learned", "sinusoidal", "rotary", "relative", "alibi"]

_MOST_POSITIONS = 2_048  # of a table: what a picture can show, and a cosine matrix of 16 MB

_ROTARY = ("modernbert", "roformer", "gpt_neox", "llama", "mistral", "qwen2", "qwen3")

_RELATIVE = ("t5", "mt5")

_SINES = ("marian", "pegasus")

_BY_DISTANCE = ("deberta", "deberta-v2")  # with a table too only where their settings say so

_NAMES = ("position_embeddings", "embed_positions", "wpe")


@dataclass(frozen=True, eq=False)
class Positions:
    """How a model knows positions. `table` is [position, dim], float32, read-only; None where there is none to show.

    `kept` is how many rows the model has, of which a table shows the first ones; `also_relative` marks models that
    have a table and look at distances besides (MPNet, DeBERTa).
    """

    how: PositionKind
    table: Array | None = None
    kept: int = 0
    also_relative: bool = False


def positions_of(model: LoadedModel) -> Positions:
    """How this model knows where a token stands, with its own table where it has one.

    Rows that stand for no position (RoBERTa's padding, OPT's and BART's two first) are left out.
    """
    family = str(model.model.config.model_type)
    if family in _ROTARY:
        return Positions("rotary")
    if family in _RELATIVE:
        return Positions("relative")
    if family == "bloom":
        return Positions("alibi")
    if family in _BY_DISTANCE and not getattr(model.model.config, "position_biased_input", True):
        return Positions("relative")
    module = _module(model)
    if module is None:
        return Positions("relative")
    table = module.weight.detach().float().cpu().numpy()[_offset(model, module) :]
    kept = len(table)
    table = np.array(table[:_MOST_POSITIONS], dtype=np.float32)
    table.setflags(write=False)
    how: PositionKind = "sinusoidal" if family in _SINES else "learned"
    return Positions(how, table, kept, family in ("mpnet", *_BY_DISTANCE))


def _module(model: LoadedModel) -> Any:
    """The table of positions that the reader of texts has, None where there is none."""
    return next(
        (
            module
            for name, module in model.model.named_modules()
            if name.rpartition(".")[2] in _NAMES and getattr(module, "weight", None) is not None
        ),
        None,
    )


def _offset(model: LoadedModel, module: Any) -> int:
    """How many of the first rows no token is ever given."""
    shift = getattr(module, "offset", None)  # OPT and BART
    if isinstance(shift, int):
        return shift
    # RoBERTa and those after it count from the number of the padding token on.
    padding = getattr(module, "padding_idx", None)
    return padding + 1 if isinstance(padding, int) else 0


Replacement = Literal["zero", "same"]
"""Nothing is added for a position, or for all tokens what is added for the first."""

# By the last part of a module's name: a vector a position, a number a distance, or the angles of a turn.
_VECTORS = ("position_embeddings", "wpe", "embed_positions")

_DISTANCES = "relative_attention_bias"

_ANGLES = "rotary_emb"

# Arguments of attention modules that say how far apart tokens are: DeBERTa's distances, BLOOM's slopes.
_TOLD = ("relative_pos", "alibi")


@contextmanager
def without_positions(model: LoadedModel, off: Replacement = "zero") -> Iterator[None]:
    """Within the block the part of the model that reads the text is told nothing of positions.

    Rotary angles and distances are those of one position for all in either case: a turn by nothing is no turn. The
    model's lock is held as long as the block lasts: call `model.model` in it, not what takes the lock. Raises
    `ModelRefused` where it is not known how the model is told.
    """
    network = reader(model)
    if getattr(model.model.config, "conv_kernel_size", 0) > 0 and hasattr(network.base_model, "encoder"):
        raise _refused(model)
    rotary = model.model.config.model_type == "roformer"
    placed: list[Callable[[], Any]] = []
    for name, module in network.named_modules():
        last = name.rpartition(".")[2]
        if last == _ANGLES or (rotary and last in _VECTORS and not name.startswith("embeddings")):
            placed.append(partial(module.register_forward_hook, _first))
        elif last in _VECTORS:
            placed.append(partial(module.register_forward_hook, _nothing if off == "zero" else _first))
        elif last == _DISTANCES:
            placed.append(partial(module.register_forward_hook, _nothing))
        elif any(each in _parameters(module) for each in _TOLD):
            placed.append(partial(module.register_forward_pre_hook, _untold, with_kwargs=True))
    if not placed:
        raise _refused(model)
    with model.lock:
        hooks = [place() for place in placed]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()


def _refused(model: LoadedModel) -> ModelRefused:
    return ModelRefused(
        _(
            "How {model} ({family}) is told of positions is not known to this lesson, so they cannot be switched off. "
            "Please choose a BERT-style model for this part."
        ),
        model=model.card.title,
        family=str(model.model.config.model_type),
    )


def _parameters(module: Any) -> tuple[str, ...]:
    code = getattr(type(module).forward, "__code__", None)
    return (
        code.co_varnames[: code.co_argcount]
        if code is not None and "ttention" in type(module).__name__
        else ()
    )


def _nothing(_module: Any, _inputs: Any, output: torch.Tensor) -> torch.Tensor:
    return torch.zeros_like(output)


def _first(_module: Any, _inputs: Any, output: Any) -> Any:
    """The vector of the first token for all: [..., token, dim]."""
    if isinstance(output, tuple):
        return tuple(_first(_module, _inputs, each) for each in output)
    return output.narrow(-2, 0, 1).expand_as(output).contiguous()


def _untold(_module: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    told = {name: torch.zeros_like(named[name]) for name in _TOLD if named.get(name) is not None}
    return inputs, {**named, **told}
