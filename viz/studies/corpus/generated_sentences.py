"""English sentences of a small grammar with a fixed seed, with the dependencies that they were made by.

`sentences(3)` are three texts, `trees(3)` the same three with their dependencies (Universal Dependencies' names).
"""

import random
from collections.abc import Sequence

from viz.metrics.syntax import Sentence, SyntaxWord, lay_out_words


def _words(written: str) -> list[str]:
    return written.split()


_NOUNS = _words("""teacher river letter garden captain window market doctor bridge orchestra lawyer mountain engine
sailor lantern village painter machine harbour student museum kitchen farmer theatre journalist island""")
_NAMES = _words("Anna Boris Clara David Emma Felix Greta Hugo Irene Jonas London Paris Rome Vienna")
_ADJECTIVES = _words("""old small green quiet famous broken heavy early bright distant curious narrow wooden expensive
gentle hungry""")
_VERBS = _words("""watched painted followed repaired described opened remembered carried admired crossed questioned
sold""")
_SAYING = _words("said thought believed wrote claimed")
_ADVERBS = _words("slowly often carefully suddenly never quietly")
_PLACES = _words("near behind under across beside from")
_DETERMINERS = _words("the a this every")
_POSSESSIVES = _words("his her their my")

_Word = tuple[str, str, str, int | None]  # form, part of speech, relation, the place of its head


def sentences(count: int, seed: int = 0) -> list[str]:
    """`count` texts of 4 to 40 words, the same ones for the same `seed`."""
    return [tree.text for tree in trees(count, seed)]


def trees(count: int, seed: int = 0) -> list[Sentence]:
    """The texts of `sentences` with the dependencies that they were made by."""
    source = random.Random(seed)  # noqa: S311 - it keeps no secret
    return [_sentence(source) for _index in range(count)]


def _sentence(source: random.Random) -> Sentence:
    words: list[_Word] = []
    kind = source.random()
    if kind < 0.25:  # "Anna said that ..."
        subject = _phrase(words, source, "nsubj")
        root = _add(words, source.choice(_SAYING), "VERB", "root", None)
        _attach(words, subject, root)
        mark = _add(words, "that", "SCONJ", "mark", None)
        inner = _clause(words, source, "ccomp", root)
        _attach(words, mark, inner)
    else:
        root = _clause(words, source, "root", None)
        if kind < 0.5:  # "..., and ..."
            comma = _add(words, ",", "PUNCT", "punct", None)
            joined = _add(words, source.choice(["and", "but"]), "CCONJ", "cc", None)
            second = _clause(words, source, "conj", root)
            _attach(words, comma, second)
            _attach(words, joined, second)
    _add(words, source.choice([".", ".", ".", "!", "?"]), "PUNCT", "punct", root)
    return _built(words)


def _clause(words: list[_Word], source: random.Random, relation: str, head: int | None) -> int:
    subject = _phrase(words, source, "nsubj")
    adverb = _add(words, source.choice(_ADVERBS), "ADV", "advmod", None) if source.random() < 0.3 else None
    verb = _add(words, source.choice(_VERBS), "VERB", relation, head)
    _attach(words, subject, verb)
    if adverb is not None:
        _attach(words, adverb, verb)
    _attach(words, _phrase(words, source, "obj"), verb)
    while source.random() < 0.4:
        case = _add(words, source.choice(_PLACES), "ADP", "case", None)
        place = _phrase(words, source, "obl")
        _attach(words, case, place)
        _attach(words, place, verb)
    return verb


def _phrase(words: list[_Word], source: random.Random, relation: str) -> int:
    """A name, or a noun with what belongs to it; gives its place, its head to be attached."""
    if source.random() < 0.2:
        return _add(words, source.choice(_NAMES), "PROPN", relation, None)
    if source.random() < 0.25:
        opening = [_add(words, source.choice(_POSSESSIVES), "PRON", "nmod:poss", None)]
    else:
        opening = [_add(words, source.choice(_DETERMINERS), "DET", "det", None)]
    while source.random() < 0.35:
        opening.append(_add(words, source.choice(_ADJECTIVES), "ADJ", "amod", None))
    noun = _add(words, source.choice(_NOUNS), "NOUN", relation, None)
    for word in opening:
        _attach(words, word, noun)
    return noun


def _add(words: list[_Word], form: str, pos: str, relation: str, head: int | None) -> int:
    words.append((form, pos, relation, head))
    return len(words) - 1


def _attach(words: list[_Word], place: int, head: int) -> None:
    form, pos, relation, _head = words[place]
    words[place] = (form, pos, relation, head)


def _built(words: Sequence[_Word]) -> Sentence:
    forms = [form for form, _pos, _relation, _head in words]
    forms[0] = forms[0][0].upper() + forms[0][1:]
    spaces = [index + 1 < len(words) and words[index + 1][1] != "PUNCT" for index in range(len(words))]
    text, spans = lay_out_words(forms, spaces)
    return Sentence(
        text,
        tuple(
            SyntaxWord(span, head, relation, form.lower(), pos)
            for span, (form, pos, relation, head) in zip(spans, words, strict=True)
        ),
    )
