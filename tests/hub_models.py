"""Repositories of tiny models for the hub on loopback, made with the real classes of transformers."""

import functools
import json
import tempfile
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece
from transformers import BertConfig, BertModel, BertTokenizerFast

WORDS = [
    "the",
    "cat",
    "dog",
    "sat",
    "on",
    "mat",
    "because",
    "it",
    "was",
    "a",
    "tired",
    "every",
    "head",
    "sees",
]
SIGNS = "我你他她们的猫狗坐在垫子上因为很累了是不人有来这中大国学生看见天地注意力模型一二三"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def tiny_tokenizer() -> BertTokenizerFast:
    """WordPiece for English words and letters, digits, punctuation and some Chinese signs."""
    single = [chr(code) for code in range(33, 127)]
    letters = [f"##{chr(code)}" for code in (*range(97, 123), *range(48, 58))]
    vocabulary = list(dict.fromkeys([*SPECIAL, *single, *letters, *WORDS, *SIGNS]))
    backend = Tokenizer(
        WordPiece({token: at for at, token in enumerate(vocabulary)}, unk_token="[UNK]")  # noqa: S106 - no password
    )
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece()
    ends = [("[CLS]", vocabulary.index("[CLS]")), ("[SEP]", vocabulary.index("[SEP]"))]
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    return BertTokenizerFast(tokenizer_object=backend, model_max_length=64)


@functools.cache
def tiny_bert(
    hidden: int = 32, layers: int = 2, heads: int = 4, seed: int = 0, shards: bool = False
) -> dict[str, bytes]:
    """The files of a BERT with random weights: about 0.1 MB at hidden=32, 5 MB at hidden=256.

    `seed` makes models that differ. With `shards`, the weights are split and have an index.
    """
    tokenizer = tiny_tokenizer()
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=2 * hidden,
        max_position_embeddings=64,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = BertModel(config)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder, max_shard_size="50kB" if shards else "5GB")
        tokenizer.save_pretrained(folder)
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def pickled(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same repository as it was before safetensors: weights in a pickle (of which nothing is ever read)."""
    rest = {name: data for name, data in files.items() if "safetensors" not in name}
    return {**rest, "pytorch_model.bin": b"\x80\x04 a pickle"}


def shards_of(files: dict[str, bytes]) -> list[str]:
    """The names of the files with weights that the index names, sorted."""
    index = json.loads(files["model.safetensors.index.json"])
    return sorted(set(index["weight_map"].values()))
