"""The constructions of the phrase grammar: each draws a phrase in both languages, with tags on its words.

Where French and English differ in order: ne ... pas around the verb and "do not" before it, pronouns as objects
before the verb and after it, adverbs after the verb and before it, questions.
"""

import random
from collections.abc import Callable, Sequence

from tools.translator.noun_phrases import VOWELS, Part, Words, noun_phrase
from viz.lessons.translator.lexicon import (
    ADJECTIVES,
    ADVERBS,
    ALL,
    BE_ENGLISH,
    BE_FRENCH,
    CAN,
    HAVE,
    LIVING,
    MUST,
    PREPOSITIONS,
    STATES,
    TRADES,
    VERBS,
    WANT,
    Gender,
    Kind,
    Verb,
)

Made = tuple[Words, Words, frozenset[str]]
"""French words, English words, and what is put together in them."""

_PRONOUNS: tuple[tuple[str, str, int, tuple[Gender, ...]], ...] = (
    ("je", "I", 0, ("m", "f")),
    ("tu", "you", 1, ("m", "f")),
    ("il", "he", 2, ("m",)),
    ("elle", "she", 2, ("f",)),
    ("nous", "we", 3, ("m", "f")),
    ("vous", "you", 4, ("m", "f")),
    ("ils", "they", 5, ("m",)),
    ("elles", "they", 5, ("f",)),
)


def _subject(rng: random.Random, kinds: Sequence[Kind] = LIVING) -> Part:
    if rng.random() < 0.6:
        french, english, person, genders = rng.choice(_PRONOUNS)
        return Part(((french, "who"),), ((english, "who"),), person, rng.choice(genders), head=english)
    return noun_phrase(rng, kinds, "who", indefinite=rng.random() < 0.15, plain=0.6)


def _negation(rng: random.Random) -> str:
    return rng.choices(("", "pas", "jamais"), (0.55, 0.33, 0.12))[0]


def _around(verb: tuple[str, str], no: str, clitic: Words = ()) -> Words:
    """The French verb with its pronoun, and ne ... pas around both."""
    return (("ne", ""), *clitic, verb, (no, "no")) if no else (*clitic, verb)


def _english_verb(verb: Verb, person: int, no: str) -> Words:
    """The English verb with its negation: eats, does not eat, never eats; cannot, must not."""
    after: Words = tuple((word, "does") for word in verb.after.split())
    if verb == CAN and no:
        return (("cannot", "does"),)
    if verb == MUST:
        return (("must", "does"), *((("not", "no"),) if no else ()))
    if no == "pas":
        return ((_helper(person), ""), ("not", "no"), (verb.english, "does"), *after)
    never: Words = (("never", "no"),) if no else ()
    return (*never, (verb.third if person == 2 else verb.english, "does"), *after)


def _helper(person: int) -> str:
    return "does" if person == 2 else "do"


def _asked_verb(verb: Verb, person: int, who: Words) -> Words:
    """An English question up to its verb: do you look for."""
    after: Words = tuple((word, "does") for word in verb.after.split())
    return ((_helper(person), ""), *who, (verb.english, "does"), *after)


def _clitic(rng: random.Random, verb: Verb, form: str, person: int) -> tuple[str, str] | None:
    """A pronoun as object, French and English, or None where this verb has none that says one thing only.

    `form` is what stands behind it: before a vowel, "l'" would say both him and her.
    """
    pronouns: list[tuple[str, str]] = []
    if verb.pronoun == "thing":
        pronouns = [("le", "it"), ("la", "it"), ("les", "them")]
    elif verb.objects:
        pronouns = [("les", "them")]
        if verb.pronoun == "person" and not form.startswith(VOWELS):
            pronouns += [("le", "him"), ("la", "her")]
        if person not in (0, 3):
            pronouns += [("me", "me"), ("nous", "us")]
        if person not in (1, 4):
            pronouns += [("te", "you"), ("vous", "you")]
    return rng.choice(pronouns) if pronouns else None


