"""CoNLL-U, the format of Universal Dependencies' treebanks: a file's text in, sentences with their dependencies out.

Source of the format: https://universaldependencies.org/format.html

Or dependencies of plain English text by spaCy, where a person has installed it; the app is complete without.
"""

import io
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import conllu
from conllu.exceptions import ParseException

from viz.errors import InputError
from viz.inputs.text import clean
from viz.language import _
from viz.metrics.syntax import Sentence, SyntaxWord, lay_out_words
from viz.studies.corpus.uploads import MAX_TEXTS, check_line

MAX_WORDS = 1_000
_ROWS_A_WORD = 4  # at most: its own, that of a written form which it is part of, and empty nodes

# Of ten columns these are read; what stands in the others is not even looked at.
_FIELDS = ("id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc")
_UNREAD = {name: lambda _line, _at: None for name in ("xpos", "feats", "deps")}


def read_conllu(text: str) -> tuple[Sentence, ...]:
    """The sentences of a CoNLL-U file, with the text that their words make.

    Words that share a written form (`don't`: do, n't) all have its place in the text; empty nodes are left out.
    Raises `InputError` for a file that is none, names the sentence that is wrong, and for one with too many sentences
    or words.
    """
    _check_size(text)
    result: list[Sentence] = []
    rows = conllu.parse_incr(io.StringIO(text, newline=None), fields=_FIELDS, field_parsers=_UNREAD)
    sentences: Iterator[Any] = iter(rows)
    while True:
        number = len(result) + 1
        try:
            tokens = next(sentences, None)
            if tokens is None:
                break
            result.append(_sentence(tokens, number))
        except (ParseException, ValueError, KeyError, TypeError, IndexError) as exc:
            raise InputError(
                _("Sentence {number} is no CoNLL-U ({reason}). Please upload a file in that format."),
                number=number,
                reason=str(exc),
            ) from exc
        if len(result) > MAX_TEXTS:
            raise InputError(
                _("There are more than {limit:,} sentences. Please give a part of them."), limit=MAX_TEXTS
            )
    if not result:
        raise InputError(_("There is no sentence in this file. Please upload one in the format CoNLL-U."))
    return tuple(result)


def _check_size(text: str) -> None:
    """Refuse what would take long to be read at all: a giant line, or a sentence of far too many rows."""
    sentence, rows = 1, 0
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        check_line(line, number)
        if not line.strip():
            sentence, rows = sentence + bool(rows), 0
        elif not line.startswith("#"):
            rows += 1
        if rows > _ROWS_A_WORD * MAX_WORDS:
            raise _too_many_words(sentence)


def _too_many_words(sentence: int) -> InputError:
    return InputError(
        _("Sentence {number} has more than {limit:,} words. Please give shorter ones."),
        number=sentence,
        limit=MAX_WORDS,
    )


def _sentence(tokens: Any, number: int) -> Sentence:
    forms: list[str] = []
    spaces: list[bool] = []
    form_of_word: list[int] = []  # for each word, the written form it is part of
    words: list[Any] = []
    covered = 0  # the last word of the written form that was read last
    for token in tokens:
        place = token["id"]
        if isinstance(place, tuple) and place[1] == ".":
            continue
        if isinstance(place, tuple):
            covered = place[2]
        elif place != len(words) + 1:
            raise ValueError(f"word {place} stands where word {len(words) + 1} belongs")
        if isinstance(place, tuple) or place > covered:
            forms.append(clean(str(token["form"])))
            spaces.append((token.get("misc") or {}).get("SpaceAfter") != "No")
        if not isinstance(place, tuple):
            form_of_word.append(len(forms) - 1)
            words.append(token)
        if len(words) > MAX_WORDS:
            raise _too_many_words(number)
    if not words:
        raise ValueError("it has no words")
    text, spans = lay_out_words(forms, spaces)
    return Sentence(
        text,
        tuple(_word(token, spans[form], len(words)) for token, form in zip(words, form_of_word, strict=True)),
    )


def _word(token: Any, span: tuple[int, int], count: int) -> SyntaxWord:
    head = token["head"]
    if not isinstance(head, int) or not 0 <= head <= count:
        raise ValueError(f"word {token['id']} has the head {head}; a number from 0 to {count} was expected")
    lemma, upos = (str(token.get(name) or "") for name in ("lemma", "upos"))
    return SyntaxWord(
        span,
        head - 1 if head else None,
        str(token["deprel"]).lower(),
        "" if lemma == "_" else lemma,
        "" if upos == "_" else upos,
    )


_PARSER = "parser"


def pipelines() -> tuple[str, ...]:
    """The names of the installed English pipelines of spaCy; () where spaCy is not installed."""
    if find_spec("spacy") is None:
        return ()
    installed = import_module("spacy.util").get_installed_models()
    return tuple(sorted(name for name in installed if name.startswith("en_")))


def parse(texts: Sequence[str], pipeline: str) -> Iterator[tuple[Sentence, ...]]:
    """The sentences of each text with their dependencies, as an installed pipeline parses them.

    Nothing is downloaded. Raises `InputError` for a pipeline that is not installed, or does not parse.
    """
    if pipeline not in pipelines():
        raise InputError(
            _(
                "There is no English pipeline {pipeline} for spaCy here. Install spaCy and one of its English "
                "pipelines, or upload a treebank in the format CoNLL-U."
            ),
            pipeline=pipeline,
        )
    loaded = import_module("spacy").load(pipeline)
    if _PARSER not in loaded.pipe_names:
        raise InputError(
            _("The pipeline {pipeline} has no parser of dependencies. Please choose another."),
            pipeline=pipeline,
        )
    for document in loaded.pipe(clean(text) for text in texts):
        yield tuple(_parsed_sentence(part) for part in document.sents)


def _parsed_sentence(part: Any) -> Sentence:
    """A sentence of spaCy's. Its tokens of nothing but blanks are no words."""
    words = [token for token in part if not token.is_space]
    place = {token.i: index for index, token in enumerate(words)}
    text = part.text.rstrip()
    return Sentence(
        text,
        tuple(
            SyntaxWord(
                (token.idx - part.start_char, token.idx - part.start_char + len(token.text)),
                None if token.head.i == token.i else place.get(token.head.i),
                token.dep_.lower(),
                token.lemma_,
                token.pos_,
            )
            for token in words
        ),
    )
