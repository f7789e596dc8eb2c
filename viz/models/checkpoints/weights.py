"""The weights of a folder in the class of transformers that has a place for each of them, or one clear error.

load_weights(folder, config, card)    the model and what is to be said of it
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import safe_open

from viz.errors import ModelFileError, ModelRefused, VizError
from viz.language import _
from viz.models.card import Kind, ModelCard
from viz.models.families.family import FAMILIES
from viz.models.families.sizes import saved_class

# A config may describe so many times the numbers that its files hold, and so many more parameters (a head that the
# files lack) and bytes of tables that are computed anew.
_MOST_GROWTH = 2
_MOST_ADDED = 2_000_000
_MOST_TABLE_BYTES = 200_000_000
# Layers above the last hidden state, and tables that are computed anew: attention does not depend on them.
_WITHOUT_EFFECT = re.compile(
    r"(^|\.)(pooler|lm_head)\.|(position_ids|token_type_ids|inv_freq|version|masked_bias|att(entio)?n\.bias)$"
)


@dataclass(frozen=True)
class Weights:
    """A transformers model with its weights; `predicts` where it has a whole masked-language head around it.

    `notes` are what a person should know though the model works.
    """

    model: Any
    predicts: bool
    notes: tuple[VizError, ...]


def load_weights(folder: Path, config: Any, card: ModelCard) -> Weights:
    """The model that `config` describes, with the weights in `folder`.

    In float32 and eval mode, without gradients, with eager attention. Raises ModelFileError where weights within its
    layers are missing, of another shape, or without a place.
    """
    kind = _class_for(card.kinds, config)
    _check_amount(folder, kind, config, card)
    model, report = kind.from_pretrained(
        str(folder),
        config=config,
        local_files_only=True,
        trust_remote_code=False,
        use_safetensors=True,
        attn_implementation="eager",  # the fused implementations return no attention weights
        dtype=torch.float32,
        ignore_mismatched_sizes=True,  # they are refused here, by name and shape
        output_loading_info=True,
    )
    _check_places(model, report, card)
    whole = not report["missing_keys"] and not report["mismatched_keys"]
    predicts = whole and kind is transformers.AutoModelForMaskedLM
    return Weights(model.eval().requires_grad_(False), predicts, tuple(_notes(config, report, card)))


def _class_for(kinds: tuple[Kind, ...], config: Any) -> Any:
    """The class of transformers that holds the maps of these kinds, with the head that this app has a use for."""
    saved = saved_class(config)
    if "cross" in kinds:
        return transformers.AutoModelForSeq2SeqLM  # with a language head, for what it is to write
    if "cross" in FAMILIES[config.model_type].kinds:
        return (
            transformers.AutoModelForTextEncoding if "encoder" in kinds else transformers.AutoModelForCausalLM
        )
    if "encoder" in kinds and saved.endswith("ForMaskedLM"):
        return transformers.AutoModelForMaskedLM
    # Some of these keep their layers under another name than the bare model.
    if saved.endswith("ForQuestionAnswering"):
        return transformers.AutoModelForQuestionAnswering
    return transformers.AutoModel


def _check_amount(folder: Path, kind: Any, config: Any, card: ModelCard) -> None:
    """Refuse a config that describes far more weights than there are, before memory is taken for them."""
    with torch.device("meta"):
        planned = kind.from_config(config)
    described = sum(parameter.numel() for parameter in planned.parameters())
    tables = sum(buffer.nbytes for buffer in planned.buffers())
    held = 0
    for path in folder.glob("*.safetensors"):
        with safe_open(path, "pt") as weights:
            held += sum(math.prod(weights.get_slice(name).get_shape()) for name in weights.keys())  # noqa: SIM118
    if max(described - _MOST_ADDED, tables - _MOST_TABLE_BYTES) > _MOST_GROWTH * held:
        raise ModelFileError(
            _(
                "{model} cannot be loaded: its config.json describes {expected} weights, but its files hold "
                "{received}. The two do not belong together. Choose another model."
            ),
            model=card.title,
            expected=described,
            received=held,
        )


def _check_places(model: Any, report: Mapping[str, Any], card: ModelCard) -> None:
    """Refuse weights within the bare model that are missing, of another shape, or without a place."""
    parts = {name for name, _module in model.base_model.named_children()}

    def matters(name: str) -> bool:
        own = name.removeprefix(f"{model.base_model_prefix}.")
        return own.split(".")[0] in parts and not _WITHOUT_EFFECT.search(own)

    reshaped = sorted(entry for entry in report["mismatched_keys"] if matters(entry[0]))
    if reshaped:
        name, received, expected = reshaped[0]
        raise ModelFileError(
            _(
                "{model} cannot be loaded: in its files {name} has the shape {received}, and by its config.json it "
                "would have {expected}. They do not belong together, or heads were cut out. Choose another model."
            ),
            model=card.title,
            name=name,
            received=str(list(received)),
            expected=str(list(expected)),
        )
    lacking = _(
        "{model} cannot be loaded: its files lack {count} of the model's weights, {first} the first of them."
    )
    left_over = _(
        "{model} cannot be loaded: its files hold {count} weights that have no place in the model as this app "
        "computes it, {first} the first of them. What it drew without them would be wrong. "
        "Choose another model."
    )
    for keys, message in (("missing_keys", lacking), ("unexpected_keys", left_over)):
        if names := sorted(filter(matters, report[keys])):
            raise ModelFileError(message, model=card.title, count=len(names), first=names[0])


def _notes(config: Any, report: Mapping[str, Any], card: ModelCard) -> Iterator[VizError]:
    """What a person should know of a model that works, though not all that it has is used."""
    writes = "cross" in FAMILIES[config.model_type].kinds
    if card.kinds == ("decoder",) and (writes or getattr(config, "add_cross_attention", False)):
        yield ModelRefused(
            _(
                "{model} is a decoder that was made to read an encoder's output too, which is not in its files: what "
                "is shown is its attention among its own tokens, without that."
            ),
            model=card.title,
        )
    if "cross" in card.kinds and any("lm_head" in name for name in report["missing_keys"]):
        yield ModelFileError(
            _(
                "{model} has no weights of the head that chooses words, so what it writes by itself is chance. Give "
                "the text that its decoder is to read."
            ),
            model=card.title,
        )