def _transitive(rng: random.Random, question: bool = False) -> Made:
    who = _subject(rng)
    verb = rng.choice([*(word for word in VERBS if word.objects), HAVE])
    no = "" if question else _negation(rng)
    what = noun_phrase(rng, verb.objects, "what", indefinite=_article_of(verb), negated=bool(no), plain=0.4)
    french = (*who.french, *_around((verb.french[who.person], "does"), no))
    together = who.pairings | what.pairings | {f"{verb.english} {what.head}"}
    if question:
        return (*french, *what.french), (*_asked_verb(verb, who.person, who.english), *what.english), together
    said = _english_verb(verb, who.person, no)
    if not no and rng.random() < 0.12:
        adverb, when = rng.choice(ADVERBS)
        french, said = (*french, (adverb, "when")), ((when, "when"), *said)
    return (*french, *what.french), (*who.english, *said, *what.english), together


def _article_of(verb: Verb) -> bool | None:
    """Whether the object's article is an indefinite one: always, never, or None for either."""
    return True if verb == HAVE else False if verb.definite else None


def _pronoun_object(rng: random.Random, question: bool = False) -> Made:
    who = _subject(rng)
    verb, clitic = HAVE, None
    while clitic is None:
        verb = rng.choice([word for word in VERBS if word.objects])
        clitic = _clitic(rng, verb, verb.french[who.person], who.person)
    no = "" if question else _negation(rng)
    french = (*who.french, *_around((verb.french[who.person], "does"), no, ((clitic[0], "what"),)))
    said = (
        _asked_verb(verb, who.person, who.english)
        if question
        else (*who.english, *_english_verb(verb, who.person, no))
    )
    return french, (*said, (clitic[1], "what")), who.pairings | {f"{verb.english} {clitic[1]}"}


def _being(rng: random.Random, question: bool = False) -> Made:
    who = _subject(rng, ALL)
    no = "" if question else rng.choices(("", "pas"), (0.7, 0.3))[0]
    plural = who.person > 2
    article: Words = ()
    if who.kind == "person" and rng.random() < 0.3:
        masculine, feminine, trade = rng.choice(TRADES)
        word = (feminine if who.gender == "f" else masculine) + "s" * plural
        article, said = (() if plural else (("a", ""),)), trade + "s" * plural
    else:
        adjective = rng.choice([word for word in ADJECTIVES if who.kind in word.kinds])
        word, said = adjective.in_french(who.gender, plural), adjective.english
    french = (*who.french, *_around((BE_FRENCH[who.person], "does"), no), (word, "how"))
    be: Words = ((BE_ENGLISH[who.person], "does"),)
    negative: Words = (("not", "no"),) if no else ()
    english = (*be, *who.english) if question else (*who.english, *be)
    return french, (*english, *negative, *article, (said, "how")), who.pairings | {f"{who.head} is {said}"}


def _doing(rng: random.Random, question: bool = False) -> Made:
    who = _subject(rng)
    verb = rng.choice([word for word in VERBS if word.alone])
    no = "" if question else _negation(rng)
    french = (*who.french, *_around((verb.french[who.person], "does"), no))
    where, place = _place(rng) if rng.random() < 0.3 else ((), ())
    together = who.pairings | ({f"{who.head} {verb.english}"} if len(who.french) > 1 else set())
    if question:
        return (*french, *where), (*_asked_verb(verb, who.person, who.english), *place), together
    said = _english_verb(verb, who.person, no)
    if not no and rng.random() < 0.35:
        adverb, when = rng.choice(ADVERBS)
        french, said = (*french, (adverb, "when")), ((when, "when"), *said)
    return (*french, *where), (*who.english, *said, *place), together


def _place(rng: random.Random) -> tuple[Words, Words]:
    french, english, nouns = rng.choice(PREPOSITIONS)
    what = noun_phrase(rng, ("thing",), "place", among=nouns, indefinite=False, plain=0.7)
    return ((french, "at"), *what.french), (*((word, "at") for word in english.split()), *what.english)


