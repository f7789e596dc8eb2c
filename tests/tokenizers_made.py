"""Small tokenizers of the real transformers classes, made here: no files, no network, the same at each run."""

import functools
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import sentencepiece
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (
    AlbertTokenizer,
    BartTokenizer,
    BertTokenizer,
    CamembertTokenizer,
    DebertaV2Tokenizer,
    GPT2Tokenizer,
    LlamaTokenizer,
    MarianTokenizer,
    MPNetTokenizer,
    PreTrainedTokenizerFast,
    Qwen2Tokenizer,
    RobertaTokenizer,
    RoFormerTokenizer,
    T5Tokenizer,
    XLMRobertaTokenizer,
)

from viz.models import LoadedModel
from viz.models.card import ModelCard

CORPUS = [
    "The cat sat on the mat. The cats didn't sit on a mat, did they?",
    "Hello world! Unbelievable embeddings of the words (and more) in 2024.",
    "the weather today is good; the weather yesterday was bad",
    "今天天气很好。我们去看猫和狗。",
    "Le chat s'est assis, n'est-ce pas? Où est l'été?",
]
WORDS = ["the", "cat", "sat", "mat", "on", "today", "weather", "did", "good", "un", "believ", "able"]
CHARACTERS = sorted({c for line in CORPUS for c in line.lower() + line if not c.isspace()})
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def _wordpiece() -> dict[str, int]:
    pieces = [*CHARACTERS, *(f"##{c}" for c in CHARACTERS), *WORDS, "##s", "##able", "天气", "##believ"]
    return {piece: at for at, piece in enumerate(dict.fromkeys([*SPECIAL, "[MASK]", "<mask>", *pieces]))}


def _unigram(special: list[str]) -> list[tuple[str, float]]:
    pieces = ["▁", *(f"▁{word}" for word in WORDS), *WORDS, "今天", "天气", "s", "'", *CHARACTERS]
    ordered = dict.fromkeys([*special, *pieces])
    return [(piece, 0.0 if at < len(special) else -1.0 - at / 100) for at, piece in enumerate(ordered)]


@functools.cache
def _byte_bpe() -> tuple[dict[str, int], list[tuple[str, str]]]:
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "<|endoftext|>"]
    made.train_from_iterator(
        CORPUS * 4,
        trainers.BpeTrainer(
            vocab_size=420,
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            special_tokens=special,
            show_progress=False,
        ),
    )
    found = json.loads(made.to_str())["model"]
    return found["vocab"], [tuple(merge) for merge in found["merges"]]


def _fallback_vocabulary() -> tuple[dict[str, int], list[tuple[str, str]]]:
    merges = [("t", "h"), ("th", "e"), ("▁", "the"), ("▁", "c"), ("▁c", "a"), ("▁ca", "t"), ("▁", "▁")]
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁"]
    letters = [c for c in CHARACTERS if c not in "猫狗"]  # these are left to their bytes
    ordered = dict.fromkeys([*pieces, *letters, *("".join(merge) for merge in merges)])
    return {piece: at for at, piece in enumerate(ordered)}, merges


def _llama_before_metaspace() -> Any:
    """As older tokenizer.json files have it: the spaces are turned by the normaliser, nothing splits."""
    vocabulary, merges = _fallback_vocabulary()
    backend = Tokenizer(models.BPE(vocabulary, merges, byte_fallback=True))
    backend.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    backend.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    structural = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=backend, **structural)


def _spm(folder: Path, name: str, lines: list[str], size: int) -> str:
    corpus = folder / f"{name}.txt"
    corpus.write_text("\n".join(lines * 8), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus),
        model_prefix=str(folder / name),
        vocab_size=size,
        model_type="unigram",
        character_coverage=1.0,
        hard_vocab_limit=False,
        minloglevel=2,
        num_threads=1,
    )
    return str(folder / f"{name}.model")


