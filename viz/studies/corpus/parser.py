"""Dependencies of plain English text by spaCy, where a person has installed it; the app is complete without.

pipelines()              the installed pipelines that parse, () without spaCy
parse(texts, pipeline)   the sentences of each text
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from viz.errors import InputError
from viz.inputs.text import clean
from viz.language import _
from viz.metrics.syntax import Sentence, SyntaxWord

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
        yield tuple(_sentence(part) for part in document.sents)


def _sentence(part: Any) -> Sentence:
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
