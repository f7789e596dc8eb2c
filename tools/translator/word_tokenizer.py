"""The translator's tokenizer: one token a word, French and English in one vocabulary.

Capitals are made small, but for the English "I"; commas and full stops are left out. An apostrophe ends a word.
"""

import re
from collections.abc import Iterable
from typing import Any

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from viz.lessons.translator.translation import END, PAD, SPECIAL, START, UNKNOWN, WORD


def make_tokenizer(texts: Iterable[str]) -> Any:
    """A tokenizer that knows the words of these texts, and no others; in the order of the alphabet."""
    words = sorted({word for text in texts for word in re.findall(r"[\w-]+'?|\?", text)})
    known = {word: number for number, word in enumerate((*SPECIAL, *words))}
    backend = Tokenizer(models.WordLevel(known, unk_token=SPECIAL[UNKNOWN]))
    backend.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Replace("’", "'"),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"(?<![\p{L}'-])i(?![\p{L}'-])"), "I"),
        ]
    )
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(WORD), behavior="removed", invert=True)
    backend.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A $B </s>", special_tokens=[("</s>", END)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token=SPECIAL[PAD],
        eos_token=SPECIAL[END],
        bos_token=SPECIAL[START],
        unk_token=SPECIAL[UNKNOWN],
    )
