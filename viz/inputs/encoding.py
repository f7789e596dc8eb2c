"""Encoding: units with ids, labels, words, spans."""

from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True)
class Truncation:
    """What did not fit: `kept` of `total` tokens, and from which character on each text was cut.

    `text_from` and `pair_from` are character offsets, or None where that text is whole.
    """

    kept: int
    total: int
    text_from: int | None
    pair_from: int | None


@dataclass(frozen=True)
class Encoding:
    """One sequence of tokens as the model is fed it, with what a person reads.

    `segments` says which text a token is from (0 or 1), `special` marks [CLS], [SEP] and the like, `words` numbers the
    words through both texts (None for special tokens), `spans` are character offsets into the token's own text (None
    for special tokens).
    """

    token_ids: tuple[int, ...]
    token_strings: tuple[str, ...]
    token_labels: tuple[str, ...]
    segments: tuple[int, ...]
    special: tuple[bool, ...]
    words: tuple[int | None, ...]
    spans: tuple[Span | None, ...]
    text: str
    pair: str | None = None
    truncation: Truncation | None = None

    def __len__(self) -> int:
        return len(self.token_ids)

    @property
    def ids(self) -> list[int]:
        """The vocabulary ids fed to the model, one a token."""
        return list(self.token_ids)

    @property
    def tokens(self) -> list[str]:
        """The tokenizer's own strings, one a token."""
        return list(self.token_strings)

    @property
    def labels(self) -> list[str]:
        """What a person reads, one a token; repeated tokens carry their position: `the₂`, `the₇`."""
        return list(self.token_labels)
