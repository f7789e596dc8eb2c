"""A folder's tokenizer, held against the folder's own files before a text is read with it.

transformers picks a class by names in the folder and by the model's type, and builds it from whatever it finds. A class
of another kind then cuts every text into letters, or finds no word at all, and nothing says so.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from viz.errors import ModelFileError
from viz.language import _

TOKENIZER_FILE = "tokenizer.json"
_SENTENCEPIECE = ("*.model", "*.spm")
_SAMPLE = 300
_AGREED = 0.9  # of the entries of a vocabulary: files repeat some, and a class may rename a few marks
_PROBE = (
    "The cats sat on the mat, didn't they?  Two  spaces\nand 3.14 × 2. "
    "Le chat s'est assis à l'été. 今天天气很好。 नमस्ते שלום привет 👍🏽 cafe\u0301"
)


def read_tokenizer(folder: Path, title: str, config: Any = None) -> Any:
    """The tokenizer in `folder`, which reads a text as the folder's own files say.

    Where the class that transformers picks reads a probe in another way than tokenizer.json, that file is read by
    itself. `config` is the model's, already checked: transformers reads config.json anew without it. Raises
    ModelFileError, with the model's `title`, where nothing agrees with the files, and whatever transformers, tokenizers
    and sentencepiece raise for files that cannot be read.
    """
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    options = {"local_files_only": True, "trust_remote_code": False}
    if not (folder / TOKENIZER_FILE).is_file():
        tokenizer = AutoTokenizer.from_pretrained(str(folder), config=config, **options)
        _check_vocabulary(folder, tokenizer, title)
        return tokenizer
    problem: Exception = ModelFileError(
        _(
            "{model} cannot be loaded: its tokenizer does not read a text as its own {file} says. "
            "Choose another model."
        ),
        model=title,
        file=TOKENIZER_FILE,
    )
    for kind, settings in ((AutoTokenizer, {"config": config}), (PreTrainedTokenizerFast, {})):
        try:
            tokenizer = kind.from_pretrained(str(folder), **settings, **options)
            if reads_as_its_file(folder / TOKENIZER_FILE, tokenizer):
                return tokenizer
        except Exception as exc:  # noqa: BLE001  whatever a class makes of a file of another kind
            problem = exc
    raise problem


def reads_as_its_file(file: Path, tokenizer: Any) -> bool:
    """Whether a tokenizer gives the ids that its tokenizer.json gives: of a probe, of words and of added tokens.

    The probe alone tells nothing of a vocabulary that has none of its words.
    """
    from tokenizers import Tokenizer

    own = Tokenizer.from_file(str(file))
    own.no_truncation()
    own.no_padding()
    count = own.get_vocab_size()
    words = own.decode(list(range(0, count, max(1, count // _SAMPLE))))
    added = " x ".join(token.content for token in list(own.get_added_tokens_decoder().values())[:_SAMPLE])
    for text in (_PROBE, words, added):
        ids = tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"]
        if list(ids) != own.encode(text, add_special_tokens=False).ids:
            return False
    return True


def _check_vocabulary(folder: Path, tokenizer: Any, title: str) -> None:
    """Raise ModelFileError where a tokenizer does not know the words of a file of a vocabulary beside it."""
    known = tokenizer.get_vocab()
    for file, own in _vocabularies(folder).items():
        agreed = sum(token in known and number in (None, known[token]) for token, number in own.items())
        if agreed < _AGREED * len(own):
            raise ModelFileError(
                _(
                    "{model} cannot be loaded: its tokenizer does not fit. {kind}, which its config.json asks for, "
                    "knows {known} of the {count} entries of its {file}. Put the model's tokenizer.json beside it, "
                    "or choose another model."
                ),
                model=title,
                kind=type(tokenizer).__name__,
                known=agreed,
                count=len(own),
                file=file,
            )


def _vocabularies(folder: Path) -> dict[str, Mapping[str, int | None]]:
    """The tokens of each file of a vocabulary, with their ids where the file says them."""
    vocabularies: dict[str, Mapping[str, int | None]] = {}
    if (path := folder / "vocab.txt").is_file():
        lines = path.read_text(encoding="utf-8").split("\n")
        vocabularies[path.name] = {
            line.rstrip("\r"): number for number, line in enumerate(lines) if line.strip()
        }
    if (path := folder / "vocab.json").is_file():
        vocabularies[path.name] = json.loads(path.read_text(encoding="utf-8"))
    for pattern in _SENTENCEPIECE:
        for path in folder.glob(pattern):
            vocabularies[path.name] = _pieces(path)
    return vocabularies


def _pieces(path: Path) -> dict[str, int | None]:
    """The pieces of a SentencePiece model, without ids: some classes count other tokens before them."""
    import sentencepiece

    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return {model.id_to_piece(number): None for number in range(model.get_piece_size())}
