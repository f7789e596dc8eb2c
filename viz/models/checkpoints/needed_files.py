"""Which files of a model are fetched from the hub, and when a folder holds all that a model needs.

Weights only as safetensors; no pickle, no code. Only files at the top of the repository count.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from viz.errors import ModelFileError
from viz.language import _

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"

_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
# A tokenizer can be made from each of these alone; *.model and *.spm are SentencePiece's.
_TOKENIZER = re.compile(r"tokenizer\.json|vocab\.txt|vocab\.json|[\w.-]+\.(model|spm)", re.ASCII)
_BESIDE = frozenset(
    (
        "generation_config.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "merges.txt",
    )
)
_WEIGHTS_NOT_READ = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5", ".msgpack", ".onnx", ".gguf", ".ot")
_INDEX_LIMIT = 20_000_000
_NAME_LIMIT = 100


def wanted(names: Iterable[str]) -> tuple[str, ...]:
    """Of the files of a repository those that are fetched, weights last.

    One model.safetensors is preferred to an index and its shards. What has weights from this function has
    them whole, or an index that says what is missing.
    """
    names = [name for name in names if len(name) <= _NAME_LIMIT]
    described = [name for name in names if name == CONFIG or name in _BESIDE or _TOKENIZER.fullmatch(name)]
    if WEIGHTS in names:
        weights = [WEIGHTS]
    elif INDEX in names:
        weights = [INDEX, *(name for name in names if _SHARD.fullmatch(name))]
    else:
        weights = []
    return (*sorted(described), *weights[:1], *sorted(weights[1:]))


def has_weights(names: Iterable[str]) -> bool:
    """Whether there are weights among the wanted files."""
    return not {WEIGHTS, INDEX}.isdisjoint(names)


def has_tokenizer(names: Iterable[str]) -> bool:
    """Whether there is a file among them that a tokenizer can be made from."""
    return any(_TOKENIZER.fullmatch(name) for name in names)


def weights_not_read(names: Iterable[str]) -> tuple[str, ...]:
    """The files with weights in formats that this app does not read, pickles most of all."""
    return tuple(name for name in sorted(names) if name.endswith(_WEIGHTS_NOT_READ))


def shards_of(index: Path) -> frozenset[str]:
    """The names of the files that an index of weights asks for. Raises ModelFileError for what is no index."""
    try:
        if index.stat().st_size > _INDEX_LIMIT:
            raise ValueError("too large")
        names = frozenset(json.loads(index.read_bytes())["weight_map"].values())
        if not names or not all(_SHARD.fullmatch(name) for name in names):
            raise ValueError("names other files than model-00001-of-00002.safetensors")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise ModelFileError(
            _("{file} is not an index of weights ({reason}). Choose another model."),
            file=index.name,
            reason=f"{type(exc).__name__}: {exc}",
        ) from exc
    return names


def is_complete(folder: Path) -> bool:
    """Whether `folder` has a config.json, a tokenizer's file and all weights. Looks at names, and at an index."""
    try:
        names = frozenset(entry.name for entry in folder.iterdir() if entry.is_file())
        if CONFIG not in names or not has_tokenizer(names):
            return False
        return WEIGHTS in names or (INDEX in names and shards_of(folder / INDEX) <= names)
    except (OSError, ModelFileError):
        return False
