"""A folder as `save_pretrained` writes it: its card, and the model in it.

    read_card(folder, id, source)         from config.json alone, which is read as data and bounded
    load_checkpoint(folder, card, rev)    the model and its tokenizer; safetensors only, no code from the folder

The folder is hostile: whatever it holds, the outcome is a model with all its weights, or one clear error.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from viz.errors import ModelFileError, ModelRefused, VizError
from viz.messages import _
from viz.models.card import LoadedModel, ModelCard, Source
from viz.models.families import Family, Shape, family_of, shape_of
from viz.models.hub_files import has_tokenizer
from viz.models.settings import settings
from viz.models.tokenizer_probe import read_tokenizer

CONFIG_FILE = "config.json"
_MOST_CONFIG_BYTES = 1_000_000
# All maps of one text, in bytes: what a model with many heads may take of the server's memory.
_MOST_RESULT_BYTES = 400_000_000
_PREDICTS = "ForMaskedLM"
# Layers on top of the last hidden state; attention does not depend on them, so a file may lack them.
_WITHOUT_EFFECT = ("pooler", "lm_head", "cls.", "classifier", "final_logits_bias", "position_ids")


def read_card(folder: Path, model_id: str, source: Source, known: ModelCard | None = None) -> ModelCard:
    """The card of the model in `folder`; sizes from its config.json, words from `known` where it is given.

    Raises ModelFileError where config.json is missing, unreadable or out of bounds, and ModelRefused for a family
    that this app cannot show.
    """
    config = read_config(folder, model_id)
    family = family_of(config, model_id)
    shape = shape_of(family, config, model_id)
    card = known or ModelCard(
        id=model_id,
        title=model_id,
        languages=(),
        layers=shape.layers,
        heads=shape.heads,
        max_tokens=1,
        licence="",
        source=source,
        about=_("A model that is not in this app's own list; its page on the hub says what it is for.")
        if source == "hub"
        else _("A model from a folder that the host of this app has put there."),
    )
    return replace(
        card,
        layers=shape.layers,
        heads=shape.heads,
        max_tokens=token_limit(family, shape),
        kinds=family.kinds,
        decoder_layers=shape.decoder_layers,
        decoder_heads=shape.decoder_heads,
    )


def read_config(folder: Path, model_id: str) -> Mapping[str, Any]:
    """What config.json says, as plain data. Raises ModelFileError where there is none that can be read."""
    try:
        with (folder / CONFIG_FILE).open("rb") as handle:
            raw = handle.read(_MOST_CONFIG_BYTES + 1)
        if len(raw) > _MOST_CONFIG_BYTES:
            raise ValueError("too long")
        found = json.loads(raw)
        if not isinstance(found, dict):
            raise TypeError("not an object")
    except (OSError, ValueError, TypeError, RecursionError) as exc:
        raise ModelFileError(
            _("{model} cannot be loaded: its config.json cannot be read ({reason}). Choose another model."),
            model=model_id,
            reason=_plain(exc),
        ) from exc
    return found


def token_limit(family: Family, shape: Shape) -> int:
    """The longest text in tokens: the model's limit, the host's, and what keeps all its maps within memory."""
    maps = shape.layers * shape.heads
    if "cross" in family.kinds:
        maps += 2 * shape.decoder_layers * shape.decoder_heads
    fits = int((_MOST_RESULT_BYTES / (4 * maps)) ** 0.5)
    limits = (shape.positions, settings().max_tokens, fits)
    return max(1, min(limit for limit in limits if limit))


def load_checkpoint(folder: Path, card: ModelCard, revision: str) -> LoadedModel:
    """The model and tokenizer in `folder`: float32, eval mode, no gradients, eager attention.

    Raises ModelFileError for files that are missing, unreadable or do not fit together, ModelRefused for a family or
    a tokenizer that this app cannot show.
    """
    if not any(folder.glob("*.safetensors")):
        raise ModelFileError(
            _(
                "{model} cannot be loaded: its folder has no weights as safetensors. "
                "Other formats can run code and are not read. Choose another model."
            ),
            model=card.title,
        )
    config = read_config(folder, card.title)
    family = family_of(config, card.title)
    model, missing = _weights(folder, family, config)
    headed = _PREDICTS in _architecture(config)
    absent = sorted(
        name
        for name in missing
        if not any(part in name for part in _WITHOUT_EFFECT)
        and (not headed or name.startswith(f"{model.base_model_prefix}."))
    )
    if absent:
        raise ModelFileError(
            _(
                "{model} cannot be loaded: its files lack {count} of the model's weights, {first} the first of them."
            ),
            model=card.title,
            count=len(absent),
            first=absent[0],
        )
    tokenizer = _tokenizer(folder, card)
    _check_vocabulary(model, tokenizer, card)
    longest = getattr(tokenizer, "model_max_length", 0)
    if isinstance(longest, int) and 1 < longest < card.max_tokens:
        card = replace(card, max_tokens=longest)
    bare = model.base_model if headed else model
    return LoadedModel(card, bare, tokenizer, revision, predictor=model if headed and not missing else None)


def weights_digest(folder: Path) -> str:
    """The sha256 of all the weights in `folder`: what says which weights these are where no hub does."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as handle:
            digest.update(hashlib.file_digest(handle, "sha256").digest())
    return digest.hexdigest()


