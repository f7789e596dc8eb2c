"""A text in, an `Encoding` out: what the model is fed, and what a person reads of it.

    text, pair  ->  clean  ->  the tokenizer  ->  cut to the model's limit  ->  Encoding

Axes: every per-token sequence of an `Encoding` has one entry a token, in the order fed to the model.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from viz.errors import InputError, ModelRefused, TextTooLong
from viz.inputs.encoding import Encoding, Truncation
from viz.inputs.text.token_strings import (
    LONGEST_CHARACTER,
    Writing,
    clean,
    distinct,
    read_run,
    spell,
    writing_of,
)
from viz.inputs.text.tokenizer import Token, fit, shifted, tokenize, tokenize_target
from viz.inputs.text.words import Piece, Source, word_numbers
from viz.language import _
from viz.models.card import LoadedModel

MAX_CHARACTERS = 100_000


def check_length(text: str) -> None:
    """Raise `TextTooLong` above `MAX_CHARACTERS` characters."""
    if len(text) > MAX_CHARACTERS:
        raise TextTooLong(
            _("The text has {length:,} characters; at most {limit:,} are taken. Please paste a part of it."),
            length=len(text),
            limit=MAX_CHARACTERS,
        )


def encode(model: LoadedModel, text: str, pair: str | None = None) -> Encoding:
    """Tokenise one text, or two, for `model`, cut at the model's own limit.

    `encode(minilm, "The cat sat.").tokens == ["[CLS]", "the", "cat", "sat", ".", "[SEP]"]`

    Raises `TextTooLong` above `MAX_CHARACTERS`, and `InputError` when there is nothing but blanks to encode.
    """
    check_length(text)
    check_length(pair or "")
    text, pair = clean(text), clean(pair) if pair else None
    if not text.strip():
        raise InputError(_("The text is empty. Please type or paste some text."))
    return _cut_to_fit(model, tokenize(model.tokenizer, text, pair), text, pair)


def encode_target(model: LoadedModel, text: str) -> Encoding:
    """What the decoder of a model with an encoder is fed for a target text: its start token, then the text.

    The end token that the tokenizer puts last is left out, as in training (`shift_tokens_right` in transformers): at
    each place the decoder has yet to say what comes next. What else the tokenizer puts in stays only where the model
    knows it for one of its own special ids. Cut at the model's own limit.

    Raises `TextTooLong`, `InputError` for a target with nothing in it, `ModelRefused` where no start token is known.
    """
    check_length(text)
    text = clean(text)
    if not text.strip():
        raise InputError(_("The target text is empty. Please type some, or let the model write it."))
    start = decoder_start(model)
    ends = _own_ids(model, "eos_token_id")
    own = ends + _own_ids(
        model, "bos_token_id", "pad_token_id", "decoder_start_token_id", "forced_bos_token_id"
    )
    first = Token(start, _token_of(model.tokenizer, start), (0, 0), None, None)
    return _cut_to_fit(model, shifted(tokenize_target(model.tokenizer, text), first, own, ends), text)


def encode_ids(model: LoadedModel, ids: Sequence[int], *, special_first: bool = True) -> Encoding:
    """Tokens that a model wrote, or that its decoder is fed, with the text that they spell; nothing is cut.

    `special_first` says that the first id is the decoder's start token, no part of the text whatever it is.
    An id that the vocabulary does not have reads as its number. Raises `InputError` where there are no ids.
    """
    if not ids:
        raise InputError(_("There are no tokens to show. Please type some text."))
    ids = [int(number) for number in ids]
    writing, structural = writing_of(model.tokenizer), _structural_ids(model.tokenizer)
    tokens = [_token_of(model.tokenizer, number) for number in ids]
    special = [number in structural or (special_first and index == 0) for index, number in enumerate(ids)]
    text, spans = "", [(0, 0)] * len(ids)
    for run in _runs(special):
        if special[run[0]]:
            continue
        spelling = spell([writing.data(tokens[index], ids[index]) for index in run])
        # Where each word brings the space before it, the first brings one too many.
        lead = int(not text and writing.scheme != "bytes" and spelling.text.startswith(" "))
        for index, (begin, end) in zip(run, spelling.spans, strict=True):
            spans[index] = (len(text) + max(0, begin - lead), len(text) + max(0, end - lead))
        text += spelling.text[lead:]
    sequences = [None if mark else 0 for mark in special]
    return _encoding(model, list(map(Token, ids, tokens, spans, sequences, sequences)), range(len(ids)), text)


def decoder_start(model: LoadedModel) -> int:
    """The id that the decoder of a model with an encoder starts from; raises `ModelRefused` where none is known."""
    for name in ("decoder_start_token_id", "bos_token_id", "pad_token_id"):
        for number in _own_ids(model, name):
            return number
    raise ModelRefused(
        _("{model} does not say which token its decoder starts from. Please choose another model."),
        model=model.card.title,
    )


def _own_ids(model: LoadedModel, *names: str) -> list[int]:
    """The ids that a model's two configurations give these names."""
    configs = (model.model.config, getattr(model.model, "generation_config", None))
    values = (getattr(config, name, None) for name in names for config in configs)
    return [number for value in values for number in ([value] if isinstance(value, int) else value or ())]