@functools.cache
def marian(*, separate: bool = False) -> Any:
    """A translator's tokenizer: one SentencePiece model for each language, and no backend in Rust."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target = _spm(folder, "source", CORPUS[:3], 90), _spm(folder, "target", CORPUS[3:], 70)
        pieces: dict[str, list[str]] = {}
        for side, file in (("source", source), ("target", target)):
            model = sentencepiece.SentencePieceProcessor(model_file=file)
            pieces[side] = [model.id_to_piece(at) for at in range(3, model.get_piece_size())]
        first = pieces["source"] if separate else pieces["source"] + pieces["target"]
        for side, found in (("vocab", first), ("target_vocab", pieces["target"])):
            ordered = dict.fromkeys(["</s>", "<unk>", ">>cmn<<", *found, "<pad>"])
            (folder / side).write_text(json.dumps({piece: at for at, piece in enumerate(ordered)}))
        return MarianTokenizer(
            source_spm=source,
            target_spm=target,
            vocab=str(folder / "vocab"),
            target_vocab_file=str(folder / "target_vocab"),
            source_lang="en",
            target_lang="zh",
            separate_vocabs=separate,
        )


@functools.cache
def made(name: str) -> Any:
    """The tokenizer of that name, see `NAMES`."""
    vocabulary, merges = _byte_bpe()
    fallback, fallback_merges = _fallback_vocabulary()
    roberta_like = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    bert_like = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
    makers: dict[str, Callable[[], Any]] = {
        "bert": lambda: BertTokenizer(vocab=_wordpiece()),
        "bert-cased": lambda: BertTokenizer(vocab=_wordpiece(), do_lower_case=False),
        "mpnet": lambda: MPNetTokenizer(vocab=_wordpiece()),
        "roformer": lambda: RoFormerTokenizer(vocab=_wordpiece()),
        "gpt2": lambda: GPT2Tokenizer(vocab=vocabulary, merges=merges),
        "roberta": lambda: RobertaTokenizer(vocab=vocabulary, merges=merges),
        "roberta-prefix": lambda: RobertaTokenizer(vocab=vocabulary, merges=merges, add_prefix_space=True),
        "bart": lambda: BartTokenizer(vocab=vocabulary, merges=merges),
        "qwen2": lambda: Qwen2Tokenizer(vocab=vocabulary, merges=merges),
        "xlm-roberta": lambda: XLMRobertaTokenizer(vocab=_unigram(roberta_like)),
        "camembert": lambda: CamembertTokenizer(vocab=_unigram(roberta_like)),
        "albert": lambda: AlbertTokenizer(vocab=_unigram(bert_like)),
        "t5": lambda: T5Tokenizer(vocab=_unigram(["<pad>", "</s>", "<unk>"])),
        "deberta-v2": lambda: DebertaV2Tokenizer(
            vocab=_unigram(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
        ),
        "llama": lambda: LlamaTokenizer(vocab=fallback, merges=fallback_merges),
        "llama-old": _llama_before_metaspace,
        "marian": marian,
        "marian-separate": lambda: marian(separate=True),
    }
    return makers[name]()


WORDPIECE = ["bert", "bert-cased", "mpnet", "roformer"]
BYTES = ["gpt2", "roberta", "roberta-prefix", "bart", "qwen2"]
UNIGRAM = ["xlm-roberta", "camembert", "albert", "t5", "deberta-v2"]
FALLBACK = ["llama", "llama-old"]
PYTHON = ["marian", "marian-separate"]
NAMES = [*WORDPIECE, *BYTES, *UNIGRAM, *FALLBACK, *PYTHON]


def with_tokenizer(name: str, max_tokens: int = 512, **config: Any) -> LoadedModel:
    """A model with this tokenizer and nothing else but a configuration."""
    card = ModelCard(name, name, ("mul",), 1, 1, max_tokens, "", "local", "")
    return LoadedModel(card, SimpleNamespace(config=SimpleNamespace(**config)), made(name), "0")