def _weights(folder: Path, family: Family, config: Mapping[str, Any]) -> tuple[Any, set[str]]:
    """The model, and the names of the weights that its files lack."""
    import torch
    from transformers import AutoModel, AutoModelForMaskedLM, AutoModelForSeq2SeqLM

    kind: Any = AutoModel
    if "cross" in family.kinds:
        kind = AutoModelForSeq2SeqLM  # with a language head, for what it is to write
    elif _PREDICTS in _architecture(config):
        kind = AutoModelForMaskedLM
    model, report = kind.from_pretrained(
        str(folder),
        local_files_only=True,
        trust_remote_code=False,
        use_safetensors=True,
        attn_implementation="eager",  # the fused implementations return no attention weights
        dtype=torch.float32,
        output_loading_info=True,
    )
    return model.eval().requires_grad_(False), set(report["missing_keys"])


def _architecture(config: Mapping[str, Any]) -> str:
    """The class that the weights were saved from, as config.json names it; "" where it does not."""
    named = config.get("architectures")
    return named[0] if isinstance(named, list) and named and isinstance(named[0], str) else ""


def _tokenizer(folder: Path, card: ModelCard) -> Any:
    try:
        # Without one of these, transformers makes a tokenizer that knows no word at all.
        if not has_tokenizer(path.name for path in folder.iterdir()):
            raise FileNotFoundError("there is no file of a vocabulary")
        tokenizer = read_tokenizer(folder, card.title)
        if len(tokenizer("a b").input_ids) == 0:
            raise ValueError("it makes no tokens of a text")
    except VizError:
        raise
    except Exception as exc:  # whatever tokenizers, sentencepiece and transformers raise
        raise ModelFileError(
            _(
                "{model} cannot be loaded: its tokenizer cannot be used here ({reason}). Choose another model."
            ),
            model=card.title,
            reason=_plain(exc),
        ) from exc
    return tokenizer


def _check_vocabulary(model: Any, tokenizer: Any, card: ModelCard) -> None:
    """A tokenizer that counts further than the model's table would make it read weights that are not there."""
    table = model.get_input_embeddings().weight.shape[0]
    highest = max(tokenizer.get_vocab().values(), default=0)
    if highest >= table:
        raise ModelRefused(
            _(
                "{model} cannot be used: its tokenizer has a token numbered {highest}, but the model knows "
                "only {count}. The two do not belong together. Choose another model."
            ),
            model=card.title,
            highest=highest,
            count=table,
        )


def _plain(problem: BaseException) -> str:
    """A third party's error as one short line, for a message."""
    lines = str(problem).strip().splitlines()
    return f"{type(problem).__name__}: {lines[0]}" if lines else type(problem).__name__
