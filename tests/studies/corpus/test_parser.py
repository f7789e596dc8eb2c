import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from viz.errors import InputError
from viz.metrics.syntax import Sentence, SyntaxWord
from viz.studies.corpus import treebank
from viz.studies.corpus.treebank import parse, pipelines


class Token(SimpleNamespace):
    """A token with the attributes that spaCy's have."""

    def __init__(self, i: int, idx: int, text: str, dep: str, head: "Token | None" = None) -> None:
        super().__init__(
            i=i, idx=idx, text=text, dep_=dep, lemma_=text.lower(), pos_="X", is_space=text.isspace()
        )
        self.head = head if head is not None else self


class Part(list[Token]):
    """A sentence within a document, as spaCy's spans are."""

    def __init__(self, start: int, text: str, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self.start_char = start
        self.text = text


def document() -> Any:
    """ "Go. \\n Dogs bark." as a parser may cut it: blanks are tokens, places count through the document."""
    go = Token(0, 0, "Go", "ROOT")
    stop = Token(1, 2, ".", "punct", go)
    blank = Token(2, 4, "\n ", "dep", stop)
    bark = Token(4, 11, "bark", "ROOT")
    dogs = Token(3, 6, "Dogs", "nsubj", bark)
    end = Token(5, 15, ".", "punct", bark)
    return SimpleNamespace(
        sents=[Part(0, "Go. \n ", [go, stop, blank]), Part(6, "Dogs bark.", [dogs, bark, end])]
    )


@pytest.fixture
def spacy(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A spaCy that has one English pipeline and one German, and parses everything alike."""
    pipeline = SimpleNamespace(pipe_names=["parser"], pipe=lambda texts: (document() for _text in texts))
    module, util = ModuleType("spacy"), ModuleType("spacy.util")
    module.load = lambda _name: pipeline  # type: ignore[attr-defined]
    util.get_installed_models = lambda: ["de_small", "en_small"]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spacy", module)
    monkeypatch.setitem(sys.modules, "spacy.util", util)
    monkeypatch.setattr(treebank, "find_spec", lambda name: object() if name == "spacy" else None)
    return pipeline


def test_without_spacy_there_are_no_pipelines_and_asking_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(treebank, "find_spec", lambda _name: None)
    assert pipelines() == ()
    with pytest.raises(InputError, match=r"no English pipeline en_small.*CoNLL-U"):
        list(parse(["Go."], "en_small"))


def test_the_english_pipelines_are_listed(spacy: SimpleNamespace) -> None:
    assert pipelines() == ("en_small",)


def test_a_parse_becomes_sentences(spacy: SimpleNamespace) -> None:
    (found,) = parse(["Go. \n Dogs bark."], "en_small")
    assert found == (
        Sentence(
            "Go.", (SyntaxWord((0, 2), None, "root", "go", "X"), SyntaxWord((2, 3), 0, "punct", ".", "X"))
        ),
        Sentence(
            "Dogs bark.",
            (
                SyntaxWord((0, 4), 1, "nsubj", "dogs", "X"),
                SyntaxWord((5, 9), None, "root", "bark", "X"),
                SyntaxWord((9, 10), 1, "punct", ".", "X"),
            ),
        ),
    )


def test_a_pipeline_that_does_not_parse_is_refused(spacy: SimpleNamespace) -> None:
    spacy.pipe_names = ["tagger"]
    with pytest.raises(InputError, match="has no parser"):
        list(parse(["Go."], "en_small"))