def _modal(rng: random.Random) -> Made:
    who = _subject(rng)
    modal = rng.choice((WANT, CAN, MUST))
    no = rng.choices(("", "pas"), (0.65, 0.35))[0]
    french = (*who.french, *_around((modal.french[who.person], "does"), no))
    infinitive, doing, together = _infinitive(rng, who.person, bool(no))
    said = _english_verb(modal, who.person, no)
    return (*french, *infinitive), (*who.english, *said, *doing), who.pairings | together


def _infinitive(rng: random.Random, person: int, negated: bool) -> Made:
    verb = rng.choice(VERBS)
    french: Words = ((verb.infinitive, "inner"),)
    english: Words = tuple((word, "inner") for word in (verb.english, *verb.after.split()))
    clitic = _clitic(rng, verb, verb.infinitive, person) if rng.random() < 0.4 else None
    if clitic is not None:
        return (
            ((clitic[0], "what"), *french),
            (*english, (clitic[1], "what")),
            frozenset({f"{verb.english} {clitic[1]}"}),
        )
    if not verb.objects:
        return french, english, frozenset()
    what = noun_phrase(rng, verb.objects, "what", indefinite=False if negated else _article_of(verb))
    together = what.pairings | {f"{verb.english} {what.head}"}
    return (*french, *what.french), (*english, *what.english), together


def _state(rng: random.Random) -> Made:
    who = _subject(rng)
    no = rng.choices(("", "pas"), (0.65, 0.35))[0]
    word, said = rng.choice(STATES)
    french = (*who.french, *_around((HAVE.french[who.person], "does"), no), (word, "how"))
    negative: Words = (("not", "no"),) if no else ()
    english = (*who.english, (BE_ENGLISH[who.person], "does"), *negative, (said, "how"))
    return french, english, who.pairings | {f"{who.head} is {said}"}


def _where(rng: random.Random) -> Made:
    what = noun_phrase(rng, ALL, "who", indefinite=False, plain=0.3)
    be = ((BE_FRENCH[what.person], "does"),), ((BE_ENGLISH[what.person], "does"),)
    if rng.random() < 0.35:
        mark: Words = (("?", "?"),)
        return (
            (("où", "at"), *be[0], *what.french, *mark),
            (("where", "at"), *be[1], *what.english, *mark),
            what.pairings,
        )
    where, place = _place(rng)
    return (*what.french, *be[0], *where), (*what.english, *be[1], *place), what.pairings


def _there_is(rng: random.Random) -> Made:
    what = noun_phrase(rng, ALL, "what", indefinite=True)
    where, place = _place(rng)
    french: Words = (("il", "there"), ("y", "there"), ("a", "does"))
    english: Words = (("there", "there"), ("are" if what.person > 2 else "is", "does"))
    return (*french, *what.french, *where), (*english, *what.english, *place), what.pairings


def _bare(rng: random.Random) -> Made:
    what = noun_phrase(rng, ALL, "what", plain=0.15)
    return what.french, what.english, what.pairings


def _asked(rng: random.Random) -> Made:
    make = rng.choice((_transitive, _pronoun_object, _being, _doing))
    french, english, together = make(rng, question=True)
    mark = (("?", "?"),)
    return (("est-ce", ""), ("que", ""), *french, *mark), (*english, *mark), together


CONSTRUCTIONS: dict[str, tuple[Callable[[random.Random], Made], float]] = {
    "object": (_transitive, 24),
    "pronoun": (_pronoun_object, 14),
    "being": (_being, 14),
    "doing": (_doing, 8),
    "modal": (_modal, 12),
    "state": (_state, 4),
    "where": (_where, 7),
    "there": (_there_is, 5),
    "bare": (_bare, 10),
    "question": (_asked, 10),
}
