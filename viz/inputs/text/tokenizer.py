"""What a tokenizer finds in a text: ids, its own strings, and which characters each is from.

Tokenizers with a backend in Rust say where their tokens are from. Those in Python (Marian, M2M100) do not: there the
pieces are laid along the text, compared in the form that normalisation leaves of both.
"""

import unicodedata
from collections.abc import Container, Sequence
from typing import Any, NamedTuple

from viz.inputs.encoding import Span

_SPACE_MARK = "▁"
_REACH = 16  # how many characters are first looked through for a piece that is not next


class Token(NamedTuple):
    """One token of a tokenizer's answer, and the characters that it is from.

    `sequence` says which text that is, None for what the tokenizer put in itself; `word` numbers the words there where
    it knows any.
    """

    id: int
    text: str
    offset: Span
    sequence: int | None
    word: int | None


def tokenize(tokenizer: Any, text: str, pair: str | None) -> list[Token]:
    """One text, or two, through the tokenizer; it never cuts, for that is state that sessions would share."""
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        return _by_pieces(_view(tokenizer), text, pair)
    found = tokenizer(text, pair, truncation=False, padding=False, verbose=False).encodings[0]
    return list(map(Token, found.ids, found.tokens, found.offsets, found.sequence_ids, found.word_ids))


def tokenize_target(tokenizer: Any, text: str) -> list[Token]:
    """A text in the language that the model writes; some tokenizers have other pieces for it."""
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        view = _view(tokenizer)
        if hasattr(view, "_switch_to_target_mode"):
            view._switch_to_target_mode()
        return _by_pieces(view, text, None)
    return tokenize(tokenizer, text, None)


def shifted(tokens: Sequence[Token], start: Token, own: Container[int], ends: Container[int]) -> list[Token]:
    """The same as a decoder is fed it: its `start` token first, once, and no end token.

    Of what the tokenizer put in only the model's `own` special ids are kept.
    """
    kept = [token for token in tokens if token.sequence is not None or token.id in own]
    if kept and kept[-1].sequence is None and kept[-1].id in ends:
        kept.pop()
    if kept and kept[0].sequence is None and kept[0].id == start.id:
        kept.pop(0)
    return [start, *kept]


def fit(sequences: Sequence[int | None], limit: int) -> list[int]:
    """Which tokens fit into `limit`: all the model's own special ones, and of two texts the longer is cut first."""
    texts = [[index for index, sequence in enumerate(sequences) if sequence == text] for text in (0, 1)]
    first, second = len(texts[0]), len(texts[1])
    over = max(0, len(sequences) - limit)
    # Cut the longer down to the other, then both alike: the same as dropping one by one from the longer.
    cut_first = min(over, max(0, first - second))
    cut_second = min(over, max(0, second - first))
    rest = over - cut_first - cut_second
    cut_first, cut_second = cut_first + rest // 2, cut_second + rest - rest // 2
    dropped = {*texts[0][first - cut_first :], *texts[1][second - cut_second :]}
    return [index for index in range(len(sequences)) if index not in dropped]


def _view(tokenizer: Any) -> Any:
    """The same tokenizer, over the same vocabulary, whose language can be switched without another session's notice.

    `copy.copy` would read its files again.
    """
    view = object.__new__(type(tokenizer))
    vars(view).update(vars(tokenizer))
    return view


def _by_pieces(tokenizer: Any, text: str, pair: str | None) -> list[Token]:
    texts = [text] if pair is None else [text, pair]
    pieces = [tokenizer.tokenize(source) for source in texts]
    ids = [tokenizer.convert_tokens_to_ids(tokens) for tokens in pieces]
    offsets = [lay_along(tokens, source) for tokens, source in zip(pieces, texts, strict=True)]
    # Indices instead of ids go in, so that what comes out tells the texts' tokens from the tokenizer's own.
    layout = tokenizer.build_inputs_with_special_tokens(
        *([(sequence, index) for index in range(len(numbers))] for sequence, numbers in enumerate(ids))
    )
    tokens = []
    for entry in layout:
        if isinstance(entry, tuple):
            sequence, index = entry
            number = ids[sequence][index]
            piece = tokenizer.unk_token if number == tokenizer.unk_token_id else pieces[sequence][index]
            tokens.append(Token(number, str(piece), offsets[sequence][index], sequence, 0))
        else:
            tokens.append(Token(entry, tokenizer.convert_ids_to_tokens(entry), (0, 0), None, None))
    return tokens


def lay_along(pieces: Sequence[str], text: str) -> list[Span]:
    """The characters of `text` that each piece is from, in order; nothing but a place where a piece is not found.

    `lay_along(["▁The", "▁ﬁ", "sh"], "The fish") == [(0, 3), (4, 6), (6, 8)]`
    """
    form = ""
    origin: list[int] = []  # of each character of the form: the index in the text
    for index, character in enumerate(text):
        normalised = _form(character)
        form += normalised
        origin += [index] * len(normalised)
    spans: list[Span] = []
    end, reach = 0, _REACH  # how much of the form has its piece, and how far ahead the next is looked for
    for piece in pieces:
        wanted = _form(piece)
        start = form.find(wanted, end, end + len(wanted) + reach)
        if not wanted or start < 0:
            # The further pieces go unfound, the further on the next is looked for.
            reach = reach * 2 if wanted else reach
            offset = origin[end] if end < len(origin) else len(text)
            spans.append((offset, offset))
            continue
        end, reach = start + len(wanted), _REACH
        spans.append((origin[start], origin[end - 1] + 1))
    return spans


def _form(text: str) -> str:
    """What normalisation leaves of a text or a piece: compatible characters alike, no case, no spaces."""
    decomposed = unicodedata.normalize("NFKD", text.replace(_SPACE_MARK, " "))
    folded = unicodedata.normalize("NFKD", decomposed.casefold())
    return "".join(folded.split())
