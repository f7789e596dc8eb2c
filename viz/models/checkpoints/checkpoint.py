"""A folder as `save_pretrained` writes it: its card, and the model in it.

    read_card(folder, id, source)         from config.json alone, which is read as data and bounded
    load_checkpoint(folder, card, rev)    the model and its tokenizer; safetensors only, no code from the folder

The folder is hostile: whatever it holds, the outcome is a model with all its weights, or one clear error.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from viz.errors import ModelFileError, ModelRefused, VizError
from viz.language import _
from viz.models.card import LoadedModel, ModelCard, Source
from viz.models.checkpoints.needed_files import CONFIG, has_tokenizer
from viz.models.checkpoints.tokenizer_probe import read_tokenizer
from viz.models.families.sizes import Shape, config_of, shape_of, stated_shape
from viz.models.settings import settings

_MOST_CONFIG_BYTES = 1_000_000
# All maps of one text, in bytes: what a model with many heads may take of the server's memory.
_MOST_RESULT_BYTES = 400_000_000


def read_card(folder: Path, model_id: str, source: Source, known: ModelCard | None = None) -> ModelCard:
    """The card of the model in `folder`; sizes from its config.json, words from `known` where it is given.

    Raises ModelFileError where config.json is missing, unreadable or out of bounds, and ModelRefused for a family
    that this app cannot show.
    """
    shape = stated_shape(read_config(folder, model_id), model_id)
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
    return _sized(card, shape)


def _sized(card: ModelCard, shape: Shape) -> ModelCard:
    sizes = asdict(shape)
    del sizes["positions"]
    return replace(card, max_tokens=token_limit(shape), **sizes)


def read_config(folder: Path, model_id: str) -> Mapping[str, Any]:
    """What config.json says, as plain data. Raises ModelFileError where there is none that can be read."""
    try:
        with (folder / CONFIG).open("rb") as handle:
            raw = handle.read(_MOST_CONFIG_BYTES + 1)
        if len(raw) > _MOST_CONFIG_BYTES:
            raise ValueError("too long")
        config = json.loads(raw)
        if not isinstance(config, dict):
            raise TypeError("not an object")
    except (OSError, ValueError, TypeError, RecursionError) as exc:
        raise ModelFileError(
            _("{model} cannot be loaded: its config.json cannot be read ({reason}). Choose another model."),
            model=model_id,
            reason=_plain(exc),
        ) from exc
    return config


def token_limit(shape: Shape) -> int:
    """The longest text in tokens: the model's limit, the host's, and what keeps all its maps within memory."""
    fits = int((_MOST_RESULT_BYTES / (4 * shape.maps)) ** 0.5)
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
    # Imported here since torch takes seconds, and cards have to be there at once.
    from viz.models.checkpoints.weights import load_weights

    config = config_of(read_config(folder, card.title), card.title)
    card = _sized(card, shape_of(config, card.title))
    weights = load_weights(folder, config, card)
    model = weights.model
    tokenizer = _tokenizer(folder, config, card)
    _check_vocabulary(model, tokenizer, card)
    longest = getattr(tokenizer, "model_max_length", 0)
    if isinstance(longest, int) and 1 < longest < card.max_tokens:
        card = replace(card, max_tokens=longest)
    bare = model if "cross" in card.kinds else model.base_model
    return LoadedModel(card, bare, tokenizer, revision, weights.notes, model if weights.predicts else None)


def weights_digest(folder: Path) -> str:
    """The sha256 of all the weights in `folder`: what says which weights these are where no hub does."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as handle:
            digest.update(hashlib.file_digest(handle, "sha256").digest())
    return digest.hexdigest()


def _tokenizer(folder: Path, config: Any, card: ModelCard) -> Any:
    try:
        # Without one of these, transformers makes a tokenizer that knows no word at all.
        if not has_tokenizer(path.name for path in folder.iterdir()):
            raise FileNotFoundError("there is no file of a vocabulary")
        tokenizer = read_tokenizer(folder, card.title, config)
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
