"""What config.json says of a model, read by the config class of transformers, which knows each name a size may have.

config_of(raw, model)      the config object of transformers, from a stranger's file
shape_of(config, model)    layers, heads, positions and kinds of map: plain values, bounded
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from viz.errors import ModelFileError, ModelRefused
from viz.language import _
from viz.models.card import Kind
from viz.models.families.family import FAMILIES, Family, family_of

_MOST_LAYERS = 256
_MOST_HEADS = 256
_MOST_POSITIONS = 10_000_000
_MOST_VOCABULARY = 2_000_000
_MOST_WIDTH = 32_768

# What would choose another file, class, precision or form of the output than this app asks for.
_NOT_TAKEN = frozenset(
    {
        "attn_implementation",
        "auto_map",
        "distributed_config",
        "dtype",
        "experts_implementation",
        "id2label",
        "label2id",
        "output_hidden_states",
        "problem_type",
        "quantization_config",
        "return_dict",
        "task_specific_params",
        "transformers_weights",
    }
)


@dataclass(frozen=True)
class Shape:
    """The sizes of one model, and which maps it gives. `positions` is 0 where it has no limit of its own."""

    layers: int
    heads: int
    positions: int
    decoder_layers: int = 0
    decoder_heads: int = 0
    kinds: tuple[Kind, ...] = ("encoder",)

    @property
    def maps(self) -> int:
        """How many maps of one head there are."""
        return (
            self.layers * self.heads + ("cross" in self.kinds) * 2 * self.decoder_layers * self.decoder_heads
        )


def config_of(raw: Mapping[str, Any], model: str) -> Any:
    """The transformers config object that config.json, read as `raw`, describes; `model` is the name for an error.

    Settings that choose files, classes or the form of the output are left out. Raises ModelRefused for a family or
    positions that this app cannot show, ModelFileError for what the class does not take.
    """
    family_of(raw, model)
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    _check_counts(raw, model)
    try:
        kind: Any = CONFIG_MAPPING[raw["model_type"]]
        own = {field.name for field in fields(kind)} | set(kind.attribute_map)
        config = kind(**{name: value for name, value in raw.items() if _is_setting(name, kind, own)})
    except Exception as exc:  # whatever a stranger's values make the class raise
        raise ModelFileError(
            _("{model} cannot be loaded: its config.json cannot be read ({reason}). Choose another model."),
            model=model,
            reason=" ".join(str(exc).split()) or type(exc).__name__,
        ) from exc
    positions = raw.get("position_embedding_type")
    if positions not in (None, "absolute") and "position_embedding_type" not in own:
        raise ModelRefused(
            _(
                "{model} cannot be used: its config.json asks for positions of the type {received}, which this app "
                "cannot compute in this family; only absolute ones are. Choose another model."
            ),
            model=model,
            received=str(positions),
        )
    return config


def stated_shape(raw: Mapping[str, Any], model: str) -> Shape:
    """The shape of the model, from what config.json states where it states all, else from the config class.

    So that a list of models is there at once: loading transformers takes seconds. Raises as `config_of` and `shape_of`.
    """
    family = family_of(raw, model)
    if raw.get("position_embedding_type", "absolute") == "absolute":
        with contextlib.suppress(ModelFileError):
            return shape_of(_Stated(raw, family), model)
    return shape_of(config_of(raw, model), model)


class _Stated:
    """What config.json states, under the names that all families share: they win over the family's own."""

    def __init__(self, raw: Mapping[str, Any], family: Family) -> None:
        self._raw, self._names = raw, family.names

    def __getattr__(self, name: str) -> Any:
        try:
            return self._raw[name if name in self._raw else self._names.get(name, name)]
        except KeyError:
            raise AttributeError(name) from None


def shape_of(config: Any, model: str) -> Shape:
    """The sizes in a transformers config, which may be hostile: whole numbers within what a computer can hold.

    Raises ModelFileError for a size that is missing or out of bounds.
    """
    family = FAMILIES[config.model_type]

    def number(name: str, most: int) -> int:
        value = getattr(config, name, None)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return value
        raise _out_of_bounds(model, family.names.get(name, name), value, most)

    number("vocab_size", _MOST_VOCABULARY)
    number("hidden_size", _MOST_WIDTH)
    layers, heads = number("num_hidden_layers", _MOST_LAYERS), number("num_attention_heads", _MOST_HEADS)
    positions = number("max_position_embeddings", _MOST_POSITIONS) if family.limited else 0
    if family.padded_positions:
        padding = getattr(config, "pad_token_id", 1)
        positions = max(1, positions - 1 - (padding if isinstance(padding, int) and padding >= 0 else 1))
    kinds = _kinds(family, config)
    if not family.decoder_layers or kinds == ("encoder",):
        return Shape(layers, heads, positions, kinds=kinds)
    decoder = number(family.decoder_layers, _MOST_LAYERS), number(family.decoder_heads, _MOST_HEADS)
    if kinds == ("decoder",):
        return Shape(*decoder, positions, kinds=kinds)
    return Shape(layers, heads, positions, *decoder, kinds)


def saved_class(config: Any) -> str:
    """The name of the class that the weights were saved from; "" where config.json does not name it."""
    names = getattr(config, "architectures", None)
    return names[0] if isinstance(names, list) and names and isinstance(names[0], str) else ""


def _kinds(family: Family, config: Any) -> tuple[Kind, ...]:
    """The maps that the model gives: those of its family, but for a model that was saved or set up as another part."""
    saved = saved_class(config)
    for ending, kind in family.parts.items():
        if saved.endswith(ending) or (not saved and not getattr(config, "is_encoder_decoder", True)):
            return (kind,)
    if "is_decoder" in family.settings and getattr(config, "is_decoder", False):
        return ("decoder",)
    if "is_causal" in family.settings and not getattr(config, "is_causal", True):
        return ("encoder",)
    return family.kinds


def _is_setting(name: str, kind: Any, own: set[str]) -> bool:
    """Whether a key of config.json may reach the class: nothing that would take the place of one of its methods."""
    hidden = name.startswith("_") or hasattr(kind, name)
    return name not in _NOT_TAKEN and (name in own or name == "rope_scaling" or not hidden)


def _check_counts(raw: Mapping[str, Any], model: str) -> None:
    """Refuse numbers by which the class itself would make lists that fill the memory."""
    for name, value in raw.items():
        if ("layer" in name or "group" in name) and isinstance(value, int) and value > _MOST_LAYERS:
            raise _out_of_bounds(model, name, value, _MOST_LAYERS)
    patterns = raw.get("attention_types")
    if isinstance(patterns, list):
        pairs = [pair for pair in patterns if isinstance(pair, list) and len(pair) == 2]
        count = sum(
            len(names) * times for names, times in pairs if isinstance(names, list) and type(times) is int
        )
        if count > _MOST_LAYERS:
            raise _out_of_bounds(model, "attention_types", count, _MOST_LAYERS)


def _out_of_bounds(model: str, key: str, value: object, most: int) -> ModelFileError:
    return ModelFileError(
        _(
            "{model} cannot be loaded: its config.json gives {key} as {received}; a whole number from 1 to {most} "
            "was expected. Choose another model."
        ),
        model=model,
        key=key,
        received=str(value),
        most=most,
    )
