"""Noun phrases in French and English, and how words change beside each other: l'homme, un vieil arbre, an apple.

Words carry a tag of what they say; the same tag in both languages links them.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from viz.lessons.translator.lexicon import ADJECTIVES, NOUNS, Adjective, Gender, Kind, Noun

Words = tuple[tuple[str, str], ...]
"""Words in order, each with the tag of what it says: the same tag in both languages; "" for none."""

VOWELS = tuple("aeiouhâàéèêîôûœ")  # every h of these words is mute
_ELIDED = {"je": "j'", "le": "l'", "la": "l'", "ne": "n'", "de": "d'", "me": "m'", "te": "t'", "que": "qu'"}
_CONSONANT_SOUNDS = ("useful",)
_DEFINITE = (
    # masculine, feminine, plural, masculine and feminine before a vowel; English singular and plural
    ("le", "la", "les", "le", "la", "the", "the"),  # l' is made where the words meet
    ("ce", "cette", "ces", "cet", "cette", "this", "these"),
    ("mon", "ma", "mes", "mon", "mon", "my", "my"),
    ("ton", "ta", "tes", "ton", "ton", "your", "your"),
    ("notre", "notre", "nos", "notre", "notre", "our", "our"),
)
_OFTEN = (6, 1.5, 1.5, 1, 1)  # the definite articles, in that order


@dataclass(frozen=True)
class Part:
    """A piece of a phrase in both languages; `person` is 0 to 5 for je ... ils where it can be a subject.

    `head` is the English of what it is about, `pairings` which adjectives and nouns stand together in it.
    """

    french: Words
    english: Words
    person: int = 2
    gender: Gender = "m"
    kind: Kind = "person"
    head: str = ""
    pairings: frozenset[str] = frozenset()


def noun_phrase(
    rng: random.Random,
    kinds: Sequence[Kind],
    role: str,
    *,
    among: Sequence[str] = (),
    indefinite: bool | None = None,
    negated: bool = False,
    plain: float = 0.45,
) -> Part:
    """An article, a noun of one of the kinds (`among` these where it is given), and none to two adjectives.

    `negated` makes un, une and des into de. `plain` is the share without an adjective. The tags begin with `role`.
    """
    noun = rng.choice([word for word in NOUNS if word.kind in kinds and (not among or word.french in among)])
    of_one_form = noun.in_french(True) == noun.in_french(False)  # "pas de souris" would say both
    plural = rng.random() < 0.35 and not (negated and of_one_form)
    before, after = _adjectives(rng, noun, plain)
    french: list[tuple[str, str]] = [(noun.in_french(plural), f"{role}:noun")]
    english = [(noun.in_english(plural), f"{role}:noun")]
    if before is not None:
        french.insert(0, (_before(before, noun, plural), f"{role}:before"))
    if after is not None:
        french.append((after.in_french(noun.gender, plural), f"{role}:after"))
        english.insert(0, (after.english, f"{role}:after"))
    if before is not None:
        english.insert(0, (before.english, f"{role}:before"))
    vowel = french[0][0].startswith(VOWELS)
    if indefinite if indefinite is not None else rng.random() < 0.4:
        article, said = _indefinite(noun, plural, negated, before is not None)
    else:
        article, said = _definite(rng, noun, plural, vowel)
    return Part(
        ((article, f"{role}:article"), *french),
        ((said, f"{role}:article"), *english),
        5 if plural else 2,
        noun.gender,
        noun.kind,
        noun.english,
        frozenset(f"{word.english} {noun.english}" for word in (before, after) if word is not None),
    )


def _adjectives(rng: random.Random, noun: Noun, plain: float) -> tuple[Adjective | None, Adjective | None]:
    """One to stand before the noun and one to stand after it, or None."""
    if rng.random() < plain:
        return None, None
    fitting = [word for word in ADJECTIVES if noun.kind in word.kinds]
    adjectives = [rng.choice(fitting)]
    if rng.random() < 0.25:
        adjectives.append(rng.choice(fitting))
    before = next((word for word in adjectives if word.before), None)
    return before, next((word for word in adjectives if not word.before), None)


def _before(adjective: Adjective, noun: Noun, plural: bool) -> str:
    form = adjective.in_french(noun.gender, plural)
    meets_vowel = noun.gender == "m" and not plural and noun.french.startswith(VOWELS)
    return adjective.before_vowel or form if meets_vowel else form


def _indefinite(noun: Noun, plural: bool, negated: bool, adjective_next: bool) -> tuple[str, str]:
    said = ("any" if negated else "some") if plural else "a"
    if negated or (plural and adjective_next):
        return "de", said
    return ("des" if plural else "une" if noun.gender == "f" else "un"), said


def _definite(rng: random.Random, noun: Noun, plural: bool, vowel: bool) -> tuple[str, str]:
    masculine, feminine, many, m_vowel, f_vowel, one, several = rng.choices(_DEFINITE, _OFTEN)[0]
    if plural:
        return many, several
    if noun.gender == "f":
        return (f_vowel if vowel else feminine), one
    return (m_vowel if vowel else masculine), one


def spoken(words: Words) -> Words:
    """The French words with their vowels dropped where the next begins with one: l'homme, n'aime, j'ai."""
    following = [word for word, _tag in words[1:]] + [""]
    return tuple(
        (_ELIDED[word] if word in _ELIDED and after.startswith(VOWELS) else word, tag)
        for (word, tag), after in zip(words, following, strict=True)
    )


def with_an(words: Words) -> Words:
    """The English words with `an` for `a` before a vowel that is spoken as one."""
    following = [word for word, _tag in words[1:]] + [""]
    return tuple(
        ("an", tag)
        if word == "a" and after.startswith(VOWELS[:4]) and after not in _CONSONANT_SOUNDS
        else (word, tag)
        for (word, tag), after in zip(words, following, strict=True)
    )


def written(words: Sequence[str]) -> str:
    """French words as one line: no space behind an apostrophe."""
    return "".join(word if word.endswith("'") else word + " " for word in words).strip()