def _token_of(tokenizer: Any, number: int) -> str:
    try:
        token = tokenizer.convert_ids_to_tokens(number)
    except (IndexError, KeyError, OverflowError):
        token = None
    return token if isinstance(token, str) else f"<{number}>"


def _cut_to_fit(model: LoadedModel, tokens: Sequence[Token], text: str, pair: str | None = None) -> Encoding:
    """The encoding of the tokens of a text, or two, cut at the model's limit."""
    kept = fit([token.sequence for token in tokens], model.card.max_tokens)
    if all(token.sequence is None for token in tokens):
        raise InputError(_("Nothing in this text is a sign that the model can read. Please type some words."))
    return _encoding(model, tokens, kept, text, pair)


def _encoding(
    model: LoadedModel, tokens: Sequence[Token], kept: Sequence[int], text: str, pair: str | None = None
) -> Encoding:
    """The encoding of the tokens at the indices `kept`."""
    writing, structural = writing_of(model.tokenizer), _structural_ids(model.tokenizer)
    sources = (Source(text), Source(pair or ""))
    pieces = [_piece(tokens, index, structural, writing, sources) for index in kept]
    return Encoding(
        token_ids=tuple(piece.id for piece in pieces),
        token_strings=tuple(piece.token for piece in pieces),
        token_labels=tuple(distinct(_readable_tokens(tokens, writing, kept))),
        segments=_segments(pieces),
        special=tuple(piece.special for piece in pieces),
        words=word_numbers(pieces, *sources),
        spans=tuple(piece.span for piece in pieces),
        text=text,
        pair=pair,
        truncation=_truncation(tokens, kept),
    )


def _piece(
    tokens: Sequence[Token],
    index: int,
    structural: frozenset[int],
    writing: Writing,
    sources: Sequence[Source],
) -> Piece:
    number, token, (begin, end), sequence, word = tokens[index]
    if sequence is None or number in structural:
        return Piece(number, token, sequence, special=True, span=None, word=None)
    source = sources[sequence]
    data = writing.data(token, number)
    spaces = len(data) - len(data.lstrip(b" "))
    if writing.scheme == "bytes" and " " * spaces not in (
        source.text[begin:end][:spaces],
        source.text[max(0, begin - spaces) : begin],
    ):
        # Spaces that the tokenizer put in are trimmed from the span of a token as if the text had them.
        begin, end = max(0, begin - spaces), max(0, end - spaces if begin == end else end)
    if writing.is_bare_space(token) and source.text[begin:end].strip():
        end = begin  # the tokenizer put the space mark in; the characters are the next token's
    elif begin < end:
        # Marks that no token has belong to the letter before them.
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        limit = after.offset[0] if after and after.sequence == sequence else len(source.text)
        end = max(end, min(source.whole(end), limit))
    return Piece(number, token, sequence, False, (begin, end), word, blank=not data.strip(b" "))


def _runs(marks: Sequence[object]) -> list[list[int]]:
    """The indices that follow each other with equal marks."""
    return [list(group) for _mark, group in groupby(range(len(marks)), key=marks.__getitem__)]


def _readable_tokens(tokens: Sequence[Token], writing: Writing, kept: Sequence[int]) -> list[str]:
    """What a person reads of each kept token. A character that the cut goes through is read whole."""
    kept_indices = set(kept)
    labels: list[str] = []
    for run in _runs([token.sequence for token in tokens]):
        count = sum(index in kept_indices for index in run)
        nearby = run[: count + LONGEST_CHARACTER - 1]
        strings, ids = [tokens[index].text for index in nearby], [tokens[index].id for index in nearby]
        labels += read_run(strings, ids, writing)[:count]
    return labels


def _structural_ids(tokenizer: Any) -> frozenset[int]:
    """Ids that mark structure even when a person types them: [CLS], [SEP], padding; not [MASK], [UNK]."""
    names = ("cls_token_id", "sep_token_id", "bos_token_id", "eos_token_id", "pad_token_id")
    return frozenset(number for name in names if (number := getattr(tokenizer, name, None)) is not None)


def _truncation(tokens: Sequence[Token], kept: Sequence[int]) -> Truncation | None:
    if len(kept) == len(tokens):
        return None
    starts: dict[int | None, int] = {}
    for index in sorted(set(range(len(tokens))).difference(kept)):
        starts.setdefault(tokens[index].sequence, tokens[index].offset[0])
    return Truncation(len(kept), len(tokens), starts.get(0), starts.get(1))


def _segments(pieces: Sequence[Piece]) -> tuple[int, ...]:
    """Which text each token is from; a special token goes with the text before it, the first with the first."""
    segments, current = [], 0
    for piece in pieces:
        current = current if piece.sequence is None else piece.sequence
        segments.append(current)
    return tuple(segments)
